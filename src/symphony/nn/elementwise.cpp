#include "symphony/nn/elementwise.h"

// Highway compiles the rest of this file once per instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "symphony/nn/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "symphony/nn/row-inl.h"
#include "symphony/nn/widen-inl.h"
// clang-format on

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace symphony::nn {
namespace HWY_NAMESPACE {

float Dot(const float* a, const float* b, std::size_t n) {
    const D d;
    const std::size_t lanes = hn::Lanes(d);
    Vec s0 = hn::Zero(d), s1 = hn::Zero(d);
    std::size_t i = 0;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
        s0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s0);
        s1 = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), s1);
    }
    over(d, n - i, [&](std::size_t j, std::size_t count) {
        s0 = hn::MulAdd(load(d, a + i + j, count), load(d, b + i + j, count), s0);
    });
    return sum(d, hn::Add(s0, s1));
}

void AddScaled(float scale, const float* x, float* y, std::size_t n) {
    const D d;
    const Vec s = hn::Set(d, scale);
    over(d, n, [&](std::size_t i, std::size_t count) {
        store(d, hn::MulAdd(s, load(d, x + i, count), load(d, y + i, count)), y + i, count);
    });
}

double SumOfSquares(const float* x, std::size_t n) {
    constexpr std::size_t kBlock = 4096;  // short float sums, added in double
    double total = 0;
    for (std::size_t i = 0; i < n; i += kBlock) {
        const std::size_t count = n - i < kBlock ? n - i : kBlock;
        total += static_cast<double>(Dot(x + i, x + i, count));
    }
    return total;
}

void RoundToBf16(const float* x, std::size_t n, std::uint16_t* out) {
    const D d;
    const hn::RebindToUnsigned<D> du;
    const hn::RebindToSigned<D> di;
    const hn::Rebind<std::uint16_t, D> d16;
    const auto half = hn::Set(du, 0x7fffu), one = hn::Set(du, 1u), quiet = hn::Set(du, 0x7fc0u);
    const auto rounded = [&](Vec v) {
        const auto bits = hn::BitCast(du, v);
        const auto odd = hn::And(hn::ShiftRight<16>(bits), one);
        const auto up = hn::ShiftRight<16>(hn::Add(bits, hn::Add(half, odd)));
        const auto nan = hn::RebindMask(du, hn::IsNaN(v));
        return hn::DemoteTo(d16, hn::BitCast(di, hn::IfThenElse(nan, quiet, up)));
    };
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(rounded(hn::LoadU(d, x + i)), d16, out + i);
    if (i == n) return;
    HWY_ALIGN std::uint16_t buffer[HWY_MAX_BYTES / sizeof(float)];
    hn::Store(rounded(load(d, x + i, n - i)), d16, buffer);
    for (std::size_t j = 0; i + j < n; ++j) out[i + j] = buffer[j];
}

void WidenBf16(const std::uint16_t* x, std::size_t n, float* out) {
    const D d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(widened(d, x + i), d, out + i);
    for (; i < n; ++i) out[i] = widened(x[i]);
}

float RmsNorm(const float* x, const float* weight, std::size_t n, float epsilon, float* out) {
    const D d;
    const float inverse_rms = 1.0f / std::sqrt(Dot(x, x, n) / static_cast<float>(n) + epsilon);
    const Vec scale = hn::Set(d, inverse_rms);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec normed = hn::Mul(load(d, x + i, count), scale);
        store(d, hn::Mul(normed, load(d, weight + i, count)), out + i, count);
    });
    return inverse_rms;
}

void RmsNormBackward(const float* x, const float* weight, const float* dout, float inverse_rms,
                     std::size_t n, float* dx, float* dweight) {
    const D d;
    Vec products = hn::Zero(d);
    const Vec r = hn::Set(d, inverse_rms);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec xi = load(d, x + i, count), gi = load(d, dout + i, count);
        products = hn::MulAdd(hn::Mul(gi, load(d, weight + i, count)), xi, products);
        store(d, hn::MulAdd(hn::Mul(gi, xi), r, load(d, dweight + i, count)), dweight + i, count);
    });
    // dx = r (w dout - x r^2 mean(w dout x))
    const Vec shift = hn::Set(
        d, inverse_rms * inverse_rms * inverse_rms * sum(d, products) / static_cast<float>(n));
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec g = hn::Mul(load(d, dout + i, count), load(d, weight + i, count));
        store(d, hn::NegMulAdd(load(d, x + i, count), shift, hn::Mul(g, r)), dx + i, count);
    });
}

