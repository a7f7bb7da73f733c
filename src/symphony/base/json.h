// JSON files, read and written with nlohmann-json (text only: its binary readers are not for
// input).
#pragma once

#include "symphony/base/result.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace symphony::base {

// Keys keep the order in which they were written, so that files read well and bytes repeat.
using Json = nlohmann::ordered_json;

// Error (kInput) naming the file and the byte if it is not JSON.
Result<Json> read_json_file(const std::filesystem::path& path);

// Parses text; `path` is only for the message.
Result<Json> parse_json(std::string_view text, const std::string& path = {});

// Two-space indent and a final newline, written atomically. Invalid UTF-8 is replaced.
void write_json_file(const std::filesystem::path& path, const Json& json);
std::string format_json(const Json& json);

}  // namespace symphony::base
