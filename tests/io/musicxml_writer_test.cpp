// MusicXML writer: scores on the grid come back as they were; notation decisions one by one.
#include "symphony/io/musicxml_writer.h"

#include "symphony/base/rng.h"
#include "symphony/io/score_file.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace symphony::io {
namespace {

using score::Note;
using score::Ticks;

constexpr int kPerQuarter = 480;

Note note(std::int64_t onset, std::int64_t length, int pitch, int velocity = 80) {
    return {.onset = Ticks(onset),
            .duration = Ticks(length),
            .pitch = static_cast<std::uint8_t>(pitch),
            .velocity = static_cast<std::uint8_t>(velocity)};
}

score::Score one_part(std::vector<Note> notes, int program = 73) {
    score::Score score;
    score.ticks_per_quarter = kPerQuarter;
    score.meters = {{Ticks(0), {4, 4}}};
    score.keys = {{Ticks(0), {0, false}}};
    score.parts.emplace_back();
    score.parts[0].name = "Flute";
    score.parts[0].program = static_cast<std::uint8_t>(program);
    score.parts[0].notes = std::move(notes);
    return score;
}

std::string written(const score::Score& score) { return format_musicxml(score).value().text; }

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

using Heard =
    std::tuple<double, double, int, int>;  // onset and length in quarters, pitch, velocity

// All notes of a score; of both hands of a keyboard together.
std::vector<Heard> heard(const score::Score& score) {
    std::vector<Heard> notes;
    for (const score::Part& part : score.parts)
        for (const Note& one : part.notes)
            notes.emplace_back(static_cast<double>(one.onset.value) / score.ticks_per_quarter,
                               static_cast<double>(one.duration.value) / score.ticks_per_quarter,
                               one.pitch, one.velocity);
    std::sort(notes.begin(), notes.end());
    return notes;
}

void expect_same_notes(const score::Score& ours, const score::Score& back) {
    const auto a = heard(ours), b = heard(back);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_NEAR(std::get<0>(a[i]), std::get<0>(b[i]), 1e-4) << "note " << i;
        ASSERT_NEAR(std::get<1>(a[i]), std::get<1>(b[i]), 1e-4) << "note " << i;
        ASSERT_EQ(std::get<2>(a[i]), std::get<2>(b[i])) << "note " << i;
        ASSERT_EQ(std::get<3>(a[i]), std::get<3>(b[i])) << "note " << i;
    }
}

// Parts of random chords on 16ths and triplets under changing metres and keys.
score::Score drawn(std::uint64_t index) {
    base::Rng rng(7, "musicxml-writer", index);
    const auto below = [&](int n) {
        return static_cast<int>(rng.below(static_cast<std::uint64_t>(n)));
    };
    score::Score score;
    score.ticks_per_quarter = kPerQuarter;
    score.title = "Piece " + std::to_string(index);
    std::int64_t end = 0;
    score::Meter meter;
    constexpr score::Meter kMeters[] = {{4, 4}, {3, 4}, {6, 8}, {2, 2}, {5, 4}, {7, 8}, {12, 8}};
    for (int i = 0; i < 6; ++i) {
        if (i == 0 || below(3) == 0) meter = kMeters[below(7)];
        std::int64_t length = 4 * kPerQuarter * meter.numerator / meter.denominator;
        if (i == 0 && below(2) == 0) length = kPerQuarter;
        if (score.meters.empty() || score.meters.back().meter != meter)
            score.meters.push_back({Ticks(end), meter});
        score.bars.push_back({Ticks(end), Ticks(length), meter});
        if (i == 0 || below(3) == 0) {
            const score::Key key{static_cast<std::int8_t>(below(15) - 7), below(2) == 0};
            if (score.keys.empty() || score.keys.back().key != key)
                score.keys.push_back({Ticks(end), key});
        }
        end += length;
    }
    score.tempos = {{Ticks(0), 60.0 + below(100)}};
    const int parts = 1 + below(3);
    for (int p = 0; p < parts; ++p) {
        score::Part part;
        part.name = "Part " + std::to_string(p);
        part.program = static_cast<std::uint8_t>(below(2) * 40);
        std::int64_t busy_until[score::kPitches] = {};
        for (const score::Bar& bar : score.bars)
            for (std::int64_t beat = bar.onset.value; beat < (bar.onset + bar.length).value;
                 beat += kPerQuarter) {
                const std::int64_t step = below(4) == 0 ? kPerQuarter / 3 : kPerQuarter / 4;
                for (std::int64_t at = beat; at < beat + kPerQuarter; at += step) {
                    const int pitch = 36 + below(48);
                    const std::int64_t length = step * (1 + below(8));
                    if (below(2) == 0 || busy_until[pitch] > at || at + length > end) continue;
                    busy_until[pitch] = at + length;
                    part.notes.push_back(note(at, length, pitch, 1 + below(127)));
                }
            }
        if (part.notes.empty()) part.notes.push_back(note(0, 240, 60));
        score.parts.push_back(std::move(part));
    }
    // The bars reach as far as the notes do, and no note stands alone past them.
    score::sort_events(score);
    return score;
}

