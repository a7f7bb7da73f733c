// A value or the Error that explains its absence, for failures that are expected (bad input). C++20
// has no std::expected.
#pragma once

#include "symphony/base/error.h"

#include <utility>
#include <variant>

namespace symphony::base {

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    bool ok() const { return std::holds_alternative<T>(state_); }
    explicit operator bool() const { return ok(); }

    // The value; throws the Error if there is none.
    T& value() & {
        if (!ok()) throw std::get<Error>(state_);
        return std::get<T>(state_);
    }
    const T& value() const& {
        if (!ok()) throw std::get<Error>(state_);
        return std::get<T>(state_);
    }
    T&& value() && { return std::move(value()); }

    // Precondition: !ok().
    const Error& error() const { return std::get<Error>(state_); }

  private:
    std::variant<T, Error> state_;
};

}  // namespace symphony::base
