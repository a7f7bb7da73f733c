// Whether a folder of music is still what it was, without reading it.
#pragma once

#include <filesystem>
#include <string>

namespace symphony::corpus {

// A hash of its place and of every file's name, size and time of change. Throws Error (kInput) if
// `root` does not exist.
std::string music_stamp(const std::filesystem::path& root);

}  // namespace symphony::corpus
