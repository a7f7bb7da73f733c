// IEEE 754 binary16, in which quantised formats keep their scales.
#pragma once

#include <cstdint>

namespace symphony::nn {

// Rounded to the nearest, ties to even; too large becomes infinity, NaN stays NaN.
std::uint16_t half_from_float(float x);

}  // namespace symphony::nn
