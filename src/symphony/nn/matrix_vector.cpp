#include "symphony/nn/matrix_vector.h"

#include "symphony/nn/elementwise.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/matrix_vector.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

#include <cmath>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using Vec = hn::Vec<D>;

HWY_INLINE Vec widened(D d, const float* at) { return hn::LoadU(d, at); }
HWY_INLINE Vec widened(D d, const Bf16* at) {
    const hn::Rebind<Bf16, D> d16;
    const hn::RebindToUnsigned<D> d32;
    return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, at))));
}
HWY_INLINE Vec widened(D d, const std::int8_t* at) {
    const hn::Rebind<std::int8_t, D> d8;
    const hn::RebindToSigned<D> d32;
    return hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, at)));
}

HWY_INLINE float widened(float x) { return x; }
HWY_INLINE float widened(Bf16 x) {
    const std::uint32_t bits = std::uint32_t{x} << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}
HWY_INLINE float widened(std::int8_t x) { return static_cast<float>(x); }

HWY_INLINE float sum(D d, Vec v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

// Four rows at a time share the loads of x and keep four sums in flight.
constexpr std::int64_t kRows = 4;

template <std::int64_t kCount, class Weight>
HWY_INLINE void rows_times(const Weight* weight, std::int64_t in, const float* x, float* sums) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    Vec totals[kCount];
    for (Vec& total : totals) total = hn::Zero(d);
    std::int64_t i = 0;
    for (; i + lanes <= in; i += lanes) {
        const Vec xi = hn::LoadU(d, x + i);
        for (std::int64_t r = 0; r < kCount; ++r)
            totals[r] = hn::MulAdd(widened(d, weight + r * in + i), xi, totals[r]);
    }
    for (std::int64_t r = 0; r < kCount; ++r) {
        sums[r] = sum(d, totals[r]);
        for (std::int64_t j = i; j < in; ++j) sums[r] += widened(weight[r * in + j]) * x[j];
    }
}

template <class Weight>
HWY_INLINE void times(const Weight* weight, std::int64_t out, std::int64_t in, const float* x,
                      const float* scale, float beta, float* y) {
    const auto put = [&](std::int64_t o, float value) {
        if (scale != nullptr) value *= scale[o];
        y[o] = beta == 0.0f ? value : y[o] + value;
    };
    std::int64_t o = 0;
    for (; o + kRows <= out; o += kRows) {
        float sums[kRows];
        rows_times<kRows>(weight + o * in, in, x, sums);
        for (std::int64_t r = 0; r < kRows; ++r) put(o + r, sums[r]);
    }
    for (; o < out; ++o) {
        float total;
        rows_times<1>(weight + o * in, in, x, &total);
        put(o, total);
    }
}

void TimesFloat(const float* weight, std::int64_t out, std::int64_t in, const float* x,
                const float* scale, float beta, float* y) {
    times(weight, out, in, x, scale, beta, y);
}
void TimesBf16(const Bf16* weight, std::int64_t out, std::int64_t in, const float* x,
               const float* scale, float beta, float* y) {
    times(weight, out, in, x, scale, beta, y);
}
void TimesInt8(const std::int8_t* weight, std::int64_t out, std::int64_t in, const float* x,
               const float* scale, float beta, float* y) {
    times(weight, out, in, x, scale, beta, y);
}

// out (size) = sum over t of weights[t] x values (count, size).
template <class Value>
HWY_INLINE void sum_of_rows(const float* weights, const Value* values, std::int64_t count,
                            std::int64_t size, float* out) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= size; i += lanes) {
        Vec even = hn::Zero(d), odd = hn::Zero(d);
        std::int64_t t = 0;
        for (; t + 2 <= count; t += 2) {
            even = hn::MulAdd(hn::Set(d, weights[t]), widened(d, values + t * size + i), even);
            odd = hn::MulAdd(hn::Set(d, weights[t + 1]), widened(d, values + (t + 1) * size + i),
                             odd);
        }
        if (t < count)
            even = hn::MulAdd(hn::Set(d, weights[t]), widened(d, values + t * size + i), even);
        hn::StoreU(hn::Add(even, odd), d, out + i);
    }
    for (; i < size; ++i) {
        out[i] = 0;
        for (std::int64_t t = 0; t < count; ++t)
            out[i] += weights[t] * widened(values[t * size + i]);
    }
}

void SumOfFloatRows(const float* weights, const float* values, std::int64_t count,
                    std::int64_t size, float* out) {
    sum_of_rows(weights, values, count, size, out);
}
void SumOfBf16Rows(const float* weights, const Bf16* values, std::int64_t count, std::int64_t size,
                   float* out) {
    sum_of_rows(weights, values, count, size, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace symphony::nn {

HWY_EXPORT(TimesFloat);
HWY_EXPORT(TimesBf16);
HWY_EXPORT(TimesInt8);
HWY_EXPORT(SumOfFloatRows);
HWY_EXPORT(SumOfBf16Rows);

void matrix_vector(const float* weight_OI, std::int64_t out, std::int64_t in, const float* x_I,
                   const float* scale_O, float beta, float* y_O) {
    HWY_DYNAMIC_DISPATCH(TimesFloat)(weight_OI, out, in, x_I, scale_O, beta, y_O);
}
void matrix_vector(const Bf16* weight_OI, std::int64_t out, std::int64_t in, const float* x_I,
                   const float* scale_O, float beta, float* y_O) {
    HWY_DYNAMIC_DISPATCH(TimesBf16)(weight_OI, out, in, x_I, scale_O, beta, y_O);
}
void matrix_vector(const std::int8_t* weight_OI, std::int64_t out, std::int64_t in,
                   const float* x_I, const float* scale_O, float beta, float* y_O) {
    HWY_DYNAMIC_DISPATCH(TimesInt8)(weight_OI, out, in, x_I, scale_O, beta, y_O);
}

namespace {

template <class Element>
void probabilities_of(const float* query, const Element* keys, std::int64_t count,
                      std::int64_t size, float* scores) {
    matrix_vector(keys, count, size, query, nullptr, 0.0f, scores);
    softmax(scores, static_cast<std::size_t>(count), 1.0f / std::sqrt(static_cast<float>(size)));
}

}  // namespace

void attend_cached(const float* query, const float* keys, const float* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out) {
    probabilities_of(query, keys, count, size, scores);
    HWY_DYNAMIC_DISPATCH(SumOfFloatRows)(scores, values, count, size, out);
}
void attend_cached(const float* query, const Bf16* keys, const Bf16* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out) {
    probabilities_of(query, keys, count, size, scores);
    HWY_DYNAMIC_DISPATCH(SumOfBf16Rows)(scores, values, count, size, out);
}

}  // namespace symphony::nn
#endif  // HWY_ONCE
