#include "symphony/nn/bf16.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace symphony::nn {
namespace {

float widened(Bf16 bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

Bf16 rounded(float x) {
    Bf16 out = 0;
    to_bf16(&x, 1, &out);
    return out;
}

TEST(Bf16, RoundsToTheNearestTiesToEven) {
    EXPECT_EQ(rounded(1.0f), 0x3f80);
    EXPECT_EQ(rounded(-2.0f), 0xc000);
    EXPECT_EQ(rounded(0.0f), 0);
    EXPECT_EQ(rounded(std::bit_cast<float>(0x3f808000u)), 0x3f80) << "a tie, the lower is even";
    EXPECT_EQ(rounded(std::bit_cast<float>(0x3f818000u)), 0x3f82) << "a tie, the upper is even";
    EXPECT_EQ(rounded(std::bit_cast<float>(0x3f808001u)), 0x3f81);
    EXPECT_EQ(rounded(std::bit_cast<float>(0x3f807fffu)), 0x3f80);
    EXPECT_EQ(rounded(std::numeric_limits<float>::infinity()), 0x7f80);
    EXPECT_EQ(rounded(std::numeric_limits<float>::max()), 0x7f80);
    EXPECT_TRUE(std::isnan(widened(rounded(std::numeric_limits<float>::quiet_NaN()))));
    EXPECT_TRUE(std::isnan(widened(rounded(std::bit_cast<float>(0xffffffffu)))));
}

TEST(Bf16, EveryElementOfAnyLengthIsRounded) {
    for (const std::size_t n : {1u, 7u, 16u, 33u, 40'001u}) {
        const auto x = normal_numbers(n, n);
        std::vector<Bf16> out(n + 1, 0xbeef);
        to_bf16(x.data(), static_cast<std::int64_t>(n), out.data());
        for (std::size_t i = 0; i < n; ++i)
            ASSERT_NEAR(widened(out[i]), x[i], std::abs(x[i]) / 256) << i << " of " << n;
        EXPECT_EQ(out[n], 0xbeef);
    }
}

// The same numbers, rounded, through the float32 product: only the order of sums differs.
class Bf16Product : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!has_native_bf16()) GTEST_SKIP() << "this CPU has no native bf16";
    }
    static std::vector<float> through_bf16(const std::vector<float>& x) {
        std::vector<float> out;
        for (const float value : x) out.push_back(widened(rounded(value)));
        return out;
    }
    static std::vector<Bf16> bits(const std::vector<float>& x) {
        std::vector<Bf16> out(x.size());
        to_bf16(x.data(), static_cast<std::int64_t>(x.size()), out.data());
        return out;
    }
};

TEST_F(Bf16Product, EqualsTheFloat32ProductOfRoundedNumbers) {
    constexpr std::int64_t m = 37, n = 29, k = 53;
    for (const Op a_op : {Op::kPlain, Op::kTransposed})
        for (const Op b_op : {Op::kPlain, Op::kTransposed})
            for (const float beta : {0.0f, 1.0f}) {
                const auto a = normal_numbers(m * k, 1), b = normal_numbers(k * n, 2);
                auto c = normal_numbers(m * n, 3), expected = c;
                const std::int64_t lda = a_op == Op::kPlain ? k : m;
                const std::int64_t ldb = b_op == Op::kPlain ? n : k;
                gemm(a_op, b_op, m, n, k, through_bf16(a).data(), lda, through_bf16(b).data(), ldb,
                     beta, expected.data(), n);
                gemm_bf16(a_op, b_op, m, n, k, bits(a).data(), lda, bits(b).data(), ldb, beta,
                          c.data(), n);
                for (std::size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(c[i], expected[i], 1e-4);
            }
}

TEST(PackedMatrix, EqualsThePlainProductForAnyNumberOfRows) {
    constexpr std::int64_t n = 48, k = 33;
    const auto b = normal_numbers(k * n, 5);
    for (const bool bf16 : {false, true}) {
        if (bf16 && !has_native_bf16()) continue;
        for (const Op op : {Op::kPlain, Op::kTransposed}) {
            const std::int64_t ldb = op == Op::kPlain ? n : k;
            const PackedMatrix packed(op, k, n, b.data(), ldb, 8, bf16);
            for (const std::int64_t rows : {1, 5, 8})
                for (const float beta : {0.0f, 1.0f}) {
                    const auto a = normal_numbers(static_cast<std::size_t>(rows * k), 6);
                    auto c = normal_numbers(static_cast<std::size_t>(rows * n), 7), expected = c;
                    gemm(Op::kPlain, op, rows, n, k, a.data(), k, b.data(), ldb, beta,
                         expected.data(), n);
                    PackedMatrix::Worker(packed, rows, beta).multiply(a.data(), c.data());
                    for (std::size_t i = 0; i < c.size(); ++i)
                        ASSERT_NEAR(c[i], expected[i], bf16 ? 0.15 : 1e-4);
                }
        }
    }
}

}  // namespace
}  // namespace symphony::nn
