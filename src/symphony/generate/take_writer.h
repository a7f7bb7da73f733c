// A take on disk: take-N.mid with its provenance as text inside, and take-N.json beside it. Both
// repeat byte for byte from the same seed, settings, model and version.
#pragma once

#include "symphony/base/json.h"
#include "symphony/generate/composer.h"
#include "symphony/generate/expression.h"
#include "symphony/generate/take_record.h"

#include <filesystem>
#include <string>

namespace symphony::generate {

// "take-1" for index 0.
std::string take_name(const Take& take);

// The record of this take of those that `record` is for: its number, and who plays which role.
TakeRecord record_for(const Take& take, TakeRecord record);

// The performed take with its provenance as texts at tick 0, as it is written and shown.
score::Score with_provenance(const Take& take, const Performance& performance,
                             const TakeRecord& record);

// What take-N.json holds: provenance, the take's own figures and how it was performed.
base::Json take_json(const tokens::Tokenizer& tokenizer, const Take& take,
                     const Performance& performance, const TakeRecord& record);

}  // namespace symphony::generate
