// What remi and note say or leave out on request: parts, tempo, metre, rests, chords, bins of
// velocity, micro-timing, the pedal and controls.
#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/scheme_options.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/doc_page.h"
#include "tokens/grammar_walk.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace symphony::tokens {
namespace {

using score::Ticks;

// Every option on and off in some set.
constexpr std::array kOptionSets{
    "remi+chords+velocity-bins=4+micro-timing=7+pedal+controls",
    "remi+no-tempo+rests+chords+velocity-bins=4+micro-timing=7+pedal+controls",
    "remi+rests",
    "remi+no-parts+no-metre+rests+chords+micro-timing=3",
    "remi+no-parts+no-tempo+velocity-bins=2",
    "note+no-metre+rests+micro-timing=5",
    "note+no-tempo+velocity-bins=3"};

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
    EXPECT_EQ(tests::token_names(*tokenizer, encoded.ids),
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
    for (const char* words : kOptionSets) {
        const TokenizerOptions options = options_from_words(words, 12);
        const auto tokenizer = learn_tokenizer(scores, options);
        const auto copy = tokenizer_from_json(tokenizer->to_json());
        std::int64_t controls = 0, early = 0;
        for (const score::Score& score : scores) {
            const Encoded encoded = tokenizer->encode(score);
            ASSERT_TRUE(tests::grammar_takes(*tokenizer, encoded.ids)) << words;
            EXPECT_EQ(copy->encode(score).ids, encoded.ids);
            const score::Score decoded = tokenizer->decode(encoded.ids);
            EXPECT_EQ(tokenizer->encode(decoded).ids, encoded.ids) << words;
            for (const score::Part& part : decoded.parts) {
                controls += static_cast<std::int64_t>(part.controls.size());
                for (const score::Note& note : part.notes) early += note.onset.value % 7 > 3;
            }
        }
        if (options.stream.pedal) {
            EXPECT_GT(controls, 1000);
        }
        if (options.stream.micro_timing_bins == 7) {
            EXPECT_GT(early, 100);
        }
    }
}

// As scores have it: up and down again at one beat.
TEST(StreamOptions, APedalChangedInOneInstantGoesUpAStepEarly) {
    score::Score score = one_bar();
    score.parts[0].controls = {
        {Ticks(0), 64, 127}, {Ticks(168), 64, 0}, {Ticks(168), 64, 127}, {Ticks(252), 64, 0}};
    const std::vector<score::Score> scores{score};
    const auto tokenizer = learn_tokenizer(
        scores, {.scheme = "remi", .steps_per_quarter = 12, .stream = {.pedal = true}});
    const Encoded encoded = tokenizer->encode(score);
    EXPECT_TRUE(tests::grammar_takes(*tokenizer, encoded.ids));
    const score::Score decoded = tokenizer->decode(encoded.ids);
    EXPECT_EQ(
        decoded.parts[0].controls,
        (std::vector<score::ControlChange>{
            {Ticks(0), 64, 127}, {Ticks(23), 64, 0}, {Ticks(24), 64, 127}, {Ticks(36), 64, 0}}));
    EXPECT_EQ(tokenizer->encode(decoded).ids, encoded.ids);
}

// What is on the grid and in the classes of the options comes back to the tick and the value.
TEST(StreamOptions, ControlsInTheirClassesComeBackEqual) {
    auto scores = tests::random_scores(40, {.tidy = true});
    for (std::size_t s = 0; s < scores.size(); ++s) {
        base::Rng rng(s, "exact controls");
        const std::int64_t step = scores[s].ticks_per_quarter / 12;
        for (score::Part& part : scores[s].parts) {
            if (part.notes.empty()) continue;
            for (const std::uint8_t controller : {7, 10, 11, 64}) {
                int before = -1;
                // Not after the last note begins: there may be no bar.
                for (std::int64_t at = 0; at < part.notes.back().onset.value; at += 5 * step) {
                    const int value = controller == 64 ? (before == 127 ? 0 : 127)
                                                       : static_cast<int>(rng.below(16)) * 8;
                    if (value == before) continue;
                    part.controls.push_back({Ticks(at), controller, std::uint8_t(value)});
                    before = value;
                }
            }
        }
        score::sort_events(scores[s]);
    }
    const auto tokenizer =
        learn_tokenizer(scores, {.scheme = "remi",
                                 .steps_per_quarter = 12,
                                 .stream = {.rests = true, .pedal = true, .controls = true}});
    std::size_t compared = 0;
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        EXPECT_FALSE(encoded.losses.contains("control-dropped"));
        const score::Score decoded = tokenizer->decode(encoded.ids);
        std::size_t p = 0;
        for (const score::Part& part : score.parts) {
            if (part.notes.empty()) continue;
            std::vector<score::ControlChange> expected = part.controls;
            for (score::ControlChange& change : expected)
                change.onset.value = change.onset.value * 12 / score.ticks_per_quarter;
            EXPECT_EQ(decoded.parts[p++].controls, expected);
            compared += expected.size();
        }
    }
    EXPECT_GT(compared, 1000U);
}

