// Measures of notes against their definitions, taken step by step.
#include "symphony/score/note_measures.h"

#include "symphony/base/entropy.h"
#include "symphony/base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace symphony::score {
namespace {

std::vector<Note> random_notes(std::uint64_t seed, int count, std::uint64_t end) {
    base::Rng rng(seed, "notes");
    std::vector<Note> notes;
    for (int n = 0; n < count; ++n)
        notes.push_back({.onset = Ticks(static_cast<std::int64_t>(rng.below(end))),
                         .duration = Ticks(1 + static_cast<std::int64_t>(rng.below(40))),
                         .pitch = static_cast<std::uint8_t>(rng.below(kPitches))});
    std::sort(notes.begin(), notes.end());
    return notes;
}

// The definition: one flag a place, bar by bar.
double plain_groove(const std::vector<std::int64_t>& places, const std::vector<PlaceBar>& bars) {
    const auto begins_at = [&](std::int64_t place) {
        return std::find(places.begin(), places.end(), place) != places.end();
    };
    std::int64_t changed = 0, compared = 0;
    for (std::size_t b = 1; b < bars.size(); ++b) {
        if (bars[b - 1].length != bars[b].length) continue;
        compared += bars[b].length;
        for (std::int64_t place = 0; place < bars[b].length; ++place)
            changed += begins_at(bars[b - 1].begin + place) != begins_at(bars[b].begin + place);
    }
    return 1 - static_cast<double>(changed) / static_cast<double>(compared);
}

TEST(NoteMeasures, GrooveIsTheShareOfPlacesThatStay) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const std::vector<Note> notes = random_notes(seed, 3 + 4 * static_cast<int>(seed), 480);
        const std::vector<std::int64_t> places = onset_places(notes, 48, 12);
        EXPECT_TRUE(std::is_sorted(places.begin(), places.end(), std::less_equal<>()));
        std::vector<PlaceBar> bars{{0, 6}};  // an upbeat
        for (std::int64_t begin = 6; begin < 120; begin += begin < 60 ? 12 : 9)
            bars.push_back({begin, begin < 60 ? 12 : 9});
        EXPECT_DOUBLE_EQ(groove_consistency(places, bars), plain_groove(places, bars)) << seed;
        std::vector<PlaceBar> equal;
        for (std::int64_t begin = 0; begin <= 120; begin += 12) equal.push_back({begin, 12});
        EXPECT_DOUBLE_EQ(groove_consistency(places, 12, 120), plain_groove(places, equal)) << seed;
    }
    EXPECT_TRUE(std::isnan(groove_consistency({}, std::vector<PlaceBar>{{0, 6}, {6, 12}})));
    EXPECT_TRUE(std::isnan(groove_consistency({}, 48, 47)));
}

// A note just before a bar line is heard on it.
TEST(NoteMeasures, AnOnsetBelongsToTheNearestPlace) {
    const std::vector<Note> notes{
        {.onset = Ticks(478)}, {.onset = Ticks(482)}, {.onset = Ticks(540)}};
    EXPECT_EQ(onset_places(notes, 120, 12), (std::vector<std::int64_t>{48, 54}));
    const std::vector<Bar> bars{{Ticks(0), Ticks(480), {4, 4}}, {Ticks(480), Ticks(360), {3, 4}}};
    const std::vector<PlaceBar> places = place_bars(bars, 120, 12);
    EXPECT_EQ(places[1].begin, 48);
    EXPECT_EQ(places[1].length, 36);
}

TEST(NoteMeasures, SoundingTimeCountsEachTick) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const std::vector<Note> notes = random_notes(seed, 2 + static_cast<int>(seed), 200);
        SoundingTime expected;
        for (std::int64_t at = 0; at < 300; ++at) {
            const auto sounding = std::count_if(notes.begin(), notes.end(), [&](const Note& note) {
                return note.onset.value <= at && at < note.end().value;
            });
            expected.one += sounding == 1 ? 1 : 0;
            expected.more += sounding > 1 ? 1 : 0;
        }
        const SoundingTime time = sounding_time(notes, ends_of(notes));
        EXPECT_EQ(time.one, expected.one) << seed;
        EXPECT_EQ(time.more, expected.more) << seed;
    }
}

TEST(NoteMeasures, ScaleConsistencyAndEntropyOfNothing) {
    EXPECT_TRUE(std::isnan(scale_consistency({})));
    EXPECT_DOUBLE_EQ(scale_consistency({0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 1);
    EXPECT_DOUBLE_EQ(base::entropy_bits(std::vector<int>{2, 0, 1, 1}), 1.5);
    EXPECT_DOUBLE_EQ(base::entropy_bits(std::vector<int>{}), 0);
}

}  // namespace
}  // namespace symphony::score
