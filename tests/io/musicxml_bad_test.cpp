// MusicXML reader: refusals with code and offset, repairs, limits, archives, no crash on mutations.
#include "symphony/base/rng.h"

#include "io/musicxml_fixture.h"
#include "io/zip_in_memory.h"

namespace symphony::io {
namespace {

using test::zip_of;

std::string container_of(const std::string& path) {
    return "<?xml version=\"1.0\"?><container><rootfiles><rootfile full-path=\"" + path +
           "\"/></rootfiles></container>";
}

std::string good_xml() {
    return score_xml({{"S", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 2)) +
                                measure_xml(note_xml("D4", 2))}});
}

// The code at the head of the refusal, "" if the file was read.
std::string refused_with(const std::string& bytes, const ReadOptions& options = {}) {
    const auto file = parse_musicxml(bytes, "bad", options);
    if (file.ok()) return "";
    EXPECT_EQ(file.error().kind, base::ErrorKind::kInput);
    EXPECT_EQ(file.error().path, "bad");
    EXPECT_TRUE(file.error().offset.has_value());
    return file.error().message.substr(0, 6);
}

TEST(MusicXmlBad, ReadsAnArchive) {
    const std::string bytes = zip_of({{"META-INF/container.xml", container_of("a/score.xml")},
                                      {"other.xml", "<opus/>"},
                                      {"a/score.xml", good_xml()}});
    const auto file = read_xml(bytes);
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60 2+2:62");
    EXPECT_EQ(file.grade, Grade::kClean);
}

TEST(MusicXmlBad, AnArchiveWithoutContainerIsRepaired) {
    const auto file = read_xml(zip_of({{"score.musicxml", good_xml()}}));
    EXPECT_EQ(file.score.note_count(), 2u);
    EXPECT_EQ(file.grade, Grade::kRepaired);
    EXPECT_EQ(count_of(file, "XML101"), 1);
}

TEST(MusicXmlBad, RefusalsHaveCodes) {
    EXPECT_EQ(refused_with(""), "XML001");
    EXPECT_EQ(refused_with("MThd"), "XML001");
    EXPECT_EQ(refused_with("<score-partwise><part-list>"), "XML002");
    EXPECT_EQ(refused_with("PK\x03\x04 and nothing more"), "XML003");
    EXPECT_EQ(refused_with(zip_of({{"readme.txt", "hello"}})), "XML004");
    EXPECT_EQ(refused_with("<html><body>404</body></html>"), "XML006");
    std::string deep, end;
    for (int i = 0; i < 100; ++i) {
        deep += "<x>";
        end += "</x>";
    }
    EXPECT_EQ(refused_with("<score-partwise>" + deep + end + "</score-partwise>"), "XML007");
}

TEST(MusicXmlBad, MalformedXmlNamesItsByte) {
    const std::string xml = good_xml();
    const std::size_t cut = xml.find("<measure number=\"1\"", xml.find("<measure") + 1);
    const std::string half = xml.substr(0, cut);
    const auto refused = parse_musicxml(half, "half");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message.substr(0, 6), "XML002");
    EXPECT_GT(refused.error().offset.value_or(0), half.size() - 20);

    ReadOptions salvage;
    salvage.strictness = Strictness::kSalvage;
    const auto file = read_xml(half, salvage);
    EXPECT_EQ(file.grade, Grade::kSalvaged);
    EXPECT_EQ(notes_text(file.score, 0), "0+2:60");
    EXPECT_EQ(count_of(file, "XML102"), 1);
}

TEST(MusicXmlBad, LimitsAreKept) {
    ReadOptions small;
    small.max_file_bytes = 2000;
    const std::string bomb(1 << 20, ' ');
    EXPECT_EQ(refused_with(zip_of({{"score.xml", good_xml() + bomb}}), small), "XML005");
    EXPECT_EQ(refused_with(good_xml() + bomb, small), "XML005");
    ReadOptions few;
    few.max_notes = 1;
    EXPECT_EQ(refused_with(good_xml(), few), "XML008");
}

TEST(MusicXmlBad, EntitiesAreNotExpanded) {
    std::string xml = good_xml();
    xml.insert(xml.find("<score-partwise"),
               "<!DOCTYPE score-partwise [<!ENTITY a \"aaaa\"><!ENTITY f SYSTEM "
               "\"file:///etc/passwd\">]>");
    xml.replace(xml.find("<part-name>S"), 12, "<part-name>&f;&a;");
    EXPECT_EQ(read_xml(xml).score.parts.at(0).name, "&f;&a;");
}

