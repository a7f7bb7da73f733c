#include "symphony/generate/expression.h"

#include "symphony/base/error.h"
#include "symphony/score/time_map.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

namespace symphony::generate {
namespace {

using testing::small_chorale;

score::Score chorale() { return small_chorale(8, {4, 4}, {0, false}, 0); }

TEST(Expression, FlatDynamicsAreShaped) {
    const auto score = chorale();
    const Performance performance = perform(score, {});
    double soprano = 0, alto = 0;
    for (std::size_t n = 0; n < score.parts[0].notes.size(); ++n) {
        soprano += performance.score.parts[0].notes[n].velocity;
        alto += performance.score.parts[1].notes[n].velocity;
        EXPECT_EQ(performance.score.parts[0].notes[n].onset, score.parts[0].notes[n].onset);
        EXPECT_EQ(performance.score.parts[0].notes[n].duration, score.parts[0].notes[n].duration);
    }
    EXPECT_GT(soprano, alto) << "the melody leads";
    const auto& notes = performance.score.parts[0].notes;
    EXPECT_GT(notes[8].velocity, notes[0].velocity) << "a phrase rises";
    EXPECT_GT(notes[8].velocity, notes[9].velocity) << "a downbeat is accented";
    EXPECT_NE(performance.velocity_rule.find("gentle"), std::string::npos);
}

TEST(Expression, DynamicsThatWereComposedAreLeftAlone) {
    auto score = chorale();
    score.parts[2].notes[3].velocity = 100;
    const Performance performance = perform(score, {});
    EXPECT_EQ(performance.score.parts, score.parts);
    EXPECT_EQ(performance.velocity_rule, "as composed");
}

TEST(Expression, PlainChangesNothingButStatesATempo) {
    const auto score = chorale();
    ExpressionOptions plain;
    plain.rule = Expression::kPlain;
    plain.corpus_tempo_bpm = 76;
    const Performance performance = perform(score, plain);
    EXPECT_EQ(performance.score.parts, score.parts);
    ASSERT_EQ(performance.score.tempos.size(), 1u);
    EXPECT_EQ(performance.score.tempos[0].quarters_per_minute, 76);
    EXPECT_NE(performance.tempo_rule.find("corpus"), std::string::npos);
    plain.corpus_tempo_bpm.reset();
    EXPECT_NE(perform(score, plain).score.tempos[0].quarters_per_minute, score::kDefaultTempoBpm);
    EXPECT_NE(perform(score, plain).tempo_rule.find("assumed"), std::string::npos);
    plain.asked.tempo_bpm = 101;
    EXPECT_EQ(perform(score, plain).score.tempos[0].quarters_per_minute, 101);
}

TEST(Expression, TheEndSlowsDownAndComposedTempoChangesStay) {
    auto score = chorale();
    const auto slowed = perform(score, {}).score.tempos;
    ASSERT_GE(slowed.size(), 3u);
    for (std::size_t t = 1; t < slowed.size(); ++t) {
        EXPECT_LT(slowed[t].quarters_per_minute, slowed[t - 1].quarters_per_minute);
        EXPECT_GT(slowed[t].onset, slowed[t - 1].onset);
    }
    score.tempos = {{score::Ticks(0), 80}, {score::Ticks(96), 100}};
    ExpressionOptions asked;
    asked.asked.tempo_bpm = 60;
    EXPECT_EQ(perform(score, asked).score.tempos, score.tempos);
}

TEST(Expression, LastsAsLongAsAsked) {
    for (const auto rule : {Expression::kPlain, Expression::kGentle}) {
        ExpressionOptions options{.rule = rule, .asked = {.tempo_bpm = 90, .seconds = 7.5}};
        auto score = chorale();
        EXPECT_NEAR(score::duration_of(perform(score, options).score).value, 7.5, 1e-9);
        score.tempos = {{score::Ticks(0), 80}, {score::Ticks(96), 100}};
        const auto played = perform(score, options).score;
        EXPECT_NEAR(score::duration_of(played).value, 7.5, 1e-9);
        EXPECT_NEAR(played.tempos[1].quarters_per_minute / played.tempos[0].quarters_per_minute,
                    1.25, 1e-9);
    }
}

TEST(Expression, SeededAndRepeatable) {
    ExpressionOptions other;
    other.take = 1;
    EXPECT_EQ(perform(chorale(), {}).score, perform(chorale(), {}).score);
    EXPECT_NE(perform(chorale(), {}).score, perform(chorale(), other).score);
    EXPECT_THROW(expression_from_name("wild"), base::Error);
}

}  // namespace
}  // namespace symphony::generate
