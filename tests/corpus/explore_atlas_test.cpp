// Pieces added up: progressions, middles and spreads, outliers, groups beside each other.
#include "symphony/base/quantile.h"
#include "symphony/base/rng.h"
#include "symphony/corpus/atlas/accumulator.h"
#include "symphony/corpus/atlas/robust.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace symphony::corpus {
namespace {

using score::ChordQuality;

constexpr RomanChord kI{0, ChordQuality::kMajor}, kIV{5, ChordQuality::kMajor},
    kV{7, ChordQuality::kMajor}, kVI{9, ChordQuality::kMinor};

const ProgressionRow* row_of(const std::vector<ProgressionRow>& rows, const std::string& chords) {
    for (const ProgressionRow& row : rows)
        if (row.chords == chords) return &row;
    return nullptr;
}

TEST(NgramTable, CountsWithinAKeyAndKnowsWhereToLook) {
    NgramTable table;
    const std::vector<Progression> first{{false, {kI, kIV, kV, kI, kV, kI}, {0, 1, 2, 3, 4, 5}}};
    // Two regions: I V of the first and VI I of the second make no V vi.
    const std::vector<Progression> second{{false, {kI, kV}, {0, 1}}, {false, {kVI, kI}, {2, 3}}};
    table.add(first, 0);
    table.add(second, 1);
    const std::vector<std::string> ids{"a.mid", "b.mid"};
    const auto rows = table.rows(10, ids);
    const ProgressionRow* v_i = row_of(rows, "V I");
    ASSERT_NE(v_i, nullptr);
    EXPECT_EQ(v_i->count, 2);
    EXPECT_EQ(v_i->pieces, 1);
    EXPECT_DOUBLE_EQ(v_i->share, 2 / 7.0);  // 5 pairs in the first, 1 + 1 in the second
    ASSERT_EQ(v_i->places.size(), 1u);
    EXPECT_EQ(v_i->places[0].id, "a.mid");
    EXPECT_EQ(v_i->places[0].bar, 3);
    EXPECT_EQ(v_i->places[0].times, 2);
    EXPECT_EQ(row_of(rows, "I V")->pieces, 2);
    EXPECT_EQ(row_of(rows, "V vi"), nullptr);
    EXPECT_EQ(row_of(rows, "I IV V I")->count, 1);
    EXPECT_EQ(table.most_missed(), 0);
}

TEST(NgramTable, ForgetsTheRarestAndSaysHowMuchItMayMiss) {
    NgramTable table(20);
    std::vector<RomanChord> chords;
    std::vector<std::int32_t> bars;
    base::Rng rng(1, "chords");
    for (int i = 0; i < 400; ++i) {
        // Every second pair is I V; the rest is noise.
        chords.push_back(i % 4 == 0   ? kI
                         : i % 4 == 1 ? kV
                                      : RomanChord{static_cast<std::uint8_t>(rng.below(12)),
                                                   ChordQuality::kMinor7});
        bars.push_back(i);
    }
    for (std::uint32_t piece = 0; piece < 4; ++piece)
        table.add(
            std::vector<Progression>{
                {false,
                 {chords.begin() + 100 * piece, chords.begin() + 100 * (piece + 1)},
                 {bars.begin() + 100 * piece, bars.begin() + 100 * (piece + 1)}}},
            piece);
    const std::vector<std::string> ids{"a", "b", "c", "d"};
    const auto rows = table.rows(100, ids);
    EXPECT_LE(rows.size(), 20u);
    EXPECT_GT(table.most_missed(), 0);
    ASSERT_NE(row_of(rows, "I V"), nullptr);
    EXPECT_GE(row_of(rows, "I V")->count, 100 - table.most_missed());
}

TEST(RobustScale, IsOfTheMiddle) {
    const std::vector<double> values{1, 2, 3, 4, 100};  // deviations 2 1 0 1 97: median 1
    EXPECT_DOUBLE_EQ(robust_scale(values).median, 3);
    EXPECT_DOUBLE_EQ(robust_scale(values).spread, 1.4826);
    const std::vector<double> equal{5, 5, 5, 5, 9};  // mean absolute deviation 0.8
    EXPECT_DOUBLE_EQ(robust_scale(equal).spread, 1.2533 * 0.8);
}

TEST(JensenShannon, IsZeroOfEqualsAndOneOfStrangers) {
    using Counts = std::vector<std::int64_t>;
    EXPECT_NEAR(jensen_shannon_distance(Counts{1, 2, 3}, Counts{2, 4, 6}), 0, 1e-7);
    EXPECT_DOUBLE_EQ(jensen_shannon_distance(Counts{1, 0}, Counts{0, 7}), 1);
    // p = (1, 0), q = (1/2, 1/2): m = (3/4, 1/4).
    const double divergence =
        0.5 * std::log2(4 / 3.0) + 0.5 * (0.5 * std::log2(2 / 3.0) + 0.5 * std::log2(2.0));
    EXPECT_NEAR(jensen_shannon_distance(Counts{4, 0}, Counts{3, 3}), std::sqrt(divergence), 1e-12);
    EXPECT_TRUE(std::isnan(jensen_shannon_distance(Counts{0, 0}, Counts{1, 1})));
}

TEST(MedianBootstrap, AgreesWithDrawingEverySample) {
    std::vector<double> values;
    base::Rng rng(5, "values");
    for (int i = 0; i < 41; ++i) values.push_back(rng.normal());
    std::sort(values.begin(), values.end());
    const Range quick = middle95(MedianBootstrap(values.size(), 1, "quick", 0).medians(values));
    std::vector<double> medians;
    for (int r = 0; r < 4000; ++r) {
        std::vector<double> sample;
        for (std::size_t i = 0; i < values.size(); ++i)
            sample.push_back(values[rng.below(values.size())]);
        std::sort(sample.begin(), sample.end());
        medians.push_back(sample[sample.size() / 2]);
    }
    const Range plain = middle95(medians);
    // Bounds are values of the sample: a rank or two apart at most.
    const auto rank = [&](double v) {
        return std::lower_bound(values.begin(), values.end(), v - 1e-12) - values.begin();
    };
    EXPECT_NEAR(rank(quick.low), rank(plain.low), 1.01);
    EXPECT_NEAR(rank(quick.high), rank(plain.high), 1.01);
    const std::vector<double> one{7};
    EXPECT_EQ(MedianBootstrap(1, 1, "one", 0).medians(one).front(), 7);
}

// Pieces that differ in nothing but an even spread of tempo; the last one is far off.
TEST(Outliers, AreNamedWithTheirReasons) {
    std::vector<PieceMeasures> pieces(20);
    std::vector<std::string> ids;
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        pieces[p].fill(std::numeric_limits<float>::quiet_NaN());
        pieces[p][static_cast<std::size_t>(Measure::kPitchRange)] = 30 + static_cast<float>(p % 10);
        ids.push_back("p" + std::to_string(p));
    }
    pieces[19][static_cast<std::size_t>(Measure::kPitchRange)] = 90;
    const auto rows = measure_rows(pieces);
    const auto outliers = find_outliers(pieces, ids, rows, 5);
    ASSERT_EQ(outliers.size(), 1u);
    EXPECT_EQ(outliers[0].id, "p19");
    ASSERT_EQ(outliers[0].reasons.size(), 1u);
    EXPECT_EQ(outliers[0].reasons[0].measure, "pitch-range");
    // Sorted: 30 30 31 31 ... 38 38 39 90: median 34.5, deviations' median 2.5.
    EXPECT_NEAR(outliers[0].reasons[0].z, (90 - 34.5) / (1.4826 * 2.5), 1e-9);
    EXPECT_NE(outliers[0].reasons[0].words.find("Pitch range: 90 semitones, in the middle 34.5"),
              std::string::npos);
    EXPECT_TRUE(find_outliers(std::span(pieces).last(5), std::span(ids).last(5), rows, 5).empty());
}

