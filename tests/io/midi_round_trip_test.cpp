// read(write(score)) is the score again: for scores drawn at random, and for real files where they
// are at hand.
#include "symphony/base/file.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "io/random_score.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::io {
namespace {

using score::Score;

Score read_strictly(const std::string& bytes) {
    ReadOptions options;
    options.strictness = Strictness::kStrict;
    return parse_midi(bytes, "written", options).value().score;
}

// Equal in everything that MIDI can say; channels only where `given` gives them.
void expect_same(const Score& given, const Score& back) {
    EXPECT_EQ(back.ticks_per_quarter, given.ticks_per_quarter);
    EXPECT_EQ(back.title, given.title);
    EXPECT_EQ(back.composer, given.composer);
    EXPECT_EQ(back.tempos, given.tempos);
    EXPECT_EQ(back.meters, given.meters);
    EXPECT_EQ(back.keys, given.keys);
    EXPECT_EQ(back.bars, given.bars);
    EXPECT_EQ(back.texts, given.texts);
    ASSERT_EQ(back.parts.size(), given.parts.size());
    for (std::size_t i = 0; i < given.parts.size(); ++i) {
        SCOPED_TRACE("part " + std::to_string(i));
        const score::Part &a = given.parts[i], &b = back.parts[i];
        EXPECT_EQ(b.name, a.name);
        EXPECT_EQ(b.program, a.program);
        EXPECT_EQ(b.bank, a.bank);
        EXPECT_EQ(b.is_drums, a.is_drums);
        EXPECT_EQ(*b.channel == 9, a.is_drums);
        EXPECT_EQ(b.channel, a.channel ? a.channel : b.channel);
        EXPECT_EQ(b.notes, a.notes);
        EXPECT_EQ(b.controls, a.controls);
        EXPECT_EQ(b.bends, a.bends);
        EXPECT_EQ(b.programs, a.programs);
        EXPECT_EQ(b.texts, a.texts);
    }
}

TEST(MidiRoundTrip, KeepsRandomScores) {
    for (std::uint64_t index = 0; index < 400; ++index) {
        SCOPED_TRACE("score " + std::to_string(index));
        const Score given = test::RandomScore(1, index).make();
        const std::string bytes = format_midi(given).value();
        const Score back = read_strictly(bytes);
        expect_same(given, back);
        EXPECT_EQ(format_midi(back).value(), bytes);
        if (HasFailure()) return;
    }
}

TEST(MidiRoundTrip, KeepsRealFiles) {
    const auto folder = test::shared_folder("data/mutopia-pd");
    if (!folder) GTEST_SKIP() << test::kSharedIsAbsent;
    std::size_t files = 0, with_overlaps = 0;
    for (const auto& path : base::list_files(*folder)) {
        if (!has_music_ending(path)) continue;
        SCOPED_TRACE(path.string());
        const ScoreFile file = parse_midi(base::read_file(path).value(), path).value();
        ++files;
        const Score once = read_strictly(format_midi(file.score).value());
        EXPECT_EQ(once.bars, file.score.bars);
        EXPECT_EQ(once.meters, file.score.meters);
        EXPECT_EQ(once.keys, file.score.keys);
        EXPECT_EQ(once.tempos, file.score.tempos);
        EXPECT_EQ(once.texts, file.score.texts);
        // Notes of one pitch that overlap in one part come back shortened; all others as they were.
        ASSERT_EQ(once.parts.size(), file.score.parts.size());
        bool same_notes = true;
        for (std::size_t i = 0; i < once.parts.size(); ++i)
            same_notes &= once.parts[i].notes == file.score.parts[i].notes;
        const bool overlaps =
            std::any_of(file.diagnostics.begin(), file.diagnostics.end(),
                        [](const Diagnostic& found) { return found.name == "note-restruck"; });
        EXPECT_TRUE(same_notes || overlaps);
        with_overlaps += overlaps;
        const Score twice = read_strictly(format_midi(once).value());
        EXPECT_EQ(twice, once);
        if (HasFailure()) return;
    }
    EXPECT_GT(files, 700u);
    EXPECT_LT(with_overlaps * 50, files);
}

}  // namespace
}  // namespace symphony::io
