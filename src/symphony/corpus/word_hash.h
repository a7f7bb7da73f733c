// A hash of a sequence of numbers, the same on every machine and in every version: fingerprints are
// kept in files. Source: FNV-1a (Fowler, Noll, Vo), finished by splitmix64's mixer (Steele, Lea and
// Flood 2014) so that similar sequences do not collide.
#pragma once

#include <cstdint>

namespace symphony::corpus {

class WordHash {
  public:
    // The lowest 32 bits of the number.
    void add(std::int64_t word) {
        for (int byte = 0; byte < 4; ++byte)
            state_ = (state_ ^ static_cast<std::uint64_t>((word >> (8 * byte)) & 0xFF)) *
                     0x100000001B3ULL;
    }
    std::uint32_t value() const {
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
    }

  private:
    std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

}  // namespace symphony::corpus
