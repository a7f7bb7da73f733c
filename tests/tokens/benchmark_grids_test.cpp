// Chorales as four voices and music as frames: small cases by hand, and the published sets, where
// they lie beside the project, with figures that show data, split and unit to be the papers' own.
#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/io/score_file.h"
#include "symphony/tokens/chorale_tokenizer.h"
#include "symphony/tokens/frames.h"

#include "io/shared_data.h"
#include "tokens/doc_page.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::tokens {
namespace {

using score::Ticks;

score::Note note(int onset, int duration, int pitch) {
    return {.onset = Ticks(onset),
            .duration = Ticks(duration),
            .pitch = static_cast<std::uint8_t>(pitch)};
}

// Two beats in four parts; the soprano holds, the bass moves in eighths and then rests.
score::Score two_beats() {
    score::Score score;
    score.ticks_per_quarter = 4;
    score.parts.resize(4);
    score.parts[0].notes = {note(0, 8, 72)};
    score.parts[1].notes = {note(0, 4, 67), note(4, 4, 69)};
    score.parts[2].notes = {note(0, 8, 64)};
    score.parts[3].notes = {note(0, 2, 48), note(2, 2, 50)};
    return score;
}

TEST(ChoraleGrid, SpellsSopranoFirst) {
    const score::Score score = two_beats();
    const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = "chorale"});
    EXPECT_EQ(tokenizer->steps_per_quarter(), 4);
    const Encoded encoded = tokenizer->encode(score);
    std::vector<std::string> names;
    for (const TokenId id : encoded.ids) names.push_back(tokenizer->vocabulary().name(id));
    const std::vector<std::string> first{"Pitch_72", "Pitch_67", "Pitch_64", "Pitch_48"};
    const std::vector<std::string> last{"Pitch_72", "Pitch_69", "Pitch_64", "Rest", "End"};
    ASSERT_EQ(names.size(), 8U * 4 + 1);
    EXPECT_TRUE(std::equal(first.begin(), first.end(), names.begin()));
    EXPECT_TRUE(std::equal(last.begin(), last.end(), names.end() - 5));
    EXPECT_EQ(tests::spelled_out(*tokenizer, encoded.ids),
              tests::doc_block("chorale", tests::kWorkedBar).words);
    const score::Score decoded = tokenizer->decode(encoded.ids);
    ASSERT_EQ(decoded.parts.size(), 4U);
    for (std::size_t p = 0; p < 4; ++p) {
        ASSERT_EQ(decoded.parts[p].notes.size(), score.parts[p].notes.size());
        for (std::size_t n = 0; n < decoded.parts[p].notes.size(); ++n) {
            EXPECT_EQ(decoded.parts[p].notes[n].onset, score.parts[p].notes[n].onset);
            EXPECT_EQ(decoded.parts[p].notes[n].duration, score.parts[p].notes[n].duration);
            EXPECT_EQ(decoded.parts[p].notes[n].pitch, score.parts[p].notes[n].pitch);
        }
    }
}

TEST(Frames, HoldWhatSounds) {
    score::Score score = two_beats();
    score.parts.resize(5);
    score.parts[4].is_drums = true;
    score.parts[4].notes = {note(0, 1, 36)};
    score.parts[3].notes.push_back(note(5, 1, 12));  // below the piano
    const FrameRoll roll = frame_roll(score, 1);
    ASSERT_EQ(roll.frames.size(), 2U);
    EXPECT_EQ(roll.frames[0].count(), 4U);
    EXPECT_TRUE(roll.frames[0].test(48 - kLowestKey));
    EXPECT_EQ(roll.frames[1].count(), 3U);  // the bass rests
    EXPECT_EQ(roll.losses.at("drums-dropped"), 1);
    EXPECT_EQ(roll.losses.at("pitch-dropped"), 1);
    EXPECT_EQ(roll.losses.at("note-dropped"), 1);  // D between two quarters
    const score::Score decoded = to_score(roll);
    EXPECT_EQ(decoded.note_count(), 5U);
    EXPECT_EQ(frame_roll(decoded, 1).frames, roll.frames);
}