TEST(Groups, SpellingsOfAComposerFallTogether) {
    const auto composer = [](const char* name) {
        PieceSummary piece;
        piece.composer = name;
        return group_of(piece, GroupBy::kComposer);
    };
    EXPECT_EQ(composer("Johann Sebastian Bach (1685-1750)"), "Bach, J.");
    EXPECT_EQ(composer("J.S. Bach"), "Bach, J.");
    EXPECT_EQ(composer("Bach, Johann Sebastian"), "Bach, J.");
    EXPECT_EQ(composer("Émilie Mayer"), "Mayer, É.");
    EXPECT_EQ(composer("Traditional"), "Traditional");
    EXPECT_EQ(composer(""), "?");
    PieceSummary piece;
    piece.id = "songs/a/b.mid";
    EXPECT_EQ(group_of(piece, GroupBy::kFolder), "songs");
    piece.id = "b.mid";
    EXPECT_EQ(group_of(piece, GroupBy::kFolder), ".");
}

TEST(Groups, AreComparedAndSmallOnesSaidToBe) {
    CorpusAccumulator sums(GroupBy::kFolder);
    for (std::uint64_t i = 0; i < 36; ++i) {
        score::Score score = made_piece(i % 12);
        const char* folder = i < 12 ? "low/" : i < 33 ? "high/" : "few/";
        if (i < 12)  // the same pieces, with notes twice as long
            for (score::Part& part : score.parts)
                for (score::Note& note : part.notes) {
                    note.onset = note.onset * 2;
                    note.duration = note.duration * 2;
                }
        sums.add(statistics_of(score, folder + std::to_string(i), {}, false));
    }
    CorpusReport report;
    sums.finish(report);
    const Comparison& comparison = report.atlas.comparison;
    ASSERT_EQ(comparison.rows.size(), 3u);
    EXPECT_EQ(comparison.rows[0].name, "high");
    EXPECT_EQ(comparison.rows[0].pieces, 21);
    EXPECT_EQ(comparison.rows[1].name, "low");
    EXPECT_FALSE(comparison.rows[1].too_small);
    EXPECT_TRUE(comparison.rows[2].too_small);
    bool seen = false;
    for (const GroupMeasure& measure : comparison.rows[1].measures) {
        EXPECT_LE(measure.low, measure.median);
        EXPECT_GE(measure.high, measure.median);
        if (measure.name != "note-length") continue;
        seen = true;
        EXPECT_GT(measure.difference_low, 0.5);  // the others' notes are half as long
    }
    EXPECT_TRUE(seen);
    for (const GroupDistance& distance : comparison.rows[1].distances) {
        if (distance.name != "role") continue;
        EXPECT_LT(distance.distance, 0.05);
    }
}

TEST(Atlas, ComesBackFromItsOwnJson) {
    CorpusAccumulator sums(GroupBy::kFolder);
    for (std::uint64_t i = 0; i < 14; ++i)
        sums.add(statistics_of(made_piece(i, 96), "f/" + std::to_string(i), {}, false));
    CorpusReport report;
    sums.finish(report);
    EXPECT_FALSE(report.atlas.progressions.empty());
    EXPECT_FALSE(report.atlas.roles.empty());
    EXPECT_FALSE(report.atlas.form_examples.empty());
    const base::Json json = base::parse_json(to_json(report.atlas).dump()).value();
    EXPECT_EQ(to_json(atlas_from_json(json)).dump(), json.dump());
    EXPECT_EQ(atlas_from_json(json).comparison.by, GroupBy::kFolder);
    for (const Distribution& d : report.atlas.distributions) {
        std::int64_t sum = 0;
        for (const Bin& bin : d.bins) sum += bin.count;
        EXPECT_EQ(sum, d.total) << d.name;
    }
}

}  // namespace
}  // namespace symphony::corpus
