// Walking along a row of float32 by whole vectors, and the functions of one that activations need.
// Included once per instruction set by sources that Highway compiles so, like its own headers of
// this ending.
#if defined(SYMPHONY_NN_ROW_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SYMPHONY_NN_ROW_INL_H
#undef SYMPHONY_NN_ROW_INL_H
#else
#define SYMPHONY_NN_ROW_INL_H
#endif

#include "symphony/nn/widen-inl.h"

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

// Highway's Exp holds up to 104 and makes zero of NaN; here NaN stays, so that divergence shows.
HWY_INLINE Vec exp_of(D d, Vec x) {
    return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, hn::Min(x, hn::Set(d, 88.0f))));
}
HWY_INLINE Vec sigmoid(D d, Vec x) {
    const Vec one = hn::Set(d, 1.0f);
    return hn::Div(one, hn::Add(one, exp_of(d, hn::Neg(x))));
}
// tanh(x) = 1 - 2 / (e^2x + 1): absolute error about 1e-7, and one exp.
HWY_INLINE Vec tanh_of(D d, Vec x) {
    const Vec one = hn::Set(d, 1.0f), two = hn::Set(d, 2.0f);
    return hn::Sub(one, hn::Div(two, hn::Add(exp_of(d, hn::Add(x, x)), one)));
}

// Calls body(i, count) for whole vectors with count == lanes, then once for what is left.
template <class Body>
HWY_INLINE void over(D d, std::size_t n, Body body) {
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) body(i, lanes);
    if (i < n) body(i, n - i);
}
HWY_INLINE Vec load(D d, const float* at, std::size_t count) {
    if (HWY_LIKELY(count == hn::Lanes(d))) return hn::LoadU(d, at);
    HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)] = {};
    for (std::size_t i = 0; i < count; ++i) buffer[i] = at[i];
    return hn::Load(d, buffer);
}
HWY_INLINE void store(D d, Vec v, float* at, std::size_t count) {
    if (HWY_LIKELY(count == hn::Lanes(d))) {
        hn::StoreU(v, d, at);
        return;
    }
    HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)] = {};
    hn::Store(v, d, buffer);
    for (std::size_t i = 0; i < count; ++i) at[i] = buffer[i];
}
HWY_INLINE float sum(D d, Vec v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();
#endif
