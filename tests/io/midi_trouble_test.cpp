// One small file for each kind of damage that real files show: mended with its code, refused by
// strict, and the music in it kept.
#include "symphony/base/file.h"
#include "symphony/io/midi_diagnostics.h"
#include "symphony/io/midi_reader.h"

#include "io/midi_bytes.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::io {
namespace {

using namespace test;
using score::Ticks;

constexpr Strictness kEveryStrictness[] = {Strictness::kStrict, Strictness::kRepair,
                                           Strictness::kSalvage};

base::Result<ScoreFile> read(const std::string& file, Strictness strictness) {
    ReadOptions options;
    options.strictness = strictness;
    return parse_midi(file, "test.mid", options);
}

bool has_code(const ScoreFile& file, const std::string& code) {
    return std::any_of(file.diagnostics.begin(), file.diagnostics.end(),
                       [&](const Diagnostic& found) { return found.code == code; });
}

struct Trouble {
    std::string what;
    std::string code;   // expected among the diagnostics, or of the refusal
    std::size_t notes;  // that must be there afterwards
    std::string file;
};

std::string little_endian(std::size_t value) {
    std::string text = big_endian(static_cast<std::uint32_t>(value), 4);
    std::reverse(text.begin(), text.end());
    return text;
}

std::string with_length(std::string file_chunk, std::uint32_t length) {
    return file_chunk.replace(4, 4, big_endian(length, 4));
}

const std::string kFile = header(0, 1) + track(scale());  // 4 notes

std::vector<Trouble> mended() {
    const std::string h0 = header(0, 1);
    const std::string delta0 = bytes({0x00});
    return {
        {"a MacBinary prefix", "MID010", 4, std::string(128, '\0') + kFile},
        {"RIFF with a wrong size", "MID012", 4,
         "RIFF" + little_endian(4) + "RMIDdata" + little_endian(1 << 30) + kFile},
        {"RIFF without a data chunk", "MID012", 4, "RIFF" + little_endian(4) + "RMID" + kFile},
        {"a header with a longer length", "MID014", 4,
         "MThd" + big_endian(8, 4) + header(0, 1).substr(8) + bytes({0, 0}) + track(scale())},
        {"a header with a shorter length", "MID014", 4,
         "MThd" + big_endian(4, 4) + header(0, 1).substr(8) + track(scale())},
        {"a header cut short", "MID014", 4, header(0, 1).substr(0, 12) + track(scale())},
        {"format 7", "MID015", 4, header(7, 1) + track(scale())},
        {"too many tracks declared", "MID016", 4, header(1, 9) + track(scale())},
        {"too few tracks declared", "MID016", 8, header(1, 1) + track(scale()) + track(scale())},
        {"no tracks declared", "MID016", 4, header(1, 0) + track(scale())},
        {"format 0 with two tracks", "MID017", 8, header(0, 2) + track(scale()) + track(scale(1))},
        {"division 0", "MID019", 4, header(0, 1, 0) + track(scale())},
        {"SMPTE of 200 frames", "MID021", 4, header(0, 1, 0x3828 | 0x8000) + track(scale())},
        {"SMPTE without ticks", "MID021", 4, header(0, 1, 0xE700) + track(scale())},
        {"a track longer than the file", "MID031", 4, h0 + with_length(track(scale()), 1 << 20)},
        {"a track length of 4 GiB", "MID031", 4, h0 + with_length(track(scale()), 0xFFFFFFFF)},
        {"a track length over the next track", "MID031", 8,
         header(1, 2) + with_length(track(scale()), 60) + track(scale())},
        {"a track length over the whole next track", "MID031", 8,
         header(1, 2) + with_length(track(scale()), 36 + 8 + 36) + track(scale())},
        {"a track length of 0", "MID032", 4, h0 + with_length(track(scale()), 0)},
        {"a track length too short", "MID032", 8,
         header(1, 2) + with_length(track(scale()), 7) + track(scale())},
        {"a track length too short by one", "MID032", 8,
         header(1, 2) + with_length(track(scale()), 35) + track(scale())},
        {"junk between tracks", "MID033", 8,
         header(1, 2) + track(scale()) + bytes({1, 2, 3}) + track(scale())},
        {"a track whose name is damaged", "MID035", 8,
         header(1, 2) + track(scale()) + "Mtrk" + track(scale()).substr(4)},
        {"bytes after the last track", "MID034", 4, kFile + bytes({0, 0, 0, 0})},
        {"a second file after the first", "MID034", 4, kFile + kFile},
        {"no End of Track", "MID040", 4, h0 + chunk("MTrk", scale())},
        {"events after End of Track", "MID041", 8,
         h0 + chunk("MTrk", scale() + kEndOfTrack + scale() + kEndOfTrack)},
        {"zeros after End of Track", "MID041", 4,
         h0 + chunk("MTrk", scale() + kEndOfTrack + std::string(9, '\0'))},
        {"the file ends inside a note", "MID042", 4,
         h0 + "MTrk" + big_endian(100, 4) + scale() + bytes({0x00, 0x90, 60})},
        {"the file ends inside a text", "MID042", 4,
         h0 + "MTrk" + big_endian(100, 4) + scale() + bytes({0x00, 0xFF, 0x01, 40}) + "cut"},
        {"a five-byte delta that is small", "MID013", 5,
         h0 + track(scale() + bytes({0x80, 0x80, 0x80, 0x80, 0x05, 0x90, 60, 64, 0x60, 60, 0}))},
        {"a negative delta, as 32 bits", "MID013", 8,
         h0 + track(scale() + bytes({0x8F, 0xFF, 0xFF, 0xFF, 0x00}) + scale().substr(1))},
        {"running status before any status", "MID043", 4,
         h0 + track(bytes({0x00, 60, 100}) + scale())},
        {"running status after a text", "MID044", 5,
         h0 + track(scale() + meta(0x01, "break") + bytes({0x00, 60, 0}) + quarter(72))},
        {"running status after a system exclusive", "MID044", 5,
         h0 + track(scale() + bytes({0x00, 0xF0, 2, 0x7E, 0xF7, 0x00, 60, 0}) + quarter(72))},
        {"a velocity of 200", "MID045", 4,
         h0 + track(bytes({0x00, 0x90, 72, 200, 0x60, 0x80, 72, 0}) + quarter(64) +
                    scale().substr(0, 16))},
        {"a pitch of 253", "MID045", 5,
         h0 + track(bytes({0x00, 0x90, 253, 90, 0x60, 0x80, 253, 0}) + scale())},
        {"a tune request between events", "MID047", 4, h0 + track(bytes({0x00, 0xF6}) + scale())},
        {"a song position between events", "MID047", 4,
         h0 + track(bytes({0x00, 0xF2, 1, 2}) + scale())},
        {"active sensing between events", "MID047", 4, h0 + track(bytes({0x10, 0xFE}) + scale())},
        {"a system exclusive with a wrong length", "MID048", 4,
         h0 + track(bytes({0x00, 0xF0, 0x7F, 0x41, 0x10, 0xF7}) + scale())},
        {"a text with a wrong length", "MID046", 4,
         h0 + track(bytes({0x00, 0xFF, 0x01, 0x83, 0x60}) + "abc" + scale())},
        {"a tempo of two bytes", "MID050", 4,
         h0 + track(bytes({0x00, 0xFF, 0x51, 2, 7, 0xA1}) + scale())},
        {"a time signature of two bytes", "MID050", 4,
         h0 + track(bytes({0x00, 0xFF, 0x58, 2, 3, 2}) + scale())},
        {"End of Track with data", "MID050", 4,
         h0 + chunk("MTrk", scale() + bytes({0x00, 0xFF, 0x2F, 1, 0}))},
        {"meta type 0x90", "MID051", 4, h0 + track(bytes({0x00, 0xFF, 0x90, 1, 7}) + scale())},
        {"a key of eight sharps", "MID052", 4, h0 + track(meta(0x59, bytes({8, 0})) + scale())},
        {"a key of mode 5", "MID052", 4, h0 + track(meta(0x59, bytes({0, 5})) + scale())},
        {"a metre of 0/4", "MID053", 4, h0 + track(meta(0x58, bytes({0, 2, 24, 8})) + scale())},
        {"a metre of 4/2^33", "MID053", 4, h0 + track(meta(0x58, bytes({4, 33, 24, 8})) + scale())},
        {"a tempo of 0", "MID054", 4, h0 + track(meta(0x51, bytes({0, 0, 0})) + scale())},
        {"a wait of years", "MID055", 8,
         h0 + track(scale() + bytes({0xFF, 0xFF, 0xFF, 0x7F}) + scale().substr(1))},
        {"metres that make millions of bars", "MID056", 5,
         header(0, 1, 1) + track(meta(0x58, bytes({1, 2, 24, 8})) + scale() +
                                 bytes({0xB0, 0x80, 0x00}) + quarter(60).substr(1))},
        {"a note that is never closed", "MID060", 5,
         h0 + track(bytes({0x00, 0x90, 80, 90}) + scale())},
        {"a note of no length", "MID063", 5,
         h0 + track(bytes({0x00, 0x90, 80, 90, 0x00, 0x80, 80, 0}) + scale())},
    };
}

TEST(MidiTrouble, IsMendedWithItsCodeAndRefusedByStrict) {
    for (const Trouble& trouble : mended()) {
        SCOPED_TRACE(trouble.what);
        for (const Strictness strictness : {Strictness::kRepair, Strictness::kSalvage}) {
            const auto result = read(trouble.file, strictness);
            ASSERT_TRUE(result.ok()) << result.error().message;
            EXPECT_TRUE(has_code(result.value(), trouble.code));
            EXPECT_EQ(result.value().score.note_count(), trouble.notes);
            EXPECT_EQ(result.value().grade, Grade::kRepaired);
            if (HasFailure())
                for (const Diagnostic& found : result.value().diagnostics)
                    ADD_FAILURE() << found.format();
        }
        const auto strict = read(trouble.file, Strictness::kStrict);
        ASSERT_FALSE(strict.ok());
        EXPECT_EQ(strict.error().message.substr(0, 4), "MID0");
        EXPECT_FALSE(strict.error().hint.empty());
    }
}

// Legal, if unusual: strict reads it too, and the grade stays clean.
TEST(MidiTrouble, RemarksAreNoFaults) {
    const std::vector<Trouble> cases{
        {"RMID", "MID011", 4,
         "RIFF" + little_endian(4) + "RMIDdata" + little_endian(kFile.size()) + kFile},
        {"RMID with another chunk of odd size first", "MID011", 4,
         "RIFF" + little_endian(4) + "RMIDDISP" + little_endian(3) + "abc" + bytes({0}) + "data" +
             little_endian(kFile.size()) + kFile},
        {"format 2", "MID018", 8, header(2, 2) + track(scale()) + track(scale())},
        {"SMPTE", "MID020", 4, header(0, 1, 0xE250) + track(scale())},
        {"a vendor's chunk", "MID030", 8,
         header(1, 2) + track(scale()) + chunk("XFIH", "vendor") + track(scale())},
        {"a note off too many", "MID061", 4,
         header(0, 1) + track(scale() + bytes({0x00, 0x80, 60, 0}))},
        {"a pitch struck twice", "MID062", 2,
         header(0, 1) + track(bytes({0x00, 0x90, 60, 90, 0x30, 60, 80, 0x30, 60, 0, 0x30, 60, 0}))},
        {"a name in Latin-1", "MID070", 4,
         header(0, 1) + track(meta(0x03, "F\xFCr Elise") + scale())},
        {"aftertouch", "MID071", 4, header(0, 1) + track(bytes({0x00, 0xD0, 64}) + scale())},
        {"a channel without notes", "MID072", 4,
         header(0, 1) + track(bytes({0x00, 0xC5, 64}) + scale())},
    };
    for (const Trouble& remark : cases) {
        SCOPED_TRACE(remark.what);
        for (const Strictness strictness : kEveryStrictness) {
            const auto result = read(remark.file, strictness);
            ASSERT_TRUE(result.ok()) << result.error().message;
            EXPECT_TRUE(has_code(result.value(), remark.code));
            EXPECT_EQ(result.value().score.note_count(), remark.notes);
            EXPECT_EQ(result.value().grade, Grade::kClean);
        }
    }
}

TEST(MidiTrouble, WrecksAreForSalvageOnly) {
    const std::vector<Trouble> cases{
        {"tracks without a header", "MID003", 4, bytes({1, 2, 3}) + track(scale())},
        {"mostly damage", "MID006", 4,
         header(0, 1) + track(scale() + bytes({0x00, 0xF5}) + std::string(300, '\xFF'))},
    };
    for (const Trouble& wreck : cases) {
        SCOPED_TRACE(wreck.what);
        const auto salvaged = read(wreck.file, Strictness::kSalvage);
        ASSERT_TRUE(salvaged.ok()) << salvaged.error().message;
        EXPECT_TRUE(has_code(salvaged.value(), wreck.code));
        EXPECT_EQ(salvaged.value().score.note_count(), wreck.notes);
        EXPECT_EQ(salvaged.value().grade, Grade::kSalvaged);
        EXPECT_FALSE(read(wreck.file, Strictness::kRepair).ok());
    }
}

TEST(MidiTrouble, WhatIsNoMusicIsRefused) {
    EXPECT_EQ(read(header(1, 1), Strictness::kSalvage).error().message.substr(0, 6), "MID002");
    EXPECT_EQ(read(header(0, 1) + track(std::string(100, 'x')), Strictness::kSalvage)
                  .error()
                  .message.substr(0, 6),
              "MID001");
}

TEST(MidiTrouble, MoreNotesThanAllowed) {
    ReadOptions options;
    options.max_notes = 3;
    EXPECT_EQ(parse_midi(kFile, "x", options).error().message.substr(0, 6), "MID004");
    options.strictness = Strictness::kSalvage;
    const ScoreFile file = parse_midi(kFile, "x", options).value();
    EXPECT_EQ(file.score.note_count(), 3u);
    EXPECT_EQ(file.grade, Grade::kSalvaged);
}

TEST(MidiTrouble, DiagnosticsAreCappedAndTheRestCounted) {
    std::string events;
    for (int i = 0; i < 500; ++i) events += bytes({0x00, 0xF6});
    ReadOptions options;
    options.max_diagnostics = 10;
    const ScoreFile file = parse_midi(header(0, 1) + track(events + scale()), "x", options).value();
    ASSERT_EQ(file.diagnostics.size(), 10u);
    EXPECT_NE(file.diagnostics.back().detail.find("490 more"), std::string::npos);
}

TEST(MidiTrouble, DiagnosticsSayWhere) {
    const ScoreFile file =
        read(header(1, 2) + track("") + track(scale() + bytes({0x00, 0xF6})), Strictness::kRepair)
            .value();
    ASSERT_EQ(file.diagnostics.size(), 1u);
    EXPECT_EQ(file.diagnostics[0].format().substr(0, 44),
              "MID047 system-message-in-track @0x43 track 1");
}

// Where a note off is missing, the notes after it keep their lengths.
TEST(MidiTrouble, AMissingNoteOffDoesNotShiftTheOthers) {
    std::string events = bytes({0x00, 0x90, 60, 90});  // never ended
    for (int i = 0; i < 3; ++i) events += bytes({0x60, 0x90, 60, 80, 0x30, 0x80, 60, 0});
    const ScoreFile file = read(header(0, 1) + track(events), Strictness::kRepair).value();
    ASSERT_EQ(file.score.note_count(), 4u);
    const auto& notes = file.score.parts[0].notes;
    EXPECT_EQ(notes[0].duration, Ticks(96));
    for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(notes[i].duration, Ticks(48));
}

// Every note on is a note, as other readers count them: what was struck together ends together.
TEST(MidiTrouble, ADoubledNoteWithOneNoteOffIsTwoNotes) {
    const ScoreFile file =
        read(header(0, 1) + track(bytes({0x00, 0x90, 60, 90, 0x00, 60, 90,  //
                                         0x30, 60, 0, 0x10, 62, 90, 0x30, 62, 0})),
             Strictness::kRepair)
            .value();
    ASSERT_EQ(file.score.note_count(), 3u);
    for (const score::Note& note : file.score.parts[0].notes) EXPECT_EQ(note.duration, Ticks(48));
}

// A whole passage that is too loud, in running status: the values are clipped, the notes stay.
TEST(MidiTrouble, LoudnessBeyondTheRangeInRunningStatusCostsNoNote) {
    std::string events = bytes({0x00, 0x90, 60, 90, 0x30, 60, 0});
    for (int i = 0; i < 12; ++i) events += bytes({0x00, 62 + i, 130 + i, 0x30, 62 + i, 0});
    const ScoreFile file = read(header(0, 1) + track(events), Strictness::kRepair).value();
    EXPECT_EQ(file.score.note_count(), 13u);
    // From the first note on, which has its status, to the last.
    events = bytes({0x00, 0x90, 60, 0xA0, 0x81, 0x40, 60, 0});
    for (int i = 0; i < 12; ++i) events += bytes({0x00, 62 + i, 0xA0, 0x81, 0x40, 62 + i, 0});
    EXPECT_EQ(read(header(0, 1) + track(events), Strictness::kRepair).value().score.note_count(),
              13u);
}

TEST(MidiTrouble, UnisonsOfTwoVoicesKeepTheirLengths) {
    const ScoreFile file = read(header(0, 1) + track(bytes({0x00, 0x90, 60, 90, 0x00, 60, 90,  //
                                                            0x30, 60, 0, 0x30, 60, 0})),
                                Strictness::kStrict)
                               .value();
    ASSERT_EQ(file.score.note_count(), 2u);
    EXPECT_EQ(file.score.parts[0].notes[0].duration, Ticks(48));
    EXPECT_EQ(file.score.parts[0].notes[1].duration, Ticks(96));
}

TEST(MidiTrouble, EveryKindHasItsOwnCodeAndName) {
    std::set<std::string_view> codes, names;
    for (const DiagnosticKind& kind : midi_diagnostic_kinds()) {
        EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
        EXPECT_FALSE(kind.meaning.empty());
    }
    EXPECT_TRUE(std::is_sorted(midi_diagnostic_kinds().begin(), midi_diagnostic_kinds().end(),
                               [](const auto& a, const auto& b) { return a.code < b.code; }));
}

TEST(MidiTrouble, EdgeCasesOfOthersAreReadOrRefusedWithAReason) {
    const auto folder = shared_folder("data/midi-edge");
    if (!folder) GTEST_SKIP() << kSharedIsAbsent;
    std::size_t files = 0;
    for (const auto& path : base::list_files(*folder)) {
        if (path.extension() == ".md") continue;
        SCOPED_TRACE(path.string());
        ++files;
        const std::string bytes_of_file = base::read_file(path).value();
        for (const Strictness strictness : kEveryStrictness) {
            ReadOptions options;
            options.strictness = strictness;
            const auto result = parse_score(bytes_of_file, path.string(), options);
            const std::string name = path.filename().string();
            const bool is_midi = name != "test-empty-file.mid" &&
                                 name != "test-not-a-midi-file.mid" && path.extension() == ".mid";
            EXPECT_EQ(result.ok(), is_midi && (strictness != Strictness::kStrict || result.ok()));
            EXPECT_TRUE(result.ok() || !result.error().message.empty());
        }
    }
    EXPECT_EQ(files, 73u);
}

}  // namespace
}  // namespace symphony::io