void Swiglu(const float* gate, const float* up, std::size_t n, float* out) {
    const D d;
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec g = load(d, gate + i, count);
        store(d, hn::Mul(hn::Mul(g, sigmoid(d, g)), load(d, up + i, count)), out + i, count);
    });
}

void SwigluBackward(const float* gate, const float* up, const float* dout, std::size_t n,
                    float* dgate, float* dup) {
    const D d;
    const Vec one = hn::Set(d, 1.0f);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec g = load(d, gate + i, count), u = load(d, up + i, count);
        const Vec dy = load(d, dout + i, count), s = sigmoid(d, g), silu = hn::Mul(g, s);
        // silu' = s (1 + g (1 - s))
        const Vec slope = hn::Mul(s, hn::MulAdd(g, hn::Sub(one, s), one));
        store(d, hn::Mul(dy, silu), dup + i, count);
        store(d, hn::Mul(hn::Mul(dy, u), slope), dgate + i, count);
    });
}

float Softmax(float* x, std::size_t n, float scale) {
    const D d;
    const std::size_t lanes = hn::Lanes(d);
    Vec maxima = hn::Set(d, x[0]);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) maxima = hn::Max(maxima, hn::LoadU(d, x + i));
    float highest = hn::GetLane(hn::MaxOfLanes(d, maxima));
    for (; i < n; ++i) highest = x[i] > highest ? x[i] : highest;
    const Vec s = hn::Set(d, scale), shift = hn::Set(d, scale * highest);
    Vec sums = hn::Zero(d);
    for (i = 0; i + lanes <= n; i += lanes) {
        const Vec e = exp_of(d, hn::MulSub(hn::LoadU(d, x + i), s, shift));
        hn::StoreU(e, d, x + i);
        sums = hn::Add(sums, e);
    }
    float total = sum(d, sums);
    if (i < n) {
        store(d, exp_of(d, hn::MulSub(load(d, x + i, n - i), s, shift)), x + i, n - i);
        for (; i < n; ++i) total += x[i];
    }
    const Vec inverse = hn::Set(d, 1.0f / total);
    over(d, n, [&](std::size_t j, std::size_t count) {
        store(d, hn::Mul(load(d, x + j, count), inverse), x + j, count);
    });
    return scale * highest + std::log(total);
}

void ExpMinus(float* x, std::size_t n, float scale, float log_sum) {
    const D d;
    const Vec s = hn::Set(d, scale), shift = hn::Set(d, log_sum);
    over(d, n, [&](std::size_t i, std::size_t count) {
        store(d, exp_of(d, hn::MulSub(load(d, x + i, count), s, shift)), x + i, count);
    });
}

void SoftmaxBackward(const float* p, float* dp, std::size_t n, float row_dot, float scale) {
    const D d;
    const Vec shift = hn::Set(d, row_dot), s = hn::Set(d, scale);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec difference = hn::Sub(load(d, dp + i, count), shift);
        store(d, hn::Mul(hn::Mul(load(d, p + i, count), s), difference), dp + i, count);
    });
}

void Rope(float* x, const float* cosines, const float* sines, std::size_t n, float sign) {
    const D d;
    const std::size_t half = n / 2;
    const Vec s = hn::Set(d, sign);
    over(d, half, [&](std::size_t i, std::size_t count) {
        const Vec a = load(d, x + i, count), b = load(d, x + half + i, count);
        const Vec c = load(d, cosines + i, count), r = hn::Mul(load(d, sines + i, count), s);
        store(d, hn::NegMulAdd(b, r, hn::Mul(a, c)), x + i, count);
        store(d, hn::MulAdd(a, r, hn::Mul(b, c)), x + half + i, count);
    });
}

void LstmCell(float* gates, const float* c_before, std::size_t n, float* c, float* tanh_c,
              float* h) {
    const D d;
    over(d, n, [&](std::size_t k, std::size_t count) {
        float* at = gates + k;
        const Vec i = sigmoid(d, load(d, at, count)), f = sigmoid(d, load(d, at + n, count));
        const Vec g = tanh_of(d, load(d, at + 2 * n, count));
        const Vec o = sigmoid(d, load(d, at + 3 * n, count));
        const Vec cell = hn::MulAdd(f, load(d, c_before + k, count), hn::Mul(i, g));
        const Vec squashed = tanh_of(d, cell);
        store(d, i, at, count);
        store(d, f, at + n, count);
        store(d, g, at + 2 * n, count);
        store(d, o, at + 3 * n, count);
        store(d, cell, c + k, count);
        store(d, squashed, tanh_c + k, count);
        store(d, hn::Mul(o, squashed), h + k, count);
    });
}

