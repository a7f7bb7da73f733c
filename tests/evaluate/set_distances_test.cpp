#include "symphony/evaluate/set_distances.h"

#include "symphony/base/rng.h"
#include "symphony/evaluate/piece_features.h"

#include <gtest/gtest.h>

#include <cmath>

namespace symphony::evaluate {
namespace {

score::Score line(const std::vector<std::pair<int, int>>& pitches_and_sixteenths) {
    score::Score score;
    score.ticks_per_quarter = 4;
    score.parts.emplace_back();
    std::int64_t at = 0;
    for (const auto& [pitch, length] : pitches_and_sixteenths) {
        score.parts[0].notes.push_back({.onset = score::Ticks(at),
                                        .duration = score::Ticks(length),
                                        .pitch = static_cast<std::uint8_t>(pitch)});
        at += length;
    }
    return score;
}

std::vector<double> feature(const std::string& name, const score::Score& score) {
    for (const PieceFeature& one : piece_features())
        if (one.name == name) return one.value(score);
    ADD_FAILURE() << name;
    return {};
}

TEST(PieceFeatures, AreThoseCountedByHand) {
    // C4 quarter, G4 quarter, C4 half, C5 quarter.
    const score::Score score = line({{60, 4}, {67, 4}, {60, 8}, {72, 4}});
    EXPECT_EQ(feature("pitch-count", score), std::vector<double>{3});
    EXPECT_EQ(feature("note-count", score), std::vector<double>{4});
    EXPECT_EQ(feature("pitch-range", score), std::vector<double>{12});
    EXPECT_DOUBLE_EQ(feature("average-interval", score)[0], (7.0 + 7 + 12) / 3);
    EXPECT_DOUBLE_EQ(feature("average-inter-onset", score)[0], (1.0 + 1 + 2) / 3);
    const auto classes = feature("pitch-class-histogram", score);
    EXPECT_DOUBLE_EQ(classes[0], 0.75);
    EXPECT_DOUBLE_EQ(classes[7], 0.25);
    const auto steps = feature("pitch-class-transitions", score);
    EXPECT_DOUBLE_EQ(steps[0 * 12 + 7], 1.0 / 3);
    EXPECT_DOUBLE_EQ(steps[7 * 12 + 0], 1.0 / 3);
    EXPECT_DOUBLE_EQ(steps[0], 1.0 / 3);
    const auto lengths = feature("note-length-histogram", score);
    EXPECT_DOUBLE_EQ(lengths[2], 0.75);
    EXPECT_DOUBLE_EQ(lengths[1], 0.25);
    EXPECT_DOUBLE_EQ(feature("note-length-transitions", score)[2 * 12 + 1], 1.0 / 3);
    score::Score drums = score;
    drums.parts[0].is_drums = true;
    for (const PieceFeature& one : piece_features())
        for (const double value : one.value(drums)) EXPECT_EQ(value, 0) << one.name;
}

TEST(PieceFeatures, LengthsAreOfTheNearestClass) {
    EXPECT_EQ(note_length_class(4), 0);
    EXPECT_EQ(note_length_class(100), 0);
    EXPECT_EQ(note_length_class(0.01), 4);
    EXPECT_EQ(note_length_class(1.0 / 3), 11);
    EXPECT_EQ(note_length_class(3.5), 0) << "of two the longer";
}

// Two normal samples whose means lie d standard deviations apart: area 2 Phi(-d/2), divergence
// d^2 / 2, of densities that the kernels make a little wider.
TEST(SetDistances, DensitiesOfNormalSamplesCompareAsTheory) {
    base::Rng rng(1, "normal samples");
    std::vector<double> a, b;
    for (int i = 0; i < 4000; ++i) {
        a.push_back(rng.normal());
        b.push_back(rng.normal() + 1);
    }
    const DensityComparison same = compare_densities(a, a), apart = compare_densities(a, b);
    EXPECT_NEAR(same.overlap, 1, 1e-3);
    EXPECT_NEAR(same.kl, 0, 1e-9);
    EXPECT_NEAR(apart.overlap, std::erfc(0.5 / std::sqrt(2.0)), 0.03);
    EXPECT_NEAR(apart.kl, 0.5, 0.06);
    EXPECT_EQ(compare_densities({2, 2}, {2, 2}), (DensityComparison{1, 0}));
    EXPECT_EQ(compare_densities({2, 2}, {3, 3}).overlap, 0);
    EXPECT_TRUE(std::isinf(compare_densities({2, 2}, {1, 3}).kl));
}

TEST(SetDistances, MeansAreThoseOfAllPairs) {
    // Note counts 1, 2 | 2, 5: inside the real set 3, inside the other 1, across 1, 4, 0, 3.
    const auto notes = [](int count) {
        return line(std::vector<std::pair<int, int>>(static_cast<std::size_t>(count), {60, 4}));
    };
    const std::vector<score::Score> generated{notes(1), notes(2)}, real{notes(2), notes(5)};
    const auto rows = set_distances(generated, real);
    ASSERT_EQ(rows.size(), 9U);
    const FeatureDistances& counts = rows[5];
    EXPECT_EQ(counts.feature, "note-count");
    EXPECT_DOUBLE_EQ(counts.inside_real, 3);
    EXPECT_DOUBLE_EQ(counts.inside_generated, 1);
    EXPECT_DOUBLE_EQ(counts.across, 2);
    for (const FeatureDistances& row : rows)
        EXPECT_EQ(feature_distances_from_json(to_json(row)), row);
    EXPECT_TRUE(set_distances(std::span(generated).first(1), real).empty());
}

}  // namespace
}  // namespace symphony::evaluate
