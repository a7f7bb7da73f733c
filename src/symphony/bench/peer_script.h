// Another program, asked by a script of ours that answers with one JSON document.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/process.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::bench {

// Throws Error (kInput) if the command fails or takes too long: `failed` ("symusic could not
// read"; may be empty), the last line that it said, the script, and `hint`. A stop asked for
// meanwhile is not a failure: see base::throw_if_stop_requested.
base::Json ask_peer(const std::vector<std::string>& command, const base::ProcessOptions& options,
                    const std::filesystem::path& script, const std::string& failed,
                    const std::string& hint);

}  // namespace symphony::bench
