// Likelihoods counted by hand on music of a few frames, and the published sets, where they lie
// beside the project.
#include "symphony/base/error.h"
#include "symphony/bench/quality/chorale_baselines.h"
#include "symphony/bench/quality/frame_baselines.h"
#include "symphony/bench/quality/self_test.h"

#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::bench {
namespace {

tokens::Frame keys(std::initializer_list<std::size_t> on) {
    tokens::Frame frame;
    for (const std::size_t key : on) frame.set(key);
    return frame;
}

TEST(FrameBaselines, NoteUnigramByHand) {
    // Key 5 sounds in three of four training frames, every other key never.
    const FramePieces train{{keys({5}), keys({5})}, {keys({5}), keys({})}};
    const double never = -std::log1p(-1e-6), surprise = -std::log(1e-6);
    const double on = -std::log(0.75), off = -std::log(0.25);
    const FrameNats nats = note_unigram(train, {{keys({5}), keys({})}, {keys({7})}});
    EXPECT_EQ(nats.frames(), 3);
    EXPECT_NEAR(nats.per_frame(),
                ((on + 87 * never) + (off + 87 * never) + (off + surprise + 86 * never)) / 3, 1e-9);
    // Only the first piece has a second frame.
    EXPECT_NEAR(nats.per_frame_after_first(), off + 87 * never, 1e-9);
}

TEST(ChoraleBaselines, CountsByHand) {
    // The voices differ by pitch only: each has the same counts, so each token costs the same.
    const auto step = [](int up) {
        return tokens::ChoraleStep{72 + up, 67 + up, 60 + up, 48 + up};
    };
    // Pitch 0 four times, pitch 1 twice: after 0 comes 0 three times and 1 once; a piece begins
    // with 0.
    const std::vector<ChoralePiece> train{{step(0), step(0), step(0), step(0), step(1), step(1)}};
    const std::vector<ChoralePiece> valid{{step(0), step(1)}};
    const double u0 = 4.1 / 6.2, u1 = 2.1 / 6.2;
    const double first = (1 + 2 * u0) / (1 + 2);  // seen once at the beginning of a piece
    const double b1 = (1 + 2 * u1) / (4 + 2);     // 1 after 0
    const double beat1 = (0 + 2 * u1) / (1 + 2);  // in the second step of a beat: 0 after 0, once
    const ChoraleNats nats = chorale_baselines(train, valid);
    EXPECT_EQ(nats.tokens, 8);
    EXPECT_NEAR(nats.unigram, -(std::log(u0) + std::log(u1)) / 2, 1e-12);
    EXPECT_NEAR(nats.bigram, -(std::log(first) + std::log(b1)) / 2, 1e-12);
    EXPECT_NEAR(nats.beat_bigram, -(std::log(first) + std::log(beat1)) / 2, 1e-12);
}

TEST(ChoraleSets, ReadStepsOfFourVoicesAndRefuseAnotherForm) {
    const ChoraleSet set = chorale_set_from_json(
        base::parse_json(
            R"({"train": [[[72, 67, 60, 48], [72, 67, 60, -1]]], "valid": [], "test": []})")
            .value(),
        "set.json");
    ASSERT_EQ(set.train.size(), 1U);
    EXPECT_EQ(set.train[0][1], (tokens::ChoraleStep{72, 67, 60, tokens::kSilentVoice}));
    for (const char* text : {"{}", R"({"train": [[[72, 67, 60]]], "valid": [], "test": []})",
                             R"({"train": [[["x", 1, 2, 3]]], "valid": [], "test": []})",
                             R"({"train": [[[200, 67, 60, 48]]], "valid": [], "test": []})"}) {
        try {
            chorale_set_from_json(base::parse_json(text).value(), "set.json");
            FAIL() << text;
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kInput);
            EXPECT_EQ(error.path, "set.json");
        }
    }
}

TEST(EvaluatorChecks, HoldToThreeDigits) {
    EXPECT_TRUE((EvaluatorCheck{"", 11.0604, 11.060}).holds());
    EXPECT_FALSE((EvaluatorCheck{"", 11.0612, 11.060}).holds());
    EXPECT_FALSE((EvaluatorCheck{"", std::nan(""), 11.060}).holds());
}

TEST(EvaluatorChecks, HoldOnThePublishedSets) {
    const auto folder = io::test::shared_folder("data");
    if (!folder) GTEST_SKIP() << io::test::kSharedIsAbsent;
    const auto checks = check_evaluator(read_published_sets(*folder));
    EXPECT_EQ(checks.size(), 10U);
    for (const EvaluatorCheck& check : checks) EXPECT_TRUE(check.holds()) << check.to_text();
}

}  // namespace
}  // namespace symphony::bench
