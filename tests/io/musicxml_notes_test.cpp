// MusicXML reader: notes, voices, staves, ties, chords, tuplets, transposition, percussion.
#include "io/musicxml_fixture.h"

namespace symphony::io {
namespace {

using score::Ticks;

TEST(MusicXmlNotes, ReadsPitchesAndLengths) {
    const auto file = read_xml(score_xml(
        {{"Voice", measure_xml(attributes_xml(2, 4, 4) + note_xml("C4", 2) + note_xml("F#4", 1) +
                               note_xml("Bb3", 1) + note_xml("-", 2) + note_xml("C5", 2))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+1:60 1+0.5:66 1.5+0.5:58 3+1:72");
    EXPECT_EQ(file.grade, Grade::kClean);
    EXPECT_EQ(file.score.parts[0].name, "Voice");
    EXPECT_EQ(file.score.parts[0].program, 52);
    EXPECT_EQ(file.score.parts[0].staff, 0);
}

TEST(MusicXmlNotes, ChordsShareTheirOnset) {
    const auto file = read_xml(
        score_xml({{"Piano", measure_xml(attributes_xml(1, 4, 4) + note_xml("C4", 2) +
                                         note_xml("E4", 2, "", "<chord/>") +
                                         note_xml("G4", 1, "", "<chord/>") + note_xml("D4", 2))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60 0+2:64 0+1:67 2+2:62");
}

TEST(MusicXmlNotes, BackupAndForwardKeepVoicesInStep) {
    const std::string second = note_xml("E3", 3, "<voice>2</voice>");
    const auto file = read_xml(score_xml(
        {{"Piano", measure_xml(attributes_xml(1, 4, 4) + note_xml("C5", 4, "<voice>1</voice>") +
                               "<backup><duration>4</duration></backup>"
                               "<forward><duration>1</duration></forward>" +
                               second) +
                       measure_xml(note_xml("D5", 4, "<voice>1</voice>"))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+4:72 1+3:52 4+4:74");
    EXPECT_EQ(file.score.parts[0].notes[0].voice, 1);
    EXPECT_EQ(file.score.parts[0].notes[1].voice, 2);
}

TEST(MusicXmlNotes, EachStaffIsAPart) {
    const auto file = read_xml(
        score_xml({{"Piano", measure_xml(attributes_xml(1, 2, 4, "<staves>2</staves>") +
                                         note_xml("C5", 2, "<voice>1</voice><staff>1</staff>") +
                                         "<backup><duration>2</duration></backup>" +
                                         note_xml("C3", 2, "<voice>5</voice><staff>2</staff>"))}}));
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_EQ(file.score.parts[0].name, "Piano");
    EXPECT_EQ(file.score.parts[1].name, "Piano");
    EXPECT_EQ(file.score.parts[0].staff, 1);
    EXPECT_EQ(file.score.parts[1].staff, 2);
    EXPECT_EQ(notes_text(file.score, 0), "0+2:72");
    EXPECT_EQ(notes_text(file.score, 1), "0+2:48");
}

TEST(MusicXmlNotes, TiesMergeOverBars) {
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const auto file = read_xml(
        score_xml({{"Voice", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 2, start)) +
                                 measure_xml(note_xml("C4", 2, stop + start)) +
                                 measure_xml(note_xml("C4", 1, stop) + note_xml("C4", 1))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+5:60 5+1:60");
    EXPECT_EQ(count_of(file, "XML203"), 0);
}

TEST(MusicXmlNotes, TiesAreReadFromNotationsToo) {
    const auto file = read_xml(score_xml(
        {{"Voice",
          measure_xml(attributes_xml(1, 2, 4) +
                      note_xml("C4", 1, "<notations><tied type=\"start\"/></notations>") +
                      note_xml("C4", 1, "<notations><tied type=\"stop\"/></notations>"))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60");
}

TEST(MusicXmlNotes, ATiePrefersItsVoice) {
    const std::string v1 = "<voice>1</voice>", v2 = "<voice>2</voice>";
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const auto file = read_xml(
        score_xml({{"Piano", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 1, start + v1) +
                                         note_xml("C4", 1, stop + v1) +
                                         "<backup><duration>2</duration></backup>" +
                                         note_xml("C4", 1, v2) + note_xml("C4", 1, v2))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60 0+1:60 1+1:60");
}

TEST(MusicXmlNotes, ATieWithoutItsSecondNoteIsCounted) {
    const auto file =
        read_xml(score_xml({{"Voice", measure_xml(attributes_xml(1, 2, 4) +
                                                  note_xml("C4", 2, "<tie type=\"stop\"/>"))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60");
    EXPECT_EQ(count_of(file, "XML203"), 1);
    EXPECT_EQ(file.grade, Grade::kClean);
}

TEST(MusicXmlNotes, ATieFromASkippedGraceNoteIsNoFault) {
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const std::string grace = "<note><grace/><pitch><step>C</step><octave>4</octave></pitch>" +
                              start + "<type>eighth</type></note>";
    const auto file = read_xml(
        score_xml({{"Piano", measure_xml(attributes_xml(1, 2, 4) + grace + note_xml("C4", 1, stop) +
                                         note_xml("C4", 1, stop))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+1:60 1+1:60");
    EXPECT_EQ(count_of(file, "XML201"), 1);
    EXPECT_EQ(count_of(file, "XML203"), 1);  // of the second: nothing is tied to it
}

TEST(MusicXmlNotes, AGraceNotesTieIsOfItsVoiceAndMeasure) {
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const std::string v1 = "<voice>1</voice>", v2 = "<voice>2</voice>";
    const std::string grace = "<note><grace/><pitch><step>C</step><octave>4</octave></pitch>" +
                              start + v2 + "<type>eighth</type></note>";
    const auto file = read_xml(
        score_xml({{"Piano", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 1, start + v1) +
                                         grace + note_xml("C4", 1, stop + start + v1)) +
                                 measure_xml(note_xml("C4", 2, stop + v1))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+4:60");
    EXPECT_EQ(count_of(file, "XML203"), 0);
}

TEST(MusicXmlNotes, NotesOfAWrittenArpeggioAreHeldUntilItsChord) {
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const auto file = read_xml(
        score_xml({{"Harp", measure_xml(attributes_xml(1, 4, 4) + note_xml("C4", 1, start) +
                                        note_xml("E4", 1, start) + note_xml("C4", 2, stop) +
                                        note_xml("E4", 2, "<chord/>" + stop))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+4:60 1+3:64");
    EXPECT_EQ(count_of(file, "XML203"), 0);
}

TEST(MusicXmlNotes, ATieDoesNotReachOverMoreThanFourQuarters) {
    const std::string start = "<tie type=\"start\"/>", stop = "<tie type=\"stop\"/>";
    const auto file = read_xml(score_xml(
        {{"Harp",
          measure_xml(attributes_xml(1, 4, 4) + note_xml("C4", 2, start) + note_xml("E4", 2)) +
              measure_xml(note_xml("E4", 3) + note_xml("C4", 1, stop))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60 2+2:64 4+3:64 7+1:60");
    EXPECT_EQ(count_of(file, "XML203"), 1);
}

TEST(MusicXmlNotes, TupletsOfAllDivisionsAreExact) {
    std::string seven;
    for (int i = 0; i < 7; ++i) seven += note_xml("C4", 4);  // divisions 7: four quarters
    std::string five;
    for (int i = 0; i < 5; ++i) five += note_xml("E4", 4);  // divisions 5
    const auto file = read_xml(score_xml({{"A", measure_xml(attributes_xml(7, 4, 4) + seven)},
                                          {"B", measure_xml(attributes_xml(5, 4, 4) + five)}}));
    const int tpq = file.score.ticks_per_quarter;
    EXPECT_EQ(tpq % 35, 0);
    for (int i = 0; i < 7; ++i)
        EXPECT_EQ(file.score.parts[0].notes[static_cast<std::size_t>(i)].onset,
                  Ticks(std::int64_t{4} * tpq / 7 * i));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(file.score.parts[1].notes[static_cast<std::size_t>(i)].onset,
                  Ticks(std::int64_t{4} * tpq / 5 * i));
    EXPECT_EQ(count_of(file, "XML117"), 0);
}

TEST(MusicXmlNotes, TimesBeyondTheResolutionAreRoundedAndCounted) {
    const auto file = read_xml(score_xml(
        {{"A",
          measure_xml(attributes_xml(32749, 1, 4) + note_xml("C4", 1) + note_xml("D4", 32748))},
         {"B", measure_xml(attributes_xml(101, 1, 4) + note_xml("C4", 1) + note_xml("D4", 100))}}));
    EXPECT_EQ(count_of(file, "XML117"), 1);
    EXPECT_LE(file.score.ticks_per_quarter, 32767);
    EXPECT_EQ(file.score.parts[1].notes[0].duration,
              Ticks((file.score.ticks_per_quarter + 50) / 101));
    EXPECT_EQ(file.score.end(), Ticks(file.score.ticks_per_quarter));
}

TEST(MusicXmlNotes, GraceAndCueNotesAreSkippedAndCounted) {
    const std::string grace =
        "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>";
    const auto file = read_xml(score_xml(
        {{"Voice", measure_xml(attributes_xml(1, 4, 4) + grace + grace + note_xml("C4", 2) +
                               note_xml("E4", 1, "", "<cue/>") + note_xml("G4", 1))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60 3+1:67");
    EXPECT_EQ(count_of(file, "XML201"), 2);
    EXPECT_EQ(count_of(file, "XML202"), 1);
    EXPECT_EQ(file.grade, Grade::kClean);
}

TEST(MusicXmlNotes, TransposingInstrumentsSound) {
    // Written D major for a clarinet in B flat sounds in C major.
    const auto file = read_xml(score_xml(
        {{"Clarinet", measure_xml(attributes_xml(1, 1, 4,
                                                 "<key><fifths>2</fifths></key>"
                                                 "<transpose><diatonic>-1</diatonic>"
                                                 "<chromatic>-2</chromatic></transpose>") +
                                  note_xml("D4", 1))},
         {"Contrabass",
          measure_xml(attributes_xml(1, 1, 4,
                                     "<key><fifths>0</fifths></key>"
                                     "<transpose><chromatic>0</chromatic>"
                                     "<octave-change>-1</octave-change></transpose>") +
                      note_xml("C3", 1))}}));
    EXPECT_EQ(notes_text(file.score, 0), "0+1:60");
    EXPECT_EQ(notes_text(file.score, 1), "0+1:36");
    ASSERT_EQ(file.score.keys.size(), 1u);
    EXPECT_EQ(file.score.keys[0].key.sharps, 0);
}

TEST(MusicXmlNotes, TheKeyOfATransposedPartAloneIsTheSoundingOne) {
    const auto file = read_xml(score_xml(
        {{"Clarinet", measure_xml(attributes_xml(1, 1, 4,
                                                 "<key><fifths>-1</fifths><mode>minor</mode></key>"
                                                 "<transpose><chromatic>-2</chromatic>"
                                                 "</transpose>") +
                                  note_xml("D4", 1))}}));
    ASSERT_EQ(file.score.keys.size(), 1u);
    EXPECT_EQ(file.score.keys[0].key.name(), "C minor");
}

TEST(MusicXmlNotes, UnpitchedPercussionBecomesDrums) {
    const std::string instruments =
        "<score-instrument id=\"I1\"><instrument-name>Snare</instrument-name></score-instrument>"
        "<score-instrument id=\"I2\"><instrument-name>Kick</instrument-name></score-instrument>"
        "<midi-instrument id=\"I1\"><midi-channel>10</midi-channel>"
        "<midi-unpitched>39</midi-unpitched></midi-instrument>"
        "<midi-instrument id=\"I2\"><midi-channel>10</midi-channel>"
        "<midi-unpitched>37</midi-unpitched></midi-instrument>";
    const auto hit = [](const std::string& place, const std::string& instrument) {
        return "<note><unpitched><display-step>" + place +
               "</display-step><display-octave>5</display-octave></unpitched>"
               "<duration>1</duration>" +
               (instrument.empty() ? "" : "<instrument id=\"" + instrument + "\"/>") + "</note>";
    };
    const auto file = read_xml(
        score_xml({{"Drums", measure_xml(attributes_xml(1, 2, 4) + hit("C", "I1") + hit("F", "I2")),
                    instruments},
                   {"Kit", measure_xml(attributes_xml(1, 2, 4) + hit("G", "") + hit("C", ""))}}));
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_TRUE(file.score.parts[0].is_drums);
    EXPECT_EQ(file.score.parts[0].channel, std::uint8_t{9});
    EXPECT_EQ(notes_text(file.score, 0), "0+1:38 1+1:36");
    EXPECT_TRUE(file.score.parts[1].is_drums);
    EXPECT_EQ(notes_text(file.score, 1), "0+1:42 1+1:38");
    EXPECT_EQ(count_of(file, "XML206"), 2);
}

TEST(MusicXmlNotes, MidiInstrumentGivesProgramChannelVolumePan) {
    const auto file = read_xml(score_xml(
        {{"Synth", measure_xml(attributes_xml(1, 1, 4) + note_xml("C4", 1)),
          "<score-instrument id=\"I\"><instrument-name>x</instrument-name></score-instrument>"
          "<midi-instrument id=\"I\"><midi-channel>3</midi-channel><midi-program>74</midi-program>"
          "<volume>50</volume><pan>-90</pan></midi-instrument>"}}));
    const score::Part& part = file.score.parts.at(0);
    EXPECT_EQ(part.program, 73);
    EXPECT_EQ(part.channel, std::uint8_t{2});
    ASSERT_EQ(part.controls.size(), 2u);
    EXPECT_EQ(part.controls[0], (score::ControlChange{Ticks(0), 7, 64}));
    EXPECT_EQ(part.controls[1], (score::ControlChange{Ticks(0), 10, 0}));
}

TEST(MusicXmlNotes, AProgramMayChangeInside) {
    const auto file = read_xml(score_xml(
        {{"Violin",
          measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 1) +
                      "<direction><direction-type><words>pizz.</words></direction-type><sound>"
                      "<midi-instrument id=\"I\"><midi-program>46</midi-program></midi-instrument>"
                      "</sound></direction>" +
                      note_xml("D4", 1))}}));
    ASSERT_EQ(file.score.parts[0].programs.size(), 1u);
    EXPECT_EQ(file.score.parts[0].programs[0].program, 45);
    EXPECT_EQ(file.score.parts[0].programs[0].onset, Ticks(file.score.ticks_per_quarter));
    EXPECT_EQ(file.score.parts[0].program, 40);
}

}  // namespace
}  // namespace symphony::io
