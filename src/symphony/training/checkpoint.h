// A checkpoint is a folder: the files a Trainee writes, and manifest.json (written last) with the
// loop's state, and size and SHA-256 of each file. Folders appear whole or not at all.
#pragma once

#include "symphony/base/json.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace symphony::training {

// Lets `save_files` write into a new folder beside `folder`, adds the manifest, and puts it in
// place of `folder`; what was there before is kept as "<folder>.previous". At every moment one of
// the two is whole.
void write_checkpoint(const std::filesystem::path& folder, const base::Json& state,
                      const std::function<void(const std::filesystem::path&)>& save_files);

struct Checkpoint {
    std::filesystem::path folder;  // `folder` or its ".previous"
    base::Json state;
    std::string damage;  // why the newest was passed over; empty if it was not
};

// The newest whole checkpoint; none if there never was one. Throws Error (kModel) if there are
// only damaged ones.
std::optional<Checkpoint> find_checkpoint(const std::filesystem::path& folder);

}  // namespace symphony::training
