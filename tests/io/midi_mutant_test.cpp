// Damaged files, by the thousand: none may crash or hang, and what is read is always a sound score
// that the writer can write.
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "io/midi_mutants.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::io {
namespace {

using namespace test;
using score::Ticks;

// What every score must keep, whatever it was read from.
void expect_sound(const ScoreFile& file) {
    const score::Score& score = file.score;
    EXPECT_GE(score.ticks_per_quarter, 1);
    EXPECT_LE(score.ticks_per_quarter, 32767);
    for (const score::Part& part : score.parts) {
        EXPECT_TRUE(std::is_sorted(
            part.notes.begin(), part.notes.end(),
            [](const score::Note& a, const score::Note& b) { return a.onset < b.onset; }));
        for (const score::Note& note : part.notes) {
            EXPECT_GE(note.onset.value, 0);
            EXPECT_GT(note.duration.value, 0);
            EXPECT_LT(note.pitch, 128);
            EXPECT_GT(note.velocity, 0);
            EXPECT_LT(note.velocity, 128);
        }
    }
    Ticks bar_line;
    for (const score::Bar& bar : score.bars) {
        EXPECT_EQ(bar.onset, bar_line);
        EXPECT_GT(bar.length.value, 0);
        bar_line = bar.onset + bar.length;
    }
    EXPECT_TRUE(score.bars.empty() || bar_line >= score.end());
    for (const Diagnostic& found : file.diagnostics) EXPECT_EQ(found.code.substr(0, 3), "MID");
}

// Reads `bytes` at every strictness, and what was read once more after writing it.
void survive(const std::string& bytes) {
    for (const Strictness strictness :
         {Strictness::kStrict, Strictness::kRepair, Strictness::kSalvage}) {
        ReadOptions options;
        options.strictness = strictness;
        const auto result = parse_midi(bytes, "mutant", options);
        if (!result.ok()) {
            EXPECT_EQ(result.error().kind, base::ErrorKind::kInput);
            EXPECT_EQ(result.error().message.substr(0, 3), "MID");
            continue;
        }
        expect_sound(result.value());
        EXPECT_TRUE(strictness != Strictness::kStrict || result.value().grade == Grade::kClean);
        if (strictness != Strictness::kRepair) continue;
        const auto written = format_midi(result.value().score);
        ASSERT_TRUE(written.ok()) << written.error().message;
        options.strictness = Strictness::kStrict;
        const auto again = parse_midi(written.value(), "again", options);
        ASSERT_TRUE(again.ok()) << again.error().message;
        EXPECT_LE(again.value().score.note_count(), result.value().score.note_count());
    }
}

TEST(MidiMutants, EachByteCutLostDoubledChanged) {
    for (const std::string& original : good_files())
        for (const Mutation& mutation : kMutations)
            for (std::size_t at = 0; at < original.size(); ++at) {
                survive(mutation.apply(original, at));
                if (!HasFailure()) continue;
                FAIL() << mutation.name << " at byte " << at << " of "
                       << testing::PrintToString(original);
            }
}

std::size_t notes_in(const std::string& file) {
    return parse_midi(file, "original").value().score.note_count();
}

// A length that is off by a little costs nothing: what follows it tells how long it must be.
TEST(MidiMutants, LengthsThatLieAreMendedWithTheirCode) {
    const std::vector<std::vector<std::string>> codes{
        {"MID014"},                                // of the header
        {"MID016", "MID002"},                      // number of tracks
        {"MID031", "MID032", "MID040", "MID041"},  // of a track
    };
    for (const std::string& original : good_files()) {
        if (original.starts_with("RIFF")) continue;
        const std::size_t notes = notes_in(original);
        for (const LengthField& field : length_fields(original))
            for (const int step : {-2, -1, 1, 2}) {
                std::string mutant = original;
                mutant[field.at] = static_cast<char>(mutant[field.at] + step);
                SCOPED_TRACE("field at " + std::to_string(field.at) + " changed by " +
                             std::to_string(step) + " in " + testing::PrintToString(original));
                const auto read = parse_midi(mutant, "mutant");
                if (field.kind == LengthField::kPayload) {
                    // A payload that swallows the events after it, or leaves some of itself to be
                    // read as events, may cost the note nearest to it.
                    if (read.ok()) {
                        EXPECT_GE(read.value().score.note_count() + 2, notes);
                    }
                    continue;
                }
                ASSERT_TRUE(read.ok()) << read.error().message;
                EXPECT_EQ(read.value().score.note_count(), notes);
                const auto& diagnostics = read.value().diagnostics;
                const auto& expected = codes[field.kind];
                EXPECT_TRUE(std::any_of(diagnostics.begin(), diagnostics.end(), [&](const auto& d) {
                    return std::find(expected.begin(), expected.end(), d.code) != expected.end();
                }));
            }
    }
}

TEST(MidiMutants, ManyWoundsAtOnce) {
    const std::vector<std::string> files = good_files();
    for (std::uint64_t index = 0; index < 3000 && !HasFailure(); ++index) {
        base::Rng rng(3, "wounds", index);
        std::string file = files[rng.below(files.size())];
        for (std::uint64_t wounds = 1 + rng.below(12); wounds > 0; --wounds) {
            const std::size_t at = rng.below(file.size());
            const auto value = static_cast<char>(rng.below(256));
            switch (rng.below(4)) {
                case 0:
                    file[at] = value;
                    break;
                case 1:
                    file.insert(at, 1 + rng.below(8), value);
                    break;
                case 2:
                    file.erase(at, 1 + rng.below(8));
                    break;
                default:
                    file.insert(at, file.substr(rng.below(file.size()), rng.below(60)));
            }
            if (file.empty()) file = "M";
        }
        SCOPED_TRACE("index " + std::to_string(index));
        survive(file);
    }
}

TEST(MidiMutants, EventsMadeOfNoise) {
    for (std::uint64_t index = 0; index < 300 && !HasFailure(); ++index) {
        base::Rng rng(4, "noise", index);
        std::string noise;
        for (std::uint64_t size = rng.below(400); size > 0; --size)
            noise.push_back(static_cast<char>(rng.below(rng.below(2) ? 256 : 128)));
        SCOPED_TRACE("index " + std::to_string(index));
        survive(header(static_cast<int>(index % 3), 1) + chunk("MTrk", noise));
    }
}

TEST(MidiMutants, OfRealFiles) {
    const auto folder = shared_folder("data/midi-edge");
    if (!folder) GTEST_SKIP() << kSharedIsAbsent;
    constexpr std::size_t kSmall = 400;
    for (const auto& path : base::list_files(*folder)) {
        const std::string original = base::read_file(path).value();
        if (original.size() > kSmall) continue;
        for (std::size_t at = 0; at < original.size() && !HasFailure(); ++at) {
            survive(original.substr(0, at));
            std::string flipped = original;
            flipped[at] = static_cast<char>(flipped[at] ^ 0x80);
            survive(flipped);
        }
    }
}

}  // namespace
}  // namespace symphony::io
