#include "symphony/nn/matrix_vector.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/matrix_vector.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "symphony/nn/widen-inl.h"
// clang-format on

#include <type_traits>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

// A tile is kRows rows of weights by up to kColumns vectors, its sums all in registers: 32 of them
// from AVX-512 on, 16 before.
constexpr std::int64_t kRows = 4;
constexpr std::int64_t kColumns = hn::MaxLanes(D()) >= 16 ? 6 : 3;

#if HWY_TARGET == HWY_SCALAR
HWY_INLINE void sums_of_lanes(D d, const Vec* v, float* sums) {
    for (std::int64_t r = 0; r < kRows; ++r) hn::StoreU(v[r], d, sums + r);
}
#else
template <class Tag>
HWY_INLINE auto folded(Tag d, hn::Vec<Tag> v) {
    if constexpr (hn::MaxLanes(d) == 4) {
        return v;
    } else {
        const hn::Half<Tag> half;
        return folded(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
    }
}

// The sums of four vectors' lanes, all at once.
HWY_INLINE void sums_of_lanes(D d, const Vec* v, float* sums) {
    const hn::Repartition<std::uint64_t, D> pairs;
    const auto added = [&](Vec a, Vec b) {
        return hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
    };
    const auto ab = hn::BitCast(pairs, added(v[0], v[1]));
    const auto cd = hn::BitCast(pairs, added(v[2], v[3]));
    const Vec all = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, ab, cd)),
                            hn::BitCast(d, hn::InterleaveUpper(pairs, ab, cd)));
    hn::StoreU(folded(d, all), hn::FixedTag<float, 4>(), sums);
}
#endif

struct Product {
    std::int64_t out, in;
    const float* x_NI;
    const float* scale_O;  // may be null
    float beta;
    float* y_NO;
};

// Rows [o, o + kCount) times vectors [n, n + kN); `weight`: the first of the rows.
template <std::int64_t kCount, std::int64_t kN, class Weight>
HWY_INLINE void tile(const Product& p, const Weight* weight, std::int64_t o, std::int64_t n) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const float* x = p.x_NI + n * p.in;
    Vec totals[kN][kRows];
    for (auto& column : totals)
        for (Vec& total : column) total = hn::Zero(d);
    std::int64_t i = 0;
    for (; i + lanes <= p.in; i += lanes) {
        Vec w[kCount];
        for (std::int64_t r = 0; r < kCount; ++r) w[r] = widened(d, weight + r * p.in + i);
        for (std::int64_t c = 0; c < kN; ++c) {
            const Vec xi = hn::LoadU(d, x + c * p.in + i);
            for (std::int64_t r = 0; r < kCount; ++r)
                totals[c][r] = hn::MulAdd(w[r], xi, totals[c][r]);
        }
    }
    if (i < p.in) {
        for (std::int64_t c = 0; c < kN; ++c) {
            const Vec xi = widened_tail(d, x + c * p.in + i, p.in - i);
            for (std::int64_t r = 0; r < kCount; ++r)
                totals[c][r] =
                    hn::MulAdd(widened_tail(d, weight + r * p.in + i, p.in - i), xi, totals[c][r]);
        }
    }
    for (std::int64_t c = 0; c < kN; ++c) {
        float sums[kRows];
        sums_of_lanes(d, totals[c], sums);
        float* y = p.y_NO + (n + c) * p.out + o;
        if (p.scale_O != nullptr)
            for (std::int64_t r = 0; r < kCount; ++r) sums[r] *= p.scale_O[o + r];
        for (std::int64_t r = 0; r < kCount; ++r) y[r] = p.beta == 0.0f ? sums[r] : y[r] + sums[r];
    }
}

// As tile, for any number of vectors up to kN.
template <std::int64_t kCount, std::int64_t kN, class Weight>
HWY_INLINE void tile_of(const Product& p, const Weight* weight, std::int64_t o, std::int64_t n,
                        std::int64_t vectors) {
    if (vectors == kN) return tile<kCount, kN>(p, weight, o, n);
    if constexpr (kN > 1) tile_of<kCount, kN - 1>(p, weight, o, n, vectors);
}

template <std::int64_t kCount, class Weight>
HWY_INLINE void rows_times(const Product& p, const Weight* weight, std::int64_t o,
                           std::int64_t vectors) {
    // Tiles of nearly equal size: a last one of a vector or two would run at half the speed.
    std::int64_t tiles = (vectors + kColumns - 1) / kColumns;
    for (std::int64_t n = 0; n < vectors; --tiles) {
        const std::int64_t size = (vectors - n + tiles - 1) / tiles;
        tile_of<kCount, kColumns>(p, weight, o, n, size);
        n += size;
    }
}

template <class Weight>
HWY_INLINE void widen_all(const Weight* from, std::int64_t count, float* to) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) hn::StoreU(widened(d, from + i), d, to + i);
    for (; i < count; ++i) to[i] = widened(from[i]);
}

template <class Weight>
HWY_INLINE void times(const Weight* weight, const Product& p, std::int64_t vectors) {
    // Rows that several tiles use are widened once.
    thread_local std::vector<float> wide;
    const bool widens = !std::is_same_v<Weight, float> && vectors > kColumns;
    if (widens) wide.resize(static_cast<std::size_t>(kRows * p.in));
    std::int64_t o = 0;
    for (; o + kRows <= p.out; o += kRows) {
        const Weight* rows = weight + o * p.in;
        if (widens) {
            widen_all(rows, kRows * p.in, wide.data());
            rows_times<kRows>(p, wide.data(), o, vectors);
        } else {
            rows_times<kRows>(p, rows, o, vectors);
        }
    }
    for (; o < p.out; ++o) rows_times<1>(p, weight + o * p.in, o, vectors);
}

#define SYMPHONY_TIMES(Name, Weight)                                                      \
    void Name(const Weight* weight, std::int64_t out, std::int64_t in, const float* x_NI, \
              std::int64_t vectors, const float* scale_O, float beta, float* y_NO) {      \
        times(weight, Product{out, in, x_NI, scale_O, beta, y_NO}, vectors);              \
    }
SYMPHONY_TIMES(TimesFloat, float)
SYMPHONY_TIMES(TimesBf16, Bf16)
SYMPHONY_TIMES(TimesInt8, std::int8_t)
#undef SYMPHONY_TIMES

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace symphony::nn {

HWY_EXPORT(TimesFloat);
HWY_EXPORT(TimesBf16);
HWY_EXPORT(TimesInt8);

void matrix_vectors(const float* weight_OI, std::int64_t out, std::int64_t in, const float* x_NI,
                    std::int64_t vectors, const float* scale_O, float beta, float* y_NO) {
    HWY_DYNAMIC_DISPATCH(TimesFloat)(weight_OI, out, in, x_NI, vectors, scale_O, beta, y_NO);
}
void matrix_vectors(const Bf16* weight_OI, std::int64_t out, std::int64_t in, const float* x_NI,
                    std::int64_t vectors, const float* scale_O, float beta, float* y_NO) {
    HWY_DYNAMIC_DISPATCH(TimesBf16)(weight_OI, out, in, x_NI, vectors, scale_O, beta, y_NO);
}
void matrix_vectors(const std::int8_t* weight_OI, std::int64_t out, std::int64_t in,
                    const float* x_NI, std::int64_t vectors, const float* scale_O, float beta,
                    float* y_NO) {
    HWY_DYNAMIC_DISPATCH(TimesInt8)(weight_OI, out, in, x_NI, vectors, scale_O, beta, y_NO);
}

}  // namespace symphony::nn
#endif  // HWY_ONCE
