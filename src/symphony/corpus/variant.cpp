#include "symphony/corpus/variant.h"

#include "symphony/score/transform.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace symphony::corpus {
namespace {

using score::Part;
using score::Score;

// The part that stays whatever is dropped: the first melody, else the first one with notes.
std::size_t part_that_stays(const Score& score) {
    std::size_t stays = score.parts.size();
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        if (score.parts[p].notes.empty()) continue;
        if (score.parts[p].role == score::Role::kMelody) return p;
        stays = std::min(stays, p);
    }
    return stays;
}

}  // namespace

void VariantOptions::describe(base::OptionTable& table) {
    table.group("Augmentation on the fly");
    table.add(
        "augment", augment,
        "vary each training piece anew each time: key (in place of the prepared ones), speed, "
        "loudness, parts left out; the music is read again",
        {"transpose", "tempo", "velocity", "dropout", "all", "none"});
    table.add("tempo-range", tempo_range, "tempo: faster or slower by at most this share", {0, 1});
    table.add("velocity-range", velocity_range, "velocity: louder or softer by at most this",
              {0, 126});
    table.add("velocity-scale", velocity_scale,
              "velocity: contrasts greater or smaller by at most this share", {0, 1});
    table.add("part-dropout", part_dropout,
              "dropout: how often a part is left out (never the melody)", {0, 1});
}

bool VariantOptions::is_on(const std::string& kind) const {
    const auto asked = [&](const std::string& word) {
        return std::find(augment.begin(), augment.end(), word) != augment.end();
    };
    return !asked("none") && (asked("all") || asked(kind));
}

bool VariantOptions::any() const {
    return is_on("transpose") || is_on("tempo") || is_on("velocity") || is_on("dropout");
}

Variant draw_variant(base::Rng& rng, const Score& score, std::span<const int> transpositions,
                     const VariantOptions& options) {
    Variant variant;
    if (options.is_on("transpose") && !transpositions.empty())
        variant.semitones = transpositions[rng.below(transpositions.size())];
    if (options.is_on("tempo"))
        variant.tempo = std::pow(1 + options.tempo_range, 2 * rng.uniform() - 1);
    if (options.is_on("velocity")) {
        variant.velocity_scale = 1 + options.velocity_scale * (2 * rng.uniform() - 1);
        const auto choices = static_cast<std::uint64_t>(2 * options.velocity_range + 1);
        variant.velocity = static_cast<int>(rng.below(choices)) - options.velocity_range;
    }
    if (options.is_on("dropout")) {
        const std::size_t stays = part_that_stays(score);
        for (std::size_t p = 0; p < score.parts.size(); ++p) {
            const Part& part = score.parts[p];
            if (part.notes.empty()) continue;
            const bool is_dropped = rng.uniform() < options.part_dropout;
            if (is_dropped && p != stays && part.role != score::Role::kMelody)
                variant.dropped.push_back(p);
        }
    }
    return variant;
}

Score varied(const Score& score, const Variant& variant) {
    auto moved = score::transposed(score, variant.semitones);
    assert(moved.has_value());
    Score result = std::move(*moved);
    if (variant.tempo != 1) {
        if (result.tempos.empty()) result.tempos.push_back({score::Ticks(0)});
        for (score::TempoChange& change : result.tempos)
            change.quarters_per_minute *= variant.tempo;
    }
    if (variant.velocity != 0 || variant.velocity_scale != 1)
        for (Part& part : result.parts)
            for (score::Note& note : part.notes)
                note.velocity = static_cast<std::uint8_t>(std::clamp(
                    static_cast<int>(std::lround(note.velocity * variant.velocity_scale)) +
                        variant.velocity,
                    1, 127));
    for (const std::size_t p : variant.dropped) {
        Part& part = result.parts.at(p);
        part.notes.clear();
        part.controls.clear();
        part.bends.clear();
        part.programs.clear();
    }
    return result;
}

}  // namespace symphony::corpus
