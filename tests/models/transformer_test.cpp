#include "symphony/models/transformer.h"

#include "symphony/base/error.h"

#include "models/random_weights.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace symphony::models {
namespace {

// Vocabulary, width, inner, layers, heads, context.
TransformerConfig small(int context, bool tied = true) {
    TransformerConfig config{40, 24, 40, 3, 2, context};
    config.tied = tied;
    config.start_token = 39;
    return config;
}

TEST(TransformerModel, WholePieceEqualsStepByStepWithinTheContext) {
    for (const bool tied : {true, false}) {
        const TransformerConfig config = small(128, tied);
        Transformer model(config, random_weights(config));
        const auto ids = random_ids(128, 40, 1);
        EXPECT_LT(largest_difference(step_by_step(model, ids), whole_piece(model, ids)), 1e-4);
    }
}

TEST(TransformerModel, NothingLeaksFromTheFuture) {
    const TransformerConfig config = small(64);
    Transformer model(config, random_weights(config));
    auto ids = random_ids(64, 40, 2);
    const Rows before = whole_piece(model, ids);
    ids[40] = (ids[40] + 1) % 40;
    const Rows after = whole_piece(model, ids);
    for (std::size_t t = 0; t <= 40; ++t) EXPECT_EQ(before[t], after[t]) << t;
    for (std::size_t t = 41; t < 64; ++t) {
        EXPECT_GT(largest_difference(before[t], after[t]), 1e-6) << t;
    }
}

TEST(TransformerModel, LongPiecesSlideWithAtLeastHalfTheContext) {
    const TransformerConfig config = small(16);
    Transformer model(config, random_weights(config));
    const auto ids = random_ids(50, 40, 3);
    const Rows whole = whole_piece(model, ids);
    // Token 30 is predicted by the window that begins at 16: what it reads is ids[15..29].
    TransformerConfig wide = small(64);
    Transformer fresh(wide, random_weights(wide));
    fresh.reset();
    std::span<const float> logits;
    for (std::size_t t = 15; t < 30; ++t) logits = fresh.next(ids[t]);
    EXPECT_LT(largest_difference(whole[30], {logits.begin(), logits.end()}), 1e-4);
    // Every prediction after the first window depends on the token eight places back.
    auto changed = ids;
    changed[32] = (changed[32] + 1) % 40;
    const Rows other = whole_piece(model, changed);
    for (std::size_t t = 33; t <= 40; ++t) {
        EXPECT_GT(largest_difference(whole[t], other[t]), 1e-6) << t;
    }
}

TEST(TransformerModel, AFullContextDropsItsOldestHalf) {
    const TransformerConfig config = small(16);
    Transformer model(config, random_weights(config));
    const auto ids = random_ids(30, 40, 4);
    std::vector<float> last;
    for (const int id : ids) {
        const auto logits = model.next(id);
        last.assign(logits.begin(), logits.end());
    }
    // 16 read, 8 dropped at the 17th, 8 more at the 25th: ids[16..29] are left.
    Transformer fresh(config, random_weights(config));
    std::span<const float> logits;
    for (std::size_t t = 16; t < 30; ++t) logits = fresh.next(ids[t]);
    EXPECT_LT(largest_difference(last, {logits.begin(), logits.end()}), 1e-4);
}

TEST(TransformerModel, ManySequencesEqualEachAlone) {
    const TransformerConfig config = small(16);
    Transformer model(config, random_weights(config));
    std::vector<std::vector<int>> sequences;
    for (std::size_t i = 0; i < 20; ++i) sequences.push_back(random_ids(1 + 3 * i, 40, i));
    std::vector<Rows> together(sequences.size());
    model.for_each_logits(sequences, [&](std::size_t s, std::size_t t, auto logits_V) {
        ASSERT_EQ(together[s].size(), t);
        together[s].emplace_back(logits_V.begin(), logits_V.end());
    });
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        ASSERT_LT(largest_difference(together[s], whole_piece(model, sequences[s])), 1e-4) << s;
    }
}

