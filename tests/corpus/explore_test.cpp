#include "symphony/corpus/explore.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/corpus/atlas/accumulator.h"
#include "symphony/corpus/statistics.h"
#include "symphony/io/midi_writer.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;
using score::Ticks;

// Two bars of 3/4, one part, one drum part: every statistic can be counted by hand.
score::Score waltz() {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.meters = {{Ticks(0), {3, 4}}};
    score.tempos = {{Ticks(0), 90}};
    score.parts.resize(2);
    score.parts[0].program = 40;
    const auto add = [](score::Part& part, int quarter, int length, int pitch, int velocity) {
        score::Note note;
        note.onset = Ticks(quarter * 480);
        note.duration = Ticks(length * 480);
        note.pitch = static_cast<std::uint8_t>(pitch);
        note.velocity = static_cast<std::uint8_t>(velocity);
        note.role = part.is_drums ? score::Role::kDrums : score::Role::kMelody;
        part.notes.push_back(note);
    };
    add(score.parts[0], 0, 2, 60, 80);
    add(score.parts[0], 0, 2, 64, 80);
    add(score.parts[0], 2, 1, 67, 60);
    add(score.parts[0], 3, 3, 72, 80);
    score.parts[1].is_drums = true;
    add(score.parts[1], 0, 1, 36, 100);
    add(score.parts[1], 3, 1, 36, 100);
    return score;
}

std::int64_t count_of(const Distribution* d, const std::string& label) {
    for (const Bin& bin : d->bins)
        if (bin.label == label) return bin.count;
    return 0;
}

TEST(Statistics, OfASmallWaltzAreThoseCountedByHand) {
    const PieceStatistics s = statistics_of(waltz(), "waltz", {}, false);
    EXPECT_EQ(s.summary.notes, 6);
    EXPECT_EQ(s.drum_notes, 2);
    EXPECT_EQ(s.summary.bars, 2);
    EXPECT_EQ(s.summary.meter, "3/4");
    EXPECT_DOUBLE_EQ(s.summary.quarters, 6);
    EXPECT_NEAR(s.summary.seconds, 4, 1e-9);
    EXPECT_EQ(s.pitch, (Tally{{60, 1}, {64, 1}, {67, 1}, {72, 1}}));
    EXPECT_EQ(s.pitch_class, (Tally{{0, 2}, {4, 1}, {7, 1}}));
    EXPECT_EQ(s.duration, (Tally{{1, 3}, {2, 2}, {3, 1}}));
    EXPECT_EQ(s.bar_position, (Tally{{0, 5}, {2, 1}}));
    EXPECT_EQ(s.velocity, (Tally{{60, 1}, {80, 3}, {100, 2}}));
    // Two notes sound for two quarters, then one for four: in sixteenths.
    EXPECT_EQ(s.polyphony, (Tally{{1, 16}, {2, 8}}));
    EXPECT_EQ(s.interval, (Tally{{3, 1}, {5, 1}}));
    EXPECT_EQ(s.tempo, (Tally{{90, 1}}));
    EXPECT_EQ(s.programs.at("Violin"), 4);
    EXPECT_EQ(s.programs.at("Drums"), 2);
    EXPECT_EQ(s.roles.at("drums"), 2);
    EXPECT_EQ(s.meters.at("3/4"), 2);
    EXPECT_DOUBLE_EQ(s.on_grid_share, 1);
}

TEST(Statistics, TotalsAgreeWithTheirBins) {
    CorpusAccumulator sums;
    for (std::uint64_t i = 0; i < 8; ++i)
        sums.add(statistics_of(made_piece(i), std::to_string(i), {}, i % 2 == 0));
    CorpusReport report;
    sums.finish(report);
    const auto& distributions = report.distributions;
    EXPECT_EQ(distributions.size(), 17u);
    for (const Distribution& d : distributions) {
        std::int64_t sum = 0;
        for (const Bin& bin : d.bins) sum += bin.count;
        EXPECT_EQ(sum, d.total) << d.name;
        EXPECT_TRUE(std::is_sorted(d.bins.begin(), d.bins.end(), [](const Bin& a, const Bin& b) {
            return a.value < b.value;
        })) << d.name;
        if (d.numeric && d.total > 0) {
            EXPECT_LE(d.minimum, d.percentile5);
            EXPECT_LE(d.percentile5, d.median);
            EXPECT_LE(d.median, d.percentile95);
            EXPECT_LE(d.percentile95, d.maximum);
        }
    }
    CorpusReport nothing;
    CorpusAccumulator().finish(nothing);
    for (const Distribution& empty : nothing.distributions) EXPECT_EQ(empty.total, 0);
}

