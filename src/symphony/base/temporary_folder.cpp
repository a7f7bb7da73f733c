#include "symphony/base/temporary_folder.h"

#include "symphony/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace symphony::base {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(const fs::path& parent) {
    std::error_code error;
    const fs::path root = parent.empty() ? fs::temp_directory_path(error) : parent;
    constexpr std::size_t kDrawn = 6;  // letters X at the end, which mkdtemp replaces
    std::string name = (root / "symphony-").string() + std::string(kDrawn, 'X');
    if (error || !::mkdtemp(name.data()))
        throw Error(
            ErrorKind::kInput,
            "cannot make a temporary folder: " + (error ? error.message() : std::strerror(errno)),
            name,
            parent.empty() ? "set TMPDIR to a folder you may write to" : "check the permissions");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace symphony::base
