#include "symphony/tokens/layout.h"

#include "symphony/base/error.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace symphony::tokens {
namespace {

TEST(Tokenizer, JsonGivesTheSameTokenizerBack) {
    const auto scores = tests::random_scores(20);
    for (const std::string scheme : {"note", "remi"}) {
        const auto learned = learn_tokenizer(scores, {.scheme = scheme});
        const std::string text = base::format_json(learned->to_json());
        const auto loaded = tokenizer_from_json(base::parse_json(text).value());
        EXPECT_EQ(loaded->to_json(), learned->to_json());
        EXPECT_EQ(loaded->scheme(), scheme);
        for (const score::Score& score : scores)
            EXPECT_EQ(loaded->encode(score).ids, learned->encode(score).ids);
    }
}

// As a large corpus is learned: by several learners, each of which sees some of the pieces.
TEST(Tokenizer, LearnersMergedAreOneThatSawAll) {
    const auto scores = tests::random_scores(40);
    const StreamOptions everything{.velocity_bins = 8, .pedal = true, .controls = true};
    const std::vector<TokenizerOptions> all{{.scheme = "note"},
                                            {.scheme = "remi"},
                                            {.scheme = "remi", .stream = everything},
                                            {.scheme = "remi", .steps_per_quarter = 8},
                                            {.scheme = "aria"}};
    for (const TokenizerOptions& options : all) {
        std::vector<std::unique_ptr<TokenizerLearner>> learners;
        for (int i = 0; i < 3; ++i) learners.push_back(tokenizer_learner(options));
        for (std::size_t i = 0; i < scores.size(); ++i) learners[i * i % 3]->add(scores[i]);
        learners[0]->merge(*learners[1]);
        learners[0]->merge(*learners[2]);
        EXPECT_EQ(learners[0]->finish()->to_json(), learn_tokenizer(scores, options)->to_json())
            << options.scheme;
    }
}

TEST(Tokenizer, DamagedJsonIsAModelError) {
    const auto scores = tests::random_scores(3);
    const base::Json good = learn_tokenizer(scores, {})->to_json();
    const auto expect_refused = [](const base::Json& json) {
        try {
            tokenizer_from_json(json, "tokenizer.json");
            ADD_FAILURE() << "accepted";
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel);
            EXPECT_EQ(error.path, "tokenizer.json");
        }
    };
    for (const auto& [key, value] : good.items()) {
        base::Json without = good;
        without.erase(key);
        expect_refused(without);
        base::Json wrong = good;
        wrong[key] = base::Json::object();
        expect_refused(wrong);
    }
    base::Json other = good;
    other["vocabulary"][3] = "Bar_77";
    expect_refused(other);
    other = good;
    other["lengths"] = {5, 3};
    expect_refused(other);
    other = good;
    other["parts"][0]["name"] = "Xyz";
    expect_refused(other);
    other = good;
    other["parts"][0]["ordinal"] = 7;
    expect_refused(other);
    other = good;
    other["scheme"] = "abc";
    expect_refused(other);
    expect_refused(base::Json::array());
}

TEST(Tokenizer, KindsWithOneValueHaveNoTokens) {
    score::Score score;
    score.ticks_per_quarter = 4;
    score.parts.resize(1);
    score.parts[0].name = "Piano";
    for (int i = 0; i < 8; ++i)
        score.parts[0].notes.push_back({.onset = score::Ticks(4 * i),
                                        .duration = score::Ticks(4),
                                        .pitch = static_cast<std::uint8_t>(60 + i),
                                        .velocity = 71});
    score.tempos.push_back({score::Ticks(0), 90});
    const auto tokenizer = learn_tokenizer(std::span(&score, 1), {});
    for (int id = 0; id < tokenizer->vocabulary().size(); ++id)
        for (const char* kind : {"Velocity_", "Part_", "Role_", "Meter_", "Tempo_", "Phrase"})
            EXPECT_FALSE(tokenizer->vocabulary().name(id).starts_with(kind))
                << tokenizer->vocabulary().name(id);
    const score::Score decoded = tokenizer->decode(tokenizer->encode(score).ids);
    EXPECT_EQ(decoded.parts[0].notes[3].velocity, 71);
    EXPECT_EQ(decoded.parts[0].name, "Piano");
    EXPECT_EQ(decoded.tempos[0].quarters_per_minute, 90);
    EXPECT_EQ(decoded.meters[0].meter, (score::Meter{4, 4}));
}

