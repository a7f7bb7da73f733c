// What ends a verb, and how the user is told: one line with file, found and expected, and a hint.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace symphony::base {

// Each kind has its own exit code (see exit_code), so that scripts can tell them apart.
enum class ErrorKind {
    kInternal,     // a bug in Symphony
    kUsage,        // unknown option, key or verb; value out of range
    kInput,        // the user's data cannot be used
    kDiverged,     // training produced NaN or infinity
    kModel,        // checkpoint or model damaged or mismatched
    kInterrupted,  // stopped on request; the same command goes on
};

// Process exit code of `kind`: 1 internal, 2 usage, 3 input, 4 diverged, 5 model, 75 interrupted.
int exit_code(ErrorKind kind);

struct Error : std::exception {
    ErrorKind kind = ErrorKind::kInternal;
    std::string message;                  // "what is wrong, got X, expected Y"
    std::string path;                     // the file concerned, may be empty
    std::string hint;                     // what to do about it, may be empty
    std::optional<std::uint64_t> offset;  // byte in `path`, if one is to blame

    Error() = default;
    Error(ErrorKind kind_, std::string message_, std::string path_ = {}, std::string hint_ = {})
        : kind(kind_),
          message(std::move(message_)),
          path(std::move(path_)),
          hint(std::move(hint_)) {}

    const char* what() const noexcept override { return message.c_str(); }

    // "error: PATH: MESSAGE" and, if there is one, "\nhint: HINT". No trailing newline.
    std::string format() const;
};

}  // namespace symphony::base
