// Kernels over rows kept in bf16 against the same kernels in float32 on the same rounded numbers:
// what differs is the rounding of what they store.
#include "symphony/nn/stored_row.h"

#include "symphony/nn/attention.h"
#include "symphony/nn/rows.h"

#include "nn/bf16_rows.h"
#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::nn {
namespace {

constexpr float kRounding = 1.0f / 256;  // half a unit in the last of 8 bits

// Random numbers that bf16 holds exactly.
std::vector<float> short_numbers(std::size_t n, std::uint64_t seed) {
    return widened(rounded(normal_numbers(n, seed)));
}

void expect_rounded(const std::vector<Bf16>& stored, const std::vector<float>& exact,
                    const char* what) {
    const auto values = widened(stored);
    for (std::size_t i = 0; i < exact.size(); ++i)
        ASSERT_NEAR(values[i], exact[i], 1e-6f + kRounding * std::abs(exact[i]))
            << what << " " << i;
}

// Relative to the largest: sums of products of rounded probabilities.
void expect_close(const std::vector<Bf16>& stored, const std::vector<float>& exact, float bound,
                  const char* what) {
    const auto values = widened(stored);
    float largest = 0;
    for (const float x : exact) largest = std::max(largest, std::abs(x));
    for (std::size_t i = 0; i < exact.size(); ++i)
        ASSERT_NEAR(values[i], exact[i], bound * largest) << what << " " << i;
}

TEST(StoredRow, WideningUndoesRoundingOfShortNumbersOfAnyLength) {
    for (const std::size_t n : {1u, 15u, 16u, 37u}) {
        const auto x = short_numbers(n, n);
        EXPECT_EQ(widened(rounded(x)), x);
    }
}

TEST(StoredRow, NormAndItsBackwardPass) {
    constexpr std::int64_t rows = 5, width = 37;
    const auto x = normal_numbers(rows * width, 1), weight = normal_numbers(width, 2);
    const auto dout = short_numbers(rows * width, 3);
    std::vector<float> out(x.size()), inverse_rms(rows), dx(x.size()), dx16(x.size());
    std::vector<float> dweight(width), dweight16(width);
    std::vector<Bf16> out16(x.size());
    rms_norm_rows(x.data(), weight.data(), rows, width, 1e-5f, out.data(), inverse_rms.data());
    rms_norm_rows(x.data(), weight.data(), rows, width, 1e-5f, out16.data(), inverse_rms.data());
    expect_rounded(out16, out, "norm");
    rms_norm_rows_backward(x.data(), weight.data(), dout.data(), inverse_rms.data(), rows, width,
                           dx.data(), dweight.data());
    rms_norm_rows_backward(x.data(), weight.data(), rounded(dout).data(), inverse_rms.data(), rows,
                           width, dx16.data(), dweight16.data());
    EXPECT_EQ(dx16, dx) << "float32 from the same numbers";
    EXPECT_EQ(dweight16, dweight);
}

TEST(StoredRow, SwigluAndItsBackwardPass) {
    constexpr std::int64_t rows = 3, width = 21;
    const auto gate_up = short_numbers(rows * 2 * width, 4), dout = short_numbers(rows * width, 5);
    std::vector<float> out(dout.size()), din(gate_up.size());
    std::vector<Bf16> out16(dout.size()), din16(gate_up.size());
    swiglu_rows(gate_up.data(), rows, width, out.data());
    swiglu_rows(rounded(gate_up).data(), rows, width, out16.data());
    expect_rounded(out16, out, "swiglu");
    swiglu_rows_backward(gate_up.data(), dout.data(), rows, width, din.data());
    swiglu_rows_backward(rounded(gate_up).data(), rounded(dout).data(), rows, width, din16.data());
    expect_rounded(din16, din, "swiglu backward");
}

TEST(StoredRow, RopeTurnsQueriesAndKeys) {
    const AttentionShape shape{2, 7, 2, 10};
    const RopeTable table(shape.time, shape.head_size, 10000.0);
    auto qkv = short_numbers(std::size_t(2 * 7 * 60), 6);
    auto qkv16 = rounded(qkv);
    rope_queries_and_keys(shape, table, 1.0f, qkv.data());
    rope_queries_and_keys(shape, table, 1.0f, qkv16.data());
    expect_rounded(qkv16, qkv, "rope");
}

TEST(StoredRow, AttentionAndItsBackwardPassOverSegments) {
    if (!has_native_bf16()) GTEST_SKIP() << "this CPU has no native bf16";
    // Two lanes over more than one block of rows; the second begins anew at 70.
    const AttentionShape shape{2, 90, 2, 16};
    std::vector<std::int32_t> starts(180, 0);
    for (std::size_t t = 70; t < 90; ++t) starts[90 + t] = 70;
    const auto qkv = short_numbers(2 * 90 * 96, 7), dout = short_numbers(2 * 90 * 32, 8);
    std::vector<float> out(dout.size()), log_sums(2 * 2 * 90), dqkv(qkv.size());
    std::vector<float> log_sums16(log_sums.size());
    std::vector<Bf16> out16(dout.size()), dqkv16(qkv.size());
    causal_attention(shape, qkv.data(), starts.data(), out.data(), log_sums.data());
    causal_attention(shape, rounded(qkv).data(), starts.data(), out16.data(), log_sums16.data());
    expect_close(out16, out, 0.01f, "attention");
    for (std::size_t i = 0; i < log_sums.size(); ++i)
        ASSERT_NEAR(log_sums16[i], log_sums[i], 1e-4f) << "scores are float32";
    causal_attention_backward(shape, qkv.data(), starts.data(), out.data(), log_sums.data(),
                              dout.data(), dqkv.data());
    causal_attention_backward(shape, rounded(qkv).data(), starts.data(), out16.data(),
                              log_sums16.data(), rounded(dout).data(), dqkv16.data());
    expect_close(dqkv16, dqkv, 0.01f, "attention backward");
}

}  // namespace
}  // namespace symphony::nn