const Remark* remark(const CorpusReport& report, const std::string& code) {
    for (const Remark& r : report.remarks)
        if (r.code == code) return &r;
    return nullptr;
}

TEST(Explore, SaysWhatCannotBeLearned) {
    const fs::path root = test_support::fresh_folder("explore");
    for (std::uint64_t i = 0; i < 6; ++i)
        io::write_midi_file(root / (std::string(1, static_cast<char>('a' + i)) + ".mid"),
                            made_piece(i));
    score::Score free = made_piece(20, 48);  // played by hand, not to the beat
    base::Rng rng(1, "free timing");
    for (auto& part : free.parts)
        for (auto& note : part.notes) note.onset += Ticks(static_cast<int>(rng.below(200)));
    score::sort_events(free);
    io::write_midi_file(root / "free.mid", free);
    base::write_file_atomically(root / "broken.mid", "MThd");
    io::write_midi_file(root / "waltz.mid", waltz());
    score::Score setting = made_piece(30);
    setting.parts[0] = made_piece(3).parts[0];
    io::write_midi_file(root / "x.mid", setting);

    const CorpusReport report = explore(root, 2, base::silent_progress());
    EXPECT_EQ(report.account.found, 10);
    EXPECT_EQ(report.account.refused, 1);
    EXPECT_EQ(report.pieces, 9);
    EXPECT_EQ(report.summaries.size(), 9u);
    EXPECT_EQ(report.groups, 8);
    std::vector<std::string> relations;
    for (const RelatedPair& pair : report.related) {
        EXPECT_EQ(pair.a, "d.mid");
        EXPECT_EQ(pair.b, "x.mid");
        relations.push_back(pair.relation);
    }
    EXPECT_EQ(relations, (std::vector<std::string>{"near copy", "tune"}));
    EXPECT_EQ(report.drum_notes, 2);
    EXPECT_EQ(report.distribution("pitch")->total, report.notes - report.drum_notes);
    EXPECT_EQ(count_of(report.distribution("meter"), "3/4"), 2);
    ASSERT_NE(remark(report, "constant-velocity"), nullptr);
    EXPECT_EQ(remark(report, "constant-velocity")->text,
              "velocity is constant in 8 of 9 files: dynamics cannot be learned from them");
    ASSERT_NE(remark(report, "free-timing"), nullptr);
    EXPECT_EQ(remark(report, "free-timing")->pieces, std::vector<std::string>{"free.mid"});
    EXPECT_NE(remark(report, "few-pieces"), nullptr);
    EXPECT_NE(remark(report, "few-notes"), nullptr);
    EXPECT_EQ(remark(report, "no-tempo")->pieces.size(), 8u);
    EXPECT_EQ(remark(report, "no-drums"), nullptr);
    ASSERT_EQ(report.examples.size(), 2u);
    EXPECT_EQ(report.examples[1], "waltz.mid");
    // Same at any number of threads.
    EXPECT_EQ(to_json(explore(root, 1, base::silent_progress())), to_json(report));
}

TEST(Explore, ACorpusWithoutOneUsableFileIsAnError) {
    const fs::path root = test_support::fresh_folder("unusable");
    base::write_file_atomically(root / "a.mid", "junk");
    try {
        explore(root, 1, base::silent_progress());
        FAIL() << "explored";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_NE(error.message.find("1 refused"), std::string::npos);
    }
}

}  // namespace
}  // namespace symphony::corpus
