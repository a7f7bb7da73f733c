// Published tokenizers: tiny pieces with ids worked out by hand from their descriptions, and, where
// they lie beside the project, files with the ids that the reference programs gave.
#include "symphony/base/file.h"
#include "symphony/io/midi_message_reader.h"
#include "symphony/tokens/performance_tokenizer.h"
#include "symphony/tokens/pretrained/anticipation_events.h"
#include "symphony/tokens/pretrained/anticipation_tokenizer.h"
#include "symphony/tokens/pretrained/aria_tokenizer.h"
#include "symphony/tokens/pretrained/skytnt_keys.h"
#include "symphony/tokens/pretrained/skytnt_tokenizer.h"

#include "io/shared_data.h"
#include "tokens/doc_page.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::tokens {
namespace {

namespace fs = std::filesystem;
using score::MessageKind;
using score::MidiMessage;
using score::Ticks;

MidiMessage message(int at, MessageKind kind, int channel, int a, int b = 0) {
    return {.at = Ticks(at),
            .kind = kind,
            .channel = static_cast<std::uint8_t>(channel),
            .a = a,
            .b = b};
}

// Violin: C4 and E4, a quarter each at 120; with the second a short bass drum.
score::MidiMessages tiny_file() {
    score::MidiMessages file;
    file.ticks_per_quarter = 480;
    file.tracks.resize(3);
    file.tracks[0].messages = {message(0, MessageKind::kMeter, 0, 4, 2),
                               message(0, MessageKind::kTempo, 0, 500'000)};
    file.tracks[1].messages = {
        message(0, MessageKind::kProgram, 0, 40), message(0, MessageKind::kNoteOn, 0, 60, 64),
        message(480, MessageKind::kNoteOff, 0, 60), message(480, MessageKind::kNoteOn, 0, 64, 80),
        message(960, MessageKind::kNoteOff, 0, 64)};
    file.tracks[2].messages = {message(480, MessageKind::kNoteOn, 9, 36, 100),
                               message(600, MessageKind::kNoteOff, 9, 36)};
    for (score::MidiTrack& track : file.tracks) track.end = track.messages.back().at;
    return file;
}

using Ids = std::vector<TokenId>;

TEST(Published, Anticipation) {
    // The drum lasts 12.5 hundredths, rounded to even.
    EXPECT_EQ(AnticipationTokenizer().encode_messages(tiny_file()).ids,
              (Ids{0, 10050, 16180, 50, 10050, 16184, 50, 10012, 27420, 55025}));
    EXPECT_EQ(anticipation::interarrival_of(tiny_file()),
              (Ids{6180, 50, 22692, 6184, 17420, 12, 33932, 38, 22696}));
}

TEST(Published, AnticipationPadsAndAnticipates) {
    using anticipation::Event;
    const std::vector<Event> events{{.time = 0, .duration = 10, .note = 60},
                                    {.time = 250, .duration = 10, .note = 62}};
    EXPECT_EQ(anticipation::ids_of(anticipation::padded(events)),
              (std::vector<std::int64_t>{0, 10010, 11060, 100, 10000, 27512, 200, 10000, 27512, 250,
                                         10010, 11062}));
    const std::vector<Event> controls{{.time = 500, .duration = 20, .note = 40},
                                      {.time = 800, .duration = 20, .note = 41}};
    EXPECT_EQ(anticipation::ids_of(anticipation::anticipated(events, controls)),
              (std::vector<std::int64_t>{27513 + 500, 27513 + 10020, 27513 + 11040, 0, 10010, 11060,
                                         250, 10010, 11062}));
}

TEST(Published, AnticipationCountsTimeModuloAHundredSeconds) {
    score::MidiMessages file;
    file.ticks_per_quarter = 50;  // a tick is 10 ms
    file.tracks.resize(1);
    file.tracks[0].messages = {message(9950, MessageKind::kNoteOn, 0, 60, 64),
                               message(9960, MessageKind::kNoteOff, 0, 60),
                               message(10020, MessageKind::kNoteOn, 0, 62, 64),
                               message(10030, MessageKind::kNoteOff, 0, 62)};
    const AnticipationTokenizer tokenizer;
    const Ids ids = tokenizer.encode_messages(file).ids;
    EXPECT_EQ(Ids(ids.end() - 7, ids.end()), (Ids{9950, 10010, 11060, 20, 10010, 11062, 55025}));
    const score::Score decoded = tokenizer.decode(ids);
    ASSERT_EQ(decoded.note_count(), 2U);
    EXPECT_EQ(decoded.parts[0].notes[1].onset, Ticks(10020));
}

TEST(Published, SkytntVersion1) {
    const SkytntTokenizer tokenizer({.version = 1, .optimise = false});
    EXPECT_EQ(tokenizer.vocabulary().size(), 3239);
    EXPECT_EQ(tokenizer.rows_of(tiny_file()),
              (std::vector<skytnt::Row>{{1},
                                        {6, 7, 135, 2199, 3103},
                                        {4, 7, 135, 2200, 2327, 2639},
                                        {3, 7, 135, 2200, 167, 2327, 2403, 2535},
                                        {3, 8, 135, 2200, 167, 2327, 2407, 2551},
                                        {3, 7, 135, 2201, 155, 2336, 2379, 2571},
                                        {2}}));
}

TEST(Published, SkytntVersion2Optimised) {
    const SkytntTokenizer tokenizer({.version = 2, .optimise = true});
    EXPECT_EQ(tokenizer.vocabulary().size(), 3406);
    // The drums' channel is given the patch it lacks.
    EXPECT_EQ(tokenizer.rows_of(tiny_file()),
              (std::vector<skytnt::Row>{{1},
                                        {7, 9, 137, 2201, 3372, 3386},
                                        {6, 9, 137, 2201, 3105},
                                        {4, 9, 137, 2202, 2329, 2641},
                                        {3, 9, 137, 2202, 2329, 2405, 2537, 169},
                                        {4, 9, 137, 2203, 2338, 2601},
                                        {3, 10, 137, 2202, 2329, 2409, 2553, 169},
                                        {3, 9, 137, 2203, 2338, 2381, 2573, 157},
                                        {2}}));
}

TEST(Published, SkytntLosesWhatFollowsALongRest) {
    score::MidiMessages file = tiny_file();
    file.tracks[1].messages.push_back(message(480 * 150, MessageKind::kNoteOn, 0, 70, 64));
    file.tracks[1].messages.push_back(message(480 * 151, MessageKind::kNoteOff, 0, 70));
    const Encoded encoded = SkytntTokenizer({.version = 2, .optimise = true}).encode_messages(file);
    EXPECT_EQ(encoded.losses.at("note-dropped"), 1);
}

TEST(Published, SkytntGuessesTheKey) {
    std::vector<skytnt::Event> events;
    const auto play = [&](std::initializer_list<int> pitches) {
        for (const int pitch : pitches) events.push_back({.values = {0, pitch, 64, 16}});
    };
    play({60, 62, 64, 65, 67, 69, 71});
    EXPECT_EQ(skytnt::guessed_sharps(events), 0);
    events.clear();
    play({62, 64, 66, 67, 69, 71, 73});  // D major
    EXPECT_EQ(skytnt::guessed_sharps(events), 2);
    events.clear();
    play({65, 67, 69, 70, 72, 74, 76});  // F major
    EXPECT_EQ(skytnt::guessed_sharps(events), -1);
    play({61, 63, 66, 68, 71, 61, 63, 66, 68, 71});  // and as much outside it
    EXPECT_EQ(skytnt::guessed_sharps(events), std::nullopt);
}

TEST(Published, Aria) {
    EXPECT_EQ(AriaTokenizer(aria::Timing::kCompatible).encode_messages(tiny_file()).ids,
              (Ids{10, 16, 0, 7481, 17227, 16776, 7535, 17277, 16776, 16680, 17277, 1}));
    EXPECT_EQ(AriaTokenizer(aria::Timing::kTrue).vocabulary().find("piano_60_60"), 825);
}

TEST(Published, AriaBinsLikeTheReference) {
    // Of two equally near bins the first that a binary search meets.
    for (const auto& [velocity, bin] : std::initializer_list<std::pair<int, int>>{
             {15, 20}, {35, 40}, {55, 60}, {75, 70}, {95, 90}, {1, 10}, {5, 10}, {127, 120}})
        EXPECT_EQ(aria::velocity_bin(velocity), bin) << velocity;
    for (const auto& [ms, bin] :
         std::initializer_list<std::pair<int, int>>{{5, 0}, {15, 20}, {4995, 4990}, {4999, 4990}})
        EXPECT_EQ(aria::onset_bin(ms), bin) << ms;
    EXPECT_EQ(aria::duration_bin(0), 10);
    EXPECT_EQ(aria::duration_bin(60'000), 5000);
}

TEST(Published, AriaCountsTimeBackwardsUnlessAskedNotTo) {
    score::MidiMessages file;
    file.ticks_per_quarter = 480;
    file.tracks.resize(1);
    file.tracks[0].messages = {message(0, MessageKind::kTempo, 0, 500'000),
                               message(480, MessageKind::kTempo, 0, 1'000'000),
                               message(960, MessageKind::kNoteOn, 0, 60, 60),
                               message(1440, MessageKind::kNoteOff, 0, 60)};
    const auto duration = [&](aria::Timing timing) {
        return aria::notes_of(file, timing).list.at(0).duration_ms;
    };
    EXPECT_EQ(duration(aria::Timing::kCompatible), 1500);
    EXPECT_EQ(duration(aria::Timing::kTrue), 1000);
}

score::Score two_notes() {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.parts.resize(1);
    score.parts[0].notes = {
        {.onset = Ticks(0), .duration = Ticks(480), .pitch = 60, .velocity = 64},
        {.onset = Ticks(480), .duration = Ticks(480), .pitch = 64, .velocity = 80}};
    return score;
}

TEST(Published, Performance) {
    const PerformanceTokenizer tokenizer;
    EXPECT_EQ(tokenizer.vocabulary().size(), 389);
    EXPECT_EQ(tokenizer.encode(two_notes()).ids, (Ids{371, 60, 305, 188, 375, 64, 305, 192, 388}));
}

TEST(Published, PerformanceHoldsByThePedal) {
    score::Score score = two_notes();
    score.parts[0].controls = {{Ticks(240), 64, 127}, {Ticks(720), 64, 0}};
    // C4 sounds to 0.75 s, E4 is still held by the finger.
    EXPECT_EQ(PerformanceTokenizer().encode(score).ids,
              (Ids{371, 60, 305, 375, 64, 280, 188, 280, 192, 388}));
    score.parts[0].notes[1].pitch = 60;  // struck again under the pedal
    EXPECT_EQ(PerformanceTokenizer().encode(score).ids,
              (Ids{371, 60, 305, 188, 375, 60, 305, 188, 388}));
}

void expect_on_page(const Tokenizer& tokenizer, const Ids& ids, const std::string& page,
                    const std::string& heading = tests::kWorkedBar) {
    const tests::DocBlock block = tests::doc_block(page, heading);
    EXPECT_EQ(tests::spelled_out(tokenizer, ids), block.words) << page;
    EXPECT_EQ(ids, block.ids) << page;
}

TEST(Published, ThePagesSayTheSame) {
    const PerformanceTokenizer performance;
    expect_on_page(performance, performance.encode(two_notes()).ids, "performance");
    const AnticipationTokenizer anticipation;
    expect_on_page(anticipation, anticipation.encode_messages(tiny_file()).ids, "anticipation");
    const SkytntTokenizer skytnt({.version = 2, .optimise = true});
    expect_on_page(skytnt, skytnt.encode_messages(tiny_file()).ids, "skytnt");
    const SkytntTokenizer first({.version = 1, .optimise = false});
    expect_on_page(first, first.encode_messages(tiny_file()).ids, "skytnt", "## Version 1");
    const AriaTokenizer aria(aria::Timing::kTrue);
    expect_on_page(aria, aria.encode_messages(tiny_file()).ids, "aria");
}

// The files of the reference programs, by name without ending.
class ReferenceFile : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const auto folder = io::test::shared_folder("goldens/pretrained-tokenisers");
        if (!folder) GTEST_SKIP() << io::test::kSharedIsAbsent;
        folder_ = *folder;
        const fs::path file = folder_ / (GetParam() + ".mid");
        messages_ = io::parse_midi_messages(base::read_file(file).value(), file.string()).value();
    }
    base::Json golden(const std::string& model) const {
        return base::read_json_file(folder_ / (GetParam() + "." + model + ".json")).value();
    }

    fs::path folder_;
    score::MidiMessages messages_;
};

TEST_P(ReferenceFile, Skytnt) {
    const base::Json expected = golden("skytnt");
    for (const char* name : {"v1", "v1o", "v2", "v2o"}) {
        const SkytntTokenizer tokenizer(skytnt_options(std::string("skytnt-") + name));
        EXPECT_EQ(tokenizer.rows_of(messages_), expected.at(name).get<std::vector<skytnt::Row>>())
            << name;
    }
}

TEST_P(ReferenceFile, Anticipation) {
    using namespace anticipation;
    const base::Json expected = golden("amt");
    const auto ids = [&](const char* key) {
        return expected.at(key).get<std::vector<std::int64_t>>();
    };
    std::vector<std::int64_t> compound;
    const std::vector<CompoundNote> notes = compound_of(messages_);
    for (const CompoundNote& n : notes)
        compound.insert(compound.end(), {n.time, n.duration, n.pitch, n.instrument, n.velocity});
    EXPECT_EQ(compound, ids("compound"));
    const std::vector<Event> events = events_of(notes);
    EXPECT_EQ(ids_of(events), ids("events"));
    EXPECT_EQ(ids_of(padded(events)), ids("padded"));
    const int first = expected.at("instruments").at(0).get<int>();
    std::vector<Event> others, controls;
    for (const Event& event : events)
        (event.note / 128 == first ? controls : others).push_back(event);
    EXPECT_EQ(ids_of(anticipated(padded(others, events.back().time), controls)),
              ids("anticipated_first_instr"));
    EXPECT_EQ(interarrival_of(messages_), expected.at("interarrival").get<Ids>());
    // The stream that models of ours learn from is the padded one, while it is short enough.
    if (events.back().time < kMaxTime) {
        const Ids stream = AnticipationTokenizer().encode_messages(messages_).ids;
        EXPECT_EQ(std::vector<std::int64_t>(stream.begin(), stream.end() - 1), ids("padded"));
    }
}

TEST_P(ReferenceFile, Aria) {
    const base::Json expected = golden("aria");
    Ids ids = AriaTokenizer(aria::Timing::kCompatible).encode_messages(messages_).ids;
    const auto start = std::find(ids.begin(), ids.end(), 0);
    EXPECT_EQ(Ids(ids.begin(), start), expected.at("prefix_set").get<Ids>());
    EXPECT_EQ(Ids(start, ids.end()), expected.at("ids_from_S").get<Ids>());
}

INSTANTIATE_TEST_SUITE_P(Published, ReferenceFile,
                         testing::Values("g1_multi_480", "g2_multi_96_type0", "g3_ppq220_shared",
                                         "g4_piano_384_pedal", "g5_piano_480_tempo", "g6_long_1024",
                                         "g7_tonal_gmajor"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace symphony::tokens
