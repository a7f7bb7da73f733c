// Another commit of Symphony, built beside this one, so that `bench --compare` can run both in
// turns.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::cli {

// Checks `revision` of the sources out under build/compare and builds its programs, unless that was
// done before. Returns its `symphony`. Throws Error (kInput) if there is no such revision, or it
// cannot be built.
std::filesystem::path build_revision(const std::filesystem::path& sources,
                                     const std::string& revision, base::Progress& progress);

// `program bench ARGUMENTS --json`. Throws Error (kInput) with what it said if it fails.
base::Json bench_report(const std::filesystem::path& program,
                        const std::vector<std::string>& arguments);

}  // namespace symphony::cli