TEST(Tokenizer, GridIsTwelveWhereAllFits) {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.parts.resize(1);
    score.parts[0].notes.push_back({.onset = score::Ticks(120), .duration = score::Ticks(160)});
    EXPECT_EQ(learn_tokenizer(std::span(&score, 1), {})->steps_per_quarter(), 12);
    score.parts[0].notes.push_back({.onset = score::Ticks(480), .duration = score::Ticks(60)});
    EXPECT_EQ(learn_tokenizer(std::span(&score, 1), {})->steps_per_quarter(), 24);
    EXPECT_EQ(learn_tokenizer(std::span(&score, 1), {.max_lossy_share = 0.5})->steps_per_quarter(),
              12);
    EXPECT_EQ(learn_tokenizer(std::span(&score, 1), {.steps_per_quarter = 8})->steps_per_quarter(),
              8);
}

TEST(Tokenizer, RefusesUnknownSchemesAndEmptyCorpora) {
    const auto scores = tests::random_scores(1);
    try {
        learn_tokenizer(scores, {.scheme = "reni"});
        FAIL();
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kUsage);
        EXPECT_EQ(error.hint, "did you mean remi?");
    }
    try {
        learn_tokenizer({}, {});
        FAIL();
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
    }
}

TEST(Tokenizer, NamesTokensForGeneration) {
    const auto scores = tests::random_scores(60);
    const auto tokenizer = learn_tokenizer(scores, {});
    const Vocabulary& v = tokenizer->vocabulary();
    EXPECT_EQ(v.name(tokenizer->bar_token(3)), "Bar_3");
    EXPECT_EQ(v.name(tokenizer->bar_token(17)), "Bar_more");
    EXPECT_EQ(v.name(tokenizer->key_token({-2, true})), "Key_G minor");
    EXPECT_EQ(v.name(tokenizer->meter_token({6, 8})), "Meter_6/8");
    EXPECT_EQ(tokenizer->meter_token({13, 16}), -1);
    EXPECT_EQ(v.name(tokenizer->tempo_token(100)), "Tempo_101");
    EXPECT_EQ(tokenizer->tempo_token(300), -1);
}

TEST(Tokenizer, AHeaderAloneSaysItsKeyMetreAndParts) {
    const auto scores = tests::random_scores(60);
    const auto tokenizer = learn_tokenizer(scores, {});
    const TokenId part = tokenizer->vocabulary().find("Part_Viola/41");
    ASSERT_GE(part, 0);
    const std::vector<TokenId> ids{tokenizer->key_token({3, true}), tokenizer->meter_token({6, 8}),
                                   part};
    const score::Score header = tokenizer->decode(ids);
    EXPECT_TRUE(header.bars.empty());
    ASSERT_EQ(header.meters.size(), 1U);
    EXPECT_EQ(header.meters[0].meter, (score::Meter{6, 8}));
    EXPECT_EQ(header.keys[0].key, (score::Key{3, true}));
    ASSERT_EQ(header.parts.size(), 1U);
    EXPECT_EQ(header.parts[0].program, 41);
    EXPECT_EQ(header.parts[0].name, "Viola");
}

TEST(Layout, TempoClassesAreStable) {
    for (int c = tempo_class(20); c <= tempo_class(480); ++c)
        EXPECT_EQ(tempo_class(tempo_of_class(c)), c);
}

}  // namespace
}  // namespace symphony::tokens
