// Pairs of sketches that share much, among very many, without comparing all pairs. Each hash of the
// sketches is a bucket of locality-sensitive hashing (Indyk and Motwani, "Approximate nearest
// neighbors", 1998; here a band of one min-hash): pieces that meet in several buckets are
// candidates, and candidates are verified by their whole sketches.
#pragma once

#include "symphony/corpus/sketch.h"

#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

// Two sketches are near if they share `at_least` hashes and at least `share` of the smaller one's
// weight, or twice that share of its hashes. A hash that n sketches have weighs 1 / log2(n), at
// most 1: what is a commonplace says little, unless there is much of it (a piece that hundreds
// have copied).
struct Nearness {
    double share = 0.25;
    std::size_t at_least = 8;
};

struct NearPair {
    int a = 0, b = 0;  // a < b, indices of the sketches
    std::size_t shared = 0;
    double share = 0;  // of the smaller's weight, or half of that of its hashes, if that is more
};

// Sorted by (a, b). Buckets of more than 64 sketches bring only each sketch's first and previous
// companion together, so that time and memory stay linear in the hashes; among many copies of one
// piece every one is thereby linked to some other, but not all pairs are listed. Same result at any
// number of `threads` (0: all cores).
std::vector<NearPair> near_pairs(std::span<const Sketch* const> sketches, const Nearness& nearness,
                                 int threads = 0);

}  // namespace symphony::corpus