TEST(Frames, LikelihoodByHand) {
    const std::vector<double> half(kKeys, 0.5);
    EXPECT_NEAR(-log_likelihood(Frame(), half), 61.0, 0.01);  // 88 ln 2: what chance gives
    std::vector<double> few(kKeys, 0.25);
    Frame one;
    one.set(3);
    EXPECT_NEAR(log_likelihood(one, few), std::log(0.25) + 87 * std::log(0.75), 1e-9);
}

TEST(Frames, RefuseAnotherForm) {
    for (const char* text : {"{}", "[]", R"({"train": 1, "valid": [], "test": []})",
                             R"({"train": [[["x"]]], "valid": [], "test": []})",
                             R"({"train": [[[130]]], "valid": [], "test": []})"}) {
        try {
            frame_set_from_json(base::parse_json(text).value(), "set.json");
            FAIL() << text;
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kInput);
            EXPECT_EQ(error.path, "set.json");
        }
    }
}

// Nats per frame on `test` if each key sounds on its own as often as in `train`.
double independent_keys(const FrameSet& set) {
    std::vector<double> share(kKeys, 0);
    double frames = 0;
    for (const auto& piece : set.train)
        for (const Frame& frame : piece) {
            ++frames;
            for (std::size_t key = 0; key < kKeys; ++key) share[key] += frame.test(key);
        }
    for (double& s : share) s = std::clamp(s / frames, 1e-6, 1 - 1e-6);
    double sum = 0, count = 0;
    for (const auto& piece : set.test)
        for (const Frame& frame : piece) {
            sum -= log_likelihood(frame, share);
            ++count;
        }
    return sum / count;
}

// The "note 1-gram" row of Boulanger-Lewandowski et al., 2012: 11.06 and 10.25 nats a frame.
TEST(PublishedSets, IndependentKeysGiveThePublishedFigures) {
    const auto folder = io::test::shared_folder("data/polymusic");
    if (!folder) GTEST_SKIP() << io::test::kSharedIsAbsent;
    const auto read = [&](const char* name) {
        return frame_set_from_json(base::read_json_file(*folder / name).value(), name);
    };
    const FrameSet chorales = read("JSB_Chorales.json");
    EXPECT_EQ(chorales.train.size(), 229U);
    EXPECT_EQ(chorales.valid.size(), 76U);
    EXPECT_EQ(chorales.test.size(), 77U);
    EXPECT_NEAR(independent_keys(chorales), 11.060, 0.001);
    const FrameSet tunes = read("Nottingham.json");
    EXPECT_EQ(tunes.test.size(), 170U);
    EXPECT_NEAR(independent_keys(tunes), 10.252, 0.001);
}

// The MIDI files spell what the JSON of the same chorales says, step for step and voice for voice.
TEST(PublishedSets, ChoralesAsMidiAreTheBenchmark) {
    const auto folder = io::test::shared_folder("data/jsb-chorales");
    if (!folder) GTEST_SKIP() << io::test::kSharedIsAbsent;
    const base::Json set = base::read_json_file(*folder / "Jsb16thSeparated.json").value();
    std::size_t steps = 0, pieces = 0;
    for (const char* split : {"train", "valid", "test"}) {
        const base::Json& expected = set.at(split);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const std::string number = std::to_string(i);
            const auto path =
                *folder / "midi" / split / (std::string(3 - number.size(), '0') + number + ".mid");
            const score::Score score = io::read_score_file(path).value().score;
            const ChoraleGrid grid = chorale_grid(score, 4);
            ASSERT_EQ(grid.steps, expected[i].get<std::vector<ChoraleStep>>()) << path;
            steps += grid.steps.size();
            ++pieces;
        }
    }
    EXPECT_EQ(pieces, 382U);
    EXPECT_EQ(steps, 55'228U + 18'408 + 18'900);
}

}  // namespace
}  // namespace symphony::tokens
