#include "symphony/nn/elementwise.h"

#include "symphony/nn/gemm.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace symphony::nn {
namespace {

// Lengths that are no multiple of any vector width, too.
const std::size_t kLengths[] = {1, 3, 8, 17, 64, 100};

TEST(Elementwise, GemmMatchesItsDefinitionInEveryOrientation) {
    const std::int64_t m = 5, n = 7, k = 6;
    const auto a = normal_numbers(30, 1), b = normal_numbers(42, 2);
    for (const Op a_op : {Op::kPlain, Op::kTransposed}) {
        for (const Op b_op : {Op::kPlain, Op::kTransposed}) {
            std::vector<float> c(35, 1.0f);
            gemm(a_op, b_op, m, n, k, a.data(), a_op == Op::kPlain ? k : m, b.data(),
                 b_op == Op::kPlain ? n : k, 1.0f, c.data(), n);
            for (std::int64_t i = 0; i < m; ++i) {
                for (std::int64_t j = 0; j < n; ++j) {
                    double sum = 1.0;
                    for (std::int64_t l = 0; l < k; ++l) {
                        sum += a[std::size_t(a_op == Op::kPlain ? i * k + l : l * m + i)] *
                               b[std::size_t(b_op == Op::kPlain ? l * n + j : j * k + l)];
                    }
                    EXPECT_NEAR(c[std::size_t(i * n + j)], sum, 1e-5);
                }
            }
        }
    }
}

TEST(Elementwise, DotAndSumOfSquares) {
    for (const std::size_t n : kLengths) {
        const auto a = normal_numbers(n, 1), b = normal_numbers(n, 2);
        EXPECT_NEAR(dot(a.data(), b.data(), n), weighted_sum(a, b), 1e-4);
        EXPECT_NEAR(sum_of_squares(a.data(), n), weighted_sum(a, a), 1e-4);
    }
}

TEST(Elementwise, SoftmaxSumsToOneAndKnowsItsLogSum) {
    for (const std::size_t n : kLengths) {
        const auto x = normal_numbers(n, 3, 5.0);
        auto p = x;
        const float log_sum = softmax(p.data(), n, 0.5f);
        double total = 0, expected_sum = 0;
        for (std::size_t i = 0; i < n; ++i) expected_sum += std::exp(0.5 * x[i]);
        for (std::size_t i = 0; i < n; ++i) {
            EXPECT_NEAR(p[i], std::exp(0.5 * x[i]) / expected_sum, 1e-6);
            total += p[i];
        }
        EXPECT_NEAR(total, 1.0, 1e-5);
        EXPECT_NEAR(log_sum, std::log(expected_sum), 1e-5);
        auto again = x;
        exp_minus(again.data(), n, 0.5f, log_sum);
        for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(again[i], p[i], 1e-6);
    }
}

TEST(Elementwise, NaNStaysNaN) {
    std::vector<float> gates(4, std::nanf("")), state(1, 0.0f), tanh_c(1), h(1);
    lstm_cell(gates.data(), state.data(), 1, state.data(), tanh_c.data(), h.data());
    EXPECT_TRUE(std::isnan(h[0]));
    const float gate = std::nanf(""), up = 1.0f;
    swiglu(&gate, &up, 1, h.data());
    EXPECT_TRUE(std::isnan(h[0]));
    std::vector<float> scores(20, 1.0f);
    scores[3] = std::nanf("");
    softmax(scores.data(), scores.size());
    EXPECT_TRUE(std::isnan(scores[0]));
}

TEST(Elementwise, GatesSaturateWithoutOverflow) {
    for (const float far : {1e3f, 1e30f}) {
        std::vector<float> gates = {far, -far, far, far}, c = {5.0f}, tanh_c(1), h(1);
        lstm_cell(gates.data(), c.data(), 1, c.data(), tanh_c.data(), h.data());
        EXPECT_EQ(c[0], 1.0f);
        EXPECT_NEAR(h[0], std::tanh(1.0), 1e-6);
    }
}

TEST(Elementwise, RmsNormAndItsDerivatives) {
    for (const std::size_t n : kLengths) {
        auto x = normal_numbers(n, 4), w = normal_numbers(n, 5);
        const auto dout = normal_numbers(n, 6);
        std::vector<float> out(n), dx(n), dw(n, 0.0f);
        const auto loss = [&] {
            rms_norm(x.data(), w.data(), n, 1e-5f, out.data());
            return weighted_sum(out, dout);
        };
        const float inverse_rms = rms_norm(x.data(), w.data(), n, 1e-5f, out.data());
        EXPECT_NEAR(inverse_rms, 1.0 / std::sqrt(weighted_sum(x, x) / double(n) + 1e-5), 1e-3);
        rms_norm_backward(x.data(), w.data(), dout.data(), inverse_rms, n, dx.data(), dw.data());
        for (std::size_t i = 0; i < n; i += 1 + n / 5) {
            EXPECT_NEAR(dx[i], slope(x, i, loss), 2e-2 * (1 + std::abs(dx[i]))) << n << " " << i;
            EXPECT_NEAR(dw[i], slope(w, i, loss), 1e-2 * (1 + std::abs(dw[i]))) << n << " " << i;
        }
    }
}

TEST(Elementwise, SwigluAndItsDerivatives) {
    for (const std::size_t n : kLengths) {
        auto gate = normal_numbers(n, 7), up = normal_numbers(n, 8);
        const auto dout = normal_numbers(n, 9);
        std::vector<float> out(n), dgate(n), dup(n);
        const auto loss = [&] {
            swiglu(gate.data(), up.data(), n, out.data());
            return weighted_sum(out, dout);
        };
        loss();
        EXPECT_NEAR(out[0], gate[0] / (1 + std::exp(-gate[0])) * up[0], 1e-6);
        swiglu_backward(gate.data(), up.data(), dout.data(), n, dgate.data(), dup.data());
        for (std::size_t i = 0; i < n; i += 1 + n / 5) {
            EXPECT_NEAR(dgate[i], slope(gate, i, loss), 5e-3);
            EXPECT_NEAR(dup[i], slope(up, i, loss), 5e-3);
        }
    }
}

TEST(Elementwise, RopeKeepsLengthsAndTurnsBack) {
    const std::size_t n = 10;
    const auto x = normal_numbers(n, 10);
    std::vector<float> cosines, sines;
    for (int i = 0; i < 5; ++i) {
        cosines.push_back(static_cast<float>(std::cos(0.3 * i)));
        sines.push_back(static_cast<float>(std::sin(0.3 * i)));
    }
    auto turned = x;
    rope(turned.data(), cosines.data(), sines.data(), n, 1.0f);
    EXPECT_NEAR(turned[1], x[1] * std::cos(0.3) - x[6] * std::sin(0.3), 1e-6);
    EXPECT_NEAR(turned[6], x[6] * std::cos(0.3) + x[1] * std::sin(0.3), 1e-6);
    rope(turned.data(), cosines.data(), sines.data(), n, -1.0f);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(turned[i], x[i], 1e-6);
}

TEST(Elementwise, DropoutDropsTheGivenShareAndIsFreeOfChunks) {
    const std::size_t n = 100'000;
    const std::vector<float> ones(n, 1.0f);
    std::vector<float> whole(n), parts(n);
    dropout_add(ones.data(), nullptr, n, 0.3f, 77, 0, whole.data());
    const auto dropped = std::count(whole.begin(), whole.end(), 0.0f);
    EXPECT_NEAR(double(dropped) / double(n), 0.3, 0.01);
    EXPECT_NEAR(*std::max_element(whole.begin(), whole.end()), 1 / 0.7, 1e-6);
    for (std::size_t i = 0; i < n; i += 1000) {
        dropout_add(&ones[i], nullptr, 1000, 0.3f, 77, std::uint32_t(i), &parts[i]);
    }
    EXPECT_EQ(whole, parts);
    dropout_add(ones.data(), nullptr, n, 0.3f, 78, 0, parts.data());
    EXPECT_NE(whole, parts);
    // Neighbours are dropped independently: both with probability 0.09.
    int both = 0;
    for (std::size_t i = 1; i < n; ++i) both += whole[i] == 0.0f && whole[i - 1] == 0.0f;
    EXPECT_NEAR(double(both) / double(n), 0.09, 0.01);
    dropout_add(ones.data(), ones.data(), n, 0.0f, 77, 0, parts.data());
    EXPECT_EQ(std::count(parts.begin(), parts.end(), 2.0f), std::int64_t(n));
}

TEST(Elementwise, AdamWTakesTheTextbookStep) {
    const std::size_t n = 19;
    const auto gradient = normal_numbers(n, 11);
    auto p = normal_numbers(n, 12), m = normal_numbers(n, 13), v = normal_numbers(n, 14);
    for (float& x : v) x = x * x;
    const auto p0 = p, m0 = m, v0 = v;
    adamw({0.01f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.5f, 1 - 0.9f * 0.9f, 1 - 0.95f * 0.95f},
          gradient.data(), n, p.data(), m.data(), v.data());
    for (std::size_t i = 0; i < n; ++i) {
        const double g = 0.5 * gradient[i];
        const double mi = 0.9 * m0[i] + 0.1 * g, vi = 0.95 * v0[i] + 0.05 * g * g;
        const double expected = p0[i] * (1 - 0.01 * 0.1) -
                                0.01 * (mi / (1 - 0.81)) / (std::sqrt(vi / (1 - 0.9025)) + 1e-8);
        EXPECT_NEAR(p[i], expected, 1e-5);
        EXPECT_NEAR(m[i], mi, 1e-6);
        EXPECT_NEAR(v[i], vi, 1e-6);
    }
}

}  // namespace
}  // namespace symphony::nn
