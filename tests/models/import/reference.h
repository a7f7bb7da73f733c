// The published architectures in plain double precision, straight from their descriptions and from
// the tensors as their files have them; and with one thing wrong, to show that a test would see it.
#pragma once

#include "models/import/foreign_models.h"

#include <vector>

namespace symphony::models {

enum class Mistake {
    kNone,
    kInterleavedRope,  // pairs (2j, 2j + 1) turned, not (j, j + d/2)
    kOtherTheta,       // 10000 for 500000 and the reverse
    kNoTranspose,      // Conv1D's (in, out) read as (out, in)
    kOtherGelu,        // erf for tanh and the reverse
    kNoInverseLayer,   // scores not divided by layer + 1
    kOtherEpsilon,     // 1e-5 for 1e-6
    kSwappedKeysAndValues,
    kTiedHead,           // the embedding where there is a head
    kNoWindow,           // all keys seen
    kWindowOneLonger,    // q - k <= window
    kGroupsInterleaved,  // query head h given key head h % key_heads
    kNoBias,             // of LayerNorm
    kRmsForLayerNorm,
    kPadsOmitted,     // of an event's sum
    kEventsNotApart,  // the ids of an event see those of the events before
    kOneEmbedding,    // the first network's also for the second
};

using Logits = std::vector<std::vector<double>>;

// Logits after each of the ids (not before the first).
Logits reference_gpt2(const ForeignModel& model, const std::vector<int>& ids,
                      Mistake mistake = Mistake::kNone);
// LlamaForCausalLM and MistralForCausalLM.
Logits reference_llama(const ForeignModel& model, const std::vector<int>& ids,
                       Mistake mistake = Mistake::kNone);
Logits reference_aria(const ForeignModel& model, const std::vector<int>& ids,
                      Mistake mistake = Mistake::kNone);
// midi-model: logits of every id of every row (of eight) but the first.
Logits reference_skytnt(const ForeignModel& model, const std::vector<std::vector<int>>& rows,
                        Mistake mistake = Mistake::kNone);

}  // namespace symphony::models
