// A take on disk: take-N.mid with its provenance as text inside, and take-N.json beside it. Both
// repeat byte for byte from the same seed, settings, model and version.
#pragma once

#include "symphony/base/json.h"
#include "symphony/generate/composer.h"
#include "symphony/generate/expression.h"

#include <filesystem>
#include <string>

namespace symphony::generate {

// What made a take, besides the take itself.
struct Provenance {
    std::string version;  // of Symphony
    std::string model;    // folder name
    std::string family, scheme, weights_sha256;
    std::uint64_t seed = 1;
    base::Json settings;  // what was asked for: bars, temperature, ...
};

// "take-1" for index 0.
std::string take_name(const Take& take);

// The performed take with its provenance as texts at tick 0, as it is written and shown.
score::Score with_provenance(const Take& take, const Performance& performance,
                             const Provenance& provenance);

// What take-N.json holds: provenance, the take's own figures and how it was performed.
base::Json take_json(const tokens::Tokenizer& tokenizer, const Take& take,
                     const Performance& performance, const Provenance& provenance);

}  // namespace symphony::generate
