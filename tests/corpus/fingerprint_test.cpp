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
        EXPECT_EQ(overlap(other.windows, original.windows).containment(), 1.0);
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
    EXPECT_EQ(overlap(a.windows, b.windows).shared, 0u);
    Score changed = made_piece(1);
    changed.parts[2].notes[5].pitch += 1;
    const Fingerprint near = fingerprint_of(changed);
    EXPECT_NE(near.music, a.music);
    EXPECT_GT(overlap(near.windows, a.windows).containment(), 0.5);
}

TEST(Fingerprint, AnotherSettingOfATuneSharesItsMelody) {
    const Score piece = made_piece(1, 48);
    Score setting = made_piece(7, 48);  // other lower voices
    setting.parts[0] = piece.parts[0];
    setting = *score::transposed(setting, 2);
    const Fingerprint a = fingerprint_of(piece), b = fingerprint_of(setting);
    EXPECT_EQ(a.melody, b.melody);
    EXPECT_LT(overlap(a.windows, b.windows).containment(), 0.25);
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
    EXPECT_GT(overlap(fingerprint_of(setting).melody, a.melody).containment(), 0.33);
}

TEST(Fingerprint, IsTheSameAfterBytes) {
    for (const int quarters : {4, 32, 3000}) {
        const Fingerprint original = fingerprint_of(made_piece(1, quarters));
        EXPECT_EQ(original.windows.thinned, quarters == 3000);
        const std::string bytes = to_bytes(original);
        EXPECT_EQ(fingerprint_from_bytes(bytes).value(), original);
        EXPECT_EQ(bytes.size(),
                  76 + 4 * (original.windows.hashes.size() + original.melody.hashes.size()));
        for (const std::size_t cut :
             {std::size_t{0}, std::size_t{1}, std::size_t{40}, bytes.size() - 1})
            EXPECT_FALSE(fingerprint_from_bytes(bytes.substr(0, cut)).ok()) << cut;
        EXPECT_FALSE(fingerprint_from_bytes(bytes + "x").ok());
        std::string older = bytes;
        older[0] = kFingerprintVersion - 1;
        EXPECT_FALSE(fingerprint_from_bytes(older).ok());
        std::string many = bytes;  // a count that the bytes do not hold
        many[70] = '\x7f';
        EXPECT_FALSE(fingerprint_from_bytes(many).ok());
    }
    EXPECT_EQ(fingerprint_from_bytes(to_bytes(Fingerprint{})).value(), Fingerprint{});
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
