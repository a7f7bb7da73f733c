#include "symphony/nn/cached_attention.h"

#include "symphony/nn/elementwise.h"
#include "symphony/nn/matrix_vector.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/cached_attention.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "symphony/nn/widen-inl.h"
// clang-format on

#include <algorithm>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

// out (kVectors vectors) = sum over t of weights[t] x values[t], two sums of each in flight. Rows
// are `size` apart.
template <std::int64_t kVectors, class Value>
HWY_INLINE void sum_of_columns(const float* weights, const Value* values, std::int64_t count,
                               std::int64_t size, float* out) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    Vec even[kVectors], odd[kVectors];
    for (std::int64_t v = 0; v < kVectors; ++v) even[v] = odd[v] = hn::Zero(d);
    std::int64_t t = 0;
    for (; t + 2 <= count; t += 2) {
        const Vec first = hn::Set(d, weights[t]), second = hn::Set(d, weights[t + 1]);
        for (std::int64_t v = 0; v < kVectors; ++v) {
            const Value* at = values + t * size + v * lanes;
            even[v] = hn::MulAdd(first, widened(d, at), even[v]);
            odd[v] = hn::MulAdd(second, widened(d, at + size), odd[v]);
        }
    }
    if (t < count)
        for (std::int64_t v = 0; v < kVectors; ++v)
            even[v] = hn::MulAdd(hn::Set(d, weights[t]), widened(d, values + t * size + v * lanes),
                                 even[v]);
    for (std::int64_t v = 0; v < kVectors; ++v)
        hn::StoreU(hn::Add(even[v], odd[v]), d, out + v * lanes);
}

// out (size) = sum over t of weights[t] x values (count, size).
template <class Value>
HWY_INLINE void sum_of_rows(const float* weights, const Value* values, std::int64_t count,
                            std::int64_t size, float* out) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(D()));
    std::int64_t i = 0;
    for (; i + 4 * lanes <= size; i += 4 * lanes)
        sum_of_columns<4>(weights, values + i, count, size, out + i);
    for (; i + lanes <= size; i += lanes)
        sum_of_columns<1>(weights, values + i, count, size, out + i);
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

HWY_EXPORT(SumOfFloatRows);
HWY_EXPORT(SumOfBf16Rows);

namespace {

template <class Element>
void probabilities_of(const float* query, const Element* keys, std::int64_t count,
                      std::int64_t size, float* scores) {
    matrix_vectors(keys, count, size, query, /*vectors=*/1, nullptr, 0.0f, scores);
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
