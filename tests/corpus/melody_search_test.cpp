#include "symphony/corpus/melody_search.h"

#include "symphony/base/error.h"
#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

using score::Note;
using score::Score;
using score::Ticks;

// "Frère Jacques" and on, one pitch a quarter but where given.
const Motif kMotif{.pitches = {60, 62, 64, 60, 64, 65, 67}, .onsets = {0, 1, 2, 3, 4, 5, 6}};

// The motif in `part` from bar `bar` (1 the first), each of its quarters `ticks` long.
Score planted(Score score, std::size_t part, int bar, int transposition, int ticks = kMadeTicks) {
    const Ticks begin((bar - 1) * 4 * kMadeTicks);
    const Ticks end = begin + Ticks(7 * ticks);
    auto& notes = score.parts[part].notes;
    std::erase_if(notes, [&](const Note& n) { return n.onset < end && n.end() > begin; });
    for (std::size_t i = 0; i < kMotif.pitches.size(); ++i) {
        Note note;
        note.onset = begin + Ticks(static_cast<std::int64_t>(kMotif.onsets[i] * ticks));
        note.duration = Ticks(ticks);
        note.pitch = static_cast<std::uint8_t>(kMotif.pitches[i] + transposition);
        notes.push_back(note);
    }
    score::sort_events(score);
    return score;
}

std::vector<MelodyPlace> heard(const Score& score, const Motif& motif,
                               double at_least = kLeastLikeness) {
    return find_melody(melody_lines_of(score), motif, at_least);
}

TEST(MelodySearch, SaysPartBarKeyAndSpeed) {
    for (const auto& [part, bar, by, ticks] : {std::tuple{0, 3, 0, kMadeTicks},
                                               {1, 5, -7, kMadeTicks},
                                               {3, 2, -19, kMadeTicks / 2},
                                               {2, 1, 3, 2 * kMadeTicks}}) {
        const auto places =
            heard(planted(made_piece(4, 48), std::size_t(part), bar, by, ticks), kMotif);
        ASSERT_FALSE(places.empty());
        EXPECT_DOUBLE_EQ(places[0].likeness, 1);
        EXPECT_EQ(places[0].part, std::size_t(part));
        EXPECT_EQ(places[0].bar, std::size_t(bar));
        EXPECT_EQ(places[0].transposition, by);
        EXPECT_DOUBLE_EQ(places[0].speed, double(kMadeTicks) / ticks);
        EXPECT_EQ(places[0].onset, Ticks((bar - 1) * 4 * kMadeTicks));
        for (std::size_t i = 1; i < places.size(); ++i) EXPECT_LT(places[i].likeness, 1);
    }
}

TEST(MelodySearch, HearsThroughOrnament) {
    Score score = planted(made_piece(4, 48), 0, 3, 2);
    auto& notes = score.parts[0].notes;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        if (notes[i].onset != Ticks(8 * kMadeTicks + 2 * kMadeTicks)) continue;
        Note turn = notes[i];  // the third note is left for its neighbour half way
        notes[i].duration = turn.duration = Ticks(kMadeTicks / 2);
        turn.onset += Ticks(kMadeTicks / 2);
        turn.pitch += 2;
        notes.insert(notes.begin() + std::ptrdiff_t(i) + 1, turn);
        break;
    }
    const auto places = heard(score, kMotif);
    ASSERT_FALSE(places.empty());
    EXPECT_EQ(places[0].bar, 3u);
    EXPECT_EQ(places[0].transposition, 2);
    EXPECT_LT(places[0].likeness, 1);
    EXPECT_GT(places[0].likeness, 0.9);

    Score wrong_note = planted(made_piece(4, 48), 0, 3, 2);
    for (Note& note : wrong_note.parts[0].notes)
        if (note.onset == Ticks(11 * kMadeTicks)) note.pitch -= 4;
    const auto near = heard(wrong_note, kMotif);
    ASSERT_FALSE(near.empty());
    EXPECT_EQ(near[0].bar, 3u);
    EXPECT_LT(near[0].likeness, 0.95);
    EXPECT_GT(near[0].likeness, 0.8);
}

TEST(MelodySearch, ARhythmCountsOnlyWhereOneIsGiven) {
    Score score = planted(made_piece(4, 48), 0, 3, 0);
    const Ticks bar3(8 * kMadeTicks);
    for (Note& note : score.parts[0].notes)  // the second and the fourth note come late
        for (const int q : {1, 3})
            if (note.onset == bar3 + Ticks(q * kMadeTicks)) note.onset += Ticks(kMadeTicks / 2);
    const auto with_rhythm = heard(score, kMotif);
    const auto without = heard(score, {.pitches = kMotif.pitches, .onsets = {}});
    ASSERT_FALSE(with_rhythm.empty());
    ASSERT_FALSE(without.empty());
    EXPECT_LT(with_rhythm[0].likeness, 0.95);
    EXPECT_DOUBLE_EQ(without[0].likeness, 1);
    EXPECT_EQ(without[0].bar, 3u);
}

