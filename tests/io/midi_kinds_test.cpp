// The thirty kinds of trouble that readers of MIDI files are known to fail at, by number: each read
// with its music kept, or refused with a reason. What else can be wrong is in midi_trouble_test.
#include "symphony/io/midi_writer.h"
#include "symphony/io/score_file.h"
#include "symphony/score/time_map.h"

#include "io/midi_bytes.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace symphony::io {
namespace {

using namespace test;

struct Kind {
    int number;
    std::string what;
    std::string code;  // that must be among the findings, or of the refusal; "": a clean read
    std::size_t notes;
    std::string file;
};

std::string little_endian(std::size_t value) {
    std::string text = big_endian(static_cast<std::uint32_t>(value), 4);
    std::reverse(text.begin(), text.end());
    return text;
}

std::string repeat(const std::string& unit, int times) {
    std::string text;
    while (times-- > 0) text += unit;
    return text;
}

const std::string kFile = header(0, 1) + track(scale());

std::string riff(const std::string& chunks) {
    return "RIFF" + little_endian(chunks.size() + 4) + "RMID" + chunks;
}

std::vector<Kind> refused() {
    const std::string inside = kFile;
    return {
        {1, "nothing", "FIL001", 0, ""},
        {1, "a web page", "FIL003", 0, "<!DOCTYPE html><html>404" + inside},
        {1, "a web page after white space", "FIL003", 0, "\xEF\xBB\xBF\r\n <html>" + inside},
        {1, "a RAR archive", "FIL003", 0, "Rar!\x1A\x07" + inside},
        {1, "a ZIP archive", "XML", 0, "PK\x03\x04" + inside},
        {1, "a FrontPage sidecar", "FIL003", 0, "vti_encoding:SR|utf8-nl\r\nvti_author:SR|me"},
        {1, "MP3 sound", "FIL003", 0, "\xFF\xFB\x90\x64" + std::string(500, '\0')},
        {1, "MP3 sound with a tag", "FIL003", 0, "ID3\x03" + std::string(500, '\0')},
        {1, "an AppleDouble sidecar", "FIL003", 0,
         bytes({0, 5, 0x16, 7, 0, 2, 0, 0}) + std::string(90, '\0')},
        {1, "an XML document", "XML", 0, "<?xml version=\"1.0\"?><plist>MThd</plist>"},
        {1, "sound in RIFF", "FIL003", 0, "RIFF" + little_endian(99) + "WAVEfmt " + inside},
        {1, "a text about MIDI", "FIL003", 0, "The chunks of a MIDI file are MThd and MTrk."},
        {4, "one byte", "FIL003", 0, "M"},
        {4, "a header and no more", "MID002", 0, header(1, 1)},
    };
}

TEST(MidiKinds, WhatIsNoMidiIsRefusedWithAReason) {
    for (const Kind& kind : refused())
        for (const Strictness strictness : {Strictness::kStrict, Strictness::kRepair}) {
            SCOPED_TRACE(kind.what);
            ReadOptions options;
            options.strictness = strictness;
            const auto read = parse_score(kind.file, "x", options);
            ASSERT_FALSE(read.ok());
            EXPECT_EQ(read.error().message.rfind(kind.code, 0), 0u) << read.error().message;
        }
    // Salvage looks harder and refuses the same; a known kind is named.
    for (const Kind& kind : refused()) {
        SCOPED_TRACE(kind.what);
        ReadOptions options;
        options.strictness = Strictness::kSalvage;
        EXPECT_FALSE(parse_score(kind.file, "x", options).ok());
    }
    EXPECT_NE(parse_score("vti_encoding:SR|utf8-nl", "x").error().message.find("FrontPage"),
              std::string::npos);
}

std::vector<Kind> survived() {
    const std::string h = header(0, 1);
    const auto one = [&](const std::string& events) { return h + track(events); };
    std::vector<Kind> kinds{
        {2, "RIFF with word padding", "MID011", 4,
         riff("DISP" + little_endian(3) + "abc" + bytes({0}) + "data" +
              little_endian(kFile.size()) + kFile)},
        {2, "RIFF with sounds behind the music", "MID011", 4,
         riff("data" + little_endian(kFile.size()) + kFile + "LIST" + little_endian(8) +
              "DLS colh")},
        {3, "a MacBinary header", "MID010", 4, std::string(128, '\0') + kFile},
        {3, "a stray byte", "MID010", 4, "\n" + kFile},
        {4, "a header of length 0", "MID014", 4, "MThd" + big_endian(0, 4) + kFile.substr(8)},
        {4, "a header cut after four bytes", "MID014", 4, "MThd" + track(scale())},
        {5, "300 tracks, 1 declared", "MID016", 1200, header(1, 1) + repeat(track(scale()), 300)},
        {5, "no track declared", "MID016", 4, header(0, 0) + track(scale())},
        {6, "format 0 with many tracks", "MID017", 8, header(0, 2) + repeat(track(scale()), 2)},
        {6, "format 2", "MID018", 8, header(2, 2) + repeat(track(scale()), 2)},
        {6, "format 65535", "MID015", 4, header(0xFFFF, 1) + track(scale())},
        {7, "division 0", "MID019", 4, header(0, 1, 0) + track(scale())},
        {8, "SMPTE division", "MID020", 4, header(0, 1, 0xE250) + track(scale())},
        {9, "32767 ticks per quarter", "", 4, header(0, 1, 32767) + track(scale())},
        {9, "a hundred hours", "", 5,
         header(0, 1, 48) +
             track(bytes({0x90, 0xED, 0xE6, 0x00}) + quarter(60).substr(1) + scale())},
        {10, "a track that is too long", "MID031", 4,
         h + "MTrk" + big_endian(0x7FFFFFFF, 4) + scale() + kEndOfTrack},
        {10, "a track that is too short", "MID032", 4,
         h + "MTrk" + big_endian(9, 4) + scale() + kEndOfTrack},
        {11, "no End of Track, the last note open", "MID060", 5,
         h + chunk("MTrk", scale() + bytes({0x00, 0x90, 72, 90}))},
        {11, "events after End of Track", "MID041", 8,
         h + chunk("MTrk", scale() + kEndOfTrack + scale() + kEndOfTrack)},
        {12, "the end inside an event", "MID042", 4,
         h + "MTrk" + big_endian(40, 4) + scale() + bytes({0x00, 0x90})},
        {13, "a delta of five bytes", "MID013", 5,
         one(scale() + bytes({0x80, 0x80, 0x80, 0x80, 0x05, 0x90, 60, 64, 0x60, 60, 0}))},
        {13, "a delta beyond 28 bits", "MID013", 8,
         one(scale() + bytes({0x8F, 0xFF, 0xFF, 0xFF, 0x7F}) + scale().substr(1))},
        {14, "running status before any status", "MID043", 4, one(bytes({0x00, 60, 9}) + scale())},
        {15, "running status across a meta event", "MID044", 5,
         one(scale() + meta(0x01, "x") + bytes({0x00, 60, 0}) + quarter(72))},
        {16, "a velocity of 200", "MID045", 5, one(quarter(60, 0, 200) + scale())},
        {16, "a passage below the lowest pitch", "MID045", 14,
         one(scale() + repeat(quarter(0xFB) + quarter(0xFD), 3) + scale())},
        {18, "an exclusive in pieces", "MID071", 4,
         one(bytes({0, 0xF0, 3, 0x43, 0x12, 0x00, 0x10, 0xF7, 3, 0x43, 0x12, 0xF7}) + scale())},
        {18, "an empty exclusive", "MID071", 4, one(bytes({0x00, 0xF0, 0}) + scale())},
        {18, "an exclusive without an end", "MID071", 4,
         one(bytes({0x00, 0xF0, 2, 0x43, 0x12}) + scale())},
        {18, "an exclusive of high bytes", "MID071", 4,
         one(bytes({0x00, 0xF0, 3, 0xFE, 0xFF, 0xF7}) + scale())},
        {18, "an exclusive longer than the track", "MID048", 4,
         one(bytes({0x00, 0xF0, 0x7F, 0x43, 0x12, 0xF7}) + scale())},
        {19, "a key signature of one byte", "MID050", 4, one(meta(0x59, bytes({1})) + scale())},
        {19, "a time signature of six bytes", "MID050", 4,
         one(meta(0x58, bytes({3, 2, 24, 8, 0, 0})) + scale())},
        {19, "a SMPTE offset of two bytes", "MID071", 4, one(meta(0x54, bytes({1, 2})) + scale())},
        {19, "End of Track with data", "MID050", 4,
         h + chunk("MTrk", scale() + bytes({0x00, 0xFF, 0x2F, 2, 0, 0}))},
        {20, "eight sharps", "MID052", 4, one(meta(0x59, bytes({8, 0})) + scale())},
        {21, "0/4", "MID053", 4, one(meta(0x58, bytes({0, 2, 24, 8})) + scale())},
        {21, "13/32, which is legal", "", 4, one(meta(0x58, bytes({13, 5, 24, 8})) + scale())},
        {22, "a tempo of 0", "MID054", 4, one(meta(0x51, bytes({0, 0, 0})) + scale())},
        {22, "a tempo late and on another track", "", 4,
         header(1, 2) + track(scale()) + track(meta(0x51, bytes({7, 0xA1, 0x20}), 96))},
        {23, "a vendor's chunk between tracks", "MID030", 8,
         header(1, 2) + track(scale()) + chunk("XFIH", "abc") + track(scale())},
        {24, "bytes after the last chunk", "MID034", 4, kFile + std::string(77, '\x1A')},
        {25, "a name in Shift-JIS", "MID070", 4,
         one(meta(0x03, "\x83\x73\x83\x41\x83\x6D") + scale())},
        {26, "a note never closed", "MID060", 5, one(bytes({0x00, 0x90, 80, 9}) + scale())},
        {26, "a pitch struck while it sounds", "MID062", 6,
         one(bytes({0, 0x90, 80, 9, 0x30, 80, 9, 0x30, 80, 0, 0x30, 80, 0}) + scale())},
        {26, "a note of no length", "MID063", 5, one(bytes({0, 0x90, 80, 9, 0, 80, 0}) + scale())},
        {27, "50,000 notes at once", "MID062", 50'004,
         one(repeat(bytes({0, 0x90, 60, 9}), 50'000) + repeat(bytes({0, 0x80, 60, 9}), 50'000) +
             scale())},
        {28, "an empty track", "", 4, header(1, 2) + track("") + track(scale())},
        {28, "a chunk of no bytes for a track", "MID040", 4,
         header(1, 2) + chunk("MTrk", "") + track(scale())},
        {28, "no event at all", "", 0, header(1, 1) + track("")},
        {29, "a finding at every event", "MID047", 4,
         one(repeat(bytes({0, 0xF6}), 5000) + scale())},
    };
    for (const int status :
         {0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE})
        kinds.push_back(
            {17, "system message " + std::to_string(status), "MID047", 4,
             one(bytes({0x00, status}) +
                 std::string(status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3, 'x') +
                 scale())});
    return kinds;
}

TEST(MidiKinds, WhereBytesSayNothingTheEndingSaysWhatIsMissed) {
    std::string noise;
    for (int i = 1; i < 300; ++i) noise.push_back(static_cast<char>(i * 37 + i * i));
    for (const Strictness strictness :
         {Strictness::kStrict, Strictness::kRepair, Strictness::kSalvage}) {
        ReadOptions options;
        options.strictness = strictness;
        const auto code = [&](const std::string& bytes, const std::string& name) {
            return refusal_code(parse_score(bytes, name, options).error());
        };
        for (const std::string& bytes : {noise, std::string("Buy milk.\n")}) {
            EXPECT_EQ(code(bytes, "a.abc"), "ABC001");
            for (const char* name : {"a.mxl", "a.MusicXML", "a.xml"})
                EXPECT_EQ(code(bytes, name), "XML001");
            EXPECT_EQ(code(bytes, "a.mid"),
                      strictness == Strictness::kSalvage ? "MID001" : "FIL003");
        }
        // What the bytes are counts for more.
        EXPECT_EQ(code("<!DOCTYPE html><html>", "a.abc"), "FIL003");
        EXPECT_EQ(
            parse_score(header(0, 1) + track(scale()), "a.abc", options).value().score.note_count(),
            4u);
    }
    ReadOptions salvage;
    salvage.strictness = Strictness::kSalvage;
    EXPECT_EQ(parse_score(track(scale()), "a.mxl", salvage).value().score.note_count(), 4u);
}

TEST(MidiKinds, TheMusicIsReadAndTheTroubleNamed) {
    std::set<int> numbers{1, 30};  // the tests above and below
    for (const Kind& kind : survived()) {
        SCOPED_TRACE(std::to_string(kind.number) + ": " + kind.what);
        numbers.insert(kind.number);
        const auto read = parse_score(kind.file, "x");
        ASSERT_TRUE(read.ok()) << read.error().message;
        const ScoreFile& file = read.value();
        EXPECT_EQ(file.score.note_count(), kind.notes);
        EXPECT_EQ(kind.code.empty(), file.diagnostics.empty());
        EXPECT_TRUE(kind.code.empty() ||
                    std::any_of(file.diagnostics.begin(), file.diagnostics.end(),
                                [&](const Diagnostic& found) { return found.code == kind.code; }));
        if (HasFailure())
            for (const Diagnostic& found : file.diagnostics) ADD_FAILURE() << found.format();
        // Later code takes what was read, however empty.
        EXPECT_GE(score::duration_of(file.score).value, 0);
        EXPECT_TRUE(score::bars_of(file.score).size() > 0 || kind.notes == 0);
    }
    EXPECT_EQ(numbers.size(), 30u);
}

// Kind 30: what we write is in range, whatever was read.
TEST(MidiKinds, WhatIsWrittenReadsCleanAtEveryStrictness) {
    for (const Kind& kind : survived()) {
        SCOPED_TRACE(std::to_string(kind.number) + ": " + kind.what);
        const auto written = format_midi(parse_score(kind.file, "x").value().score);
        ASSERT_TRUE(written.ok()) << written.error().message;
        ReadOptions strict;
        strict.strictness = Strictness::kStrict;
        const auto again = parse_score(written.value(), "written", strict);
        ASSERT_TRUE(again.ok()) << again.error().message;
        EXPECT_EQ(again.value().grade, Grade::kClean);
    }
}

TEST(MidiKinds, TextsOfAFileAreInOneEncoding) {
    const std::string file = header(1, 2) + track(meta(0x03, "\xCF\xE5\xF1\xED\xFF")) +
                             track(meta(0x03, "\xC3\xEE\xEB\xEE\xF1") + meta(0x05, "\xEB\xFF") +
                                   meta(0x05, "\xD0\x9B\xD1\x8E") + scale());
    const ScoreFile read = parse_score(file, "x").value();
    EXPECT_EQ(read.score.title, "Песня");
    EXPECT_EQ(read.score.parts.at(0).name, "Голос");
    EXPECT_EQ(read.score.parts[0].texts.at(0).text, "ля");
    EXPECT_EQ(read.score.parts[0].texts.at(1).text, "Лю");  // UTF-8 already
    ASSERT_EQ(read.diagnostics.size(), 2u);                 // one a track
    EXPECT_EQ(read.diagnostics[1].track, 1);
    EXPECT_EQ(read.diagnostics[1].detail, "read as Windows-1251, 2 times");
    // Written as UTF-8, it comes back without a remark.
    const ScoreFile again = parse_score(format_midi(read.score).value(), "again").value();
    EXPECT_TRUE(again.diagnostics.empty());
    EXPECT_EQ(again.score.title, read.score.title);
    EXPECT_EQ(again.score.parts.at(0).texts, read.score.parts[0].texts);
}

TEST(MidiKinds, AnOutOfRangePitchKeepsItsName) {
    // -3 (LilyPond's c transposed too far) and 130.
    for (const auto& [byte, pitch] : {std::pair{0xFD, 9}, {0x82, 118}}) {
        const ScoreFile read =
            parse_score(header(0, 1) + track(scale() + quarter(byte) + scale()), "x").value();
        EXPECT_EQ(read.score.parts.at(0).notes.at(4).pitch, pitch);
        EXPECT_EQ(read.score.parts[0].notes[4].duration, score::Ticks(96));
    }
}

TEST(MidiKinds, DamagedNamesOfChunksAreRead) {
    std::string one_letter = header(1, 2) + track(scale()) + track(scale());
    one_letter[14] = 'N';
    const ScoreFile read = parse_score(one_letter, "x").value();
    EXPECT_EQ(read.score.note_count(), 8u);
    EXPECT_EQ(read.diagnostics.at(0).code, "MID035");
    std::string no_header = header(0, 1, 240) + track(scale());
    no_header[1] = 'X';
    ReadOptions salvage;
    salvage.strictness = Strictness::kSalvage;
    EXPECT_EQ(parse_score(no_header, "x", salvage).value().score.ticks_per_quarter, 240);
}

}  // namespace
}  // namespace symphony::io
