// A command that writes a file beside the one it reads must not write over it.
#pragma once

#include <filesystem>

namespace symphony::base {

// Throws Error (kUsage) if `to` is `from`, by whatever path or link.
void require_two_places(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace symphony::base
