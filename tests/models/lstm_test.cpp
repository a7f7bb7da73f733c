#include "symphony/models/lstm.h"

#include "symphony/base/error.h"
#include "symphony/models/weights.h"

#include "models/random_weights.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace symphony::models {
namespace {

// Vocabulary, embedding, hidden, layers, tied: with projection, without, and untied.
const LstmConfig kConfigs[] = {
    {40, 12, 17, 1, true, 39}, {40, 16, 16, 2, true, 0}, {33, 8, 24, 3, false, 5}};

TEST(LstmModel, WholePieceEqualsStepByStep) {
    for (const LstmConfig& config : kConfigs) {
        Lstm model(config, random_weights(config));
        const auto ids = random_ids(300, config.vocabulary_size, 1);
        const Rows stepped = step_by_step(model, ids), whole = whole_piece(model, ids);
        EXPECT_LT(largest_difference(stepped, whole), 1e-4) << config.layers;
        EXPECT_GT(largest_difference(stepped[0], stepped[1]), 1e-2);
    }
}

TEST(LstmModel, ManySequencesEqualEachAlone) {
    const LstmConfig& config = kConfigs[1];
    Lstm model(config, random_weights(config));
    std::vector<std::vector<int>> sequences;
    for (std::size_t i = 0; i < 37; ++i) sequences.push_back(random_ids(1 + 7 * i, 40, i));
    std::vector<Rows> together(sequences.size());
    model.for_each_logits(sequences, [&](std::size_t s, std::size_t t, auto logits_V) {
        ASSERT_EQ(together[s].size(), t);
        together[s].emplace_back(logits_V.begin(), logits_V.end());
    });
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        ASSERT_LT(largest_difference(together[s], whole_piece(model, sequences[s])), 1e-4) << s;
    }
}

TEST(LstmModel, ResetForgetsAndCopiesAreIndependent) {
    Lstm model(kConfigs[1], random_weights(kConfigs[1]));
    const auto first = model.next(3);
    const std::vector<float> fresh(first.begin(), first.end());
    Lstm copy = model;
    const auto second = model.next(3);
    EXPECT_GT(largest_difference(fresh, {second.begin(), second.end()}), 1e-3);
    const std::vector<float> expected(second.begin(), second.end());
    const auto copied = copy.next(3);
    EXPECT_EQ(expected, std::vector<float>(copied.begin(), copied.end()));
    model.reset();
    const auto again = model.next(3);
    EXPECT_EQ(fresh, std::vector<float>(again.begin(), again.end()));
}

TEST(LstmModel, ComesBackFromItsFolder) {
    const test_support::TemporaryFolder made;
    const std::filesystem::path& folder = made.path;
    for (const LstmConfig& config : kConfigs) {
        Lstm model(config, random_weights(config));
        base::write_json_file(folder / "config.json", config.to_json());
        write_weights(folder / "model.safetensors", random_weights(config));
        const auto loaded = load_lstm(folder);
        EXPECT_EQ(loaded->start_token(), config.start_token);
        EXPECT_EQ(loaded->parameter_count(), model.parameter_count());
        const auto ids = random_ids(20, config.vocabulary_size, 2);
        EXPECT_EQ(step_by_step(model, ids), step_by_step(*loaded, ids));
    }
}

TEST(LstmModel, RefusesWeightsThatDoNotFit) {
    const LstmConfig& config = kConfigs[0];
    auto missing = random_weights(config);
    missing.erase("lstm.bias_l0");
    EXPECT_THROW(Lstm(config, missing), base::Error);
    auto misshapen = random_weights(config);
    misshapen["projection.weight"].shape = {17, 12};
    EXPECT_THROW(Lstm(config, misshapen), base::Error);
    auto unknown = random_weights(config);
    unknown["lstm.bias_l1"] = {{1}, {0.0f}};
    EXPECT_THROW(Lstm(config, unknown), base::Error);
}

TEST(LstmModel, RefusesBadConfigs) {
    const base::Json good = kConfigs[0].to_json();
    EXPECT_NO_THROW(LstmConfig::from_json(good));
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, base::Json>>{{"vocab_size", 0},
                                                         {"hidden_size", -3},
                                                         {"hidden_size", 1e12},
                                                         {"num_layers", "2"},
                                                         {"start_token_id", 40},
                                                         {"tie_word_embeddings", 1}}) {
        base::Json bad = good;
        bad[key] = value;
        EXPECT_THROW(LstmConfig::from_json(bad), base::Error) << key;
    }
    base::Json lacking = good;
    lacking.erase("num_layers");
    EXPECT_THROW(LstmConfig::from_json(lacking), base::Error);
    EXPECT_THROW(LstmConfig::from_json(base::Json::array()), base::Error);
}

}  // namespace
}  // namespace symphony::models
