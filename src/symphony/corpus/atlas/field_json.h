// Structs as JSON by their fields: each_field(value, visit) calls visit(name, field) for every
// field in order. NaN is null; a Tally is a list of [value, count]. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/distribution.h"
#include "symphony/score/harmony.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <concepts>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace symphony::corpus {

// `S` is T or const T.
template <class S, class T>
concept Of = std::is_same_v<std::remove_const_t<S>, T>;

void each_field(Of<score::Key> auto& s, const auto& visit) {
    visit("sharps", s.sharps);
    visit("minor", s.minor);
}

template <class T>
concept Whole = std::integral<T> && !std::is_same_v<T, bool>;

template <class T>
struct IsMap : std::false_type {};
template <class K, class V>
struct IsMap<std::map<K, V>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};

// A record that cannot be read; becomes an Error at the edge of what reads it.
struct BadRecord : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class T>
T checked_whole(std::int64_t value) {
    if (!std::in_range<T>(value)) throw BadRecord(fmt::format("{} does not fit its field", value));
    return static_cast<T>(value);
}

inline score::ChordQuality checked_quality(std::int64_t value) {
    if (value < 0 || value >= score::kChordQualities)
        throw BadRecord(fmt::format("no chord quality has the number {}", value));
    return static_cast<score::ChordQuality>(value);
}

template <class T>
base::Json json_of(const T& value) {
    if constexpr (std::is_same_v<T, double>) {
        return std::isnan(value) ? base::Json(nullptr) : base::Json(value);
    } else if constexpr (std::is_same_v<T, std::string> || std::integral<T>) {
        return base::Json(value);
    } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
        return base::Json(static_cast<int>(value));
    } else if constexpr (std::is_same_v<T, Distribution>) {
        return to_json(value);
    } else if constexpr (IsMap<T>::value) {
        if constexpr (std::is_same_v<typename T::key_type, std::string>) {
            base::Json json = base::Json::object();
            for (const auto& [key, mapped] : value) json[key] = json_of(mapped);
            return json;
        } else {
            base::Json json = base::Json::array();
            for (const auto& [key, mapped] : value) json.push_back({key, json_of(mapped)});
            return json;
        }
    } else if constexpr (IsList<T>::value || IsArray<T>::value) {
        base::Json json = base::Json::array();
        for (const auto& item : value) json.push_back(json_of(item));
        return json;
    } else {
        base::Json json = base::Json::object();
        each_field(value,
                   [&](const char* name, const auto& field) { json[name] = json_of(field); });
        return json;
    }
}

template <class T>
void from_json_value(const base::Json& json, T& value) {
    if constexpr (std::is_same_v<T, double>) {
        value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
    } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
        value = json.get<T>();
    } else if constexpr (Whole<T>) {
        value = checked_whole<T>(json.get<std::int64_t>());
    } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
        value = checked_quality(json.get<std::int64_t>());
    } else if constexpr (std::is_same_v<T, Distribution>) {
        value = distribution_from_json(json);
    } else if constexpr (IsMap<T>::value) {
        if constexpr (std::is_same_v<typename T::key_type, std::string>) {
            for (const auto& [key, mapped] : json.items()) from_json_value(mapped, value[key]);
        } else {
            for (const base::Json& pair : json)
                from_json_value(pair.at(1), value[pair.at(0).get<typename T::key_type>()]);
        }
    } else if constexpr (IsList<T>::value) {
        value.clear();
        for (const base::Json& item : json) from_json_value(item, value.emplace_back());
    } else if constexpr (IsArray<T>::value) {
        if (json.size() != value.size()) throw BadRecord("a list has another length");
        for (std::size_t i = 0; i < value.size(); ++i) from_json_value(json.at(i), value[i]);
    } else {
        each_field(value,
                   [&](const char* name, auto& field) { from_json_value(json.at(name), field); });
    }
}

}  // namespace symphony::corpus
