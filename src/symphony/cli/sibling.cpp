#include "symphony/cli/sibling.h"

namespace symphony::cli {

namespace fs = std::filesystem;

fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

fs::path sibling_program(const std::string& name) {
    const fs::path path = own_program().parent_path() / name;
    return fs::exists(path) ? path : fs::path{};
}

}  // namespace symphony::cli
