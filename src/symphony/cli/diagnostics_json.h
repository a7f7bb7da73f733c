// Findings of readers as the verbs check and repair show them in JSON.
#pragma once

#include "symphony/base/json.h"
#include "symphony/io/score_file.h"

#include <vector>

namespace symphony::cli {

// [{"code", "name", "offset", "track", "detail"}]; track -1: the file as a whole.
base::Json diagnostics_json(const std::vector<io::Diagnostic>& diagnostics);

// {"code", "message", "hint", "path"}; the code is the first word of the message.
base::Json refusal_json(const base::Error& refusal, const std::string& path);

}  // namespace symphony::cli
