// Music that stands beside a checkout and is not part of it: tests that use it skip without it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace symphony::io::test {

inline constexpr const char* kSharedIsAbsent =
    "the music beside the project is absent: set SYMPHONY_SHARED to its folder";

// `name` inside SYMPHONY_SHARED (by default ../shared beside the sources), if it is there.
inline std::optional<std::filesystem::path> shared_folder(const std::string& name) {
    const char* given = std::getenv("SYMPHONY_SHARED");
    const std::filesystem::path root =
        given ? std::filesystem::path(given)
              : std::filesystem::path(SYMPHONY_SOURCE_DIR).parent_path() / "shared";
    if (!std::filesystem::is_directory(root / name)) return std::nullopt;
    return root / name;
}

}  // namespace symphony::io::test
