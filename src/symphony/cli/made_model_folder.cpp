#include "symphony/cli/made_model_folder.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"

namespace symphony::cli {

namespace fs = std::filesystem;

base::ReplacedFolder made_model_folder(const std::string& output, const std::string& key) {
    if (output.empty())
        throw base::Error(base::ErrorKind::kUsage, "--output is missing, expected a folder", {},
                          "for instance -o models/" + key);
    const fs::path place = base::ReplacedFolder::place_of(output);
    if (fs::exists(place / kMark)) {
        // A model that we trained has a file of the same name; it is not to be lost.
        const base::Json mark = base::read_json_file(place / kMark).value();
        if (!mark.is_object() || !mark.contains(key))
            throw base::Error(base::ErrorKind::kInput,
                              "holds a model that was not " + key + "; nothing was written",
                              place.string(), "choose another folder with -o");
    }
    return base::ReplacedFolder(
        place, {kMark, {kMark, "config.json", "model.safetensors", "tokenizer.json"}});
}

}  // namespace symphony::cli
