#include "symphony/score/harmony.h"

#include "symphony/score/transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace symphony::score {
namespace {

std::array<double, 12> weights(std::initializer_list<int> pitches) {
    std::array<double, 12> w{};
    for (const int pitch : pitches) w[static_cast<std::size_t>(pitch % 12)] += 1;
    return w;
}

std::string matched(std::initializer_list<int> pitches) {
    return match_chord(weights(pitches), *pitches.begin() % 12).name();
}

TEST(Harmony, NamesChordsInAnyPosition) {
    EXPECT_EQ(matched({60, 64, 67}), "C:maj");
    EXPECT_EQ(matched({64, 67, 72}), "C:maj");
    EXPECT_EQ(matched({57, 60, 64}), "A:min");
    EXPECT_EQ(matched({59, 62, 65}), "B:dim");
    EXPECT_EQ(matched({60, 64, 68}), "C:aug");
    EXPECT_EQ(matched({67, 71, 74, 77}), "G:7");
    EXPECT_EQ(matched({60, 64, 67, 71}), "C:maj7");
    EXPECT_EQ(matched({62, 65, 69, 72}), "D:m7");
    EXPECT_EQ(matched({59, 62, 65, 69}), "B:m7b5");
    EXPECT_EQ(matched({67, 72, 74}), "G:sus4");
    EXPECT_EQ(matched({62, 69}), "D:5");
}

TEST(Harmony, TheBassBreaksTies) {
    EXPECT_EQ(matched({59, 62, 65, 68}), "B:dim7");  // the same four tones on each of them
    EXPECT_EQ(matched({62, 65, 68, 71}), "D:dim7");
    EXPECT_EQ(matched({60, 64}), "C:maj");
    EXPECT_EQ(matched({64, 60}), "C:maj");  // first inversion before a second or a rare chord
    EXPECT_EQ(matched({69, 60, 64}), "A:min");
}

TEST(Harmony, SilenceAndClustersHaveNoChord) {
    EXPECT_EQ(match_chord({}, -1), Chord{});
    EXPECT_EQ(Chord{}.name(), "none");
    EXPECT_FALSE(Chord{}.contains(0));
    std::array<double, 12> all;
    all.fill(1);
    EXPECT_EQ(match_chord(all, 0), Chord{});
}

TEST(Harmony, MovesWithATransposition) {
    for (const auto& pitches : {weights({60, 64, 67}), weights({60, 63, 66, 69}), weights({60, 62}),
                                weights({60, 64, 68}), weights({60, 65, 67, 69})}) {
        for (int bass = 0; bass < 12; ++bass) {
            const Chord chord = match_chord(pitches, bass);
            for (int up = 1; up < 12; ++up) {
                std::array<double, 12> moved{};
                for (std::size_t i = 0; i < 12; ++i)
                    moved[(i + static_cast<std::size_t>(up)) % 12] = pitches[i];
                Chord expected = chord;
                if (chord.quality != ChordQuality::kNone)
                    expected.root = static_cast<std::uint8_t>((chord.root + up) % 12);
                EXPECT_EQ(match_chord(moved, (bass + up) % 12), expected);
            }
        }
    }
}

// The search as one would write it down: every template on every root, one after the other.
Chord match_chord_plainly(const std::array<double, 12>& weight, int bass) {
    constexpr std::array<double, kChordQualities> kPriors{0,    0.03, 0.03, 0.01, 0,    0.02,
                                                          0.01, 0.01, 0.01, 0.01, 0.01, 0};
    double norm = 0;
    for (const double w : weight) norm += w * w;
    if (norm <= 0) return {};
    Chord best;
    double best_match = 0.6;
    int best_rank = 100;
    for (int q = 1; q < kChordQualities; ++q) {
        for (int root = 0; root < 12; ++root) {
            const Chord chord{static_cast<std::uint8_t>(root), static_cast<ChordQuality>(q)};
            double inside = 0;
            int tones = 0, tones_below_bass = 0;
            const int bass_above = (bass - root + 12) % 12;
            for (int above = 0; above < 12; ++above) {
                if (!chord.contains(root + above)) continue;
                inside += weight[static_cast<std::size_t>((root + above) % 12)];
                ++tones;
                if (above < bass_above) ++tones_below_bass;
            }
            const double match =
                inside / std::sqrt(tones * norm) + kPriors[static_cast<std::size_t>(q)];
            int rank = chord.contains(bass) ? tones_below_bass : 10 + bass_above;
            if (bass < 0) rank = root;
            const bool equal = std::abs(match - best_match) < 1e-9;
            if (match > best_match + 1e-9 || (equal && rank < best_rank)) {
                best = chord;
                best_match = std::max(best_match, match);
                best_rank = rank;
            }
        }
    }
    return best;
}

TEST(Harmony, TheFastSearchFindsWhatThePlainOneFinds) {
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        // Few and small whole weights, so that ties are common.
        std::array<double, 12> weight{};
        const unsigned sounding = 1 + random() % 6;
        for (unsigned i = 0; i < sounding; ++i) weight[random() % 12] += 1 + random() % 3;
        const int bass = static_cast<int>(random() % 13) - 1;
        ASSERT_EQ(match_chord(weight, bass), match_chord_plainly(weight, bass)) << round;
    }
}

