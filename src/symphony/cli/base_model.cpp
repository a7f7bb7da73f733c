#include "symphony/cli/base_model.h"

#include "symphony/cli/sibling.h"

namespace symphony::cli {

namespace fs = std::filesystem;

fs::path base_model() {
    for (const fs::path& folder : {own_program().parent_path() / "../share/symphony/models/base",
                                   fs::path(SYMPHONY_SOURCE_FOLDER) / "models/base"})
        if (fs::exists(folder / "config.json")) return folder.lexically_normal();
    return {};
}

}  // namespace symphony::cli