void LstmCellBackward(const float* gates, const float* c_before, const float* tanh_c,
                      const float* dh, std::size_t n, float* dc, float* dgates) {
    const D d;
    const Vec one = hn::Set(d, 1.0f);
    over(d, n, [&](std::size_t k, std::size_t count) {
        const float* at = gates + k;
        const Vec i = load(d, at, count), f = load(d, at + n, count);
        const Vec g = load(d, at + 2 * n, count), o = load(d, at + 3 * n, count);
        const Vec tc = load(d, tanh_c + k, count), dhk = load(d, dh + k, count);
        const Vec through_h = hn::Mul(hn::Mul(dhk, o), hn::NegMulAdd(tc, tc, one));
        const Vec dck = hn::Add(load(d, dc + k, count), through_h);
        const Vec di = hn::Mul(dck, g), dg = hn::Mul(dck, i), dout = hn::Mul(dhk, tc);
        const Vec df = hn::Mul(dck, load(d, c_before + k, count));
        float* to = dgates + k;
        store(d, hn::Mul(hn::Mul(di, i), hn::Sub(one, i)), to, count);
        store(d, hn::Mul(hn::Mul(df, f), hn::Sub(one, f)), to + n, count);
        store(d, hn::Mul(dg, hn::NegMulAdd(g, g, one)), to + 2 * n, count);
        store(d, hn::Mul(hn::Mul(dout, o), hn::Sub(one, o)), to + 3 * n, count);
        store(d, hn::Mul(dck, f), dc + k, count);
    });
}

void DropoutAdd(const float* x, const float* base, std::size_t n, float probability,
                std::uint32_t key, std::uint32_t first, float* out) {
    const D d;
    const hn::RebindToUnsigned<D> du;
    const Vec scale = hn::Set(d, 1.0f / (1.0f - probability));
    // Draws are 31 bits wide, so that signed comparison serves.
    const auto dropped =
        hn::Set(hn::RebindToSigned<D>(), static_cast<std::int32_t>(probability * 0x1p31f) - 1);
    const auto m1 = hn::Set(du, 0x7feb352du), m2 = hn::Set(du, 0x846ca68bu);
    const auto spread = hn::Set(du, 0x9e3779b9u), salt = hn::Set(du, key);
    over(d, n, [&](std::size_t i, std::size_t count) {
        // lowbias32 (Wellons, "Prospecting for hash functions") over a Weyl sequence.
        auto u = hn::Iota(du, first + static_cast<std::uint32_t>(i));
        u = hn::Xor(hn::Mul(u, spread), salt);
        u = hn::Xor(u, hn::ShiftRight<16>(u));
        u = hn::Mul(u, m1);
        u = hn::Xor(u, hn::ShiftRight<15>(u));
        u = hn::Mul(u, m2);
        u = hn::Xor(u, hn::ShiftRight<16>(u));
        const auto draw = hn::BitCast(hn::RebindToSigned<D>(), hn::ShiftRight<1>(u));
        const auto keep = hn::RebindMask(d, hn::Gt(draw, dropped));
        const Vec kept = hn::IfThenElseZero(keep, hn::Mul(load(d, x + i, count), scale));
        const Vec under = base == nullptr ? hn::Zero(d) : load(d, base + i, count);
        store(d, hn::Add(under, kept), out + i, count);
    });
}

void AdamWStep(const AdamW& settings, const float* gradient, std::size_t n, float* parameter,
               float* m, float* v) {
    const D d;
    const Vec b1 = hn::Set(d, settings.beta1), b2 = hn::Set(d, settings.beta2);
    const Vec r1 = hn::Set(d, 1.0f - settings.beta1), r2 = hn::Set(d, 1.0f - settings.beta2);
    const Vec scale = hn::Set(d, settings.gradient_scale), epsilon = hn::Set(d, settings.epsilon);
    const Vec rate = hn::Set(d, settings.learning_rate / settings.correction1);
    const Vec root = hn::Set(d, 1.0f / std::sqrt(settings.correction2));
    const Vec keep = hn::Set(d, 1.0f - settings.learning_rate * settings.weight_decay);
    over(d, n, [&](std::size_t i, std::size_t count) {
        const Vec g = hn::Mul(load(d, gradient + i, count), scale);
        const Vec mi = hn::MulAdd(b1, load(d, m + i, count), hn::Mul(r1, g));
        const Vec vi = hn::MulAdd(b2, load(d, v + i, count), hn::Mul(r2, hn::Mul(g, g)));
        const Vec below = hn::MulAdd(hn::Sqrt(vi), root, epsilon);
        const Vec p = hn::Mul(load(d, parameter + i, count), keep);
        store(d, mi, m + i, count);
        store(d, vi, v + i, count);
        store(d, hn::Sub(p, hn::Div(hn::Mul(rate, mi), below)), parameter + i, count);
    });
}

}  // namespace HWY_NAMESPACE
}  // namespace symphony::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace symphony::nn {