Score chord_score() {
    Score score;
    score.ticks_per_quarter = 4;
    score.meters = {{Ticks(0), {6, 8}}};
    score.parts.resize(2);
    const auto add = [&](int onset, int duration, int pitch) {
        score.parts[0].notes.push_back(
            {Ticks(onset), Ticks(duration), static_cast<std::uint8_t>(pitch)});
    };
    for (const int pitch : {60, 64, 67}) add(0, 6, pitch);
    add(6, 1, 73);  // a short passing tone
    for (const int pitch : {62, 65, 69}) add(6, 6, pitch);
    for (const int pitch : {60, 64, 67}) add(12, 12, pitch);
    score.parts[1].is_drums = true;
    score.parts[1].notes.push_back({Ticks(0), Ticks(12), 37});
    sort_events(score);
    return score;
}

TEST(Harmony, ReadsOneChordABeat) {
    const auto beats = beat_chords(chord_score());
    ASSERT_EQ(beats.size(), 4U);
    EXPECT_EQ(beats[0].chord.name(), "C:maj");
    EXPECT_EQ(beats[1].chord.name(), "D:min");
    EXPECT_EQ(beats[1].onset, Ticks(6));
    EXPECT_EQ(beats[1].length, Ticks(6));
    EXPECT_EQ(beats[3].chord.name(), "C:maj");
}

TEST(Harmony, BeatsFollowTheMetre) {
    EXPECT_EQ(harmonic_beat({4, 4}, 480), Ticks(480));
    EXPECT_EQ(harmonic_beat({2, 2}, 480), Ticks(480));
    EXPECT_EQ(harmonic_beat({6, 8}, 480), Ticks(720));
    EXPECT_EQ(harmonic_beat({3, 8}, 480), Ticks(720));
    EXPECT_EQ(harmonic_beat({5, 8}, 480), Ticks(480));
    EXPECT_EQ(harmonic_beat({9, 16}, 480), Ticks(360));
}

TEST(Harmony, EstimatesTheKeyAndMovesIt) {
    Score score;
    score.ticks_per_quarter = 1;
    score.parts.resize(1);
    const auto add = [&](std::initializer_list<int> scale) {
        int at = 0;
        score.parts[0].notes.clear();
        for (const int pitch : scale)
            score.parts[0].notes.push_back(
                {Ticks(at++), Ticks(1), static_cast<std::uint8_t>(pitch)});
    };
    EXPECT_EQ(estimate_key(score), Key{});
    add({60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60});
    for (int up = 0; up < 12; ++up)
        EXPECT_EQ(estimate_key(*transposed(score, up)), transposed(Key{0, false}, up));
    add({57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57});
    for (int up = 0; up < 12; ++up)
        EXPECT_EQ(estimate_key(*transposed(score, up)), transposed(Key{0, true}, up));
}

}  // namespace
}  // namespace symphony::score