TEST(MusicXmlWriter, ScoresOnTheGridComeBack) {
    for (std::uint64_t index = 0; index < 150; ++index) {
        SCOPED_TRACE(index);
        const score::Score score = drawn(index);
        const auto text = format_musicxml(score);
        ASSERT_TRUE(text.ok());
        const auto back = parse_score(text.value().text, "written");
        ASSERT_TRUE(back.ok()) << back.error().message;
        for (const Diagnostic& diagnostic : text.value().diagnostics)
            EXPECT_NE(diagnostic.code, "XML301") << diagnostic.detail;
        EXPECT_EQ(back.value().grade, Grade::kClean);
        expect_same_notes(score, back.value().score);
        const score::Score& other = back.value().score;
        ASSERT_EQ(other.bars.size(), score.bars.size());
        for (std::size_t i = 0; i < score.bars.size(); ++i) {
            EXPECT_EQ(other.bars[i].meter, score.bars[i].meter);
            EXPECT_EQ(other.bars[i].length.value * kPerQuarter,
                      score.bars[i].length.value * other.ticks_per_quarter);
        }
        ASSERT_EQ(other.keys.size(), score.keys.size());
        for (std::size_t i = 0; i < score.keys.size(); ++i)
            EXPECT_EQ(other.keys[i].key, score.keys[i].key);
        ASSERT_EQ(other.tempos.size(), 1u);
        EXPECT_EQ(other.tempos[0].quarters_per_minute, score.tempos[0].quarters_per_minute);
        EXPECT_EQ(other.title, score.title);
    }
}

TEST(MusicXmlWriter, TiesOverTheBarAndSplitsAtTheBeat) {
    // Beat 4 for two beats; then an eighth off the beat for a half.
    const std::string text = written(one_part({note(1440, 960, 72), note(2640, 960, 74)}));
    EXPECT_EQ(count(text, "<tie type=\"start\""), 2u);
    EXPECT_EQ(count(text, "<tie type=\"stop\""), 2u);
}

TEST(MusicXmlWriter, SyncopationOfOneLevelStaysWhole) {
    const std::string text =
        written(one_part({note(0, 240, 72), note(240, 480, 74), note(720, 240, 76)}));
    EXPECT_EQ(count(text, "<tie "), 0u);
}

TEST(MusicXmlWriter, TripletsAndQuintupletsAreBracketed) {
    const std::string text = written(
        one_part({note(0, 160, 72), note(160, 160, 74), note(320, 160, 76), note(480, 96, 72),
                  note(576, 96, 74), note(672, 96, 76), note(768, 96, 77), note(864, 96, 79)}));
    EXPECT_EQ(count(text, "<actual-notes>3</actual-notes>"), 3u);
    EXPECT_EQ(count(text, "<actual-notes>5</actual-notes>"), 5u);
    EXPECT_EQ(count(text, "<normal-notes>4</normal-notes>"), 5u);
    EXPECT_EQ(count(text, "<tuplet type=\"start\""), 2u);
    EXPECT_EQ(count(text, "<tuplet type=\"stop\""), 2u);
}

TEST(MusicXmlWriter, HalfNoteTripletIsOneTuplet) {
    const std::string text =
        written(one_part({note(0, 320, 72), note(320, 320, 74), note(640, 320, 76)}));
    EXPECT_EQ(count(text, "<tie "), 0u);
    EXPECT_EQ(count(text, "<tuplet type=\"start\""), 1u);
}

TEST(MusicXmlWriter, SpellsFromTheKeyAndTheLeadingNote) {
    score::Score flats = one_part({note(0, 480, 70), note(480, 480, 68)});
    flats.keys[0].key = {-3, false};
    EXPECT_EQ(count(written(flats), "<alter>-1</alter>"), 2u);
    EXPECT_EQ(count(written(flats), "<accidental>"), 0u);
    score::Score minor = one_part({note(0, 480, 69), note(480, 480, 68), note(960, 480, 69)});
    minor.keys[0].key = {0, true};
    EXPECT_EQ(count(written(minor), "<accidental>sharp</accidental>"), 1u);  // G sharp, not A flat
}

TEST(MusicXmlWriter, AccidentalIsWrittenOnceABarAndTakenBack) {
    const std::string text = written(
        one_part({note(0, 480, 66), note(480, 480, 66), note(960, 480, 65), note(1920, 480, 65)}));
    EXPECT_EQ(count(text, "<accidental>sharp</accidental>"), 1u);
    EXPECT_EQ(count(text, "<accidental>natural</accidental>"), 1u);
}

