// What remi says on request: chords, bins of velocity, micro-timing, the pedal and controls.
#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/doc_page.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::tokens {
namespace {

using score::Ticks;

constexpr StreamOptions kEverything{
    .chords = true, .velocity_bins = 4, .micro_timing_bins = 7, .pedal = true, .controls = true};

// Random music with control changes anywhere in it.
std::vector<score::Score> scores_with_controls(int count) {
    std::vector<score::Score> scores = tests::random_scores(count);
    for (std::size_t s = 0; s < scores.size(); ++s) {
        base::Rng rng(s, "controls");
        const auto end = static_cast<std::uint64_t>(scores[s].bars.back().onset.value + 1);
        for (score::Part& part : scores[s].parts)
            for (int i = 0; i < 12; ++i)
                part.controls.push_back(
                    {Ticks(static_cast<std::int64_t>(rng.below(end))),
                     std::array<std::uint8_t, 5>{64, 7, 10, 11, 1}[rng.below(5)],
                     static_cast<std::uint8_t>(rng.below(128))});
        score::sort_events(scores[s]);
    }
    return scores;
}

std::vector<std::string> names(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    std::vector<std::string> result;
    for (const TokenId id : ids) result.push_back(tokenizer.vocabulary().name(id));
    return result;
}

std::size_t accepted(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        grammar->allowed(mask);
        if (!mask[static_cast<std::size_t>(ids[i])]) return i;
        grammar->step(ids[i]);
    }
    return ids.size();
}

score::Score one_bar() {
    score::Score score;
    score.ticks_per_quarter = 84;  // 12 steps of 7 ticks
    score.bars = {{Ticks(0), Ticks(336), {4, 4}}};
    score.keys = {{Ticks(0), {0, false}}};
    score::Part& part = score.parts.emplace_back();
    part.notes = {{.onset = Ticks(0), .duration = Ticks(84), .pitch = 60, .velocity = 80},
                  {.onset = Ticks(86), .duration = Ticks(82), .pitch = 64, .velocity = 80},
                  {.onset = Ticks(165), .duration = Ticks(87), .pitch = 67, .velocity = 20}};
    part.controls = {{Ticks(0), 64, 127}, {Ticks(0), 7, 97}, {Ticks(168), 64, 10}};
    return score;
}

TEST(StreamOptions, ABarInWords) {
    const std::vector<score::Score> scores{one_bar()};
    const auto tokenizer = learn_tokenizer(
        scores, {.scheme = "remi",
                 .steps_per_quarter = 12,
                 .stream = {.micro_timing_bins = 7, .pedal = true, .controls = true}});
    const auto encoded = tokenizer->encode(scores[0]);
    EXPECT_EQ(names(*tokenizer, encoded.ids),
              (std::vector<std::string>{
                  "Key_C major", "Bar_0",         "Position_0",     "Volume_96",   "Pedal_down",
                  "Velocity_80", "Pitch_60",      "MicroTiming_0",  "Length_12",   "Position_12",
                  "Pitch_64",    "MicroTiming_2", "Length_12",      "Position_24", "Pedal_up",
                  "Velocity_20", "Pitch_67",      "MicroTiming_-3", "Length_12",   "End"}));
    EXPECT_EQ(tests::spelled_out(*tokenizer, encoded.ids),
              tests::doc_block("remi", "## Options").words);
    const score::Score decoded = tokenizer->decode(encoded.ids);
    EXPECT_EQ(decoded.ticks_per_quarter, 84);
    EXPECT_EQ(decoded.parts[0].notes[1].onset, Ticks(86));
    EXPECT_EQ(decoded.parts[0].notes[2].onset, Ticks(165));
    EXPECT_EQ(decoded.parts[0].controls,
              (std::vector<score::ControlChange>{
                  {Ticks(0), 7, 96}, {Ticks(0), 64, 127}, {Ticks(168), 64, 0}}));
    EXPECT_FALSE(encoded.losses.contains("onset-rounded"));
}

TEST(StreamOptions, WhatIsHeldComesBackAndStays) {
    const auto scores = scores_with_controls(60);
    const auto tokenizer =
        learn_tokenizer(scores, {.scheme = "remi", .steps_per_quarter = 12, .stream = kEverything});
    const auto copy = tokenizer_from_json(tokenizer->to_json());
    std::int64_t controls = 0, early = 0;
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        ASSERT_EQ(accepted(*tokenizer, encoded.ids), encoded.ids.size())
            << names(*tokenizer, encoded.ids)[accepted(*tokenizer, encoded.ids)];
        EXPECT_EQ(copy->encode(score).ids, encoded.ids);
        const score::Score decoded = tokenizer->decode(encoded.ids);
        EXPECT_EQ(tokenizer->encode(decoded).ids, encoded.ids) << "written again, it is the same";
        for (const score::Part& part : decoded.parts) {
            controls += static_cast<std::int64_t>(part.controls.size());
            for (const score::Note& note : part.notes) early += note.onset.value % 7 > 3;
        }
    }
    EXPECT_GT(controls, 1000);
    EXPECT_GT(early, 100);
}