// Saying silence changes how a place is spelled, not the music.
TEST(StreamOptions, RestsSayTheSameMusic) {
    const auto scores = tests::random_scores(60);
    for (const std::string scheme : {"remi", "note"}) {
        const auto plain = learn_tokenizer(scores, {.scheme = scheme});
        const auto resting = learn_tokenizer(scores, {.scheme = scheme, .stream = {.rests = true}});
        std::int64_t rests = 0;
        for (const score::Score& score : scores) {
            const Encoded encoded = resting->encode(score);
            EXPECT_EQ(resting->decode(encoded.ids), plain->decode(plain->encode(score).ids));
            for (const std::string& name : tests::token_names(*resting, encoded.ids))
                rests += name.starts_with("Rest_");
        }
        EXPECT_GT(rests, 100);
    }
}

TEST(StreamOptions, ABarWithSilence) {
    score::Score score;
    score.ticks_per_quarter = 12;
    score.bars = {{Ticks(0), Ticks(48), {4, 4}},
                  {Ticks(48), Ticks(48), {4, 4}},
                  {Ticks(96), Ticks(48), {4, 4}}};
    score.keys = {{Ticks(0), {0, false}}};
    score.parts.emplace_back().notes = {
        {.onset = Ticks(12), .duration = Ticks(18), .pitch = 60, .velocity = 80},
        {.onset = Ticks(24), .duration = Ticks(3), .pitch = 64, .velocity = 80},
        {.onset = Ticks(96), .duration = Ticks(12), .pitch = 60, .velocity = 80}};
    const std::vector<score::Score> scores{score};
    const auto tokenizer = learn_tokenizer(
        scores, {.scheme = "remi", .steps_per_quarter = 12, .stream = {.rests = true}});
    const auto ids = tokenizer->encode(score).ids;
    EXPECT_EQ(tests::spelled_out(*tokenizer, ids), tests::doc_block("remi", "### Rests").words);
    EXPECT_EQ(tests::token_names(*tokenizer, ids),
              (std::vector<std::string>{"Key_C major", "Bar_2", "Rest_12", "Pitch_60", "Length_18",
                                        "Position_24", "Pitch_64", "Length_3", "Rest_18", "Bar_1",
                                        "Rest_32", "Rest_16", "Bar_0", "Position_0", "Pitch_60",
                                        "Length_12", "Rest_32", "Rest_4", "End"}));
}

std::vector<Ticks> bar_lengths(const score::Score& score) {
    std::vector<Ticks> lengths;
    for (const score::Bar& bar : score.bars) lengths.push_back(bar.length);
    return lengths;
}

TEST(StreamOptions, WhatIsNotSaidIsNotThere) {
    const auto scores = tests::random_scores(20);
    const auto tokenizer = learn_tokenizer(
        scores, {.scheme = "remi", .stream = {.parts = false, .tempo = false, .metre = false}});
    const auto plain = learn_tokenizer(scores, {.scheme = "remi"});
    for (int id = 0; id < tokenizer->vocabulary().size(); ++id)
        for (const std::string prefix : {"Part_", "Tempo_", "Meter_", "Drum_"})
            EXPECT_FALSE(tokenizer->vocabulary().name(id).starts_with(prefix));
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        const score::Score decoded = tokenizer->decode(encoded.ids);
        EXPECT_TRUE(decoded.tempos.empty());
        EXPECT_EQ(encoded.losses.contains("tempo-replaced"), !score.tempos.empty());
        // Bars keep their lengths, whatever metre they are taken to have.
        EXPECT_EQ(bar_lengths(decoded), bar_lengths(plain->decode(plain->encode(score).ids)));
    }
}

TEST(StreamOptions, InWords) {
    for (const char* words : {"remi", "note+rests", "remi+pedal+controls",
                              "remi+no-tempo+rests+velocity-bins=16+micro-timing=7"})
        EXPECT_EQ(words_of(options_from_words(words)), words);
    EXPECT_EQ(options_from_words("remi + pedal", 8).steps_per_quarter, 8);
    EXPECT_TRUE(options_from_words("remi+pedal").stream.pedal);
    for (const char* words :
         {"remy", "remi+pedals", "remi+pedal=3", "remi+velocity-bins", "remi+velocity-bins=900",
          "remi+micro-timing=4", "tsd+pedal", "remi+no-parts+pedal", "remi+"})
        EXPECT_THROW(options_from_words(words), base::Error) << words;
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
    for (const char* words : kOptionSets) {
        const auto scores = scores_with_controls(6);
        const auto tokenizer = learn_tokenizer(scores, options_from_words(words));
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const auto ids = tests::random_walk(*tokenizer, seed, 300);
            const score::Score decoded = tokenizer->decode(ids);
            tests::expect_notes_valid(decoded);
            const auto again = tokenizer->encode(decoded);
            EXPECT_TRUE(tests::grammar_takes(*tokenizer, again.ids));
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
