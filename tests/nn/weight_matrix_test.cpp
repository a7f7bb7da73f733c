// Weights of few bytes against plain loops in float64.
#include "symphony/nn/weight_matrix.h"

#include "symphony/nn/attention.h"
#include "symphony/nn/kv_cache.h"
#include "symphony/nn/matrix_vector.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::nn {
namespace {

constexpr WeightPrecision kAll[] = {WeightPrecision::kFloat32, WeightPrecision::kBf16,
                                    WeightPrecision::kInt8};

// y (O) = rows of `matrix`, as it holds them, times x.
std::vector<double> plain_product(const WeightMatrix& matrix, const std::vector<float>& x) {
    std::vector<double> y;
    std::vector<float> row(static_cast<std::size_t>(matrix.in()));
    for (std::int64_t o = 0; o < matrix.out(); ++o) {
        matrix.copy_row(o, row.data());
        y.push_back(weighted_sum(row, x));
    }
    return y;
}

TEST(WeightMatrix, HoldsTheWeightsAsWellAsItsBytesAllow) {
    const std::int64_t out = 5, in = 70;
    const auto weight = normal_numbers(static_cast<std::size_t>(out * in), 1);
    for (const WeightPrecision precision : kAll) {
        const WeightMatrix matrix(weight, out, in, precision);
        std::vector<float> row(static_cast<std::size_t>(in));
        for (std::int64_t o = 0; o < out; ++o) {
            const float* given = weight.data() + o * in;
            float largest = 0;
            for (std::int64_t i = 0; i < in; ++i) largest = std::max(largest, std::abs(given[i]));
            matrix.copy_row(o, row.data());
            for (std::int64_t i = 0; i < in; ++i) {
                const float error = std::abs(row[static_cast<std::size_t>(i)] - given[i]);
                // Half a step: of eight significant bits; of 127 steps to a side.
                const float bound = precision == WeightPrecision::kFloat32 ? 0.0f
                                    : precision == WeightPrecision::kBf16 ? std::abs(given[i]) / 256
                                                                          : 1.001f * largest / 254;
                EXPECT_LE(error, bound) << precision_name(precision);
            }
        }
        const std::int64_t each = precision == WeightPrecision::kFloat32 ? 4
                                  : precision == WeightPrecision::kBf16  ? 2
                                                                         : 1;
        EXPECT_GE(matrix.bytes(), each * out * in);
        EXPECT_LE(matrix.bytes(), each * out * in + 4 * out);
    }
}

TEST(WeightMatrix, TimesAVectorIsWhatALoopGives) {
    for (const std::int64_t out : {1, 3, 4, 9})
        for (const std::int64_t in : {1, 7, 16, 33, 384}) {
            const auto weight = normal_numbers(static_cast<std::size_t>(out * in), 2);
            const auto x = normal_numbers(static_cast<std::size_t>(in), 3);
            for (const WeightPrecision precision : kAll) {
                const WeightMatrix matrix(weight, out, in, precision);
                const auto expected = plain_product(matrix, x);
                std::vector<float> y(static_cast<std::size_t>(out), 7.0f), added = y;
                matrix.multiply(x.data(), 1, 0.0f, y.data());
                matrix.multiply(x.data(), 1, 1.0f, added.data());
                for (std::size_t o = 0; o < y.size(); ++o) {
                    const double bound = 1e-5 * std::sqrt(static_cast<double>(in));
                    EXPECT_NEAR(y[o], expected[o], bound) << precision_name(precision) << in;
                    EXPECT_NEAR(added[o], 7 + expected[o], bound + 1e-6);
                }
            }
        }
}

TEST(WeightMatrix, ManyRowsAreManyVectors) {
    const std::int64_t out = 20, in = 48, rows = 5;
    const auto weight = normal_numbers(static_cast<std::size_t>(out * in), 4);
    const auto x = normal_numbers(static_cast<std::size_t>(rows * in), 5);
    for (const WeightPrecision precision : kAll) {
        const WeightMatrix matrix(weight, out, in, precision);
        std::vector<float> together(static_cast<std::size_t>(rows * out), 1.0f), one = together;
        matrix.multiply_rows(x.data(), rows, 1.0f, together.data());
        for (std::int64_t row = 0; row < rows; ++row)
            matrix.multiply(x.data() + row * in, 1, 1.0f, one.data() + row * out);
        // In bf16 many rows are rounded, too: 2^-9 of each of 48 products, at random.
        const double bound = precision == WeightPrecision::kBf16 ? 0.06 : 1e-4;
        for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(together[i], one[i], bound);
    }
}

// Tiles of every size, and what is left over of rows and of a vector's width.
TEST(WeightMatrix, AVectorHasTheSameBitsInAnyCompany) {
    for (const std::int64_t out : {4, 11})
        for (const std::int64_t in : {5, 16, 70}) {
            const auto weight = normal_numbers(static_cast<std::size_t>(out * in), 6);
            const auto x = normal_numbers(static_cast<std::size_t>(40 * in), 7);
            for (const WeightPrecision precision : kAll) {
                const WeightMatrix matrix(weight, out, in, precision);
                const auto size = static_cast<std::size_t>(40 * out);
                for (const float beta : {0.0f, 1.0f}) {
                    std::vector<float> alone(size, 0.5f);
                    for (std::int64_t n = 0; n < 40; ++n)
                        matrix.multiply(x.data() + n * in, 1, beta, alone.data() + n * out);
                    for (const std::int64_t company : {2, 3, 5, 6, 7, 8, 13, 20, 40}) {
                        std::vector<float> together(size, 0.5f);
                        for (std::int64_t n = 0; n < 40; n += company)
                            matrix.multiply(x.data() + n * in, std::min(company, 40 - n), beta,
                                            together.data() + n * out);
                        ASSERT_EQ(together, alone) << precision_name(precision) << company;
                    }
                }
            }
        }
}

TEST(WeightMatrix, ARowOfZerosStaysZero) {
    const std::vector<float> weight(8, 0.0f), x(4, 3.0f);
    for (const WeightPrecision precision : kAll) {
        std::vector<float> y(2, 5.0f);
        WeightMatrix(weight, 2, 4, precision).multiply(x.data(), 1, 0.0f, y.data());
        EXPECT_EQ(y, std::vector<float>(2, 0.0f));
    }
}

TEST(WeightMatrix, PrecisionsAreNamed) {
    for (const WeightPrecision precision : kAll)
        EXPECT_EQ(precision_named(precision_name(precision)), precision);
}

// The cache grows past its first size; each query is the last row of attention over whole windows.
TEST(KvCache, AQueryIsTheLastRowOfCausalAttention) {
    const AttentionShape shape{1, 150, 2, 12};
    const auto qkv = normal_numbers(150 * 72, 6);
    std::vector<float> expected(150 * 24), out(24);
    causal_attention(shape, qkv.data(), nullptr, expected.data(), nullptr);
    for (const bool as_bf16 : {false, true}) {
        KvCache cache(2, 12, as_bf16);
        for (int round = 0; round < 2; ++round) {  // cleared, its memory serves again
            cache.clear();
            for (std::size_t t = 0; t < 150; ++t) {
                cache.append(&qkv[t * 72 + 24], &qkv[t * 72 + 48]);
                cache.attend(&qkv[t * 72], out.data());
                for (std::size_t c = 0; c < 24; ++c)
                    ASSERT_NEAR(out[c], expected[t * 24 + c], as_bf16 ? 0.02 : 1e-5) << t;
            }
            EXPECT_EQ(cache.length(), 150);
        }
    }
}

}  // namespace
}  // namespace symphony::nn
