#include "symphony/tokens/explain.h"

#include "symphony/tokens/musical_words.h"

#include "tokens/random_score.h"
#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

using score::Ticks;

TEST(MusicalWords, SpellsPitchesAsTheKeyDoes) {
    EXPECT_EQ(spelled_pitch(60, {0, false}), "C4");
    EXPECT_EQ(spelled_pitch(66, {0, false}), "F#4");
    EXPECT_EQ(spelled_pitch(70, {0, false}), "Bb4");
    EXPECT_EQ(spelled_pitch(68, {0, true}), "G#4");
    EXPECT_EQ(spelled_pitch(68, {-3, false}), "Ab4");
    EXPECT_EQ(spelled_pitch(59, {-7, false}), "Cb4");
    EXPECT_EQ(spelled_pitch(60, {7, false}), "B#3");
    EXPECT_EQ(spelled_pitch(0, {0, false}), "C-1");
    EXPECT_EQ(spelled_pitch(127, {0, false}), "G9");
}

TEST(MusicalWords, NamesLengthsAndDynamics) {
    EXPECT_EQ(length_words(24, 24), "quarter");
    EXPECT_EQ(length_words(18, 12), "dotted quarter");
    EXPECT_EQ(length_words(4, 12), "eighth triplet");
    EXPECT_EQ(length_words(60, 24), "half + eighth");
    EXPECT_EQ(length_words(7, 24), "16th + 64th triplet");
    EXPECT_EQ(length_words(5, 7), "5/7 quarter");
    EXPECT_EQ(dynamic_mark(1), "ppp");
    EXPECT_EQ(dynamic_mark(64), "mp");
    EXPECT_EQ(dynamic_mark(80), "mf");
    EXPECT_EQ(dynamic_mark(127), "fff");
}

score::Score two_notes_and_a_drum() {
    score::Score score;
    score.ticks_per_quarter = 2;
    score.parts.resize(2);
    score.parts[0].name = "Flute";
    score.parts[0].notes = {{Ticks(0), Ticks(2), 64, 80}, {Ticks(3), Ticks(5), 60, 33}};
    score.parts[1].is_drums = true;
    score.parts[1].notes = {{Ticks(2), Ticks(1), 38, 80}};
    score.keys = {{Ticks(0), {0, false}}};
    return score;
}

TEST(Explain, NoteSaysLengthPitchDynamicAndChordOfEachNote) {
    const score::Score score = two_notes_and_a_drum();
    const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = "note"});
    EXPECT_EQ(to_text(explain(*tokenizer, score)),
              "Key_C major\n"
              "Bar_0 Position_0 Chord_E:5\n"
              "  Flute 1:1 E4 quarter mf         -> Pitch_64 Length_12 Velocity_80  [in E:5] -> "
              "part 1 1:1 E4 quarter mf\n"
              "Position_18 Chord_C:5\n"
              "  Flute 1:2.5 C4 half + eighth pp -> Pitch_60 Length_30 Velocity_33  [in C:5] -> "
              "part 1 1:2.5 C4 half + eighth pp\n"
              "End\n"
              "  part 2 1:2 drum 38 eighth mf -> no token\n"
              "3 notes -> 13 tokens of 230 -> 2 notes\n"
              "loss drums-dropped: 1\n");
}

TEST(Explain, NamesEveryTokenOnceAndEveryNote) {
    const auto scores = tests::random_scores(30);
    for (const std::string scheme : {"note", "remi"}) {
        const auto tokenizer = learn_tokenizer(scores, {.scheme = scheme});
        for (const score::Score& score : scores) {
            const Explanation explanation = explain(*tokenizer, score);
            std::string names, expected;
            std::size_t notes = explanation.not_spelled.size();
            for (const ExplainedLine& line : explanation.lines) {
                names += line.tokens + ' ';
                notes += line.note.has_value();
                EXPECT_EQ(line.note.has_value(), line.decoded.has_value());
                if (!line.note) continue;
                EXPECT_EQ(line.note->length.empty(), false);
                // Lengths may be cut where a pitch is struck again; pitches never change.
                EXPECT_EQ(line.note->pitch.substr(0, 4) == "drum",
                          line.decoded->pitch.substr(0, 4) == "drum");
            }
            for (const TokenId id : tokenizer->encode(score).ids)
                expected += tokenizer->vocabulary().name(id) + ' ';
            EXPECT_EQ(names, expected);
            EXPECT_EQ(notes, score.note_count());
            EXPECT_EQ(to_json(explanation)["lines"].size(), explanation.lines.size());
        }
    }
}

