#include "symphony/nn/half.h"

#include <bit>

namespace symphony::nn {

namespace {

// `value` without its last `bits`, rounded to the nearest, ties to even.
std::uint32_t rounded_off(std::uint32_t value, int bits) {
    const std::uint32_t half = std::uint32_t{1} << (bits - 1), odd = (value >> bits) & 1;
    return (value + half - 1 + odd) >> bits;
}

}  // namespace

std::uint16_t half_from_float(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    constexpr std::uint32_t kInfinity = 0x7f800000u, kSmallestNormal = 0x38800000u;  // 2^-14
    if (magnitude > kInfinity) return static_cast<std::uint16_t>(sign | 0x7e00u);
    std::uint32_t half = 0;
    if (magnitude >= kSmallestNormal) {
        half = rounded_off(magnitude - (std::uint32_t{112} << 23), 13);
        if (half > 0x7c00u) half = 0x7c00u;
    } else if (magnitude >= 0x33000000u) {  // 2^-25: what is smaller rounds to zero
        const std::uint32_t exponent = magnitude >> 23;
        half = rounded_off((magnitude & 0x7fffffu) | 0x800000u, static_cast<int>(126 - exponent));
    }
    return static_cast<std::uint16_t>(sign | half);
}

}  // namespace symphony::nn
