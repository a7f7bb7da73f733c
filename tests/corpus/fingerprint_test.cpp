#include "symphony/corpus/fingerprint.h"

#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

using score::Score;
using score::Ticks;

TEST(Fingerprint, IsBlindToKeyTracksResolutionTempoAndRests) {
    const Score piece = made_piece(1);
    const Fingerprint original = fingerprint_of(piece);
    const auto same = [&](const Score& copy) {
        const Fingerprint other = fingerprint_of(copy);
        EXPECT_EQ(other.music, original.music);
        EXPECT_EQ(other.windows, original.windows);
    };
    same(*score::transposed(piece, 5));
    same(*score::transposed(piece, -3));
    same(on_one_track(piece));
    same(score::with_resolution(piece, 96));
    Score slower = piece;
    slower.tempos = {{Ticks(0), 60}};
    for (auto& part : slower.parts)
        for (auto& note : part.notes) note.velocity = 30, note.duration = Ticks(100);
    same(slower);
    Score later = piece;
    for (auto& part : later.parts)
        for (auto& note : part.notes) note.onset += Ticks(4 * kMadeTicks);
    same(later);
    Score halved = piece;  // the same music notated in half the values
    for (auto& part : halved.parts)
        for (auto& note : part.notes) note.onset.value /= 2, note.duration.value /= 2;
    same(halved);
    Score doubled = piece;  // a unison doubling and drums
    doubled.parts.push_back(piece.parts[0]);
    doubled.parts.push_back(piece.parts[1]);
    doubled.parts.back().is_drums = true;
    same(doubled);
}

TEST(Fingerprint, TellsPiecesApart) {
    const Fingerprint a = fingerprint_of(made_piece(1)), b = fingerprint_of(made_piece(2));
    EXPECT_NE(a.music, b.music);
    EXPECT_EQ(shared_count(a.windows, b.windows), 0u);
    Score changed = made_piece(1);
    changed.parts[2].notes[5].pitch += 1;
    const Fingerprint near = fingerprint_of(changed);
    EXPECT_NE(near.music, a.music);
    EXPECT_GT(shared_count(near.windows, a.windows), a.windows.size() / 2);
}

TEST(Fingerprint, AnotherSettingOfATuneSharesItsMelody) {
    const Score piece = made_piece(1, 48);
    Score setting = made_piece(7, 48);  // other lower voices
    setting.parts[0] = piece.parts[0];
    setting = *score::transposed(setting, 2);
    const Fingerprint a = fingerprint_of(piece), b = fingerprint_of(setting);
    EXPECT_EQ(a.melody, b.melody);
    EXPECT_EQ(shared_count(a.windows, b.windows), 0u);
    // Passing notes between the beats do not hide it.
    for (std::size_t i = 0; i + 1 < setting.parts[0].notes.size(); i += 3) {
        auto& note = setting.parts[0].notes[i];
        auto passing = note;
        note.duration -= Ticks(60);
        passing.onset = note.end();
        passing.duration = Ticks(60);
        passing.pitch += 1;
        setting.parts[0].notes.push_back(passing);
    }
    score::sort_events(setting);
    EXPECT_GT(shared_count(fingerprint_of(setting).melody, a.melody), a.melody.size() / 3);
}

TEST(Fingerprint, DrumsAloneAreNotTransposed) {
    Score drums;
    drums.parts.emplace_back().is_drums = true;
    for (int i = 0; i < 16; ++i)
        drums.parts[0].notes.push_back({Ticks(i * 240), Ticks(60), std::uint8_t(i % 2 ? 38 : 36)});
    Score others = drums;
    for (auto& note : others.parts[0].notes) note.pitch += 4;
    EXPECT_NE(fingerprint_of(drums).music, fingerprint_of(others).music);
    EXPECT_FALSE(fingerprint_of(drums).music.empty());
    EXPECT_TRUE(fingerprint_of(Score{}).music.empty());
}

}  // namespace
}  // namespace symphony::corpus
