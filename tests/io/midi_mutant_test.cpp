// Damaged files, by the thousand: none may crash or hang, and what is read is always a sound score
// that the writer can write. The damage is that of the method that found 16 crashes in one
// well-kept reader: every cut, every length one more and one less, flipped bits, bytes lost and
// added.
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "io/midi_bytes.h"
#include "io/random_score.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

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
        EXPECT_TRUE(std::is_sorted(part.notes.begin(), part.notes.end()));
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

// Small sound files that between them have every kind of event, chunk and layout.
std::vector<std::string> originals() {
    std::vector<std::string> files{
        header(0, 1) + track(scale()),
        header(1, 3) +
            track(meta(0x58, bytes({3, 2, 24, 8})) + meta(0x51, bytes({7, 0xA1, 0x20})) +
                  meta(0x59, bytes({0xFD, 1}))) +
            chunk("XFIH", "vendor") + track(meta(0x03, "Alto") + scale()) +
            track(bytes({0x00, 0xC1, 32}) + scale(1)),
        header(0, 1, 0xE728) +
            track(bytes({0x00, 0xF0, 5, 0x7E, 0x7F, 0x09, 0x01, 0xF7}) + scale()),
        header(2, 2) +
            track(bytes({0x00, 0x90, 60, 90, 0x60, 60, 0, 0x00, 62, 90, 0x81, 0x40, 62, 0})) +
            track(bytes({0x00, 0xE0, 0, 80, 0x00, 0xB0, 64, 127}) + scale()),
    };
    const std::string plain = files[0];
    std::string size = big_endian(static_cast<std::uint32_t>(plain.size()), 4);
    std::reverse(size.begin(), size.end());
    files.push_back("RIFF" + size + "RMIDdata" + size + plain);
    for (std::uint64_t i = 0; i < 3; ++i)
        files.push_back(format_midi(RandomScore(2, i).make(/*bars=*/4)).value());
    return files;
}

void for_each_mutant(const std::function<std::string(std::string, std::size_t)>& mutate) {
    for (const std::string& original : originals())
        for (std::size_t at = 0; at < original.size(); ++at) {
            survive(mutate(original, at));
            if (testing::Test::HasFailure()) {
                ADD_FAILURE() << "at byte " << at << " of " << testing::PrintToString(original);
                return;
            }
        }
}

TEST(MidiMutants, CutAtEachByte) {
    for_each_mutant([](const std::string& file, std::size_t at) { return file.substr(0, at); });
}

TEST(MidiMutants, EachByteOneMoreAndOneLess) {
    for (const int step : {1, -1})
        for_each_mutant([&](std::string file, std::size_t at) {
            file[at] = static_cast<char>(file[at] + step);
            return file;
        });
}

TEST(MidiMutants, EachByteLostDoubledOrExtreme) {
    for_each_mutant([](std::string file, std::size_t at) { return file.erase(at, 1); });
    for_each_mutant([](std::string file, std::size_t at) { return file.insert(at, 1, file[at]); });
    for (const int value : {0x00, 0x7F, 0x80, 0xFF})
        for_each_mutant([&](std::string file, std::size_t at) {
            file[at] = static_cast<char>(value);
            return file;
        });
}

TEST(MidiMutants, FlippedBits) {
    for (int bit = 0; bit < 8; ++bit)
        for_each_mutant([&](std::string file, std::size_t at) {
            file[at] = static_cast<char>(file[at] ^ (1 << bit));
            return file;
        });
}

TEST(MidiMutants, ManyWoundsAtOnce) {
    const std::vector<std::string> files = originals();
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