TEST(MusicXmlWriter, KeyboardThatSpansBothGetsTwoStaves) {
    const std::string text = written(
        one_part({note(0, 480, 40), note(0, 480, 76), note(480, 480, 43), note(480, 480, 79)}, 0));
    EXPECT_EQ(count(text, "<staves>2</staves>"), 1u);
    EXPECT_EQ(count(text, "<sign>F</sign>"), 1u);
}

TEST(MusicXmlWriter, DynamicsAreMarkedWhereTheLevelChanges) {
    std::vector<Note> notes;
    for (int i = 0; i < 16; ++i) notes.push_back(note(i * 480, 480, 72, i < 8 ? 50 + i % 2 : 95));
    const std::string text = written(one_part(notes));
    EXPECT_EQ(count(text, "<dynamics>"), 2u);
    EXPECT_EQ(count(text, "<p />"), 1u);
    EXPECT_EQ(count(text, "<f />"), 1u);
}

TEST(MusicXmlWriter, UpbeatIsImplicit) {
    score::Score score = one_part({note(0, 480, 67), note(480, 1920, 72)});
    score.bars = {{Ticks(0), Ticks(480), {4, 4}}, {Ticks(480), Ticks(1920), {4, 4}}};
    const std::string text = written(score);
    EXPECT_EQ(count(text, "<measure number=\"0\" implicit=\"yes\">"), 1u);
    EXPECT_EQ(count(text, "<measure number=\"1\">"), 1u);
}

TEST(MusicXmlWriter, PerformedMusicIsQuantisedAndSaidSo) {
    base::Rng rng(3, "performed", 0);
    std::vector<Note> notes;
    for (int i = 0; i < 64; ++i)
        notes.push_back(note(i * 240 + static_cast<int>(rng.below(41)), 211, 60 + i % 12));
    const auto text = format_musicxml(one_part(notes)).value();
    ASSERT_FALSE(text.diagnostics.empty());
    EXPECT_EQ(text.diagnostics[0].code, "XML301");
    EXPECT_EQ(count(text.text, "<type>32nd</type>") + count(text.text, "<type>64th</type>") +
                  count(text.text, "<type>128th</type>"),
              0u);
    EXPECT_EQ(parse_score(text.text, "written").value().score.note_count(), 64u);
}

TEST(MusicXmlWriter, DrumsStandOnThePercussionClef) {
    score::Score score = one_part({note(0, 10, 36), note(0, 10, 42), note(480, 10, 38)});
    score.parts[0].is_drums = true;
    const std::string text = written(score);
    EXPECT_EQ(count(text, "<sign>percussion</sign>"), 1u);
    EXPECT_EQ(count(text, "<unpitched>"), 3u);
    EXPECT_EQ(count(text, "<notehead>x</notehead>"), 1u);
    const auto back = parse_score(text, "written").value().score;
    ASSERT_EQ(back.parts.size(), 1u);
    EXPECT_TRUE(back.parts[0].is_drums);
    std::multiset<int> keys;
    for (const Note& stroke : back.parts[0].notes) keys.insert(stroke.pitch);
    EXPECT_EQ(keys, (std::multiset<int>{36, 38, 42}));
}

// "bar:sign+line" of each clef of staff `staff`, in order.
std::string clefs_of(const std::string& text, int staff = 0) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(text.c_str(), pugi::parse_default | pugi::parse_doctype));
    std::string clefs;
    for (const pugi::xml_node measure : document.child("score-partwise").child("part"))
        for (const pugi::xml_node attributes : measure.children("attributes"))
            for (const pugi::xml_node clef : attributes.children("clef"))
                if (clef.attribute("number").as_int() == staff)
                    clefs += std::string(clefs.empty() ? "" : " ") +
                             measure.attribute("number").value() + ":" + clef.child_value("sign") +
                             clef.child_value("line");
    return clefs;
}

// Bars of four quarters, all of one pitch; 0: a bar of rest.
score::Score bars_at(const std::vector<int>& pitches, int program, const std::string& name) {
    std::vector<Note> notes;
    for (std::size_t bar = 0; bar < pitches.size(); ++bar)
        for (int beat = 0; beat < 4 && pitches[bar] > 0; ++beat)
            notes.push_back(note((static_cast<std::int64_t>(bar) * 4 + beat) * kPerQuarter,
                                 kPerQuarter, pitches[bar]));
    score::Score score = one_part(notes, program);
    score.parts[0].name = name;
    return score;
}

