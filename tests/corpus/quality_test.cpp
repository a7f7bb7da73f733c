#include "symphony/corpus/quality.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

using score::Score;
using score::Ticks;

std::string code_of(const Score& score, const std::string& filter, QualityFilters filters = {}) {
    filters.filter = {filter};
    const auto reason = reason_to_leave_out(measure_quality(score), filters);
    return reason ? reason->code : std::string();
}

Score line(int notes, int ticks_apart, int length, int pitches) {
    Score score;
    score.ticks_per_quarter = 480;  // 960 ticks are a second
    score.parts.resize(1);
    for (int n = 0; n < notes; ++n)
        score.parts[0].notes.push_back(
            {Ticks(n * ticks_apart), Ticks(length), std::uint8_t(60 + n % pitches)});
    return score;
}

TEST(Quality, MeasuresByHand) {
    Score score = line(4, 960, 480, 2);
    score.parts[0].notes.push_back({Ticks(960 * 10), Ticks(960), 60});
    const QualityMeasures quality = measure_quality(score);
    EXPECT_EQ(quality.notes, 5);
    EXPECT_DOUBLE_EQ(quality.seconds, 11);
    EXPECT_EQ(quality.pitches, 2);
    EXPECT_EQ(quality.peak_notes_a_second, 1);
    EXPECT_DOUBLE_EQ(quality.longest_silence, 10 - 3.5);
    EXPECT_DOUBLE_EQ(quality.on_grid_share, 1);
    EXPECT_EQ(measure_quality(Score{}), QualityMeasures{});
}

TEST(Quality, EachFilterFindsItsFaultAndNoOther) {
    const Score good = made_piece(1, 64);
    Score late = good;
    for (auto& part : late.parts)
        for (auto& note : part.notes) note.onset += Ticks(960 * 20);
    Score noise = good;
    base::Rng rng(1, "noise");
    for (auto& part : noise.parts)
        for (auto& note : part.notes) note.onset += Ticks(static_cast<int>(rng.below(400)));
    score::sort_events(noise);
    const std::vector<std::pair<std::string, Score>> faults{{"COR020", line(10, 480, 480, 5)},
                                                            {"COR021", line(50, 480, 480, 1)},
                                                            {"COR022", noise},
                                                            {"COR023", line(2000, 4, 480, 40)},
                                                            {"COR024", late}};
    EXPECT_EQ(code_of(good, "all"), "");
    ASSERT_EQ(filter_names().size(), faults.size());
    for (std::size_t f = 0; f < faults.size(); ++f) {
        const auto& [code, score] = faults[f];
        EXPECT_EQ(code_of(score, filter_names()[f]), code);
        EXPECT_EQ(code_of(score, "none"), "");
        EXPECT_EQ(code_of(good, filter_names()[f]), "");
    }
    QualityFilters looser;
    looser.fewest_notes = 10;
    looser.shortest_seconds = 5;
    EXPECT_EQ(code_of(faults[0].second, "too-short", looser), "");
}

TEST(Quality, DrumsAloneAreNotOnePitch) {
    Score drums = line(50, 480, 480, 1);
    drums.parts[0].is_drums = true;
    EXPECT_EQ(code_of(drums, "one-pitch"), "");
}

}  // namespace
}  // namespace symphony::corpus
