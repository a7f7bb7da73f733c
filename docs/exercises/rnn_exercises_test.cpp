// Checks the exercises against definitions and finite differences, not against a solution.
#include "rnn_exercises.h"

#include "symphony/base/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace symphony::exercises {
namespace {

constexpr std::size_t kE = 3, kH = 4;
constexpr double kStep = 1e-6;

Vector random_vector(std::size_t size, std::uint64_t index) {
    base::Rng rng(1, "rnn-exercises", index);
    Vector v(size);
    for (double& x : v) x = rng.normal();
    return v;
}

double sum(const Vector& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

TEST(Exercise1Softmax, SumsToOneAndKeepsRatios) {
    const Vector p = softmax({0, std::log(2), std::log(5)});
    ASSERT_EQ(p.size(), 3u);
    EXPECT_NEAR(p[0], 1 / 8., 1e-12);
    EXPECT_NEAR(p[1], 2 / 8., 1e-12);
    EXPECT_NEAR(p[2], 5 / 8., 1e-12);
}

TEST(Exercise1Softmax, LargeLogitsAreNoTrouble) {
    const Vector p = softmax({1000, 1000, -1000});
    ASSERT_EQ(p.size(), 3u);
    EXPECT_NEAR(p[0], 0.5, 1e-12);
    EXPECT_NEAR(p[2], 0, 1e-12);
}

TEST(Exercise2CrossEntropy, KnowingNothingCostsLnV) {
    EXPECT_NEAR(cross_entropy(Vector(50, 3.0), 7).nats, std::log(50), 1e-12);
}

TEST(Exercise2CrossEntropy, GradientAgreesWithFiniteDifferences) {
    const Vector logits = random_vector(6, 1);
    const Loss loss = cross_entropy(logits, 2);
    ASSERT_EQ(loss.d_logits_V.size(), 6u);
    EXPECT_NEAR(sum(loss.d_logits_V), 0, 1e-12);
    for (std::size_t i = 0; i < 6; ++i) {
        Vector up = logits, down = logits;
        up[i] += kStep;
        down[i] -= kStep;
        const double numeric =
            (cross_entropy(up, 2).nats - cross_entropy(down, 2).nats) / (2 * kStep);
        EXPECT_NEAR(loss.d_logits_V[i], numeric, 1e-7);
    }
}

Cell random_cell() {
    return {random_vector(kH * kE, 2), random_vector(kH * kH, 3), random_vector(kH, 4)};
}

TEST(Exercise3Step, FollowsTheEquation) {
    // H = E = 1: h = tanh(w x + u h' + b)
    const Vector h = step({{0.5}, {-0.25}, {0.1}}, {2}, {0.8});
    ASSERT_EQ(h.size(), 1u);
    EXPECT_NEAR(h[0], std::tanh(0.5 * 2 - 0.25 * 0.8 + 0.1), 1e-12);
}

TEST(Exercise3Step, MatricesAreRowMajor) {
    const Vector h = step({{1, 2, 3, 4}, {0, 0, 0, 0}, {0, 0}}, {0.1, 0.01}, {0, 0});
    ASSERT_EQ(h.size(), 2u);
    EXPECT_NEAR(std::atanh(h[0]), 0.12, 1e-12);
    EXPECT_NEAR(std::atanh(h[1]), 0.34, 1e-12);
}

TEST(Exercise4StepBack, GradientsAgreeWithFiniteDifferences) {
    // The loss is a weighted sum of the new state, so d_h are the weights.
    const Vector x = random_vector(kE, 5), before = random_vector(kH, 6),
                 d_h = random_vector(kH, 7);
    const Cell cell = random_cell();
    const auto loss = [&](const Cell& c) {
        const Vector h = step(c, x, before);
        return std::inner_product(h.begin(), h.end(), d_h.begin(), 0.0);
    };
    Cell gradient{Vector(kH * kE, 1.0), Vector(kH * kH, 1.0), Vector(kH, 1.0)};  // added to
    const Vector d_a = step_back(x, before, step(cell, x, before), d_h, gradient);
    const auto check = [&](Vector Cell::*part) {
        for (std::size_t i = 0; i < (cell.*part).size(); ++i) {
            Cell up = cell, down = cell;
            (up.*part)[i] += kStep;
            (down.*part)[i] -= kStep;
            EXPECT_NEAR((gradient.*part)[i] - 1, (loss(up) - loss(down)) / (2 * kStep), 1e-7);
        }
    };
    check(&Cell::input_HE);
    check(&Cell::recurrent_HH);
    check(&Cell::bias_H);
    ASSERT_EQ(d_a.size(), kH);
    for (std::size_t i = 0; i < kH; ++i) EXPECT_NEAR(d_a[i], gradient.bias_H[i] - 1, 1e-12);
}

TEST(Exercise5Clip, BoundsTheCommonLengthAndKeepsTheDirection) {
    Cell gradient{{3}, {0}, {4}};
    EXPECT_NEAR(clip(gradient, 1), 5, 1e-12);
    EXPECT_NEAR(gradient.input_HE[0], 0.6, 1e-12);
    EXPECT_NEAR(gradient.bias_H[0], 0.8, 1e-12);
    EXPECT_NEAR(clip(gradient, 10), 1, 1e-12);  // short enough: unchanged
    EXPECT_NEAR(gradient.bias_H[0], 0.8, 1e-12);
}

}  // namespace
}  // namespace symphony::exercises
