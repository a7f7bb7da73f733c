#include "symphony/corpus/copying/copy_index.h"
#include "symphony/score/transform.h"

#include "corpus/planted_copy.h"
#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

const std::vector<CopySense> kSenses = {CopySense::kExact, CopySense::kTransposed,
                                        CopySense::kPitches, CopySense::kTransposedPitches};

CopyIndex index_of(const std::vector<score::Score>& scores) {
    std::vector<CopySource> sources;
    for (std::size_t i = 0; i < scores.size(); ++i)
        sources.push_back({"piece-" + std::to_string(i), note_lines_of(scores[i])});
    return {std::move(sources), kSenses, 1, base::silent_progress()};
}

std::vector<score::Score> made_pieces(int count) {
    std::vector<score::Score> pieces;
    for (int i = 0; i < count; ++i)
        pieces.push_back(made_piece(static_cast<std::uint64_t>(i + 1), 64));
    return pieces;
}

// The match of most notes.
CopyMatch longest_match(const CopyIndex& index, const NoteLines& piece, CopySense sense) {
    CopyMatch best;
    const auto lengths = index.longest(piece, sense);
    for (std::size_t l = 0; l < lengths.size(); ++l)
        for (std::size_t i = 0; i < lengths[l].size(); ++i)
            if (lengths[l][i] > best.notes) best = {l, i, lengths[l][i]};
    return best;
}

void expect_planted(const CopyIndex& index, const score::Score& score, const Planted& planted,
                    CopySense sense, int semitones) {
    const NoteLines lines = note_lines_of(score);
    const CopyMatch match = longest_match(index, lines, sense);
    // By chance a neighbouring note may go on alike.
    EXPECT_GE(match.notes, planted.notes);
    EXPECT_LE(match.notes, planted.notes + 3);
    const CopyOrigin origin = index.origin(lines, match, sense);
    EXPECT_EQ(index.piece_id(origin.piece), "piece-7");
    EXPECT_EQ(origin.part, 0U);
    EXPECT_EQ(origin.transposition, semitones);
    EXPECT_EQ(origin.places, 1U);
    const NoteLines& source = index.piece_lines(origin.piece);
    EXPECT_NEAR(source.bars_before(origin.begin), 4, 0.75);
    EXPECT_NEAR(source.bars_before(origin.end), 7.75, 0.75);
    const Line& notes = lines.lines[match.line].notes;
    EXPECT_NEAR(lines.bars_before(notes[match.first].onset), 2, 0.75);
}

TEST(CopyIndex, FindsAPlantedCopyWithItsSourceAndBars) {
    const CopyIndex index = index_of(made_pieces(30));
    const Planted exact, higher(5), faster(0, 2, 1), slower_and_lower(-3, 1, 2);
    ASSERT_GE(exact.notes, 10U);
    for (const CopySense sense : kSenses) expect_planted(index, exact.score, exact, sense, 0);
    for (const CopySense sense : {CopySense::kTransposed, CopySense::kTransposedPitches})
        expect_planted(index, higher.score, higher, sense, 5);
    expect_planted(index, faster.score, faster, CopySense::kPitches, 0);
    expect_planted(index, slower_and_lower.score, slower_and_lower, CopySense::kTransposedPitches,
                   -3);
    // What the sense does not forgive is no copy in it.
    const auto notes_of = [&](const Planted& planted, CopySense sense) {
        return longest_match(index, note_lines_of(planted.score), sense).notes;
    };
    EXPECT_LT(notes_of(higher, CopySense::kExact), exact.notes - 2);
    EXPECT_LT(notes_of(higher, CopySense::kPitches), exact.notes - 2);
    EXPECT_LT(notes_of(faster, CopySense::kExact), exact.notes - 2);
    EXPECT_LT(notes_of(faster, CopySense::kTransposed), exact.notes - 2);
}

// With chords under it in the same part only the top line is the copy.
TEST(CopyIndex, FindsAMelodyUnderAnotherAccompaniment) {
    const CopyIndex index = index_of(made_pieces(30));
    const Planted planted;
    score::Score keyboard;
    keyboard.ticks_per_quarter = kMadeTicks;
    keyboard.meters = planted.score.meters;
    keyboard.parts.emplace_back();
    auto& notes = keyboard.parts[0].notes;
    notes = planted.score.parts[0].notes;
    for (int q = 0; q < 64; ++q) {
        score::Note low;
        low.onset = score::Ticks(q * kMadeTicks);
        low.duration = score::Ticks(kMadeTicks);
        low.pitch = static_cast<std::uint8_t>(36 + q % 5);
        notes.push_back(low);
    }
    score::sort_events(keyboard);
    expect_planted(index, keyboard, planted, CopySense::kExact, 0);
}

