// `--max-copy BARS`: the limit with an index of the model's training pieces (`--data DATA`), or by
// the fingerprints of them that come with the model.
#pragma once

#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/generate/limit_copying.h"

#include <string>

namespace symphony::cli {

// Throws Error (kUsage) if `data` is another data set than the model learned, or empty and no
// fingerprints come with the model; and for schemes without Bar tokens. Says what is promised.
generate::CopyLimit open_copy_limit(const MusicModel& model, const std::string& data, int bars,
                                    const Context& context);

}  // namespace symphony::cli
