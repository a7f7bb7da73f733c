// Every random draw comes from (seed, purpose, index) through a counter-based generator, so that it
// is the same at any thread count and after any resume. Philox4x32-10: Salmon et al., "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace symphony::base {

// One block of four 32-bit words for a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// A stream of draws. Two streams with the same (seed, purpose, index) give the same draws; any
// difference gives independent ones. Cheap to make: make one per item (piece, epoch, take) and
// never share it.
class Rng {
  public:
    Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

    std::uint32_t next_u32();
    std::uint64_t next_u64();
    // Uniform in [0, 1), 53 bits.
    double uniform();
    // Uniform integer in [0, n), without bias. Precondition: n > 0.
    std::uint64_t below(std::uint64_t n);
    // Standard normal (Box-Muller).
    double normal();
    // Index drawn with probability weights[i] / sum. Precondition: a positive, finite sum.
    std::size_t categorical(std::span<const double> weights);

    template <class T>
    void shuffle(std::span<T> items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

  private:
    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    int used_ = 4;  // words of block_ already given out
};

}  // namespace symphony::base
