#include "symphony/base/rng.h"

#include <cmath>
#include <numbers>

namespace symphony::base {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

// FNV-1a, 64 bits: only tells purposes apart.
std::uint64_t hash_purpose(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (unsigned char c : text) hash = (hash ^ c) * 0x100000001b3;
    return hash;
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t product0 = std::uint64_t{kMultiplier0} * c[0];
        const std::uint64_t product1 = std::uint64_t{kMultiplier1} * c[2];
        c = {static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ key[0],
             static_cast<std::uint32_t>(product1),
             static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ key[1],
             static_cast<std::uint32_t>(product0)};
        key[0] += kWeyl0;
        key[1] += kWeyl1;
    }
    return c;
}

Rng::Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
    // The purpose is folded into the key; the index owns the counter's upper half, the draws its
    // lower half.
    const std::uint64_t key = seed ^ hash_purpose(purpose);
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
    counter_ = {0, 0, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32)};
}

std::uint32_t Rng::next_u32() {
    if (used_ == 4) {
        block_ = philox4x32(counter_, key_);
        if (++counter_[0] == 0) ++counter_[1];
        used_ = 0;
    }
    return block_[used_++];
}

std::uint64_t Rng::next_u64() {
    const std::uint64_t low = next_u32();
    return low | (std::uint64_t{next_u32()} << 32);
}

double Rng::uniform() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }

std::uint64_t Rng::below(std::uint64_t n) {
    const std::uint64_t threshold = -n % n;  // draws under it would favour small results
    while (true) {
        const std::uint64_t draw = next_u64();
        if (draw >= threshold) return draw % n;
    }
}

double Rng::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::size_t Rng::categorical(std::span<const double> weights) {
    double total = 0;
    for (double w : weights) total += w;
    double left = uniform() * total;
    std::size_t last_positive = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0) continue;
        last_positive = i;
        left -= weights[i];
        if (left < 0) return i;
    }
    return last_positive;  // rounding left a crumb
}

}  // namespace symphony::base
