// Products on AMX tiles against float32's on the same rounded numbers.
#include "symphony/nn/amx.h"

#include "nn/bf16_rows.h"
#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cstring>

namespace symphony::nn {
namespace {

struct Shape {
    std::int64_t m, n, k;
};

std::vector<Bf16> short_numbers(std::int64_t n, std::uint64_t seed) {
    return rounded(normal_numbers(static_cast<std::size_t>(n), seed));
}

class Amx : public testing::Test {
  protected:
    void SetUp() override {
        if (!amx::available()) GTEST_SKIP() << "this CPU has no AMX";
    }
};

// Whole tiles and tails of each side; K in one piece and in several; few rows; rows whose distance
// is a multiple of 2 KiB, which are packed.
TEST_F(Amx, MatchesFloat32) {
    for (const Shape s : std::vector<Shape>{{64, 64, 64},
                                            {7, 5, 3},
                                            {33, 40, 70},
                                            {1, 400, 384},
                                            {300, 17, 1100},
                                            {40, 96, 1024},
                                            {256, 512, 544}})
        for (const Op a_op : {Op::kPlain, Op::kTransposed})
            for (const Op b_op : {Op::kPlain, Op::kTransposed}) {
                const auto a = short_numbers(s.m * s.k, 1), b = short_numbers(s.k * s.n, 2);
                const std::int64_t lda = a_op == Op::kPlain ? s.k : s.m;
                const std::int64_t ldb = b_op == Op::kPlain ? s.n : s.k;
                const auto size = static_cast<std::size_t>(s.m * s.n);
                for (const float beta : {0.0f, 1.0f}) {
                    std::vector<float> expected(size, 0.5f), c(size, 0.5f);
                    gemm(a_op, b_op, s.m, s.n, s.k, widened(a).data(), lda, widened(b).data(), ldb,
                         beta, expected.data(), s.n);
                    amx::gemm(a_op, b_op, s.m, s.n, s.k, a.data(), lda, b.data(), ldb, beta,
                              c.data(), s.n);
                    for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(c[i], expected[i], 1e-3);
                    if (beta != 0.0f) continue;
                    std::vector<Bf16> c16(size);
                    amx::gemm(a_op, b_op, s.m, s.n, s.k, a.data(), lda, b.data(), ldb, c16.data(),
                              s.n);
                    ASSERT_EQ(c16, rounded(c)) << s.m << " " << s.n << " " << s.k;
                }
            }
}

TEST_F(Amx, SameBitsAtAnyNumberOfThreadsAndInAnyCompany) {
    constexpr std::int64_t m = 200, n = 300, k = 700;
    const auto a = short_numbers(m * k, 3), b = short_numbers(k * n, 4);
    const auto product = [&](std::int64_t rows, int threads) {
        const ThreadLimit limit(threads);
        std::vector<float> c(static_cast<std::size_t>(rows * n));
        amx::gemm(Op::kPlain, Op::kPlain, rows, n, k, a.data(), k, b.data(), n, 0.0f, c.data(), n);
        return c;
    };
    const auto all = product(m, 0);
    EXPECT_EQ(all, product(m, 1));
    for (const std::int64_t rows : {1, 15, 17, 33}) {
        const auto few = product(rows, 1);
        EXPECT_EQ(std::memcmp(few.data(), all.data(), few.size() * sizeof(float)), 0) << rows;
    }
}

TEST_F(Amx, PackedOnceMultipliesAsUnpacked) {
    constexpr std::int64_t rows = 21, n = 80, k = 1100;
    const auto a = short_numbers(rows * k, 5), b = short_numbers(k * n, 6);
    std::vector<float> expected(rows * n, 1.0f), c(rows * n, 1.0f);
    amx::gemm(Op::kPlain, Op::kTransposed, rows, n, k, a.data(), k, b.data(), k, 1.0f,
              expected.data(), n);
    const amx::PackedRight packed(Op::kTransposed, k, n, b.data(), k);
    packed.multiply(a.data(), rows, 1.0f, c.data());
    EXPECT_EQ(c, expected);
}

}  // namespace
}  // namespace symphony::nn
