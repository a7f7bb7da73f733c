// Sub-words over any scheme: the same music comes back, in fewer tokens; the grammar accepts what
// encode writes and has no dead end; steering tokens stand alone; damaged files are refused.
#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/subword_tokenizer.h"

#include "tokens/grammar_walk.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

struct Case {
    std::string scheme;
    SubwordModel model = SubwordModel::kBytePairs;
};

class SubwordsOver : public testing::TestWithParam<Case> {
  protected:
    const std::vector<score::Score> scores_ = tests::random_scores(24);
    const std::unique_ptr<Tokenizer> base_ =
        learn_tokenizer(scores_, {.scheme = GetParam().scheme});
    const std::unique_ptr<Tokenizer> tokenizer_ = with_subwords(
        learn_tokenizer(scores_, {.scheme = GetParam().scheme}), scores_,
        {.vocabulary_size = base_->vocabulary().size() + 150, .model = GetParam().model});
    const int size_ = tokenizer_->vocabulary().size();
};

TEST_P(SubwordsOver, SameMusicInFewerTokensThatTheGrammarAccepts) {
    EXPECT_EQ(size_, base_->vocabulary().size() + 150);
    EXPECT_EQ(tokenizer_->scheme(), GetParam().scheme);
    std::size_t before = 0, after = 0;
    for (const score::Score& score : scores_) {
        const Encoded plain = base_->encode(score), merged = tokenizer_->encode(score);
        EXPECT_EQ(merged.losses, plain.losses);
        EXPECT_EQ(merged.source_notes, plain.source_notes);
        ASSERT_EQ(merged.sources.size(), merged.ids.size());
        EXPECT_EQ(merged.ids.back(), tokenizer_->end_token());
        EXPECT_EQ(base_->encode(tokenizer_->decode(merged.ids)).ids,
                  base_->encode(base_->decode(plain.ids)).ids);
        before += plain.ids.size();
        after += merged.ids.size();
        EXPECT_TRUE(tests::grammar_takes(*tokenizer_, merged.ids));
    }
    EXPECT_LT(after * 20, before * 19);
}

TEST_P(SubwordsOver, WalksHaveNoDeadEnds) {
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        tests::expect_notes_valid(tokenizer_->decode(tests::random_walk(*tokenizer_, seed, 80)));
}

TEST_P(SubwordsOver, WrittenAndReadItIsTheSame) {
    const auto copy = tokenizer_from_json(tokenizer_->to_json());
    EXPECT_EQ(copy->to_json(), tokenizer_->to_json());
    for (const score::Score& score : scores_)
        EXPECT_EQ(copy->encode(score).ids, tokenizer_->encode(score).ids);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, SubwordsOver,
    testing::Values(Case{"note"}, Case{"remi"}, Case{"performance"}, Case{"tsd"}, Case{"octuple"},
                    Case{"aria"}, Case{"note", SubwordModel::kUnigram},
                    Case{"tsd", SubwordModel::kUnigram}, Case{"octuple", SubwordModel::kUnigram}),
    [](const testing::TestParamInfo<Case>& one) {
        return one.param.scheme + (one.param.model == SubwordModel::kUnigram ? "_unigram" : "_bpe");
    });

// What a mask says, tried out token by token: the slow plain version of the walk through the trie.
TEST(Subwords, AllowedIsWhatTheBaseTakesOneAfterAnother) {
    const auto scores = tests::random_scores(10);
    const auto base = learn_tokenizer(scores, {.scheme = "remi"});
    const auto tokenizer = with_subwords(learn_tokenizer(scores, {.scheme = "remi"}), scores,
                                         {.vocabulary_size = base->vocabulary().size() + 100});
    const auto& names = tokenizer->vocabulary();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(names.size()));
    std::vector<std::uint8_t> base_mask(static_cast<std::size_t>(base->vocabulary().size()));
    const auto pieces = [&](TokenId id) {
        std::vector<TokenId> ids;
        std::string text = names.name(id);
        for (std::size_t plus = 0; plus != std::string::npos;) {
            plus = text.find('+');
            ids.push_back(base->vocabulary().find(text.substr(0, plus)));
            if (plus != std::string::npos) text = text.substr(plus + 1);
        }
        return ids;
    };
    const auto here = base->grammar();
    const auto grammar = tokenizer->grammar();
    std::size_t longer = 0;
    for (const TokenId taken : tokenizer->encode(scores[0]).ids) {
        grammar->allowed(mask);
        for (TokenId id = 0; id < names.size(); ++id) {
            const auto ahead = here->clone();
            bool legal = true;
            const std::vector<TokenId> ids = pieces(id);
            for (const TokenId base_id : ids) {
                ahead->allowed(base_mask);
                legal = legal && base_mask[static_cast<std::size_t>(base_id)];
                if (!legal) break;
                ahead->step(base_id);
            }
            ASSERT_EQ(mask[static_cast<std::size_t>(id)] != 0, legal) << names.name(id);
            longer += legal && ids.size() > 1;
        }
        grammar->step(taken);
        for (const TokenId base_id : pieces(taken)) here->step(base_id);
    }
    EXPECT_GT(longer, 100U);
}

