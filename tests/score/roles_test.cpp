#include "symphony/score/roles.h"

#include "symphony/base/rng.h"
#include "symphony/score/role_path.h"
#include "symphony/score/role_steps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace symphony::score {
namespace {

Note note_at(int onset, int duration, int pitch) {
    Note note;
    note.onset = Ticks(onset);
    note.duration = Ticks(duration);
    note.pitch = static_cast<std::uint8_t>(pitch);
    return note;
}

// One part; each row is a voice of quarter notes at 4 ticks a quarter.
Part chorale_part(const std::vector<std::vector<int>>& voices) {
    Part part;
    for (const auto& voice : voices)
        for (std::size_t i = 0; i < voice.size(); ++i)
            if (voice[i] > 0) part.notes.push_back(note_at(static_cast<int>(i) * 4, 4, voice[i]));
    return part;
}

Score score_of(std::vector<Part> parts) {
    Score score;
    score.ticks_per_quarter = 4;
    score.parts = std::move(parts);
    sort_events(score);
    return score;
}

std::string roles_text(const Part& part) {
    std::string text;
    for (const Note& note : part.notes) text += role_name(note.role)[0];
    return text;
}

TEST(Roles, NamesSay) {
    EXPECT_EQ(role_from_name("Soprano"), Role::kMelody);
    EXPECT_EQ(role_from_name("Alto"), Role::kHarmony);
    EXPECT_EQ(role_from_name("Tenor"), Role::kHarmony);
    EXPECT_EQ(role_from_name("Bass"), Role::kBass);
    EXPECT_EQ(role_from_name("Voice"), Role::kMelody);
    EXPECT_EQ(role_from_name("Violoncello"), Role::kBass);
    EXPECT_EQ(role_from_name("Violin I"), Role::kMelody);
    EXPECT_EQ(role_from_name("Violin II"), Role::kHarmony);
    EXPECT_EQ(role_from_name("Viola"), Role::kHarmony);
    EXPECT_EQ(role_from_name("Contralto"), Role::kHarmony);
    EXPECT_EQ(role_from_name("Mezzo-Soprano"), Role::kMelody);
    EXPECT_EQ(role_from_name("Drum Kit"), Role::kDrums);
    EXPECT_EQ(role_from_name("Piano"), Role::kUnknown);
    EXPECT_EQ(role_from_name(""), Role::kUnknown);
    EXPECT_EQ(role_from_name("Track 1"), Role::kUnknown);
    EXPECT_EQ(role_from_name("Invoice"), Role::kUnknown);
}

TEST(Roles, KnownPartsKeepTheirs) {
    Part soprano = chorale_part({{60, 62, 64, 65}}), bass = chorale_part({{72, 71, 69, 67}}), drums;
    soprano.name = "Soprano";
    bass.name = "Bass";  // above the soprano: the name counts
    drums.is_drums = true;
    drums.notes.push_back(note_at(0, 1, 100));
    Score score = score_of({soprano, bass, drums});
    assign_roles(score);
    EXPECT_EQ(score.parts[0].role, Role::kMelody);
    EXPECT_EQ(score.parts[1].role, Role::kBass);
    EXPECT_EQ(score.parts[2].role, Role::kDrums);
    EXPECT_EQ(roles_text(score.parts[0]), "mmmm");
    EXPECT_EQ(roles_text(score.parts[1]), "bbbb");
    EXPECT_EQ(roles_text(score.parts[2]), "d");
}

TEST(Roles, ProgramsSpeakWhereNamesDoNot) {
    Part lead = chorale_part({{60, 62, 64, 65}}), pad = chorale_part({{72, 72, 72, 72}}),
         low = chorale_part({{70, 71, 70, 71}});
    lead.program = 80;
    pad.program = 89;
    low.program = 33;
    Score score = score_of({lead, pad, low});
    assign_roles(score);
    EXPECT_EQ(score.parts[0].role, Role::kMelody);
    EXPECT_EQ(score.parts[1].role, Role::kHarmony);
    EXPECT_EQ(score.parts[2].role, Role::kBass);
}

TEST(Roles, FourVoicesInOnePart) {
    Score score = score_of({chorale_part({{67, 69, 71, 72, 71, 69, 67, 67},
                                          {62, 62, 62, 64, 62, 62, 62, 62},
                                          {59, 57, 55, 55, 55, 54, 59, 59},
                                          {43, 42, 43, 48, 43, 50, 43, 43}})});
    assign_roles(score);
    std::string expected;
    for (int i = 0; i < 8; ++i) expected += "mhhb";
    EXPECT_EQ(roles_text(score.parts[0]), expected);
    EXPECT_EQ(score.parts[0].role, Role::kUnknown);  // it mixes them
}

TEST(Roles, TheVoiceIsMelodyAndThePianoSharesTheRest) {
    Part voice = chorale_part({{0, 0, 67, 69, 71, 72}}),
         right = chorale_part({{76, 77, 79, 81, 79, 76}}),
         left = chorale_part({{48, 50, 43, 45, 43, 48}});
    voice.name = "Voice";
    right.name = left.name = "Piano";
    right.staff = 1;
    left.staff = 2;
    Score score = score_of({voice, right, left});
    assign_roles(score);
    EXPECT_EQ(roles_text(score.parts[0]), "mmmm");
    EXPECT_EQ(score.parts[1].role, Role::kHarmony);
    EXPECT_EQ(score.parts[2].role, Role::kBass);
}

TEST(Roles, AnInterludeHasItsOwnMelody) {
    std::vector<int> silent(12, 0), tune{72, 74, 76, 77, 79, 77, 76, 74, 72, 71, 72, 74};
    std::vector<int> song = silent;
    song.push_back(67);
    std::vector<int> right_hand = tune;
    right_hand.push_back(72);
    Part voice = chorale_part({song}), right = chorale_part({right_hand});
    voice.name = "Voice";
    right.name = "Piano";
    right.staff = 1;
    Part left = chorale_part({std::vector<int>(13, 48)});
    left.name = "Piano";
    left.staff = 2;
    Score score = score_of({voice, right, left});
    assign_roles(score);
    EXPECT_EQ(roles_text(score.parts[1]), "mmmmmmmmmmmmh");
}

TEST(Roles, Skyline) {
    Score score = score_of({chorale_part({{67, 69}, {60, 60}, {48, 50}})});
    score.parts[0].notes.push_back(note_at(8, 4, 60));
    assign_roles_skyline(score);
    EXPECT_EQ(roles_text(score.parts[0]), "mhbmhbm");
}

TEST(Roles, EmptyScoresAndMassesOfNotes) {
    Score empty;
    assign_roles(empty);
    assign_roles_skyline(empty);
    Part mass;
    for (int i = 0; i < 20000; ++i) mass.notes.push_back(note_at(i / 2000, 4, i % 128));
    Score score = score_of({mass});
    assign_roles(score);
    for (const Note& note : score.parts[0].notes) ASSERT_NE(note.role, Role::kUnknown);
}

// Looked for among all notes, with the features of every step.
std::vector<std::size_t> plain_best_path(const std::vector<PathNote>& notes,
                                         const PathWeights& weights, bool mirrored) {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    const auto features = note_features(notes, mirrored);
    const auto dot = [](const auto& a, const auto& b) {
        return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    };
    std::vector<double> best(notes.size());
    std::vector<std::size_t> before(notes.size(), kNone);
    for (std::size_t j = 0; j < notes.size(); ++j) {
        double gain = 0, rested = 0;
        std::size_t rested_at = kNone;
        for (std::size_t i = 0; i < j; ++i)
            if (notes[i].end() < notes[j].onset - kLongestStep && best[i] > rested) {
                rested = best[i];
                rested_at = i;
            }
        if (rested_at != kNone && rested + weights.step[12] >= 0) {
            gain = rested + weights.step[12];
            before[j] = rested_at;
        }
        for (std::size_t i = j; i-- > 0;) {
            const double end = notes[i].end();
            if (end > notes[j].onset + 1.0 / 8 || notes[i].onset >= notes[j].onset ||
                end < notes[j].onset - kLongestStep)
                continue;
            const double total = best[i] + dot(weights.step, step_features(notes[i], notes[j]));
            if (total <= gain) continue;
            gain = total;
            before[j] = i;
        }
        best[j] = gain + dot(weights.note, features[j]);
    }
    std::vector<std::size_t> path;
    const auto top = std::max_element(best.begin(), best.end());
    if (*top <= 0) return path;
    for (auto i = static_cast<std::size_t>(top - best.begin()); i != kNone; i = before[i])
        path.push_back(i);
    std::reverse(path.begin(), path.end());
    return path;
}

TEST(RolePath, IsTheBestOfAllNotesByTheFeaturesOfEveryStep) {
    constexpr double kLengths[] = {0.25, 0.5, 0.5, 1, 1, 1.0 / 3, 3, 0.7};
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        base::Rng rng(seed, "path");
        std::vector<PathNote> notes;
        double onset = 0;
        for (int n = 0; n < 150; ++n) {
            if (rng.below(3) > 0) onset += kLengths[rng.below(8)];
            if (rng.below(40) == 0) onset += 6;  // a line that starts anew
            notes.push_back({.onset = onset,
                             .duration = kLengths[rng.below(8)],
                             .pitch = 40 + static_cast<int>(rng.below(40)),
                             .in_other_staff = rng.below(4) == 0});
        }
        std::stable_sort(notes.begin(), notes.end(), [](const PathNote& a, const PathNote& b) {
            return a.onset != b.onset ? a.onset < b.onset : a.pitch < b.pitch;
        });
        EXPECT_EQ(best_path(notes, melody_weights(), false),
                  plain_best_path(notes, melody_weights(), false));
        EXPECT_EQ(best_path(notes, bass_weights(), true),
                  plain_best_path(notes, bass_weights(), true));
    }
}

