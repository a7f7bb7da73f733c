// Once warm, no model allocates for a token: a take of a thousand bars does not wander through
// memory, and a callback of sound may ask for the next one.
#include "symphony/base/rng.h"
#include "symphony/models/lstm.h"
#include "symphony/models/ngram/ngram_model.h"
#include "symphony/models/rnn/rnn_model.h"
#include "symphony/models/transformer.h"

#include "count_allocations.h"
#include "models/random_weights.h"
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace symphony::models {
namespace {

constexpr int kVocabulary = 50;

// Allocations of `steps` tokens after `warm` ones.
std::size_t allocations_of(LanguageModel& model, int warm, int steps) {
    base::Rng rng(1, "allocation-test");
    const auto read = [&](int count) {
        for (int i = 0; i < count; ++i)
            model.next(static_cast<int>(rng.below(static_cast<std::uint64_t>(kVocabulary))));
    };
    read(warm);
    const std::size_t before = test_support::allocations;
    read(steps);
    return test_support::allocations - before;
}

std::shared_ptr<ngram::NgramTables> random_tables(int tokens, int order) {
    std::vector<std::vector<std::uint16_t>> sequences;
    for (int s = 0; s < tokens / 500; ++s) {
        base::Rng rng(2, "allocation-test", static_cast<std::uint64_t>(s));
        auto& ids = sequences.emplace_back();
        for (int i = 0; i < 499; ++i)
            ids.push_back(
                static_cast<std::uint16_t>(1 + rng.below(3) + rng.below(3) * rng.below(15)));
        ids.push_back(0);
    }
    const std::vector<ngram::TokenRun> runs(sequences.begin(), sequences.end());
    const auto tree = ngram::count_contexts(runs, kVocabulary, 0, order - 1);
    return std::make_shared<ngram::NgramTables>(
        ngram::make_tables(tree, std::vector<ngram::Discounts>(static_cast<std::size_t>(order),
                                                               ngram::Discounts{0.5f, 1, 1.5f})));
}

TEST(Allocation, NgramReadsATokenWithout) {
    ngram::NgramModel model(random_tables(5'000, 6));
    EXPECT_EQ(allocations_of(model, 20, 200), 0u);
}

TEST(Allocation, RnnReadsATokenWithout) {
    rnn::RnnNetwork<float> network({kVocabulary, 16, 24});
    network.initialise(1);
    rnn::RnnModel model(network, 0);
    EXPECT_EQ(allocations_of(model, 20, 200), 0u);
}

TEST(Allocation, LstmReadsATokenWithout) {
    const LstmConfig config{kVocabulary, 12, 24, 2, /*tied=*/true, 0};  // with projection
    Lstm model(config, random_weights(config));
    EXPECT_EQ(allocations_of(model, 20, 200), 0u);
}

// Its cache grows to the context's size once and is kept, also over a reset.
TEST(Allocation, TransformerReadsATokenWithoutOnceItsCacheIsFull) {
    TransformerConfig config;
    config.vocabulary_size = kVocabulary;
    config.hidden_size = 16;
    config.intermediate_size = 24;
    config.layers = config.heads = 2;
    config.context_length = 64;
    Transformer model(config, random_weights(config));
    EXPECT_EQ(allocations_of(model, 40, 24), 0u);
    model.reset();
    EXPECT_EQ(allocations_of(model, 0, 64), 0u);
}

// The same for streams that are read together, also when one leaves and joins again.
template <class Model>
std::size_t allocations_together(const Model& model, int warm, int steps) {
    std::vector<std::unique_ptr<LanguageModel>> copies;
    for (int i = 0; i < 9; ++i) copies.push_back(model.copy());
    std::vector<LanguageModel*> streams;
    for (const auto& copy : copies) streams.push_back(copy.get());
    const auto batch = model.batch();
    const std::vector<int> tokens(9, 7);
    const auto read = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const std::size_t taking_part = i % 3 == 2 ? 8 : 9;
            batch->step(std::span(streams).first(taking_part),
                        std::span(tokens).first(taking_part));
        }
    };
    read(warm);
    const std::size_t before = test_support::allocations;
    read(steps);
    return test_support::allocations - before;
}

TEST(Allocation, ABatchReadsWithout) {
    const LstmConfig lstm_config{kVocabulary, 12, 24, 2, /*tied=*/true, 0};
    EXPECT_EQ(allocations_together(Lstm(lstm_config, random_weights(lstm_config)), 6, 30), 0u);
    TransformerConfig config{kVocabulary, 16, 24, 2, 2, 64};
    for (const auto precision : {nn::WeightPrecision::kFloat32, nn::WeightPrecision::kInt8}) {
        const Transformer model(config, random_weights(config), precision);
        EXPECT_EQ(allocations_together(model, 51, 12), 0u);
    }
}

// Time of a token: what composing with it costs. docs/benchmarks.md has it from a quiet machine.
TEST(NgramSpeed, ATokenTakesMicroseconds) {
    ngram::NgramModel model(random_tables(200'000, 10));
    constexpr int kTokens = 20'000;
    const auto start = std::chrono::steady_clock::now();
    allocations_of(model, 0, kTokens);
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - start;
    if (std::getenv("SYMPHONY_SHOW_TIMES"))
        printf("n-gram of %lld counts: %.2f us a token\n",
               static_cast<long long>(model.parameter_count()), taken.count() / kTokens);
    EXPECT_LT(taken.count() / kTokens, 200);
}

}  // namespace
}  // namespace symphony::models
