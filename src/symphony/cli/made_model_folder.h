// The place of a model that a verb makes from others (`import`, `merge`): written anew whole, and
// never over a model that was trained.
#pragma once

#include "symphony/base/replaced_folder.h"

#include <string>

namespace symphony::cli {

// The file of a model's folder that says where the model came from.
inline constexpr const char* kMark = "symphony.json";

// The mark of such a folder has `key`, by which it is known to be the verb's own. Throws Error
// (kUsage) if `output` is empty, (kInput) if another model, or anything else, is there.
base::ReplacedFolder made_model_folder(const std::string& output, const std::string& key);

}  // namespace symphony::cli
