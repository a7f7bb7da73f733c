// Fresh folders that go away with the test.
#pragma once

#include "symphony/base/temporary_folder.h"

#include <filesystem>
#include <string>

namespace symphony::test_support {

struct TemporaryFolder {
    base::TemporaryFolder folder;
    std::filesystem::path path = folder.path();
};

// An empty folder of this name in one that this test program has to itself.
inline std::filesystem::path fresh_folder(const std::string& name) {
    static const TemporaryFolder all;
    const std::filesystem::path folder = all.path / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace symphony::test_support