TEST(MelodySearch, FindsInPianoHandsAndNotInDrums) {
    Score hands = on_one_track(planted(made_piece(4, 48), 0, 3, 24));
    const auto places = heard(hands, kMotif);
    ASSERT_FALSE(places.empty());
    EXPECT_DOUBLE_EQ(places[0].likeness, 1);
    EXPECT_EQ(places[0].bar, 3u);
    hands.parts[0].is_drums = true;
    EXPECT_TRUE(heard(hands, kMotif).empty());
    EXPECT_TRUE(heard(Score{}, kMotif).empty());
    EXPECT_TRUE(heard(made_piece(1), {.pitches = {60, 62}, .onsets = {}}).empty());
}

TEST(MelodySearch, SeesEveryPlaceOnce) {
    Score score = planted(planted(made_piece(4, 48), 0, 2, 0), 0, 6, 0);
    score = planted(std::move(score), 2, 9, -12);
    std::vector<std::size_t> bars;
    for (const MelodyPlace& place : heard(score, kMotif, 0.99)) bars.push_back(place.bar);
    EXPECT_EQ(bars, (std::vector<std::size_t>{2, 6, 9}));
}

TEST(MelodyLines, ComeBackFromTheirBytes) {
    Score score = on_one_track(made_piece(3, 64));
    score.parts.push_back(made_piece(5, 64).parts[0]);
    score.parts.back().name = "Flöte";
    score.parts.push_back(score.parts[0]);
    score.parts.back().is_drums = true;
    const MelodyLines lines = melody_lines_of(score);
    ASSERT_EQ(lines.parts.size(), 2u);
    EXPECT_FALSE(lines.parts[0].bottom.empty());
    EXPECT_TRUE(lines.parts[1].bottom.empty());  // one voice: the top line is the bottom line
    EXPECT_EQ(lines.bars.size(), score::bars_of(score).size());
    const std::string bytes = to_bytes(lines);
    EXPECT_EQ(melody_lines_from_bytes(bytes).value(), lines);
    std::size_t notes = 0;
    for (const PartLines& part : lines.parts) notes += part.top.size() + part.bottom.size();
    EXPECT_LT(bytes.size(), 4 * notes + 3 * lines.bars.size());
}

TEST(MelodyLines, DamagedBytesAreAnError) {
    const std::string bytes = to_bytes(melody_lines_of(made_piece(3, 32)));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(melody_lines_from_bytes(bytes.substr(0, size))) << size;
    EXPECT_FALSE(melody_lines_from_bytes(bytes + "x"));
    // One byte of each value: an error or other lines, whose times and pitches can be used.
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (int value = 0; value < 256; ++value) {
            std::string damaged = bytes;
            damaged[at] = static_cast<char>(value);
            const auto lines = melody_lines_from_bytes(damaged);
            if (!lines) continue;
            for (const PartLines& part : lines.value().parts)
                for (const Line& line : {part.top, part.bottom}) {
                    ASSERT_TRUE(std::is_sorted(
                        line.begin(), line.end(),
                        [](const LineNote& a, const LineNote& b) { return a.onset < b.onset; }));
                    for (const LineNote& note : line) ASSERT_LT(note.pitch, score::kPitches);
                }
        }
}

TEST(Motif, IsTheTopLineAndBeginsAnywhere) {
    const Score piece = made_piece(1);
    const Motif motif = motif_of(score::excerpt(piece, 2, 5));
    ASSERT_GE(motif.pitches.size(), kFewestMotifNotes);
    EXPECT_EQ(motif.pitches.size(), motif.onsets.size());
    const auto places = heard(*score::transposed(piece, 3), motif, 0.9);
    ASSERT_FALSE(places.empty());
    EXPECT_EQ(places[0].bar, 3u);
    EXPECT_EQ(places[0].transposition, 3);
    EXPECT_EQ(motif_of(made_piece(1, 400)).pitches.size(), kMostMotifNotes);
}

TEST(Motif, NoteNamesFindTheirOctave) {
    using Pitches = std::vector<int>;
    EXPECT_EQ(parse_note_names("c d e c").pitches, (Pitches{60, 62, 64, 60}));
    EXPECT_EQ(parse_note_names("G4, c,A B C").pitches, (Pitches{67, 72, 69, 71, 72}));
    EXPECT_EQ(parse_note_names("f# bb Eb5 c").pitches, (Pitches{66, 70, 75, 72}));
    EXPECT_EQ(parse_note_names("c b a g3").pitches, (Pitches{60, 59, 57, 55}));
    EXPECT_EQ(parse_note_names("cb4 b#").pitches, (Pitches{59, 60}));
    EXPECT_TRUE(parse_note_names("c d").onsets.empty());
    for (const char* bad : {"c d h", "c4x", "do re mi", "c44", "es d c", "c d e ;", "C-1-"})
        EXPECT_THROW(parse_note_names(bad), base::Error) << bad;
}

}  // namespace
}  // namespace symphony::corpus
