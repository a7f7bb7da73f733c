// Music files as the user names them: single files and folders.
#pragma once

#include <filesystem>
#include <vector>

namespace symphony::cli {

// The file itself, or the music files of a folder in order; of several that differ in their ending
// only (a take's MIDI and MusicXML) the first. Throws Error (kInput) if there is no such place or
// no music in it.
std::vector<std::filesystem::path> music_files(const std::filesystem::path& place);

}  // namespace symphony::cli
