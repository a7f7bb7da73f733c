#include "symphony/corpus/lines.h"

#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

using score::Note;
using score::Ticks;

Note note(int onset, int duration, int pitch) {
    Note n;
    n.onset = Ticks(onset);
    n.duration = Ticks(duration);
    n.pitch = static_cast<std::uint8_t>(pitch);
    return n;
}

std::vector<int> pitches(const Line& line) {
    std::vector<int> out;
    for (const LineNote& n : line) out.push_back(n.pitch);
    return out;
}

TEST(EdgeLine, IsWhatIsHeardOnTopAndAtTheBottom) {
    // A held melody note over a figure, and a bass note under it.
    const std::vector<Note> notes = {note(0, 480, 72),   note(0, 480, 40),   note(120, 120, 64),
                                     note(240, 120, 67), note(480, 240, 74), note(480, 480, 45),
                                     note(720, 240, 60), note(960, 240, 43)};
    EXPECT_EQ(pitches(edge_line(notes, Edge::kTop, Ticks(10))), (std::vector<int>{72, 74, 60, 43}));
    EXPECT_EQ(pitches(edge_line(notes, Edge::kBottom, Ticks(10))), (std::vector<int>{40, 45, 43}));
    EXPECT_TRUE(edge_line({}, Edge::kTop, Ticks(10)).empty());
}

TEST(EdgeLine, NotesStruckAlmostTogetherAreOneMoment) {
    const std::vector<Note> rolled = {note(0, 480, 60), note(8, 480, 64), note(15, 480, 67),
                                      note(480, 480, 62)};
    EXPECT_EQ(pitches(edge_line(rolled, Edge::kTop, Ticks(20))), (std::vector<int>{67, 62}));
    EXPECT_EQ(pitches(edge_line(rolled, Edge::kTop, Ticks(5))), (std::vector<int>{60, 64, 67, 62}));
}

TEST(Togetherness, Is30MillisecondsAndAtMostATwelfth) {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.parts.resize(1);
    score.parts[0].notes = {note(0, 4800, 60)};
    EXPECT_EQ(togetherness(score), Ticks(28));  // 0.03 s at 120 a minute: 28.8 ticks
    score.tempos = {{Ticks(0), 60}};
    EXPECT_EQ(togetherness(score), Ticks(14));
    score.tempos = {{Ticks(0), 600}};
    EXPECT_EQ(togetherness(score), Ticks(40));
    EXPECT_EQ(togetherness(score::Score{}), Ticks(40));
}

}  // namespace
}  // namespace symphony::corpus