TEST(MusicXmlBad, RepairsAreCodedAndStrictRefusesThem) {
    struct Case {
        const char* code;
        std::string measure;
        std::size_t notes;
    };
    const std::string first = attributes_xml(1, 2, 4);
    const Case cases[] = {
        {"XML103", note_xml("C4", 2), 1},
        {"XML104", first + "<backup><duration>x</duration></backup>" + note_xml("C4", 2), 1},
        {"XML105", first + "<backup><duration>9</duration></backup>" + note_xml("C4", 2), 1},
        {"XML106", first + note_xml("C4", 2, "", "<chord/>"), 1},
        {"XML107",
         first + "<note><pitch><step>C</step><octave>4</octave></pitch></note>" + note_xml("C4", 2),
         1},
        {"XML108",
         first + "<note><pitch><step>C</step><octave>4</octave></pitch><type>half</type></note>",
         1},
        {"XML109",
         first +
             "<note><pitch><step>H</step><octave>4</octave></pitch><duration>1</duration></note>",
         0},
        {"XML110",
         first + "<note><pitch><step>C</step><octave>12</octave></pitch><duration>1</duration>"
                 "</note>",
         0},
        {"XML111", first + "<forward><duration>99999</duration></forward>" + note_xml("C4", 2), 1},
        {"XML114", attributes_xml(1, 3, 5) + note_xml("C4", 2), 1},
        {"XML115", attributes_xml(1, 2, 4, "<key><fifths>99</fifths></key>") + note_xml("C4", 2),
         1},
        {"XML116", first + "<sound tempo=\"0\"/>" + note_xml("C4", 2), 1},
    };
    ReadOptions strict;
    strict.strictness = Strictness::kStrict;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.code);
        const std::string xml = score_xml({{"S", measure_xml(c.measure)}});
        const auto file = read_xml(xml);
        EXPECT_EQ(file.grade, Grade::kRepaired);
        EXPECT_GE(count_of(file, c.code), 1);
        EXPECT_EQ(file.score.note_count(), c.notes);
        EXPECT_EQ(refused_with(xml, strict), c.code);
    }
}

TEST(MusicXmlBad, PartsOfUnequalLengthAndUndeclaredOnesAreRead) {
    std::string xml = score_xml({{"A", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 2))},
                                 {"B", measure_xml(attributes_xml(1, 2, 4) + note_xml("C3", 2)) +
                                           measure_xml(note_xml("D3", 2))}});
    xml.replace(xml.find("score-part id=\"P2\""), 18, "score-part id=\"P9\"");
    const auto file = read_xml(xml);
    EXPECT_EQ(file.score.note_count(), 3u);
    EXPECT_EQ(count_of(file, "XML112"), 1);
    EXPECT_EQ(count_of(file, "XML113"), 1);
}

TEST(MusicXmlBad, Utf16AndLatin1AreRead) {
    const std::string xml =
        score_xml({{"Fl\xf6te", measure_xml(attributes_xml(1, 2, 4) + note_xml("C4", 2))}});
    std::string latin = xml;
    latin.replace(0, latin.find("?>") + 2, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>");
    EXPECT_EQ(read_xml(latin).score.parts.at(0).name, "Fl\xc3\xb6te");
    std::string utf16 = "\xff\xfe";
    for (const char c : xml) {
        utf16 += c;
        utf16 += '\0';
    }
    EXPECT_EQ(read_xml(utf16).score.parts.at(0).name, "Fl\xc3\xb6te");
}

// Whatever bytes come, the reader answers: a score whose invariants hold, or a refusal.
TEST(MusicXmlBad, MutationsNeverBreakInvariants) {
    const std::string plain = score_xml(
        {{"S",
          measure_xml(attributes_xml(4, 3, 4, "<staves>2</staves><key><fifths>-3</fifths></key>") +
                      "<sound tempo=\"90\"/>" + note_xml("C4", 6, "<tie type=\"start\"/>") +
                      note_xml("E4", 6, "", "<chord/>") +
                      "<backup><duration>6</duration></backup>" +
                      note_xml("C3", 12, "<staff>2</staff>")) +
              measure_xml("<barline location=\"left\"><repeat direction=\"forward\"/></barline>" +
                          note_xml("C4", 12, "<tie type=\"stop\"/>") +
                          "<barline location=\"right\"><repeat direction=\"backward\"/>"
                          "</barline>")}});
    const std::string zipped =
        zip_of({{"META-INF/container.xml", container_of("s.xml")}, {"s.xml", plain}});
    base::Rng rng(1, "musicxml-mutations");
    int read = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string bytes = round % 4 == 0 ? zipped : plain;
        const auto edits = 1 + rng.below(6);
        for (std::uint64_t i = 0; i < edits && !bytes.empty(); ++i) {
            const auto at = static_cast<std::size_t>(rng.below(bytes.size()));
            const auto kind = rng.below(4);
            if (kind == 0) bytes[at] = static_cast<char>(rng.below(256));
            if (kind == 1) bytes[at] = static_cast<char>('0' + rng.below(10));
            if (kind == 2) bytes.erase(at, 1 + rng.below(20));
            if (kind == 3) bytes.insert(at, bytes.substr(rng.below(bytes.size()), rng.below(40)));
        }
        ReadOptions options;
        options.strictness = round % 2 == 0 ? Strictness::kSalvage : Strictness::kRepair;
        options.expand_repeats = round % 3 == 0;
        const auto file = parse_musicxml(bytes, "mutant", options);
        if (!file.ok()) continue;
        ++read;
        const score::Score& score = file.value().score;
        ASSERT_GE(score.ticks_per_quarter, 1);
        ASSERT_LE(score.ticks_per_quarter, 32767);
        for (const score::Bar& bar : score.bars) ASSERT_GT(bar.length.value, 0);
        for (const score::Part& part : score.parts)
            for (const score::Note& note : part.notes) {
                ASSERT_GT(note.duration.value, 0);
                ASSERT_GE(note.onset.value, 0);
                ASSERT_LT(note.pitch, 128);
                ASSERT_GE(note.velocity, 1);
            }
    }
    EXPECT_GT(read, 500);
}

}  // namespace
}  // namespace symphony::io