HWY_EXPORT(Dot);
HWY_EXPORT(AddScaled);
HWY_EXPORT(SumOfSquares);
HWY_EXPORT(RoundToBf16);
HWY_EXPORT(WidenBf16);
HWY_EXPORT(RmsNorm);
HWY_EXPORT(RmsNormBackward);
HWY_EXPORT(Swiglu);
HWY_EXPORT(SwigluBackward);
HWY_EXPORT(Softmax);
HWY_EXPORT(ExpMinus);
HWY_EXPORT(SoftmaxBackward);
HWY_EXPORT(Rope);
HWY_EXPORT(LstmCell);
HWY_EXPORT(LstmCellBackward);
HWY_EXPORT(DropoutAdd);
HWY_EXPORT(AdamWStep);

float dot(const float* a, const float* b, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(Dot)(a, b, n);
}
void add_scaled(float scale, const float* x, float* y, std::size_t n) {
    HWY_DYNAMIC_DISPATCH(AddScaled)(scale, x, y, n);
}
double sum_of_squares(const float* x, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(SumOfSquares)(x, n);
}
void round_to_bf16(const float* x, std::size_t n, std::uint16_t* out) {
    HWY_DYNAMIC_DISPATCH(RoundToBf16)(x, n, out);
}
void widen_bf16(const std::uint16_t* x, std::size_t n, float* out) {
    HWY_DYNAMIC_DISPATCH(WidenBf16)(x, n, out);
}
float rms_norm(const float* x, const float* weight, std::size_t n, float epsilon, float* out) {
    return HWY_DYNAMIC_DISPATCH(RmsNorm)(x, weight, n, epsilon, out);
}
void rms_norm_backward(const float* x, const float* weight, const float* dout, float inverse_rms,
                       std::size_t n, float* dx, float* dweight) {
    HWY_DYNAMIC_DISPATCH(RmsNormBackward)(x, weight, dout, inverse_rms, n, dx, dweight);
}
void swiglu(const float* gate, const float* up, std::size_t n, float* out) {
    HWY_DYNAMIC_DISPATCH(Swiglu)(gate, up, n, out);
}
void swiglu_backward(const float* gate, const float* up, const float* dout, std::size_t n,
                     float* dgate, float* dup) {
    HWY_DYNAMIC_DISPATCH(SwigluBackward)(gate, up, dout, n, dgate, dup);
}
float softmax(float* x, std::size_t n, float scale) {
    return HWY_DYNAMIC_DISPATCH(Softmax)(x, n, scale);
}
void exp_minus(float* x, std::size_t n, float scale, float log_sum) {
    HWY_DYNAMIC_DISPATCH(ExpMinus)(x, n, scale, log_sum);
}
void softmax_backward(const float* p, float* dp, std::size_t n, float row_dot, float scale) {
    HWY_DYNAMIC_DISPATCH(SoftmaxBackward)(p, dp, n, row_dot, scale);
}
void rope(float* x, const float* cosines, const float* sines, std::size_t n, float sign) {
    HWY_DYNAMIC_DISPATCH(Rope)(x, cosines, sines, n, sign);
}
void lstm_cell(float* gates, const float* c_before, std::size_t n, float* c, float* tanh_c,
               float* h) {
    HWY_DYNAMIC_DISPATCH(LstmCell)(gates, c_before, n, c, tanh_c, h);
}
void lstm_cell_backward(const float* gates, const float* c_before, const float* tanh_c,
                        const float* dh, std::size_t n, float* dc, float* dgates) {
    HWY_DYNAMIC_DISPATCH(LstmCellBackward)(gates, c_before, tanh_c, dh, n, dc, dgates);
}
void dropout_add(const float* x, const float* base, std::size_t n, float probability,
                 std::uint32_t key, std::uint32_t first, float* out) {
    HWY_DYNAMIC_DISPATCH(DropoutAdd)(x, base, n, probability, key, first, out);
}
void adamw(const AdamW& settings, const float* gradient, std::size_t n, float* parameter, float* m,
           float* v) {
    HWY_DYNAMIC_DISPATCH(AdamWStep)(settings, gradient, n, parameter, m, v);
}

}  // namespace symphony::nn
#endif  // HWY_ONCE
