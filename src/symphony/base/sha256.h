// SHA-256 (FIPS 180-4) through OpenSSL: names files, data sets and weights by content.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace symphony::base {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);
// Throws Error (kInput) if the file cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace symphony::base
