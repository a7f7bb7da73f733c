#include "symphony/nn/rows.h"

#include "symphony/nn/gemm.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::nn {
namespace {

constexpr std::int64_t kRows = 9, kWidth = 21;

TEST(Rows, CrossEntropyAndItsGradient) {
    auto logits = normal_numbers(kRows * kWidth, 1, 2.0);
    std::vector<int> targets = {3, -1, 0, 20, 5, 5, -1, 9, 1};
    std::vector<float> gradient(logits.size());
    const auto loss = [&] {
        return cross_entropy_rows(logits.data(), targets.data(), kRows, kWidth, 1.0f, nullptr);
    };
    double expected = 0;
    for (std::size_t row = 0; row < kRows; ++row) {
        if (targets[row] < 0) continue;
        double sum = 0;
        for (std::size_t i = 0; i < kWidth; ++i) sum += std::exp(double(logits[row * kWidth + i]));
        expected += std::log(sum) - double(logits[row * kWidth + std::size_t(targets[row])]);
    }
    EXPECT_NEAR(loss(), expected, 1e-4);
    cross_entropy_rows(logits.data(), targets.data(), kRows, kWidth, 0.5f, gradient.data());
    for (std::size_t i = 0; i < logits.size(); i += 5) {
        EXPECT_NEAR(gradient[i], 0.5 * slope(logits, i, loss), 2e-3) << i;
    }
    for (std::size_t i = 0; i < kWidth; ++i) EXPECT_EQ(gradient[kWidth + i], 0.0f);
}

TEST(Rows, WeightGradientOfTheNormIsTheSumOverRowsAtAnyThreadCount) {
    const auto x = normal_numbers(kRows * kWidth, 2), dout = normal_numbers(kRows * kWidth, 3);
    auto weight = normal_numbers(kWidth, 4);
    std::vector<float> out(x.size()), dx(x.size()), inverse_rms(kRows), dweight(kWidth);
    const auto loss = [&] {
        rms_norm_rows(x.data(), weight.data(), kRows, kWidth, 1e-5f, out.data(),
                      inverse_rms.data());
        return weighted_sum(out, dout);
    };
    loss();
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        rms_norm_rows_backward(x.data(), weight.data(), dout.data(), inverse_rms.data(), kRows,
                               kWidth, dx.data(), dweight.data());
        for (std::size_t i = 0; i < kWidth; i += 4) {
            EXPECT_NEAR(dweight[i], slope(weight, i, loss), 1e-2);
        }
    }
}

TEST(Rows, DropoutIsTheSameInOneSweepAndInAnyNumberOfThreads) {
    const std::int64_t n = 100'000;  // several chunks
    const auto x = normal_numbers(n, 5);
    std::vector<float> one(n), two(n);
    {
        const ThreadLimit limit(1);
        dropout_add_all(x.data(), nullptr, n, 0.4f, 9, one.data());
    }
    dropout_add_all(x.data(), x.data(), n, 0.4f, 9, two.data());
    for (std::size_t i = 0; i < n; ++i) ASSERT_NEAR(one[i] + x[i], two[i], 1e-6);
}

}  // namespace
}  // namespace symphony::nn