TEST(TransformerModel, ReadingAtOnceIsReadingInTurn) {
    const TransformerConfig config = small(32);
    for (const auto precision : {nn::WeightPrecision::kFloat32, nn::WeightPrecision::kBf16}) {
        Transformer at_once(config, random_weights(config), precision);
        Transformer in_turn(config, random_weights(config), precision);
        const double bound =
            precision == nn::WeightPrecision::kFloat32 ? 1e-4 : 0.2;  // of logits up to 18
        for (const std::size_t length : {3, 20, 32, 40}) {  // few, some, all, more than the context
            const auto ids = random_ids(length, 40, 6);
            at_once.reset();
            in_turn.reset();
            const auto logits = at_once.read(ids);
            std::span<const float> expected;
            for (const int id : ids) expected = in_turn.next(id);
            EXPECT_LT(largest_difference(std::vector<float>(logits.begin(), logits.end()),
                                         {expected.begin(), expected.end()}),
                      bound)
                << length;
            const auto after = at_once.next(5), expected_after = in_turn.next(5);
            EXPECT_LT(largest_difference(std::vector<float>(after.begin(), after.end()),
                                         {expected_after.begin(), expected_after.end()}),
                      bound);
        }
    }
}

TEST(TransformerModel, FewerBytesGiveNearlyTheSameLogits) {
    const TransformerConfig config = small(64);
    Transformer exact(config, random_weights(config));
    const auto ids = random_ids(60, 40, 7);
    const Rows expected = step_by_step(exact, ids);
    double spread = 0;
    for (const auto& row : expected)
        for (const float logit : row) spread = std::max(spread, std::abs(double{logit}));
    for (const auto precision : {nn::WeightPrecision::kBf16, nn::WeightPrecision::kInt8}) {
        Transformer model(config, random_weights(config), precision);
        const double difference = largest_difference(expected, step_by_step(model, ids));
        // Random weights in narrow layers: what a trained model loses is measured in
        // docs/benchmarks.md.
        const double bound = (precision == nn::WeightPrecision::kBf16 ? 0.04 : 0.1) * spread;
        EXPECT_LT(difference, bound) << nn::precision_name(precision);
        EXPECT_GT(difference, 0) << nn::precision_name(precision);
        EXPECT_LT(largest_difference(expected, whole_piece(model, ids)), bound);
    }
}

TEST(TransformerModel, ACopyGoesItsOwnWay) {
    const TransformerConfig config = small(16);
    Transformer model(config, random_weights(config));
    for (const int id : {1, 2, 3}) model.next(id);
    const auto copy = model.copy();
    model.next(4);
    Transformer fresh(config, random_weights(config));
    for (const int id : {1, 2, 3}) fresh.next(id);
    const auto expected = fresh.next(9), logits = copy->next(9);
    EXPECT_EQ(std::vector<float>(logits.begin(), logits.end()),
              std::vector<float>(expected.begin(), expected.end()));
}

TEST(TransformerModel, ComesBackFromItsFolderUnderLlamaNames) {
    const test_support::TemporaryFolder made;
    const std::filesystem::path& folder = made.path;
    for (const bool tied : {true, false}) {
        const TransformerConfig config = small(32, tied);
        Transformer model(config, random_weights(config));
        base::write_json_file(folder / "config.json", config.to_json());
        write_weights(folder / "model.safetensors", random_weights(config));
        const auto loaded = load_transformer(folder, nn::WeightPrecision::kFloat32);
        EXPECT_EQ(loaded->context_length(), 32);
        EXPECT_EQ(loaded->start_token(), 39);
        const auto ids = random_ids(20, 40, 5);
        EXPECT_EQ(step_by_step(model, ids), step_by_step(*loaded, ids));
    }
}

TEST(TransformerModel, RefusesBadConfigs) {
    const base::Json good = small(32).to_json();
    EXPECT_EQ(good["model_type"], "llama");
    EXPECT_NO_THROW(TransformerConfig::from_json(good));
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, base::Json>>{{"num_key_value_heads", 3},
                                                         {"num_attention_heads", 5},
                                                         {"hidden_act", "gelu"},
                                                         {"max_position_embeddings", 1e9},
                                                         {"rope_theta", "large"},
                                                         {"hidden_size", 26},
                                                         {"bos_token_id", 40}}) {
        base::Json bad = good;
        bad[key] = value;
        EXPECT_THROW(TransformerConfig::from_json(bad), base::Error) << key;
    }
}

}  // namespace
}  // namespace symphony::models
