#include "symphony/nn/layer_norm.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace symphony::nn {
namespace {

TEST(LayerNorm, IsItsDefinition) {
    for (const std::int64_t width : {1, 3, 8, 17, 100}) {
        const auto n = static_cast<std::size_t>(width);
        auto x = normal_numbers(3 * n, 1);
        // A mean far from zero, where the difference of two large squares would have no digits.
        for (std::size_t i = n; i < 2 * n; ++i) x[i] += 1000;
        const auto weight = normal_numbers(n, 2), bias = normal_numbers(n, 3);
        std::vector<float> out(x.size());
        layer_norm_rows(x.data(), weight.data(), bias.data(), 3, width, 1e-5f, out.data());
        for (std::size_t row = 0; row < 3; ++row) {
            double mean = 0, variance = 0;
            for (std::size_t i = 0; i < n; ++i) mean += double{x[row * n + i]} / double(n);
            for (std::size_t i = 0; i < n; ++i)
                variance += std::pow(double{x[row * n + i]} - mean, 2) / double(n);
            for (std::size_t i = 0; i < n; ++i) {
                const double expected = (double{x[row * n + i]} - mean) /
                                            std::sqrt(variance + 1e-5) * double{weight[i]} +
                                        double{bias[i]};
                EXPECT_NEAR(out[row * n + i], expected, row == 1 ? 2e-3 : 1e-5) << width;
            }
        }
    }
}

}  // namespace
}  // namespace symphony::nn
