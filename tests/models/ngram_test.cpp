#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/models/model_folder.h"
#include "symphony/models/ngram/ngram_fit.h"
#include "symphony/nn/safetensors.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace symphony::models::ngram {
namespace {

constexpr int kVocabulary = 9, kEnd = 0;
using Sequences = std::vector<std::vector<std::uint16_t>>;

// Tokens that depend on the two before them, noisily.
Sequences make_sequences(std::uint64_t seed, int count, int length) {
    Sequences sequences;
    for (int s = 0; s < count; ++s) {
        base::Rng rng(seed, "ngram-test", static_cast<std::uint64_t>(s));
        auto& ids = sequences.emplace_back();
        int a = 1, b = 2;
        for (int i = 0; i < length; ++i) {
            const int next =
                rng.uniform() < 0.7 ? 1 + (a * 3 + b) % 8 : 1 + static_cast<int>(rng.below(8));
            ids.push_back(static_cast<std::uint16_t>(next));
            a = b, b = next;
        }
        ids.push_back(kEnd);
    }
    return sequences;
}

std::vector<TokenRun> runs(const Sequences& sequences) {
    return {sequences.begin(), sequences.end()};
}

double mean_loss(LanguageModel& model, const Sequences& sequences) {
    double loss = 0;
    std::size_t tokens = 0;
    for (const auto& sequence : sequences) {
        const std::vector<int> ids(sequence.begin(), sequence.end());
        model.for_each_logits(ids, [&](std::size_t t, std::span<const float> logits) {
            loss -= logits[static_cast<std::size_t>(ids[t])];
            ++tokens;
        });
    }
    return loss / static_cast<double>(tokens);
}

// The formula of ngram_model.h word by word, on maps: slow, and sure.
class SlowKneserNey {
  public:
    using Gram = std::vector<int>;
    SlowKneserNey(const Sequences& sequences, std::vector<Discounts> discounts)
        : discounts_(std::move(discounts)) {
        const int order = static_cast<int>(discounts_.size());
        for (const auto& sequence : sequences) {
            Gram text{kEnd};
            text.insert(text.end(), sequence.begin(), sequence.end());
            for (int p = 1; p < static_cast<int>(text.size()); ++p)
                for (int n = 1; n <= std::min(order, p + 1); ++n) {
                    const Gram gram(text.begin() + p - n + 1, text.begin() + p + 1);
                    const bool starts = p - n + 1 == 0;
                    if (n == order || starts)
                        ++counts_[gram];
                    else
                        left_[gram].insert(text[static_cast<std::size_t>(p - n)]);
                }
        }
        for (const auto& [gram, tokens] : left_) counts_[gram] = static_cast<int>(tokens.size());
    }
    double probability(Gram context, int token) const {
        double lower = 1.0 / kVocabulary;
        if (!context.empty()) lower = probability(Gram(context.begin() + 1, context.end()), token);
        double total = 0, freed = 0, kept = 0;
        for (int w = 0; w < kVocabulary; ++w) {
            Gram gram = context;
            gram.push_back(w);
            const auto found = counts_.find(gram);
            if (found == counts_.end()) continue;
            const int count = found->second;
            const double d =
                discounts_[context.size()][static_cast<std::size_t>(std::min(count, 3)) - 1];
            total += count;
            freed += d;
            if (w == token) kept = count - d;
        }
        return total == 0 ? lower : (kept + freed * lower) / total;
    }

