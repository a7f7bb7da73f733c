// Rows to bf16 and back, for the kernels' tests.
#pragma once

#include "symphony/nn/bf16.h"
#include "symphony/nn/elementwise.h"

#include <vector>

namespace symphony::nn {

inline std::vector<Bf16> rounded(const std::vector<float>& x) {
    std::vector<Bf16> out(x.size());
    round_to_bf16(x.data(), x.size(), out.data());
    return out;
}
inline std::vector<float> widened(const std::vector<Bf16>& x) {
    std::vector<float> out(x.size());
    widen_bf16(x.data(), x.size(), out.data());
    return out;
}

}  // namespace symphony::nn
