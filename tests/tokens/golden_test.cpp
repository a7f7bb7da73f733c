// One bar of music in each scheme, spelled out.
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/doc_page.h"
#include <gtest/gtest.h>

#include <string>

namespace symphony::tokens {
namespace {

using score::Ticks;

score::Note note(int onset, int duration, int pitch, int velocity = 64) {
    return {.onset = Ticks(onset),
            .duration = Ticks(duration),
            .pitch = static_cast<std::uint8_t>(pitch),
            .velocity = static_cast<std::uint8_t>(velocity)};
}

// An upbeat, a bar and a last bar for two violins, one of them louder at the end.
score::Score duet() {
    score::Score score;
    score.ticks_per_quarter = 4;
    score.parts.resize(2);
    score.parts[0] = {.name = "Violin I", .program = 40};
    score.parts[1] = {.name = "Violin II", .program = 40};
    score.parts[0].notes = {note(0, 4, 67), note(4, 8, 72), note(12, 4, 71), note(16, 12, 72, 90)};
    score.parts[1].notes = {note(4, 4, 67), note(4, 4, 64), note(8, 4, 72), note(12, 4, 62),
                            note(16, 12, 64)};
    score.meters = {{Ticks(0), {3, 4}}};
    score.bars = {{Ticks(0), Ticks(4), {3, 4}},
                  {Ticks(4), Ticks(12), {3, 4}},
                  {Ticks(16), Ticks(12), {3, 4}}};
    score.keys = {{Ticks(0), {0, false}}};
    score.phrases = {{Ticks(16)}};
    return score;
}

std::string spelled(const std::string& scheme) {
    const score::Score score = duet();
    const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = scheme});
    std::string text;
    for (const TokenId id : tokenizer->encode(score).ids) {
        const std::string& name = tokenizer->vocabulary().name(id);
        if (name.starts_with("Bar_") || name.starts_with("Position_")) text += '\n';
        text += name + ' ';
    }
    return text;
}

TEST(Golden, Remi) {
    EXPECT_EQ(spelled("remi"),
              "Key_C major Part_Violin/40 Part_Violin/40#2 \n"
              "Bar_2 BarLength_12 \n"
              "Position_0 Part_Violin/40 Velocity_64 Pitch_67 Length_12 \n"
              "Bar_1 \n"
              "Position_0 Part_Violin/40 Pitch_72 Length_24 "
              "Part_Violin/40#2 Velocity_64 Pitch_67 Length_12 Pitch_64 Length_12 \n"
              "Position_12 Part_Violin/40#2 Pitch_72 Length_12 \n"
              "Position_24 Part_Violin/40 Pitch_71 Length_12 Part_Violin/40#2 Pitch_62 Length_12 \n"
              "Bar_0 \n"
              "Position_0 Phrase Part_Violin/40 Velocity_90 Pitch_72 Length_36 "
              "Part_Violin/40#2 Pitch_64 Length_36 End ");
}

TEST(Golden, Note) {
    EXPECT_EQ(
        spelled("note"),
        "Key_C major \n"
        "Bar_2 BarLength_12 \n"
        "Position_0 Chord_G:5 Pitch_67 Length_12 Velocity_64 \n"
        "Bar_1 \n"
        "Position_0 Chord_C:maj Pitch_72 Length_12 Velocity_64 Pitch_67 Length_12 Velocity_64 "
        "Pitch_64 Length_12 Velocity_64 \n"
        "Position_12 Chord_C:5 Pitch_72 Length_12 Velocity_64 \n"
        "Position_24 Chord_B:min Pitch_71 Length_12 Velocity_64 Pitch_62 Length_12 "
        "Velocity_64 \n"
        "Bar_0 \n"
        "Position_0 Phrase Chord_C:maj Pitch_72 Length_36 Velocity_90 Pitch_64 Length_36 "
        "Velocity_64 End ");
}

TEST(Golden, ThePagesSayTheSame) {
    for (const char* scheme : {"remi", "note"})
        EXPECT_EQ(tests::words_of(spelled(scheme)),
                  tests::doc_block(scheme, tests::kWorkedBar).words);
}

}  // namespace
}  // namespace symphony::tokens