  private:
    std::vector<Discounts> discounts_;
    std::map<Gram, int> counts_;
    std::map<Gram, std::set<int>> left_;
};

TEST(Ngram, AgreesWithTheFormulaWrittenOut) {
    const Sequences train = make_sequences(1, 6, 40), probe = make_sequences(2, 3, 30);
    const std::vector<Discounts> discounts{
        {0.3f, 0.7f, 1.1f}, {0.5f, 0.9f, 1.4f}, {0.6f, 1.2f, 1.3f}, {0.8f, 1.5f, 2.0f}};
    const CountTree tree = count_contexts(runs(train), kVocabulary, kEnd, /*max_context=*/5);
    NgramModel model(std::make_shared<NgramTables>(make_tables(tree, discounts)));
    const SlowKneserNey slow(train, discounts);
    for (const auto& sequence : probe) {
        const std::vector<int> ids(sequence.begin(), sequence.end());
        std::vector<int> context{kEnd};
        model.for_each_logits(ids, [&](std::size_t t, std::span<const float> logits) {
            for (int w = 0; w < kVocabulary; ++w)
                EXPECT_NEAR(std::exp(logits[static_cast<std::size_t>(w)]),
                            slow.probability(context, w), 1e-6);
            context.push_back(ids[t]);
            if (context.size() > 3) context.erase(context.begin());
        });
    }
}

struct FitTest : ::testing::Test {
    Sequences train = make_sequences(1, 40, 60), valid = make_sequences(2, 10, 60);
    NgramFit fit(int order = 0) {
        return fit_ngram(runs(train), runs(valid), kVocabulary, kEnd,
                         {.order = order, .max_order = 5}, base::silent_progress());
    }
};

TEST_F(FitTest, EveryDistributionSumsToOne) {
    NgramModel model(std::make_shared<NgramTables>(fit().tables));
    for (const auto& sequence : valid)
        model.for_each_logits(std::vector<int>(sequence.begin(), sequence.end()),
                              [&](std::size_t, std::span<const float> logits) {
                                  double sum = 0;
                                  for (float logit : logits) sum += std::exp(logit);
                                  EXPECT_NEAR(sum, 1, 1e-5);
                              });
}

TEST_F(FitTest, ValidChoosesTheOrderThatTheDataHave) {
    const NgramFit chosen = fit();
    EXPECT_EQ(chosen.tables.order(), 3);  // two tokens decide the third
    EXPECT_LT(chosen.loss_by_order[2], chosen.loss_by_order[1] - 0.2);
    NgramModel model(std::make_shared<NgramTables>(chosen.tables));
    // The loss that was minimised is the loss that the model has.
    EXPECT_NEAR(mean_loss(model, valid), chosen.valid_loss, 1e-5);
    // Not far above what the source itself allows: 0.7 + 0.3 / 8 for the likely token.
    const double likely = 0.7 + 0.3 / 8, other = 0.3 / 8;
    EXPECT_LT(chosen.valid_loss, -likely * std::log(likely) - 7 * other * std::log(other) + 0.25);
}

TEST_F(FitTest, AGivenOrderIsKept) { EXPECT_EQ(fit(4).tables.order(), 4); }

TEST_F(FitTest, ImprovedDiscountsAreNoWorseThanTheEstimate) {
    const NgramFit fitted = fit(3);
    const CountTree tree = count_contexts(runs(train), kVocabulary, kEnd, 2);
    NgramModel crude(std::make_shared<NgramTables>(
        make_tables(tree, std::vector<Discounts>(3, Discounts{0.5f, 1.0f, 1.5f}))));
    EXPECT_LE(fitted.valid_loss, mean_loss(crude, valid));
}

TEST_F(FitTest, ASavedModelGivesTheSameLogits) {
    symphony::test_support::TemporaryFolder folder;
    const NgramFit fitted = fit();
    save_ngram(fitted.tables, folder.path);
    base::write_json_file(folder.path / "tokenizer.json", base::Json::object());
    const LoadedModel loaded = load_model(folder.path);
    EXPECT_EQ(loaded.model->family(), "ngram");
    EXPECT_EQ(loaded.model->start_token(), kEnd);
    NgramModel model(std::make_shared<NgramTables>(fitted.tables));
    EXPECT_EQ(mean_loss(*loaded.model, valid), mean_loss(model, valid));
    EXPECT_EQ(loaded.weights_sha256.size(), 64u);
}

// Long contexts are mostly seen once, before one token: a few bytes each. Large counts and token
// numbers come back whole.
TEST(NgramFile, IsSmallAndKeepsEveryCount) {
    Sequences train = make_sequences(3, 30, 200);
    for (int i = 0; i < 400; ++i) train.push_back({7, 300, kEnd});
    constexpr int kManyTokens = 301;
    const CountTree tree = count_contexts(runs(train), kManyTokens, kEnd, /*max_context=*/7);
    const auto tables = std::make_shared<NgramTables>(
        make_tables(tree, std::vector<Discounts>(8, Discounts{0.5f, 1.0f, 1.5f})));
    ASSERT_GE(*std::max_element(tables->counts.begin(), tables->counts.end()), 400u);
    symphony::test_support::TemporaryFolder folder;
    save_ngram(*tables, folder.path);
    const auto loaded = load_ngram(folder.path);
    EXPECT_EQ(loaded->tables().keys, tables->keys);
    EXPECT_EQ(loaded->tables().child_begin, tables->child_begin);
    EXPECT_EQ(loaded->tables().entry_begin, tables->entry_begin);
    EXPECT_EQ(loaded->tables().tokens, tables->tokens);
    EXPECT_EQ(loaded->tables().counts, tables->counts);
    // Keys and tokens two bytes each, children, entries and counts one.
    const auto most = 4 * tables->keys.size() + 3 * tables->counts.size() + 2000;
    EXPECT_LE(std::filesystem::file_size(folder.path / "model.safetensors"), most);
}

TEST_F(FitTest, InconsistentTablesAreRefused) {
    const NgramTables good = fit().tables;
    const auto expect_refused = [&](const char* what, const auto& damage) {
        NgramTables tables = good;
        damage(tables);
        symphony::test_support::TemporaryFolder folder;
        save_ngram(tables, folder.path);
        try {
            load_ngram(folder.path);
            ADD_FAILURE() << what;
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel) << what;
        }
    };
    expect_refused("child past the end", [](NgramTables& t) { t.child_begin.back() += 1; });
    expect_refused("children that are their own parents",
                   [](NgramTables& t) { t.child_begin[0] = 0; });
    expect_refused("entries backwards", [](NgramTables& t) { t.entry_begin[1] = 1u << 30; });
    expect_refused("a token past the vocabulary", [](NgramTables& t) { t.tokens[3] = 999; });
    expect_refused("a count of nothing", [](NgramTables& t) { t.counts[2] = 0; });
    expect_refused("a discount that is not a number",
                   [](NgramTables& t) { t.discounts[1][0] = std::nanf(""); });
    expect_refused("counts cut short", [](NgramTables& t) { t.counts.pop_back(); });
    expect_refused("keys cut short", [](NgramTables& t) { t.keys.pop_back(); });
}

TEST(ModelFolder, WhatIsMissingOrUnknownIsNamed) {
    symphony::test_support::TemporaryFolder folder;
    const auto expect_error = [&](const std::string& part) {
        try {
            load_model(folder.path);
            ADD_FAILURE() << part;
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel);
            EXPECT_NE(error.format().find(part), std::string::npos) << error.format();
        }
    };
    expect_error("config.json is missing");
    base::write_json_file(folder.path / "config.json", {{"model_type", "bigband"}});
    expect_error("model.safetensors is missing");
    nn::SafetensorsWriter().write(folder.path / "model.safetensors");
    expect_error("tokenizer.json");
    base::write_json_file(folder.path / "tokenizer.json", base::Json::object());
    expect_error("got 'bigband'");
    base::write_json_file(folder.path / "config.json",
                          {{"model_type", "symphony-ngram"}, {"order", "x"}});
    expect_error("config.json");
}

}  // namespace
}  // namespace symphony::models::ngram
