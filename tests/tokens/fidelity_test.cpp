// What a scheme loses, on pieces in which every loss is put in by hand.
#include "symphony/tokens/fidelity.h"

#include "symphony/tokens/tokenizer.h"

#include "tokens/random_score.h"
#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

using score::Ticks;

// Eight quarters of a scale for violin at 120 in 4/4, with a pedal, a bend and a drum at each beat.
score::Score scale() {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.parts.resize(2);
    score.parts[0].program = 40;
    score.parts[1].is_drums = true;
    for (int n = 0; n < 8; ++n) {
        score.parts[0].notes.push_back({.onset = Ticks(480 * n),
                                        .duration = Ticks(480),
                                        .pitch = static_cast<std::uint8_t>(60 + 2 * n),
                                        .velocity = 70});
        score.parts[1].notes.push_back(
            {.onset = Ticks(480 * n), .duration = Ticks(120), .pitch = 36, .velocity = 90});
    }
    score.parts[0].controls = {{Ticks(0), 64, 127}, {Ticks(480), 64, 0}, {Ticks(0), 7, 90}};
    score.parts[0].bends = {{Ticks(0), 100}};
    score.tempos = {{Ticks(0), 120}};
    score.meters = {{Ticks(0), {4, 4}}};
    score.keys = {{Ticks(0), {0, false}}};
    return score;
}

Fidelity measured(const score::Score& copy, Clock clock = Clock::kBeats) {
    return measure_fidelity(scale(), copy, clock).counts;
}

TEST(Fidelity, OfACopyIsWhole) {
    const Fidelity f = measured(scale());
    EXPECT_EQ(f.notes, 16);
    EXPECT_EQ(f.kept, 16);
    EXPECT_EQ(f.alike, 16);
    EXPECT_EQ(f.merged + f.dropped + f.added, 0);
    EXPECT_EQ(f.moved[0], 16);
    for (const Kept& kept : {f.lengths, f.velocities, f.programs, f.drums, f.tempos, f.meters,
                             f.keys, f.pedals, f.controls, f.bends})
        EXPECT_EQ(kept.kept, kept.all);
    EXPECT_EQ(f.drums.all, 8);
    EXPECT_EQ(f.programs.all, 8);
    EXPECT_EQ(f.pedals.all, 2);
    EXPECT_EQ(f.tempos.all, 16);
}

TEST(Fidelity, EveryNoteOfADenseRunFindsItsOwn) {
    // 400 notes of one pitch in four quarters: more than are looked at before each.
    score::Score dense;
    dense.ticks_per_quarter = 480;
    dense.parts.emplace_back();
    for (std::int64_t i = 0; i < 400; ++i)
        dense.parts[0].notes.push_back(
            {.onset = Ticks(i * 4), .duration = Ticks(4), .pitch = 60, .velocity = 80});
    const Fidelity f = measure_fidelity(dense, dense, Clock::kBeats).counts;
    EXPECT_EQ(f.kept, 400);
    EXPECT_EQ(f.moved_ms, 0);
}

TEST(Fidelity, SeesEachLoss) {
    score::Score copy = scale();
    auto& violin = copy.parts[0].notes;
    violin[1].onset += Ticks(24);      // 25 ms late
    violin[2].duration = Ticks(240);   // half as long
    violin[3].velocity = 100;          // louder
    violin.erase(violin.begin() + 7);  // gone
    copy.parts[0].program = 41;        // a viola
    copy.parts[0].controls.clear();
    copy.parts[0].bends.clear();
    copy.parts[1].notes.resize(6);
    copy.tempos[0].quarters_per_minute = 100;
    copy.meters[0].meter = {3, 4};
    copy.keys[0].key = {1, false};
    const Fidelity f = measured(copy);
    EXPECT_EQ(f.kept, 13);
    EXPECT_EQ(f.dropped, 3);
    EXPECT_EQ(f.moved[0], 12);
    EXPECT_EQ(f.moved[5], 1);  // up to 50 ms
    EXPECT_NEAR(f.most_moved_ms, 25, 1e-6);
    EXPECT_EQ(f.lengths.kept, 12);
    EXPECT_EQ(f.velocities.kept, 12);
    EXPECT_DOUBLE_EQ(f.velocity_difference, 30);
    EXPECT_EQ(f.programs.kept, 0);
    EXPECT_EQ(f.drums.kept, 6);
    EXPECT_EQ(f.alike, 6);  // the drums
    EXPECT_EQ(f.tempos.kept + f.meters.kept + f.keys.kept, 0);
    EXPECT_NEAR(f.tempo_difference, 13 * 20 / 120.0, 1e-9);
    EXPECT_EQ(f.pedals.kept + f.controls.kept + f.bends.kept, 0);
    EXPECT_EQ(f.controls.all, 1);
}

TEST(Fidelity, ATempoThatSoundsTheSameIsKept) {
    score::Score copy = scale();
    copy.tempos[0].quarters_per_minute = 123;
    EXPECT_EQ(measured(copy).tempos.kept, 16);
    copy.tempos[0].quarters_per_minute = 124;
    EXPECT_EQ(measured(copy).tempos.kept, 0);
    copy.tempos.clear();  // which is 120
    EXPECT_EQ(measured(copy).tempos.kept, 16);
    EXPECT_EQ(measured(copy).tempo_difference, 0);
}

