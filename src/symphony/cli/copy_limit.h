// `generate --max-copy BARS --data DATA`: the limit with its index of the model's training pieces.
#pragma once

#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/generate/limit_copying.h"

#include <string>

namespace symphony::cli {

// Throws Error (kUsage) if `data` is empty or another data set than the model learned, and for
// schemes without Bar tokens.
generate::CopyLimit open_copy_limit(const MusicModel& model, const std::string& data, int bars,
                                    const Context& context);

}  // namespace symphony::cli