TEST(RolePath, StepsScoreWhatTheirFeaturesScoreToTheLastBit) {
    StepScores steps(melody_weights().step);
    base::Rng rng(1, "steps");
    for (int n = 0; n < 20'000; ++n) {
        const PathNote from{.onset = 0, .duration = std::exp2(4 * rng.uniform() - 3)};
        const PathNote to{.onset = 6 * rng.uniform(),
                          .duration = rng.below(3) == 0 ? from.duration : 4 * rng.uniform() + 0.1,
                          .pitch = 30 + static_cast<int>(rng.below(60))};
        const StepFeatures features = step_features(from, to);
        const double score = steps(from, to);
        EXPECT_EQ(score, std::inner_product(features.begin(), features.end(),
                                            melody_weights().step.begin(), 0.0));
        EXPECT_LE(score, steps.most());
    }
}

TEST(RolePath, DoesNotOverlapAndIsAscending) {
    std::vector<PathNote> notes;
    for (int i = 0; i < 300; ++i)
        notes.push_back({(i * 7 % 100) / 4.0, 0.25 + i % 5 * 0.5, 50 + i * 13 % 30});
    std::sort(notes.begin(), notes.end(), [](const PathNote& a, const PathNote& b) {
        return a.onset != b.onset ? a.onset < b.onset : a.pitch < b.pitch;
    });
    const auto path = best_path(notes, melody_weights(), false);
    ASSERT_GT(path.size(), 5u);
    for (std::size_t i = 1; i < path.size(); ++i) {
        EXPECT_LT(path[i - 1], path[i]);
        EXPECT_LE(notes[path[i - 1]].end(), notes[path[i]].onset + 0.125);
    }
}

}  // namespace
}  // namespace symphony::score
