// What this build is.
#pragma once

#include <string>

namespace symphony::cli {

std::string version();       // "0.1.0"
std::string version_text();  // version, compiler and CPU features, several lines

}  // namespace symphony::cli
