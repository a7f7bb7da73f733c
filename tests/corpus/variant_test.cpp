#include "symphony/corpus/variant.h"

#include "symphony/base/error.h"
#include "symphony/score/time_map.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace symphony::corpus {
namespace {

const std::vector<int> kKeys{-2, -1, 0, 1, 2, 3};

Variant draw(std::uint64_t index, const VariantOptions& options,
             const score::Score& score = made_piece(1)) {
    base::Rng rng(7, "variant", index);
    return draw_variant(rng, score, kKeys, options);
}

TEST(Variant, StaysInItsRangesAndUsesThem) {
    VariantOptions options;
    options.augment = {"all"};
    std::map<int, int> keys;
    std::map<std::size_t, int> dropped;
    double slowest = 9, fastest = 0;
    int softest = 99, loudest = -99, most_dropped = 0;
    constexpr int kDraws = 6000;
    for (int n = 0; n < kDraws; ++n) {
        const Variant variant = draw(static_cast<std::uint64_t>(n), options);
        ++keys[variant.semitones];
        slowest = std::min(slowest, variant.tempo);
        fastest = std::max(fastest, variant.tempo);
        softest = std::min(softest, variant.velocity);
        loudest = std::max(loudest, variant.velocity);
        EXPECT_LE(std::abs(variant.velocity_scale - 1), options.velocity_scale);
        for (const std::size_t part : variant.dropped) ++dropped[part];
        most_dropped = std::max(most_dropped, static_cast<int>(variant.dropped.size()));
    }
    ASSERT_EQ(keys.size(), kKeys.size());
    for (const auto& [key, count] : keys) EXPECT_NEAR(count, kDraws / 6.0, 150) << key;
    EXPECT_NEAR(slowest, 1 / 1.1, 0.001);
    EXPECT_NEAR(fastest, 1.1, 0.001);
    EXPECT_EQ(softest, -options.velocity_range);
    EXPECT_EQ(loudest, options.velocity_range);
    EXPECT_FALSE(dropped.contains(0));  // the soprano has the melody
    for (std::size_t part = 1; part < 4; ++part) EXPECT_NEAR(dropped[part], kDraws * 0.15, 130);
    EXPECT_EQ(most_dropped, 3);
}

TEST(Variant, OnlyWhatIsAskedForIsDrawn) {
    for (const char* kind : {"transpose", "tempo", "velocity", "dropout", "none"}) {
        VariantOptions options;
        options.augment = {kind};
        EXPECT_EQ(options.any(), std::string(kind) != "none");
        std::set<std::string> varies;
        for (std::uint64_t n = 0; n < 200; ++n) {
            const Variant v = draw(n, options);
            if (v.semitones != 0) varies.insert("transpose");
            if (v.tempo != 1) varies.insert("tempo");
            if (v.velocity != 0 || v.velocity_scale != 1) varies.insert("velocity");
            if (!v.dropped.empty()) varies.insert("dropout");
        }
        EXPECT_EQ(varies, options.any() ? std::set<std::string>{kind} : std::set<std::string>{});
    }
}

TEST(Variant, ThePartThatIsLeftIsNeverDropped) {
    VariantOptions options;
    options.augment = {"dropout"};
    options.part_dropout = 1;
    score::Score score = made_piece(1);
    EXPECT_EQ(draw(0, options, score).dropped, (std::vector<std::size_t>{1, 2, 3}));
    for (auto& part : score.parts) part.role = score::Role::kHarmony;
    score.parts[0].notes.clear();
    EXPECT_EQ(draw(0, options, score).dropped, (std::vector<std::size_t>{2, 3}));
    score.parts.resize(1);
    EXPECT_TRUE(draw(0, options, score).dropped.empty());
}

TEST(Variant, ChangesWhatItSaysAndNothingElse) {
    score::Score score = made_piece(2);
    score.tempos = {{score::Ticks(0), 100}};
    score.parts[3].controls.push_back({score::Ticks(0), 7, 100});
    EXPECT_EQ(varied(score, {}), score);
    const score::Score v = varied(
        score,
        {.semitones = 2, .tempo = 1.05, .velocity_scale = 1.5, .velocity = 100, .dropped = {3}});
    EXPECT_EQ(v.parts[0].notes[0].pitch, score.parts[0].notes[0].pitch + 2);
    EXPECT_EQ(v.parts[0].notes[0].onset, score.parts[0].notes[0].onset);
    EXPECT_EQ(v.parts[0].notes[0].velocity, 127);
    EXPECT_DOUBLE_EQ(v.tempos[0].quarters_per_minute, 105);
    EXPECT_EQ(v.parts.size(), 4u);
    EXPECT_TRUE(v.parts[3].notes.empty());
    EXPECT_TRUE(v.parts[3].controls.empty());
    EXPECT_EQ(varied(score, {.velocity = -120}).parts[1].notes[0].velocity, 1);
    score.tempos.clear();
    EXPECT_DOUBLE_EQ(varied(score, {.tempo = 0.5}).tempos.at(0).quarters_per_minute, 60);
}

}  // namespace
}  // namespace symphony::corpus
