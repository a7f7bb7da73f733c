// MusicXML reader: bars, upbeats, meters, tempo, dynamics, phrases, repeats, titles.
#include "io/musicxml_fixture.h"

namespace symphony::io {
namespace {

using score::Meter;
using score::Ticks;

// Bar lengths in quarters.
std::vector<double> bar_quarters(const score::Score& score) {
    std::vector<double> lengths;
    for (const score::Bar& bar : score.bars)
        lengths.push_back(static_cast<double>(bar.length.value) / score.ticks_per_quarter);
    return lengths;
}

std::vector<double> phrase_quarters(const score::Score& score) {
    std::vector<double> onsets;
    for (const auto& mark : score.phrases)
        onsets.push_back(static_cast<double>(mark.onset.value) / score.ticks_per_quarter);
    return onsets;
}

using Numbers = std::vector<double>;

TEST(MusicXmlTime, UpbeatsAreShortBars) {
    for (const std::string implicit : {" implicit=\"yes\"", ""}) {
        const auto file = read_xml(score_xml(
            {{"S", measure_xml(attributes_xml(1, 4, 4) + note_xml("G4", 1), implicit) +
                       measure_xml(note_xml("C5", 4)) + measure_xml(note_xml("C5", 3))},
             {"B", measure_xml(attributes_xml(1, 4, 4) +
                                   "<note><rest measure=\"yes\"/><duration>4</duration></note>",
                               implicit) +
                       measure_xml(note_xml("C3", 4)) + measure_xml(note_xml("C3", 3))}}));
        EXPECT_EQ(bar_quarters(file.score), (Numbers{1, 4, 3}));
        EXPECT_EQ(file.score.bars[0].meter, (Meter{4, 4}));
        ASSERT_EQ(file.score.meters.size(), 1u);
        EXPECT_EQ(notes_text(file.score, 1), "1+4:48 5+3:48");
    }
}

TEST(MusicXmlTime, ABarSplitAtARepeatStaysSplit) {
    const auto file =
        read_xml(score_xml({{"S", measure_xml(attributes_xml(1, 4, 4) + note_xml("G4", 3)) +
                                      measure_xml(note_xml("C5", 1), " implicit=\"yes\"") +
                                      measure_xml(note_xml("C5", 4))}}));
    EXPECT_EQ(bar_quarters(file.score), (Numbers{3, 1, 4}));
}

TEST(MusicXmlTime, RoundedTupletsDoNotShiftTheBarsBehindThem) {
    std::string septuplet;
    for (int i = 0; i < 7; ++i) septuplet += note_xml("D5", 69);  // 483 where 480 are meant
    const auto file = read_xml(
        score_xml({{"S", measure_xml(attributes_xml(480, 2, 4) + note_xml("C5", 480) + septuplet) +
                             measure_xml(note_xml("C5", 960))}}));
    EXPECT_EQ(bar_quarters(file.score), (Numbers{2, 2}));
}

TEST(MusicXmlTime, EmptyBarsLastTheirMeter) {
    // Whole-measure rests are four quarters long in some programs whatever the meter.
    const std::string rest = "<note><rest measure=\"yes\"/><duration>4</duration></note>";
    const auto file = read_xml(score_xml(
        {{"S", measure_xml(attributes_xml(1, 3, 4) + note_xml("C5", 3)) + measure_xml(rest) +
                   measure_xml("") + measure_xml(note_xml("C5", 3))}}));
    EXPECT_EQ(bar_quarters(file.score), (Numbers{3, 3, 3, 3}));
}

TEST(MusicXmlTime, MeterChangesAndSums) {
    const std::string sum =
        "<attributes><time><beats>3+2</beats><beat-type>8</beat-type></time></attributes>";
    const std::string pair =
        "<attributes><time><beats>3</beats><beat-type>8</beat-type>"
        "<beats>2</beats><beat-type>4</beat-type></time></attributes>";
    const auto file = read_xml(score_xml(
        {{"S", measure_xml(attributes_xml(2, 2, 4) + note_xml("C4", 4)) +
                   measure_xml(sum + note_xml("C4", 5)) + measure_xml(pair + note_xml("C4", 7))}}));
    ASSERT_EQ(file.score.meters.size(), 3u);
    EXPECT_EQ(file.score.meters[1].meter, (Meter{5, 8}));
    EXPECT_EQ(file.score.meters[2].meter, (Meter{7, 8}));
    EXPECT_EQ(bar_quarters(file.score), (Numbers{2, 2.5, 3.5}));
}

TEST(MusicXmlTime, TempoFromSoundAndMetronome) {
    const std::string metronome =
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
        "<per-minute>c. 60</per-minute></metronome></direction-type></direction>";
    const std::string both =
        "<direction><direction-type><metronome><beat-unit>half</beat-unit>"
        "<per-minute>50</per-minute></metronome></direction-type><sound tempo=\"72.5\"/>"
        "</direction>";
    const auto file =
        read_xml(score_xml({{"S", measure_xml(attributes_xml(1, 2, 4) + metronome +
                                              note_xml("C4", 1) + both + note_xml("C4", 1))}}));
    ASSERT_EQ(file.score.tempos.size(), 2u);
    EXPECT_DOUBLE_EQ(file.score.tempos[0].quarters_per_minute, 90);
    EXPECT_DOUBLE_EQ(file.score.tempos[1].quarters_per_minute, 72.5);
    EXPECT_EQ(file.score.tempos[1].onset, Ticks(file.score.ticks_per_quarter));
}

TEST(MusicXmlTime, NoTempoMeansNone) {
    const auto file =
        read_xml(score_xml({{"S", measure_xml(attributes_xml(1, 1, 4) + note_xml("C4", 1))}}));
    EXPECT_TRUE(file.score.tempos.empty());
    EXPECT_TRUE(file.score.keys.empty());
}

std::string dynamics_xml(const std::string& mark, const std::string& sound = "") {
    return "<direction><direction-type><dynamics><" + mark + "/></dynamics></direction-type>" +
           sound + "</direction>";
}

TEST(MusicXmlTime, DynamicsBecomeVelocity) {
    const auto file = read_xml(score_xml(
        {{"S", measure_xml(attributes_xml(1, 4, 4) + note_xml("C4", 1) + dynamics_xml("p") +
                           note_xml("C4", 1) + dynamics_xml("sfz") + note_xml("C4", 1) +
                           note_xml("C4", 1)) +
                   measure_xml(dynamics_xml("f", "<sound dynamics=\"100\"/>") + note_xml("C4", 1) +
                               note_xml("C4", 3,
                                        "<notations><articulations><accent/></articulations>"
                                        "</notations>"))}}));
    std::vector<int> velocities;
    for (const auto& note : file.score.parts[0].notes) velocities.push_back(note.velocity);
    EXPECT_EQ(velocities, (std::vector<int>{80, 49, 112, 49, 90, 106}));
}

TEST(MusicXmlTime, DynamicsHoldForLaterVoicesOfTheBar) {
    // The mark stands before the third quarter; the second voice is written after it in the file.
    const auto file = read_xml(
        score_xml({{"S", measure_xml(attributes_xml(1, 4, 4) + dynamics_xml("f") +
                                     note_xml("C5", 2) + dynamics_xml("pp") + note_xml("C5", 2) +
                                     "<backup><duration>4</duration></backup>" + note_xml("C3", 2) +
                                     note_xml("C3", 2))}}));
    for (const auto& note : file.score.parts[0].notes)
        EXPECT_EQ(note.velocity, note.onset == Ticks(0) ? 96 : 33);
}

TEST(MusicXmlTime, WedgesLeadToTheNextMark) {
    const auto wedge = [](const std::string& type) {
        return "<direction><direction-type><wedge type=\"" + type +
               "\"/></direction-type></direction>";
    };
    const auto file = read_xml(
        score_xml({{"S", measure_xml(attributes_xml(1, 4, 4) + dynamics_xml("p") +
                                     wedge("crescendo") + note_xml("C4", 1) + note_xml("C4", 1) +
                                     note_xml("C4", 1) + note_xml("C4", 1)) +
                             measure_xml(wedge("stop") + dynamics_xml("f") + wedge("diminuendo") +
                                         note_xml("C4", 2) + wedge("stop") + note_xml("C4", 2))}}));
    std::vector<int> velocities;
    for (const auto& note : file.score.parts[0].notes) velocities.push_back(note.velocity);
    EXPECT_EQ(velocities, (std::vector<int>{49, 61, 73, 84, 96, 80}));
}

TEST(MusicXmlTime, PhrasesEndAtFermatasBreathsAndDoubleBars) {
    const std::string fermata = "<notations><fermata/></notations>";
    const std::string breath =
        "<notations><articulations><breath-mark/></articulations></notations>";
    const std::string double_bar =
        "<barline location=\"right\"><bar-style>light-light</bar-style></barline>";
    const auto file = read_xml(score_xml(
        {{"S", measure_xml(attributes_xml(1, 4, 4) + note_xml("C4", 1) +
                           note_xml("C4", 2, fermata) + note_xml("C4", 1)) +
                   measure_xml(note_xml("C4", 1, breath) + note_xml("C4", 3) + double_bar)},
         // the same fermata, under a longer and a shorter note
         {"B", measure_xml(attributes_xml(1, 4, 4) + note_xml("C3", 1) +
                           note_xml("C3", 1, fermata) + note_xml("C3", 2)) +
                   measure_xml(note_xml("C3", 4))}}));
    EXPECT_EQ(phrase_quarters(file.score), (Numbers{3, 5, 8}));
}

std::string repeat_piece() {
    const std::string forward =
        "<barline location=\"left\"><repeat direction=\"forward\"/></barline>";
    const std::string backward =
        "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";
    const auto ending = [](const std::string& number, const std::string& type,
                           const std::string& location, const std::string& repeat = "") {
        return "<barline location=\"" + location + "\"><ending number=\"" + number + "\" type=\"" +
               type + "\"/>" + repeat + "</barline>";
    };
    return measure_xml(attributes_xml(1, 1, 4) + note_xml("C4", 1)) +
           measure_xml(forward + note_xml("D4", 1)) +
           measure_xml(ending("1", "start", "left") + note_xml("E4", 1) +
                       ending("1", "stop", "right", "<repeat direction=\"backward\"/>")) +
           measure_xml(ending("2", "start", "left") + note_xml("F4", 1) +
                       ending("2", "stop", "right")) +
           measure_xml(note_xml("G4", 1) + backward);
}

std::string pitches_text(const score::Score& score) {
    std::string text;
    for (const auto& note : score.parts.at(0).notes) text += std::to_string(note.pitch) + " ";
    return text;
}

TEST(MusicXmlTime, RepeatsAsWrittenOrAsPerformed) {
    const std::string xml = score_xml({{"S", repeat_piece()}});
    EXPECT_EQ(pitches_text(read_xml(xml).score), "60 62 64 65 67 ");
    ReadOptions options;
    options.expand_repeats = true;
    const auto performed = read_xml(xml, options).score;
    EXPECT_EQ(pitches_text(performed), "60 62 64 62 65 67 67 ");
    EXPECT_EQ(performed.bars.size(), 7u);
}

TEST(MusicXmlTime, DaCapoAlFine) {
    const std::string fine =
        "<direction><direction-type><words>Fine</words></direction-type>"
        "<sound fine=\"yes\"/></direction>";
    const std::string da_capo =
        "<direction><direction-type><words>D.C. al Fine</words></direction-type>"
        "<sound dacapo=\"yes\"/></direction>";
    const std::string xml =
        score_xml({{"S", measure_xml(attributes_xml(1, 1, 4) + note_xml("C4", 1)) +
                             measure_xml(note_xml("D4", 1) + fine) +
                             measure_xml(note_xml("E4", 1) + da_capo)}});
    ReadOptions options;
    options.expand_repeats = true;
    EXPECT_EQ(pitches_text(read_xml(xml, options).score), "60 62 64 60 62 ");
}

TEST(MusicXmlTime, DalSegnoAlCoda) {
    const auto sound = [](const std::string& what) {
        return "<direction><direction-type><words> </words></direction-type><sound " + what +
               "=\"x\"/></direction>";
    };
    const std::string xml =
        score_xml({{"S", measure_xml(attributes_xml(1, 1, 4) + note_xml("C4", 1)) +
                             measure_xml(sound("segno") + note_xml("D4", 1) + sound("tocoda")) +
                             measure_xml(note_xml("E4", 1) + sound("dalsegno")) +
                             measure_xml(sound("coda") + note_xml("F4", 1))}});
    ReadOptions options;
    options.expand_repeats = true;
    EXPECT_EQ(pitches_text(read_xml(xml, options).score), "60 62 64 62 65 ");
}

TEST(MusicXmlTime, AJumpBackBringsBackTempoAndKey) {
    const std::string backward =
        "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";
    const std::string key2 = "<attributes><key><fifths>2</fifths></key></attributes>";
    const std::string xml = score_xml(
        {{"S", measure_xml(attributes_xml(1, 1, 4, "<key><fifths>0</fifths></key>") +
                           "<sound tempo=\"60\"/>" + note_xml("C4", 1)) +
                   measure_xml(key2 + "<sound tempo=\"90\"/>" + note_xml("D4", 1) + backward)}});
    ReadOptions options;
    options.expand_repeats = true;
    const auto score = read_xml(xml, options).score;
    ASSERT_EQ(score.tempos.size(), 4u);
    EXPECT_DOUBLE_EQ(score.tempos[2].quarters_per_minute, 60);
    ASSERT_EQ(score.keys.size(), 4u);
    EXPECT_EQ(score.keys[3].key.sharps, 2);
}

TEST(MusicXmlTime, TitlesLyricsAndMarks) {
    const std::string head =
        "<work><work-title>Winterreise</work-title></work>"
        "<movement-title>Der Lindenbaum</movement-title><identification>"
        "<creator type=\"composer\">Franz Schubert</creator>"
        "<creator type=\"lyricist\">W. M\xc3\xbcller</creator></identification>";
    const std::string lyric =
        "<lyric number=\"1\"><syllabic>begin</syllabic><text>Am</text></lyric>";
    const std::string mark =
        "<direction><direction-type><rehearsal>A</rehearsal></direction-type></direction>";
    const auto file = read_xml(score_xml(
        {{"S", measure_xml(attributes_xml(1, 1, 4) + mark + note_xml("C4", 1, lyric))}}, head));
    EXPECT_EQ(file.score.title, "Winterreise: Der Lindenbaum");
    EXPECT_EQ(file.score.composer, "Franz Schubert");
    ASSERT_EQ(file.score.parts[0].texts.size(), 1u);
    EXPECT_EQ(file.score.parts[0].texts[0].text, "Am-");
    ASSERT_EQ(file.score.texts.size(), 1u);
    EXPECT_EQ(file.score.texts[0].kind, score::TextKind::kMarker);
}

TEST(MusicXmlTime, TimewiseScoresReadLikePartwiseOnes) {
    const std::string xml =
        "<score-timewise><part-list><score-part id=\"P1\"><part-name>A</part-name></score-part>"
        "<score-part id=\"P2\"><part-name>B</part-name></score-part></part-list>"
        "<measure number=\"1\"><part id=\"P1\">" +
        attributes_xml(1, 1, 4) + note_xml("C4", 1) + "</part><part id=\"P2\">" +
        attributes_xml(1, 1, 4) + note_xml("C3", 1) + "</part></measure><measure number=\"2\">" +
        "<part id=\"P1\">" + note_xml("D4", 1) + "</part><part id=\"P2\">" + note_xml("D3", 1) +
        "</part></measure></score-timewise>";
    const auto file = read_xml(xml);
    EXPECT_EQ(notes_text(file.score, 0), "0+1:60 1+1:62");
    EXPECT_EQ(notes_text(file.score, 1), "0+1:48 1+1:50");
}

}  // namespace
}  // namespace symphony::io
