#include "symphony/score/transform.h"

#include <gtest/gtest.h>

namespace symphony::score {
namespace {

Score two_bars() {
    Score score;
    score.ticks_per_quarter = 480;
    score.keys = {{Ticks(0), {1, false}}};
    score.tempos = {{Ticks(0), 90}};
    score.meters = {{Ticks(0), {4, 4}}};
    Part part;
    part.controls = {{Ticks(0), 7, 100}, {Ticks(1920), 7, 80}};
    part.notes = {{Ticks(0), Ticks(2400), 67, 80}, {Ticks(1930), Ticks(470), 71, 70}};
    score.parts.push_back(part);
    Part drums;
    drums.is_drums = true;
    drums.notes = {{Ticks(0), Ticks(240), 36, 90}};
    score.parts.push_back(drums);
    return score;
}

TEST(Transposed, MovesPitchesAndKeysAndLeavesDrums) {
    const Score up = transposed(two_bars(), 5).value();
    EXPECT_EQ(up.parts[0].notes[0].pitch, 72);
    EXPECT_EQ(up.parts[1].notes[0].pitch, 36);
    EXPECT_EQ(up.keys[0].key.name(), "C major");
    EXPECT_EQ(transposed(up, -5).value(), two_bars());
    EXPECT_FALSE(transposed(two_bars(), 70).has_value());
}

TEST(Transposed, KeysCloseTheCircle) {
    for (int sharps = -6; sharps <= 5; ++sharps)
        for (int semitones = -11; semitones <= 11; ++semitones) {
            const Key key{static_cast<std::int8_t>(sharps), true};
            const Key moved = transposed(key, semitones);
            EXPECT_EQ(moved.tonic_pitch_class(),
                      ((key.tonic_pitch_class() + semitones) % 12 + 12) % 12);
            EXPECT_EQ(transposed(moved, -semitones), key);
        }
}

TEST(Quantised, RoundsToTheGridAndKeepsOneStep) {
    Score score = two_bars();
    score.parts[0].notes[1].duration = Ticks(3);
    const Score grid = quantised(score, 12);
    EXPECT_EQ(grid.ticks_per_quarter, 12);
    EXPECT_EQ(grid.parts[0].notes[1].onset.value, 48);
    EXPECT_EQ(grid.parts[0].notes[1].duration.value, 1);
    EXPECT_EQ(quantised(grid, 12), grid);
}

TEST(Excerpt, CutsNotesAndCarriesInWhatIsInForce) {
    const Score second = excerpt(two_bars(), 1, 2);
    ASSERT_EQ(second.parts[0].notes.size(), 2u);
    EXPECT_EQ(second.parts[0].notes[0].onset.value, 0);
    EXPECT_EQ(second.parts[0].notes[0].duration.value, 480);
    EXPECT_EQ(second.parts[0].controls, (std::vector<ControlChange>{{Ticks(0), 7, 80}}));
    EXPECT_DOUBLE_EQ(second.tempos.at(0).quarters_per_minute, 90);
    EXPECT_EQ(second.bars.size(), 1u);
    EXPECT_TRUE(second.parts[1].notes.empty());
}

}  // namespace
}  // namespace symphony::score
