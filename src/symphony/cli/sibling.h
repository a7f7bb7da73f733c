// The other executables of the same build or installation, found beside the running one.
#pragma once

#include <filesystem>
#include <string>

namespace symphony::cli {

// Full path of the running executable.
std::filesystem::path own_program();
// `name` in the folder of the running executable; empty if it is not there.
std::filesystem::path sibling_program(const std::string& name);

}  // namespace symphony::cli