// Chords stand from high to low, whatever the order in the file; a unison counts once.
TEST(NoteLines, AreByOnsetAndFromHighToLow) {
    score::Score score;
    score.ticks_per_quarter = 4;
    score.parts.resize(2);
    score.parts[0].is_drums = true;
    score.parts[0].notes.push_back({.onset = score::Ticks(0), .duration = score::Ticks(1)});
    for (const int pitch : {60, 67, 64, 67})
        score.parts[1].notes.push_back({.onset = score::Ticks(0),
                                        .duration = score::Ticks(4),
                                        .pitch = static_cast<std::uint8_t>(pitch)});
    score.parts[1].notes.push_back(
        {.onset = score::Ticks(6), .duration = score::Ticks(2), .pitch = 65});
    const NoteLines lines = note_lines_of(score);
    EXPECT_EQ(lines.notes, 4U);
    ASSERT_EQ(lines.lines.size(), 3U);
    const Line all = {
        {score::Ticks(0), 67}, {score::Ticks(0), 64}, {score::Ticks(0), 60}, {score::Ticks(6), 65}};
    EXPECT_EQ(lines.lines[0].notes, (Line{all[2], all[3]}));  // bottom
    EXPECT_EQ(lines.lines[0].numbers, (std::vector<std::uint32_t>{2, 3}));
    EXPECT_EQ(lines.lines[1].notes, (Line{all[0], all[3]}));  // top
    EXPECT_EQ(lines.lines[2].notes, all);
    EXPECT_DOUBLE_EQ(lines.bars_before(score::Ticks(6)), 6.0 / 16);
}

// Two streams of random notes over two octaves share runs of a length that their number allows
// (log of the pairs of places over log of the choices, twice as much being out of the question),
// and no more.
TEST(CopyIndex, RandomNotesShareNoMoreThanChanceAllows) {
    const auto random_piece = [](std::uint64_t seed) {
        score::Score score;
        score.ticks_per_quarter = 4;
        score.parts.emplace_back();
        base::Rng rng(seed, "random notes");
        for (int i = 0; i < 1000; ++i)
            score.parts[0].notes.push_back(
                {.onset = score::Ticks(i),
                 .duration = score::Ticks(1),
                 .pitch = static_cast<std::uint8_t>(48 + rng.below(24))});
        return score;
    };
    std::vector<score::Score> pieces;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) pieces.push_back(random_piece(seed));
    const CopyIndex index = index_of(pieces);
    const NoteLines other = note_lines_of(random_piece(99));
    // log(10^7 pairs) / log(24 choices) = 5.
    for (const CopySense sense : kSenses) {
        const std::size_t notes = longest_match(index, other, sense).notes;
        EXPECT_GE(notes, 3U);
        EXPECT_LE(notes, 10U);
    }
    EXPECT_EQ(longest_match(index, note_lines_of(pieces[3]), CopySense::kExact).notes, 1000U);
}

// Every length is that of comparing note by note with every place.
TEST(CopyIndex, AgreesWithComparingNoteByNote) {
    const auto pieces = made_pieces(6);
    const CopyIndex index = index_of(pieces);
    const NoteLines piece = note_lines_of(made_piece(50, 48));
    const auto alike = [](CopySense sense, const LineNote* a, const LineNote* b) {
        const bool rhythm = sense == CopySense::kExact || sense == CopySense::kTransposed;
        const bool pitch = sense == CopySense::kExact || sense == CopySense::kPitches;
        return (!rhythm || a[1].onset - a[0].onset == b[1].onset - b[0].onset) &&
               a[1].pitch - a[0].pitch == b[1].pitch - b[0].pitch &&
               (!pitch || a[0].pitch == b[0].pitch);
    };
    for (const CopySense sense : kSenses) {
        const auto lengths = index.longest(piece, sense);
        for (std::size_t l = 0; l < piece.lines.size(); ++l) {
            const Line& notes = piece.lines[l].notes;
            for (std::size_t i = 0; i < notes.size(); ++i) {
                std::size_t most = 1;
                for (std::size_t p = 0; p < index.pieces(); ++p)
                    for (const NoteLine& other : index.piece_lines(p).lines)
                        for (std::size_t j = 0; j < other.notes.size(); ++j) {
                            std::size_t n = 1;
                            while (i + n < notes.size() && j + n < other.notes.size() &&
                                   alike(sense, &notes[i + n - 1], &other.notes[j + n - 1]))
                                ++n;
                            most = std::max(most, n);
                        }
                ASSERT_EQ(lengths[l][i], most);
                if (most > 1) {
                    EXPECT_TRUE(index.contains(piece, {l, i, most}, sense));
                }
                if (i + most < notes.size()) {
                    EXPECT_FALSE(index.contains(piece, {l, i, most + 1}, sense));
                }
            }
        }
    }
}

}  // namespace
}  // namespace symphony::corpus
