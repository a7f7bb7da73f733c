#include "symphony/nn/half.h"

#include "symphony/nn/safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace symphony::nn {
namespace {

TEST(Half, EveryHalfComesBack) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const float value = float_from_half(static_cast<std::uint16_t>(bits));
        if (std::isnan(value))
            EXPECT_EQ(half_from_float(value) & 0x7e00u, 0x7e00u);
        else
            EXPECT_EQ(half_from_float(value), bits);
    }
}

TEST(Half, RoundsToTheNearestTiesToEven) {
    for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) {  // each finite one and the next
        const auto low = static_cast<std::uint16_t>(bits),
                   high = static_cast<std::uint16_t>(bits + 1);
        const float below = float_from_half(low), above = float_from_half(high);
        const float middle = (below + above) / 2;  // exact in float32
        const std::uint16_t even = bits % 2 == 0 ? low : high;
        ASSERT_EQ(half_from_float(middle), even) << bits;
        ASSERT_EQ(half_from_float(std::nextafter(middle, 0.0f)), low) << bits;
        ASSERT_EQ(half_from_float(-std::nextafter(middle, 1e6f)), high | 0x8000u) << bits;
    }
    EXPECT_EQ(half_from_float(65519.0f), 0x7bffu);
    EXPECT_EQ(half_from_float(65520.0f), 0x7c00u);
    EXPECT_EQ(half_from_float(-1e30f), 0xfc00u);
    EXPECT_EQ(half_from_float(std::numeric_limits<float>::infinity()), 0x7c00u);
}

}  // namespace
}  // namespace symphony::nn
