// Music as frames: which of the 88 keys of a piano sound in each step of a grid. A sister of
// Tokenizer: a frame is a set of keys, not an id, so grammar, shards and language models of ids do
// not apply. Source: the form of the piano-roll benchmarks (Boulanger-Lewandowski et al., "Modeling
// temporal dependencies in high-dimensional sequences", 2012). As there, a note held and one struck
// again are the same.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/score.h"

#include <bitset>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace symphony::tokens {

inline constexpr int kKeys = 88;
inline constexpr int kLowestKey = 21;  // MIDI pitch of key 0

using Frame = std::bitset<kKeys>;

struct FrameRoll {
    int steps_per_quarter = 4;
    std::vector<Frame> frames;
    std::map<std::string, std::int64_t> losses;  // as Encoded::losses
};

// A frame holds what sounds at its beginning. Losses: drums-dropped, pitch-dropped (outside the
// keys), note-dropped (between two steps), unison-merged (sounds where its key sounds already).
FrameRoll frame_roll(const score::Score& score, int steps_per_quarter);

// One part; a key's consecutive frames are one note.
score::Score to_score(const FrameRoll& roll);

// A benchmark's split: pieces of frames.
struct FrameSet {
    std::vector<std::vector<Frame>> train, valid, test;
};
// From {"train": [piece: [frame: [MIDI pitch]]], "valid": ..., "test": ...}. Negative pitches are
// rests. Throws Error (kInput) naming `path` for another form or a pitch outside the keys.
FrameSet frame_set_from_json(const base::Json& json, const std::string& path);

// Natural logarithm of how likely the frame's keys are if each sounds on its own with its
// probability (0 < p < 1), summed over the 88 keys: the benchmark's unit is minus its mean over all
// frames. Precondition: probabilities.size() == kKeys.
double log_likelihood(const Frame& frame, std::span<const double> probabilities);

}  // namespace symphony::tokens
