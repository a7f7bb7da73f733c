// Weights and cached rows of any stored type as vectors of float32. Included once per instruction
// set by sources that Highway compiles so, like its own headers of this ending.
#if defined(SYMPHONY_NN_WIDEN_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SYMPHONY_NN_WIDEN_INL_H
#undef SYMPHONY_NN_WIDEN_INL_H
#else
#define SYMPHONY_NN_WIDEN_INL_H
#endif

#include "symphony/nn/bf16.h"

#include <hwy/highway.h>

#include <cstdint>

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
HWY_INLINE float widened(Bf16 x) { return bf16_value(x); }
HWY_INLINE float widened(std::int8_t x) { return static_cast<float>(x); }

// The first `count` elements, fewer than a vector's, with zeros behind them.
template <class Element>
HWY_INLINE Vec widened_tail(D d, const Element* at, std::int64_t count) {
    HWY_ALIGN float lanes[hn::MaxLanes(d)] = {};
    for (std::int64_t i = 0; i < count; ++i) lanes[i] = widened(at[i]);
    return hn::Load(d, lanes);
}

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();
#endif