TEST(Subwords, SteeringTokensStandAlone) {
    const auto scores = tests::random_scores(20);
    const auto base = learn_tokenizer(scores, {.scheme = "note"});
    const int size = base->vocabulary().size() + 100;
    const auto tokenizer = with_subwords(learn_tokenizer(scores, {.scheme = "note"}), scores,
                                         {.vocabulary_size = size});
    for (int left = 0; left < 20; ++left)
        EXPECT_EQ(tokenizer->vocabulary().name(tokenizer->bar_token(left)),
                  base->vocabulary().name(base->bar_token(left)));
    int plans = 0;
    for (TokenId id = 0; id < size; ++id) {
        const std::string& name = tokenizer->vocabulary().name(id);
        plans += tokenizer->is_plan(id);
        if (name.find('+') == std::string::npos) continue;
        for (const char* steers : {"Bar_", "Key_", "Meter_", "Tempo_", "Chord_", "End"})
            EXPECT_EQ(name.find(steers), std::string::npos) << name;
    }
    EXPECT_GT(plans, 0);
}

TEST(Subwords, DamagedFilesAreRefused) {
    const auto scores = tests::random_scores(5);
    const auto base = learn_tokenizer(scores, {.scheme = "remi"});
    const base::Json good = with_subwords(learn_tokenizer(scores, {.scheme = "remi"}), scores,
                                          {.vocabulary_size = base->vocabulary().size() + 20})
                                ->to_json();
    const auto refused = [](const base::Json& json) {
        try {
            tokenizer_from_json(json, "tokenizer.json");
        } catch (const base::Error& error) {
            return error.kind == base::ErrorKind::kModel;
        }
        return false;
    };
    EXPECT_FALSE(refused(good));
    for (const char* key : {"format", "version", "base", "model"}) {
        base::Json bad = good;
        bad.erase(key);
        EXPECT_TRUE(refused(bad)) << key;
        bad[key] = base::Json::array();
        EXPECT_TRUE(refused(bad)) << key;
    }
    base::Json nested = good;
    nested["base"] = good;
    EXPECT_TRUE(refused(nested));
    const auto with_model = [&](const auto& change) {
        base::Json bad = good;
        base::Json model = base::Json::parse(good["model"].get<std::string>());
        change(model);
        bad["model"] = model.dump();
        return refused(bad);
    };
    EXPECT_FALSE(with_model([](base::Json&) {}));
    EXPECT_TRUE(with_model([](base::Json& m) { m["model"]["type"] = "Unigram"; }));
    EXPECT_TRUE(with_model([](base::Json& m) { m["pre_tokenizer"] = {{"type", "Metaspace"}}; }));
    EXPECT_TRUE(with_model([](base::Json& m) { m["model"]["vocab"].begin().value() = 1 << 30; }));
    EXPECT_TRUE(with_model([](base::Json& m) { m["model"]["merges"].push_back({"x", "y"}); }));
    EXPECT_TRUE(with_model([](base::Json& m) {
        const std::string steers = m["added_tokens"][0]["content"];
        m["model"]["vocab"][steers + steers] = m["model"]["vocab"].size();
    }));
    EXPECT_TRUE(
        with_model([](base::Json& m) { m["model"]["vocab"][""] = m["model"]["vocab"].size(); }));
}

}  // namespace
}  // namespace symphony::tokens
