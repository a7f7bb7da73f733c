#include "symphony/nn/layer_norm.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/layer_norm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "symphony/nn/row-inl.h"
// clang-format on

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

// The variance is that of the differences from the mean: E[x^2] - E[x]^2 would cancel.
void LayerNorm(const float* x, const float* weight, const float* bias, std::size_t n, float epsilon,
               float* out) {
    const D d;
    const auto size = static_cast<float>(n);
    Vec sums = hn::Zero(d);
    over(d, n,
         [&](std::size_t i, std::size_t count) { sums = hn::Add(sums, load(d, x + i, count)); });
    const Vec mean = hn::Set(d, sum(d, sums) / size);
    Vec squares = hn::Zero(d);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec off = hn::Sub(load(d, x + i, count), mean);
        // What lies behind the row's end is no number of it.
        const Vec counted = hn::IfThenElseZero(hn::FirstN(d, count), off);
        squares = hn::MulAdd(counted, counted, squares);
    });
    const Vec scale = hn::Set(d, 1.0f / std::sqrt(sum(d, squares) / size + epsilon));
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec normed = hn::Mul(hn::Sub(load(d, x + i, count), mean), scale);
        store(d, hn::MulAdd(normed, load(d, weight + i, count), load(d, bias + i, count)), out + i,
              count);
    });
}

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace symphony::nn {

HWY_EXPORT(LayerNorm);

void layer_norm(const float* x, const float* weight, const float* bias, std::size_t n,
                float epsilon, float* out) {
    HWY_DYNAMIC_DISPATCH(LayerNorm)(x, weight, bias, n, epsilon, out);
}

void layer_norm_rows(const float* x_NC, const float* weight_C, const float* bias_C,
                     std::int64_t rows, std::int64_t width, float epsilon, float* out_NC) {
#pragma omp parallel for schedule(static) if (rows > 1)
    for (std::int64_t row = 0; row < rows; ++row)
        layer_norm(x_NC + row * width, weight_C, bias_C, static_cast<std::size_t>(width), epsilon,
                   out_NC + row * width);
}

}  // namespace symphony::nn
#endif  // HWY_ONCE
