#include "symphony/nn/attention.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::nn {
namespace {

// Two lanes; the second begins a new sequence at 70, inside the second block of rows.
const AttentionShape kShape{2, 90, 2, 6};

std::vector<std::int32_t> segment_starts() {
    std::vector<std::int32_t> starts(180, 0);
    for (std::size_t t = 70; t < 90; ++t) starts[90 + t] = 70;
    return starts;
}

// By the definition, in double.
std::vector<float> plain_attention(const AttentionShape& s, const std::vector<float>& qkv,
                                   const std::vector<std::int32_t>& starts) {
    const auto at = [&](std::int64_t b, std::int64_t t, std::int64_t which, std::int64_t c) {
        return double(qkv[std::size_t(((b * s.time + t) * 3 + which) * s.width() + c)]);
    };
    std::vector<float> out(std::size_t(s.batch_size * s.time * s.width()));
    for (std::int64_t b = 0; b < s.batch_size; ++b) {
        for (std::int64_t h = 0; h < s.heads; ++h) {
            for (std::int64_t t = 0; t < s.time; ++t) {
                std::vector<double> weights;
                double total = 0;
                const std::int64_t start = starts[std::size_t(b * s.time + t)];
                for (std::int64_t u = start; u <= t; ++u) {
                    double score = 0;
                    for (std::int64_t c = h * s.head_size; c < (h + 1) * s.head_size; ++c) {
                        score += at(b, t, 0, c) * at(b, u, 1, c);
                    }
                    weights.push_back(std::exp(score / std::sqrt(double(s.head_size))));
                    total += weights.back();
                }
                for (std::int64_t c = h * s.head_size; c < (h + 1) * s.head_size; ++c) {
                    double sum = 0;
                    for (std::int64_t u = start; u <= t; ++u) {
                        sum += weights[std::size_t(u - start)] / total * at(b, u, 2, c);
                    }
                    out[std::size_t((b * s.time + t) * s.width() + c)] = float(sum);
                }
            }
        }
    }
    return out;
}

TEST(Attention, MatchesItsDefinition) {
    const auto qkv = normal_numbers(2 * 90 * 36, 1);
    const auto starts = segment_starts();
    std::vector<float> out(2 * 90 * 12);
    causal_attention(kShape, qkv.data(), starts.data(), out.data(), nullptr);
    const auto expected = plain_attention(kShape, qkv, starts);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], expected[i], 1e-5) << i;

    causal_attention(kShape, qkv.data(), nullptr, out.data(), nullptr);
    const auto unbroken = plain_attention(kShape, qkv, std::vector<std::int32_t>(180, 0));
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], unbroken[i], 1e-5) << i;
}

TEST(Attention, BackwardMatchesFiniteDifferences) {
    auto qkv = normal_numbers(2 * 90 * 36, 2);
    const auto starts = segment_starts();
    const auto dout = normal_numbers(2 * 90 * 12, 3);
    std::vector<float> out(2 * 90 * 12), log_sums(2 * 2 * 90), dqkv(qkv.size());
    const auto loss = [&] {
        causal_attention(kShape, qkv.data(), starts.data(), out.data(), log_sums.data());
        return weighted_sum(out, dout);
    };
    loss();
    causal_attention_backward(kShape, qkv.data(), starts.data(), out.data(), log_sums.data(),
                              dout.data(), dqkv.data());
    for (std::size_t i = 0; i < qkv.size(); i += 37) {
        EXPECT_NEAR(dqkv[i], slope(qkv, i, loss), 3e-3 * (1 + std::abs(dqkv[i]))) << i;
    }
}

TEST(Attention, RopeMakesScoresDependOnDistanceOnly) {
    const AttentionShape shape{1, 12, 1, 8};
    const RopeTable table(12, 8, 10000.0);
    const auto row = normal_numbers(24, 5);
    std::vector<float> qkv;
    for (int t = 0; t < 12; ++t) qkv.insert(qkv.end(), row.begin(), row.end());
    rope_queries_and_keys(shape, table, 1.0f, qkv.data());
    const auto score = [&](std::size_t t, std::size_t u) {
        double sum = 0;
        for (std::size_t c = 0; c < 8; ++c) sum += double(qkv[t * 24 + c] * qkv[u * 24 + 8 + c]);
        return sum;
    };
    EXPECT_NEAR(score(5, 2), score(11, 8), 1e-4);
    EXPECT_GT(std::abs(score(5, 2) - score(5, 1)), 1e-4);
    rope_queries_and_keys(shape, table, -1.0f, qkv.data());
    for (std::size_t i = 0; i < qkv.size(); ++i) EXPECT_NEAR(qkv[i], row[i % 24], 1e-5);
}

}  // namespace
}  // namespace symphony::nn
