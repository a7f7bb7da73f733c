// Variants of a piece for training: another key, speed, loudness, fewer parts. Source: own.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/base/rng.h"
#include "symphony/score/score.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

struct VariantOptions {
    std::vector<std::string> augment{"none"};  // transpose, tempo, velocity, dropout; all, none
    double tempo_range = 0.1;                  // the speed is multiplied by 1 / (1 + r) .. 1 + r
    int velocity_range = 12;                   // is added or taken away at most
    double velocity_scale = 0.1;  // and before that velocities are multiplied by 1 - s .. 1 + s
    double part_dropout = 0.15;   // how probable it is that a part is left out

    void describe(base::OptionTable& table);
    bool is_on(const std::string& kind) const;
    bool any() const;  // of the four kinds
};

struct Variant {
    int semitones = 0;
    double tempo = 1, velocity_scale = 1;
    int velocity = 0;
    std::vector<std::size_t> dropped;  // parts, rising
};

// `transpositions`: those the piece may have. A melody part is never dropped, nor the last part
// with notes.
Variant draw_variant(base::Rng& rng, const score::Score& score, std::span<const int> transpositions,
                     const VariantOptions& options);

// Precondition: the transposition keeps every pitch in 0..127. A dropped part stays, without its
// notes and controls. Velocities stay in 1..127. A piece that states no tempo is taken to be at
// 120.
score::Score varied(const score::Score& score, const Variant& variant);

}  // namespace symphony::corpus