TEST(StreamOptions, MicroTimingKeepsOnsetsCloser) {
    const auto scores = tests::random_scores(40);
    const auto worst = [&](int bins) {
        const auto tokenizer = learn_tokenizer(
            scores,
            {.scheme = "remi", .steps_per_quarter = 12, .stream = {.micro_timing_bins = bins}});
        double far = 0;
        for (const score::Score& score : scores) {
            const score::Score decoded = tokenizer->decode(tokenizer->encode(score).ids);
            std::multiset<double> given, back;
            for (const score::Part& part : score.parts)
                for (const score::Note& note : part.notes)
                    given.insert(double(note.onset.value) / score.ticks_per_quarter);
            for (const score::Part& part : decoded.parts)
                for (const score::Note& note : part.notes)
                    back.insert(double(note.onset.value) / decoded.ticks_per_quarter);
            if (given.size() != back.size()) continue;  // unisons were merged
            for (auto a = given.begin(), b = back.begin(); a != given.end(); ++a, ++b)
                far = std::max(far, std::abs(*a - *b));
        }
        return far;
    };
    EXPECT_LE(worst(0), 1.0 / 24 + 1e-9);
    EXPECT_GT(worst(0), 1.0 / 60);
    EXPECT_LE(worst(9), 1.0 / 24 / 9 + 1e-9);
}

TEST(StreamOptions, RandomWalksAreValidPieces) {
    for (const int corpus : {1, 3, 20}) {
        const auto scores = scores_with_controls(corpus);
        const auto tokenizer = learn_tokenizer(scores, {.scheme = "remi", .stream = kEverything});
        std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer->vocabulary().size()));
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            base::Rng rng(seed, "walk");
            const auto grammar = tokenizer->grammar();
            std::vector<TokenId> ids;
            while (!grammar->ended() && ids.size() < 300) {
                grammar->allowed(mask);
                std::vector<TokenId> legal;
                for (std::size_t id = 0; id < mask.size(); ++id)
                    if (mask[id]) legal.push_back(static_cast<TokenId>(id));
                ASSERT_FALSE(legal.empty());
                ids.push_back(legal[rng.below(legal.size())]);
                grammar->step(ids.back());
            }
            const score::Score decoded = tokenizer->decode(ids);
            for (const score::Part& part : decoded.parts)
                for (const score::Note& note : part.notes) EXPECT_GT(note.duration, Ticks(0));
            const auto again = tokenizer->encode(decoded);
            EXPECT_EQ(accepted(*tokenizer, again.ids), again.ids.size());
            EXPECT_EQ(tokenizer->decode(again.ids).note_count(), decoded.note_count());
        }
    }
}

TEST(StreamOptions, VelocityBins) {
    const auto scores = tests::random_scores(20);
    for (const int bins : {1, 2, 4}) {
        const auto tokenizer =
            learn_tokenizer(scores, {.scheme = "note", .stream = {.velocity_bins = bins}});
        int tokens = 0;
        for (int id = 0; id < tokenizer->vocabulary().size(); ++id)
            tokens += tokenizer->vocabulary().name(id).starts_with("Velocity_");
        EXPECT_LE(tokens, bins == 1 ? 0 : bins);
    }
}

TEST(StreamOptions, WhatASchemeCannotHoldIsRefused) {
    const auto scores = tests::random_scores(2);
    EXPECT_THROW(learn_tokenizer(scores, {.scheme = "note", .stream = {.pedal = true}}),
                 base::Error);
    EXPECT_THROW(learn_tokenizer(scores, {.scheme = "remi", .stream = {.micro_timing_bins = 4}}),
                 base::Error);
}

TEST(StreamOptions, TheDefaultsLeaveTheIdsAsTheyWere) {
    const auto scores = scores_with_controls(10);
    const auto plain = learn_tokenizer(scores, {.scheme = "remi"});
    EXPECT_FALSE(plain->to_json().contains("controls"));
    EXPECT_FALSE(plain->to_json().contains("micro_timing_bins"));
    EXPECT_LT(plain->vocabulary().find("Pedal_down"), 0);
}

}  // namespace
}  // namespace symphony::tokens