TEST(MusicXmlWriter, AClefChangesWhereTheMusicStaysFarFromIt) {
    struct Case {
        std::string what;
        std::vector<int> bars;
        int program;
        std::string clefs;
    };
    constexpr int kCello = 42, kViola = 41, kViolin = 40, kBassoon = 70, kFlute = 73;
    const std::vector<Case> cases{
        {"a cello climbs and comes back",
         {45, 45, 69, 70, 69, 67, 45, 43, 45, 43},
         kCello,
         "1:F4 3:C4 7:F4"},
        {"to the top of its string", {45, 45, 81, 83, 81, 40, 40, 40}, kCello, "1:F4 3:G2 6:F4"},
        {"one bar just above its staff", {45, 45, 64, 45, 45}, kCello, "1:F4"},
        {"one bar at a distance", {45, 45, 69, 45, 45}, kCello, "1:F4"},
        {"a few notes at the end stay where they are",
         {45, 45, 69, 70, 69, 67, 45},
         kCello,
         "1:F4 3:C4"},
        {"a beginning high up", {69, 70, 69, 67, 45, 43, 45, 43}, kCello, "1:C4 5:F4"},
        {"never back and forth", {45, 67, 45, 67, 45, 67, 45, 67}, kCello, "1:F4"},
        {"a rest keeps the clef, the entry brings the new one",
         {45, 45, 0, 0, 69, 70, 69, 70},
         kBassoon,
         "1:F4 5:C4"},
        {"a viola", {60, 60, 60, 60, 60, 60, 86, 86, 86, 55, 55, 55}, kViola, "1:C3 7:G2 10:C3"},
        {"a violin has one", {60, 60, 60, 100, 100, 100}, kViolin, "1:G2"},
        {"so has a flute", {100, 100, 62, 50, 50, 50, 90, 90}, kFlute, "1:G2"},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.what);
        const std::string text = written(bars_at(each.bars, each.program, "Part"));
        EXPECT_EQ(clefs_of(text), each.clefs);
    }
}

TEST(MusicXmlWriter, ALeftHandThatPlaysHighGetsTheTrebleClef) {
    score::Score score = bars_at({48, 48, 76, 77, 76, 77, 48, 48}, 0, "Piano");
    score.parts[0].staff = 2;
    score.parts.push_back(score.parts[0]);
    score.parts[0].staff = 1;
    for (Note& one : score.parts[0].notes) one.pitch = 84;
    const std::string text = written(score);
    EXPECT_EQ(clefs_of(text, 1), "1:G2");
    EXPECT_EQ(clefs_of(text, 2), "1:F4 3:G2 7:F4");
    EXPECT_EQ(heard(parse_score(text, "written").value().score), heard(score));
}

TEST(MusicXmlWriter, AVoiceStandsOnOneStaff) {
    score::Score score = bars_at({72, 74}, 0, "Piano");
    score.parts[0].staff = 1;
    for (Note& one : score.parts[0].notes) one.voice = 1;
    score.parts.push_back(score.parts[0]);
    score.parts[1].staff = 2;
    for (Note& one : score.parts[1].notes) one.pitch -= 24;
    pugi::xml_document document;
    ASSERT_TRUE(
        document.load_string(written(score).c_str(), pugi::parse_default | pugi::parse_doctype));
    std::set<std::pair<std::string, std::string>> voices;  // with their staff
    for (const pugi::xpath_node& found : document.select_nodes("//note"))
        voices.emplace(found.node().child_value("voice"), found.node().child_value("staff"));
    EXPECT_EQ(voices, (std::set<std::pair<std::string, std::string>>{{"1", "1"}, {"5", "2"}}));
}

TEST(MusicXmlWriter, AVoiceThatIsSilentWhileAnotherSoundsDrawsNoRest) {
    score::Score score = bars_at({72, 74, 76, 0, 60}, 40, "Violin");
    for (std::size_t i = 0; i < score.parts[0].notes.size(); ++i)
        score.parts[0].notes[i].voice = i < 12 ? 1 : 2;
    EXPECT_EQ(count(written(score), "<rest measure=\"yes\""), 1u);
}

TEST(MusicXmlWriter, ASilentUpbeatIsWrittenInValues) {
    score::Score score = one_part({note(0, 720, 60), note(720, 1920, 62)});
    score.parts.push_back(score.parts[0]);
    score.parts[1].notes = {note(720, 1920, 64)};
    score.bars = {{Ticks(0), Ticks(720), {4, 4}}, {Ticks(720), Ticks(1920), {4, 4}}};
    const std::string text = written(score);
    EXPECT_EQ(count(text, "<rest measure=\"yes\""), 0u);
    EXPECT_EQ(count(text, "<rest />"), 2u);  // an eighth and a quarter
    EXPECT_EQ(heard(parse_score(text, "written").value().score), heard(score));
}

TEST(MusicXmlWriter, RefusesWhatHasNoNotes) {
    EXPECT_FALSE(format_musicxml(score::Score{}).ok());
    EXPECT_FALSE(format_musicxml(one_part({})).ok());
}

}  // namespace
}  // namespace symphony::io