// Two parts of eighths that strike the same pitches in turn, the second one's part first in the
// order of programs. `unisons`: at once, too, with other lengths.
score::Score two_parts_of_few_pitches(bool unisons) {
    score::Score score;
    score.ticks_per_quarter = 2;
    score.tempos = {{Ticks(0), 120.0}};
    score.keys = {{Ticks(0), {0, false}}};
    score.meters = {{Ticks(0), {4, 4}}};
    score.parts.resize(2);
    score.parts[0].program = 53;
    score.parts[1].program = 48;
    for (int i = 0; i < 24; ++i) {
        const auto pitch = static_cast<std::uint8_t>(60 + i % 5);
        score.parts[0].notes.push_back({Ticks(4 * i), Ticks(1), pitch, 80});
        score.parts[1].notes.push_back({Ticks(4 * i + 2), Ticks(2), pitch, 80});
        if (unisons && i % 3 == 0)
            score.parts[1].notes.push_back({Ticks(4 * i), Ticks(2), pitch, 80});
    }
    score::sort_events(score);
    return score;
}

// The pitch that the first token of a note says: "Pitch_64", "NoteOn_64", "Program53_64".
int pitch_said(const std::string& tokens) {
    for (const std::string kind : {"Pitch_", "NoteOn_", "NoteOff_", "Program53_", "Program48_"})
        for (std::size_t at = tokens.find(kind); at != std::string::npos;
             at = tokens.find(kind, at + 1))
            if (at == 0 || tokens[at - 1] == ' ') return std::stoi(tokens.substr(at + kind.size()));
    return -1;
}

TEST(Explain, EverySchemesTokensStandBesideTheirNote) {
    const score::Score score = two_parts_of_few_pitches(/*unisons=*/false);
    for (const std::string& scheme : scheme_names()) {
        if (scheme == "chorale") continue;  // learns from four voices only
        SCOPED_TRACE(scheme);
        const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = scheme});
        std::size_t lines = 0;
        for (const ExplainedLine& line : explain(*tokenizer, score).lines) {
            if (!line.note) continue;
            ++lines;
            ASSERT_TRUE(line.decoded.has_value()) << line.tokens;
            EXPECT_EQ(line.decoded->place, line.note->place) << line.tokens;
            EXPECT_EQ(line.decoded->pitch, line.note->pitch) << line.tokens;
        }
        EXPECT_GE(lines, score.note_count());
    }
}

TEST(Explain, TokensOfUnisonsStandBesideTheirOwnNote) {
    const score::Score score = two_parts_of_few_pitches(/*unisons=*/true);
    for (const std::string scheme : {"midilike", "mmm", "anticipation", "mumidi", "octuple"}) {
        SCOPED_TRACE(scheme);
        const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = scheme});
        for (const ExplainedLine& line : explain(*tokenizer, score).lines) {
            if (!line.note) {
                EXPECT_EQ(pitch_said(line.tokens), -1) << line.tokens;
                continue;
            }
            ASSERT_TRUE(line.decoded.has_value()) << line.tokens;
            EXPECT_EQ(line.decoded->place, line.note->place) << line.tokens;
            EXPECT_EQ(line.decoded->length, line.note->length) << line.tokens;
            const int said = pitch_said(line.tokens);
            EXPECT_EQ(spelled_pitch(said, {}), line.decoded->pitch) << line.tokens;
            EXPECT_EQ(line.note->pitch, line.decoded->pitch) << line.tokens;
        }
    }
}

}  // namespace
}  // namespace symphony::tokens
