#include "symphony/nn/gelu.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/gelu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "symphony/nn/row-inl.h"
// clang-format on

#include <cmath>
#include <numbers>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

// (1 + tanh(u)) / 2 = sigmoid(2u): one exp.
void GeluTanh(const float* x, std::size_t n, float* out) {
    const D d;
    const Vec twice = hn::Set(d, 2.0f * 0.7978845608028654f), cubic = hn::Set(d, 0.044715f);
    const Vec one = hn::Set(d, 1.0f);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec v = load(d, x + i, count);
        const Vec u = hn::Mul(v, hn::MulAdd(hn::Mul(v, v), cubic, one));
        store(d, hn::Mul(v, sigmoid(d, hn::Mul(twice, u))), out + i, count);
    });
}

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace symphony::nn {

HWY_EXPORT(GeluTanh);

void gelu_tanh_rows(const float* x, std::int64_t rows, std::int64_t width, float* out) {
#pragma omp parallel for schedule(static) if (rows > 1)
    for (std::int64_t row = 0; row < rows; ++row) HWY_DYNAMIC_DISPATCH(GeluTanh)
    (x + row * width, static_cast<std::size_t>(width), out + row * width);
}

void gelu_erf_rows(const float* x, std::int64_t rows, std::int64_t width, float* out) {
    constexpr float kRootHalf = std::numbers::sqrt2_v<float> / 2;
#pragma omp parallel for schedule(static) if (rows > 1)
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t i = row * width; i < (row + 1) * width; ++i)
            out[i] = x[i] * 0.5f * (1.0f + std::erf(x[i] * kRootHalf));
}

}  // namespace symphony::nn
#endif  // HWY_ONCE