// A scheme that drops the first note, or the silence before it, has not moved the others.
TEST(Fidelity, TheRestStaysInPlaceWhenTheStartIsLost) {
    score::Score source = scale();
    source.parts[1].notes.erase(source.parts[1].notes.begin());  // the scale begins alone
    score::Score copy = source;
    copy.parts[0].notes.erase(copy.parts[0].notes.begin());
    Fidelity f = measure_fidelity(source, copy, Clock::kBeats).counts;
    EXPECT_EQ(f.dropped, 1);
    EXPECT_EQ(f.moved[0], 14);
    // And begins at once, a quarter early.
    for (score::Part& part : copy.parts) {
        for (score::Note& note : part.notes) note.onset -= Ticks(480);
        for (score::ControlChange& change : part.controls)
            change.onset = std::max(Ticks(0), change.onset - Ticks(480));
    }
    f = measure_fidelity(source, copy, Clock::kBeats).counts;
    EXPECT_EQ(f.dropped, 1);
    EXPECT_EQ(f.moved[0], 14);
    copy = source;
    for (score::Part& part : copy.parts) {
        for (score::Note& note : part.notes) note.onset += Ticks(4 * 480);
        for (score::ControlChange& change : part.controls) change.onset += Ticks(4 * 480);
    }
    for (const Clock clock : {Clock::kBeats, Clock::kSeconds}) {
        f = measure_fidelity(source, copy, clock).counts;
        EXPECT_EQ(f.moved[0], 15);
        EXPECT_EQ(f.pedals.kept, f.pedals.all);
        EXPECT_EQ(f.controls.kept, f.controls.all);
    }
}

TEST(Fidelity, TellsMergedFromDropped) {
    score::Score source = scale(), copy = scale();
    // A second violin strikes the first one's E in its middle; the copy only holds the first.
    source.parts.push_back(source.parts[0]);
    source.parts[2].notes = {{.onset = Ticks(960), .duration = Ticks(480), .pitch = 64}};
    const Fidelity f = measure_fidelity(source, copy, Clock::kBeats).counts;
    EXPECT_EQ(f.merged, 1);
    EXPECT_EQ(f.dropped, 0);
    EXPECT_EQ(f.added, 0);
    EXPECT_EQ(measure_fidelity(copy, source, Clock::kBeats).counts.added, 1);
}

TEST(Fidelity, OnTheClockOfSecondsBeatsAreForgotten) {
    // The same music at half the tempo with half the ticks: alike in seconds, not in beats.
    score::Score copy = scale();
    copy.tempos[0].quarters_per_minute = 60;
    for (score::Part& part : copy.parts)
        for (score::Note& note : part.notes) {
            note.onset.value /= 2;
            note.duration.value /= 2;
        }
    const Fidelity f = measured(copy, Clock::kSeconds);
    EXPECT_EQ(f.moved[0], 16);
    EXPECT_EQ(f.lengths.kept, 16);
    EXPECT_EQ(f.tempos.kept, 0);  // beats are not what they were
    EXPECT_EQ(f.meters.kept, 0);
}

TEST(Fidelity, NamesTheWorst) {
    score::Score copy = scale();
    copy.parts[0].notes[5].onset += Ticks(48);
    copy.parts[0].notes[2].onset -= Ticks(24);
    const auto worst = measure_fidelity(scale(), copy, Clock::kBeats).worst;
    ASSERT_EQ(worst.size(), 2U);
    EXPECT_EQ(worst[0].note, 5U);
    EXPECT_NEAR(worst[0].ms, 50, 1e-6);
    EXPECT_EQ(worst[1].note, 2U);
    EXPECT_NEAR(worst[1].ms, -25, 1e-6);
}

// Whatever a scheme does, every note is accounted for once.
TEST(Fidelity, AddsUpForEveryScheme) {
    const auto scores = tests::random_scores(12);
    for (const std::string& scheme : scheme_names()) {
        if (scheme == "chorale") continue;  // not for such pieces
        const auto tokenizer = learn_tokenizer(scores, {.scheme = scheme});
        for (const score::Score& score : scores) {
            const score::Score decoded = tokenizer->decode(tokenizer->encode(score).ids);
            const Fidelity f = measure_fidelity(score, decoded, Clock::kBeats).counts;
            EXPECT_EQ(f.kept + f.merged + f.dropped, f.notes);
            EXPECT_EQ(f.notes, static_cast<std::int64_t>(score.note_count()));
            EXPECT_EQ(f.kept + f.added, static_cast<std::int64_t>(decoded.note_count()));
            EXPECT_LE(f.alike, f.kept);
            std::int64_t moved = 0;
            for (const std::int64_t bin : f.moved) moved += bin;
            EXPECT_EQ(moved, f.kept);
        }
    }
}

}  // namespace
}  // namespace symphony::tokens
