// A sample of a set of hashes by which the resemblance and the containment of two sets are
// estimated. The sample is the same for all sets: hashes that a fixed number divides ("mod m"
// sketch of Broder, "On the resemblance and containment of documents", 1997), so that an excerpt's
// sample lies inside the whole's; min-hashes of a fixed count would not show that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace symphony::corpus {

// Sets of up to so many hashes are kept whole, larger ones thinned to one hash in kThinning.
inline constexpr std::size_t kWholeSketch = 512;
inline constexpr std::uint32_t kThinning = 4;

struct Sketch {
    std::vector<std::uint32_t> hashes;  // sorted, each once
    bool thinned = false;               // kept: only those that kThinning divides
    bool operator==(const Sketch&) const = default;
};

// `hashes` in any order, repeated or not; well mixed in all their 32 bits.
Sketch sketch_of(std::vector<std::uint32_t> hashes);

// Is a hash part of the sample that both of two sketches hold whole?
inline bool comparable(std::uint32_t hash, bool either_thinned) {
    return !either_thinned || hash % kThinning == 0;
}

// How many comparable hashes two sketches share, and how many each has.
struct Overlap {
    std::size_t shared = 0, of_a = 0, of_b = 0;
    // Shared part of the smaller, 0 to 1.
    double containment() const;
};
Overlap overlap(const Sketch& a, const Sketch& b);

}  // namespace symphony::corpus
