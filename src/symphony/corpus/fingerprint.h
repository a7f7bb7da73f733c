// What a piece is recognised by, whatever its key, its parts and its file: the steps between onsets
// and between pitches. Source: own; windows of intervals as "shingles" (Broder, "On the resemblance
// and containment of documents", 1997).
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::corpus {

struct Fingerprint {
    // SHA-256 of the whole piece; equal for copies that differ by transposition, by the spread of
    // notes over parts, by unisons, note values, rests before the start, lengths, velocities or
    // tempo. Empty for a score without notes.
    std::string music;
    // Hashes of short stretches of all pitched notes, sorted, each once: near copies share most.
    std::vector<std::uint64_t> windows;
    // Hashes of stretches of the melody, a pitch a beat, repeats merged: settings of one tune share
    // many.
    std::vector<std::uint64_t> melody;
};

// The melody is the notes whose role says so, else the highest note of each moment. Drums count
// only in pieces that have nothing else.
Fingerprint fingerprint_of(const score::Score& score);

// How many hashes two sorted lists share.
std::size_t shared_count(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);

}  // namespace symphony::corpus
