// The figures of one piece, on music small enough to be counted by hand.
#include "symphony/corpus/atlas/note_measures.h"
#include "symphony/corpus/atlas/piece_record.h"
#include "symphony/corpus/statistics.h"
#include "symphony/score/note_measures.h"
#include "symphony/score/roles.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::corpus {
namespace {

using score::Ticks;

constexpr int kQuarter = 480;

score::Note note(double quarter, double length, int pitch) {
    score::Note n;
    n.onset = Ticks(std::llround(quarter * kQuarter));
    n.duration = Ticks(std::llround(length * kQuarter));
    n.pitch = static_cast<std::uint8_t>(pitch);
    n.role = score::Role::kHarmony;
    return n;
}

score::Score one_part(std::vector<score::Note> notes, score::Meter meter = {4, 4}) {
    score::Score score;
    score.ticks_per_quarter = kQuarter;
    score.meters = {{Ticks(0), meter}};
    score.parts.resize(1);
    score.parts[0].notes = std::move(notes);
    score::sort_events(score);
    return score;
}

// A whole note on each of the triad's tones.
void add_triad(std::vector<score::Note>& notes, int bar, int root, int third, int fifth) {
    for (const int pitch : {root, third, fifth}) notes.push_back(note(4 * bar, 4, pitch));
}

// I IV V I in C, one chord a bar, `times` over.
score::Score cadences(int times, int transposed = 0) {
    std::vector<score::Note> notes;
    for (int i = 0; i < times; ++i) {
        add_triad(notes, 4 * i, 48 + transposed, 52 + transposed, 55 + transposed);
        add_triad(notes, 4 * i + 1, 53 + transposed, 57 + transposed, 60 + transposed);
        add_triad(notes, 4 * i + 2, 55 + transposed, 59 + transposed, 62 + transposed);
        add_triad(notes, 4 * i + 3, 48 + transposed, 52 + transposed, 55 + transposed);
    }
    return one_part(std::move(notes));
}

PieceStatistics read(const score::Score& score) { return statistics_of(score, "a.mid", {}, false); }

double measure(const PieceStatistics& piece, Measure m) {
    return piece.measures[static_cast<std::size_t>(m)];
}

TEST(KeyPlan, FollowsAModulationAndComesHome) {
    // Eight bars of C major, eight of A major, four of C major.
    score::Score score = cadences(2);
    const score::Score away = cadences(2, -3), home = cadences(1);
    for (score::Note n : away.parts[0].notes) {
        n.onset += Ticks(32 * kQuarter);
        score.parts[0].notes.push_back(n);
    }
    for (score::Note n : home.parts[0].notes) {
        n.onset += Ticks(64 * kQuarter);
        score.parts[0].notes.push_back(n);
    }
    const PieceStatistics piece = read(score);
    ASSERT_EQ(piece.keys.regions.size(), 3u);
    EXPECT_EQ(piece.keys.regions[0].key.name(), "C major");
    EXPECT_EQ(piece.keys.regions[1].key.name(), "A major");
    EXPECT_EQ(piece.keys.regions[2].key.name(), "C major");
    EXPECT_NEAR(piece.keys.regions[1].first_bar, 8, 1);
    EXPECT_NEAR(piece.keys.regions[2].first_bar, 16, 1);
    EXPECT_EQ(home_key(piece.keys).name(), "C major");
    EXPECT_STREQ(degree_of_key(piece.keys.regions[1].key, home_key(piece.keys)), "VI");
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kKeyChanges), 10);  // two in 20 bars
}

TEST(KeyPlan, OfDrumsOrSilenceIsEmpty) {
    score::Score score = cadences(1);
    score.parts[0].is_drums = true;
    EXPECT_TRUE(read(score).keys.regions.empty());
    EXPECT_TRUE(std::isnan(measure(read(score), Measure::kKeyClarity)));
    EXPECT_TRUE(std::isnan(measure(read(score), Measure::kPitchRange)));
}

TEST(KeyCorrelations, AreOneForAProfileItself) {
    const std::array<double, 12> minor{6.33, 2.68, 3.52, 5.38, 2.60, 3.53,
                                       2.54, 4.75, 3.98, 2.69, 3.34, 3.17};
    const auto match = score::key_correlations(minor);
    const auto best = std::max_element(match.begin(), match.end()) - match.begin();
    EXPECT_NEAR(match[static_cast<std::size_t>(best)], 1, 1e-9);
    EXPECT_EQ(score::key_of_correlation(static_cast<std::size_t>(best)).name(), "C minor");
}

TEST(Progressions, AreRomanNumeralsOfTheKey) {
    const PieceStatistics piece = read(cadences(2));
    ASSERT_EQ(piece.progressions.size(), 1u);
    std::string names;
    for (const RomanChord& chord : piece.progressions[0].chords)
        names += chord.name(piece.progressions[0].minor) + " ";
    // The I that ends one cadence and begins the next is one chord.
    EXPECT_EQ(names, "I IV V I IV V I ");
    EXPECT_EQ(piece.progressions[0].bars, (std::vector<std::int32_t>{0, 1, 2, 3, 5, 6, 7}));
    EXPECT_EQ(piece.cadences, (NameTally{{"authentic", 1}}));
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kDiatonicChords), 1);
    // 3 I, 2 IV, 2 V of 7: entropy by hand.
    EXPECT_NEAR(measure(piece, Measure::kChordEntropy),
                -(3 / 7.0 * std::log2(3 / 7.0) + 4 / 7.0 * std::log2(2 / 7.0)), 1e-12);
}

TEST(Progressions, NamesFollowModeAndQuality) {
    using score::ChordQuality;
    EXPECT_EQ((RomanChord{2, ChordQuality::kMinor7}.name(false)), "ii7");
    EXPECT_EQ((RomanChord{11, ChordQuality::kDiminished}.name(false)), "viio");
    EXPECT_EQ((RomanChord{11, ChordQuality::kDiminished7}.name(true)), "#viio7");
    EXPECT_EQ((RomanChord{8, ChordQuality::kMajor}.name(true)), "VI");
    EXPECT_EQ((RomanChord{8, ChordQuality::kMajor}.name(false)), "bVI");
    EXPECT_TRUE(is_diatonic({7, ChordQuality::kDominant7}, true));    // harmonic minor
    EXPECT_FALSE(is_diatonic({2, ChordQuality::kDominant7}, false));  // V7 of V
}

TEST(Cadences, AreReadAtPhraseMarks) {
    std::vector<score::Note> notes;
    add_triad(notes, 0, 48, 52, 55);  // I
    add_triad(notes, 1, 55, 59, 62);  // V, a phrase ends
    add_triad(notes, 2, 53, 57, 60);  // IV
    add_triad(notes, 3, 48, 52, 55);  // I, the piece ends
    score::Score score = one_part(std::move(notes));
    score.phrases = {{Ticks(4 * kQuarter)}};
    EXPECT_EQ(read(score).cadences, (NameTally{{"half", 1}, {"plagal", 1}}));
}

TEST(MetricalWeights, AreThoseOfTheLevels) {
    EXPECT_EQ(metrical_weights({4, 4}),
              (std::vector<int>{0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4}));
    EXPECT_EQ(metrical_weights({3, 4}),
              (std::vector<int>{0, -3, -2, -3, -1, -3, -2, -3, -1, -3, -2, -3}));
    EXPECT_EQ(metrical_weights({6, 8}),
              (std::vector<int>{0, -3, -2, -3, -2, -3, -1, -3, -2, -3, -2, -3}));
    EXPECT_EQ(metrical_weights({2, 2}), metrical_weights({4, 4}));
    EXPECT_EQ(metrical_weights({1, 64}), (std::vector<int>{0}));
}

TEST(Syncopation, IsTheRiseToTheHeaviestSilentPlace) {
    // Quarters on the beats: none.
    const PieceStatistics even = read(
        one_part({note(0, 1, 60), note(1, 1, 60), note(2, 1, 60), note(3, 1, 60), note(4, 1, 60)}));
    EXPECT_EQ(even.rhythm.weighed_onsets, 4);  // what follows the last note is not known
    EXPECT_EQ(even.rhythm.syncopated_onsets, 0);
    // Eighth, quarter, quarter, quarter, eighth, then the bar line: the onsets at 0.5 (weight -3)
    // is held over beat 2 (-2), that at 1.5 (-3) over beat 3 (-1), that at 2.5 (-3) over beat 4
    // (-2), that at 3.5 (-3) is followed at once: 1 + 2 + 1.
    const PieceStatistics off =
        read(one_part({note(0, .5, 60), note(.5, 1, 60), note(1.5, 1, 60), note(2.5, 1, 60),
                       note(3.5, .5, 60), note(4, 1, 60)}));
    EXPECT_EQ(off.rhythm.weighed_onsets, 5);
    EXPECT_EQ(off.rhythm.syncopated_onsets, 3);
    EXPECT_EQ(off.rhythm.syncopation_levels, 4);
    EXPECT_DOUBLE_EQ(measure(off, Measure::kSyncopation), 0.8);
}

TEST(Rhythm, AnUpbeatIsWeighedFromItsEnd) {
    score::Score score = one_part({note(0, 1, 60), note(1, 1, 60), note(2, 1, 60)}, {3, 4});
    score.bars = {{Ticks(0), Ticks(kQuarter), {3, 4}},
                  {Ticks(kQuarter), Ticks(3 * kQuarter), {3, 4}}};
    const PieceStatistics piece = read(score);
    EXPECT_EQ(piece.rhythm.onset_profile.at("3/4"), (Tally{{0, 1}, {1, 1}, {2, 1}}));
}

TEST(Rhythm, TripletsAndSwing) {
    const double third = 1.0 / 3;
    const PieceStatistics piece =
        read(one_part({note(0, third, 60), note(third, third, 60), note(2 * third, third, 60),
                       note(1, 2 * third, 60), note(1 + 2 * third, third, 60),  // swing 2 : 1
                       note(2, .5, 60), note(2.5, .5, 60),                      // even
                       note(3, .75, 60), note(3.75, .25, 60)}));                // dotted
    EXPECT_EQ(piece.rhythm.simple_onsets, 9);
    EXPECT_EQ(piece.rhythm.triplet_onsets, 3);
    EXPECT_EQ(piece.rhythm.swing_ratio, (Tally{{1, 1}, {2, 1}, {3, 1}}));
    // Thirds are how a compound beat is divided, not triplets.
    const PieceStatistics jig = read(one_part({note(0, .5, 60), note(.5, .5, 60)}, {6, 8}));
    EXPECT_EQ(jig.rhythm.simple_onsets, 0);
    EXPECT_TRUE(std::isnan(measure(jig, Measure::kTripletShare)));
}

TEST(Form, FindsTheRepeatedPartsOfAABA) {
    std::vector<score::Note> notes;
    const int a[8] = {60, 62, 64, 65, 67, 69, 71, 72}, b[8] = {61, 63, 66, 68, 70, 61, 66, 63};
    for (int bar = 0; bar < 32; ++bar) {
        const bool is_b = bar / 8 == 2;
        const int pitch = (is_b ? b : a)[bar % 8];
        notes.push_back(note(4 * bar, is_b ? 1 : 2, pitch));
        notes.push_back(note(4 * bar + (is_b ? 1 : 2), is_b ? 3 : 2, pitch));
    }
    const PieceStatistics piece = read(one_part(std::move(notes)));
    EXPECT_EQ(piece.form.bars, 32);
    EXPECT_EQ(piece.form.repeated_bars, 24);  // the B part comes once
    EXPECT_EQ(piece.form.passage_bars.rbegin()->first, 8);
    EXPECT_EQ(piece.form.borders, (std::vector<std::int32_t>{16, 24}));
    EXPECT_EQ(piece.form.section_bars(), (Tally{{8, 2}, {16, 1}}));
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kRepeatedBars), 0.75);
}

TEST(Form, SimilarityIsTheMeanOfTwoCosines) {
    // The same rhythm, no common pitch class; then the same pitch class, no common place.
    const score::Score score = one_part({note(0, 1, 60), note(4, 1, 62), note(9, 1, 62)});
    const auto bars = score::bars_of(score);
    const auto& notes = score.parts[0].notes;
    const auto features = bar_features(notes, bars, pitch_classes_by_bar(notes, bars));
    ASSERT_EQ(features.size(), 3u);
    EXPECT_NEAR(similarity(features[0], features[0]), 1, 1e-6);
    EXPECT_NEAR(similarity(features[0], features[1]), 0.5, 1e-6);
    EXPECT_NEAR(similarity(features[1], features[2]), 0.5, 1e-6);
    EXPECT_NEAR(similarity(features[0], features[2]), 0, 1e-6);
}

TEST(Novelty, PeaksWhereTwoBlocksMeetAndIsZeroInside) {
    std::vector<BarFeature> bars(16, BarFeature{});
    for (std::size_t b = 0; b < bars.size(); ++b) {
        bars[b][b < 8 ? 0 : 1] = std::sqrt(0.5f);
        bars[b][12] = std::sqrt(0.5f);
    }
    const auto novelty = novelty_curve(bars);
    EXPECT_NEAR(novelty[8], 0.5, 1e-6);  // chroma differs wholly, rhythm not at all
    EXPECT_NEAR(novelty[4], 0, 1e-6);
    EXPECT_EQ(section_borders(novelty), std::vector<std::int32_t>{8});
}

TEST(RoleFigures, OfAMelodyOverAHeldBass) {
    score::Score score = one_part({note(0, 1, 72), note(1, 1, 74), note(3, 1, 71)});
    for (auto& n : score.parts[0].notes) n.role = score::Role::kMelody;
    score.parts.resize(2);
    score.parts[1].notes = {note(0, 4, 48), note(0, 4, 36)};
    for (auto& n : score.parts[1].notes) n.role = score::Role::kBass;
    score::sort_events(score);
    const FiguresByRole figures =
        role_figures_of(score, score::notes_by_onset(score, score::Which::kAll));
    const RoleFigures& melody = figures[static_cast<std::size_t>(score::Role::kMelody)];
    const RoleFigures& bass = figures[static_cast<std::size_t>(score::Role::kBass)];
    EXPECT_EQ(melody.notes, 3);
    EXPECT_DOUBLE_EQ(melody.density(), 1);
    EXPECT_DOUBLE_EQ(melody.rest_share(), 0.25);
    EXPECT_DOUBLE_EQ(melody.polyphony(), 1);
    EXPECT_EQ(melody.interval, (Tally{{-3, 1}, {2, 1}}));
    EXPECT_DOUBLE_EQ(bass.polyphony(), 2);
    EXPECT_DOUBLE_EQ(bass.rest_share(), 0);
    EXPECT_EQ(figures[static_cast<std::size_t>(score::Role::kDrums)].notes, 0);
}

TEST(Measures, OfAFewNotesAreThoseByHand) {
    // Bar 1: C4 for two quarters with E4 over the second; bar 2 empty; bar 3: C4 for a quarter.
    const PieceStatistics piece = read(one_part({note(0, 2, 60), note(1, 1, 64), note(8, 1, 60)}));
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kPitchRange), 4);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kPitches), 2);
    EXPECT_NEAR(measure(piece, Measure::kPitchEntropy), 0.9182958340544896, 1e-12);
    EXPECT_NEAR(measure(piece, Measure::kPitchClassEntropy), 0.9182958340544896, 1e-12);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kScaleConsistency), 1);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kPolyphony), 4 / 3.0);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kPolyphonyRate), 1 / 9.0);
    // Bars cover 12 quarters; sound in 0..2 and 8..9.
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kEmptyBeats), 9 / 12.0);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kEmptyBars), 1 / 3.0);
    // Places with onsets: {0, 12}, {}, {0}: 2 and 1 of 48 differ.
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kGroove), 1 - 3 / 96.0);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kLeapShare), 1);
    EXPECT_DOUBLE_EQ(measure(piece, Measure::kMeanInterval), 4);
    EXPECT_TRUE(std::isnan(measure(piece, Measure::kDrumsOnSixteenths)));
}

TEST(PieceRecord, ComesBackFromBytesAndJson) {
    score::Score score = made_piece(3);
    score.title = "Étude";
    score::assign_roles(score);
    const PieceStatistics piece = read(score);
    const std::string bytes = to_bytes(piece);
    EXPECT_EQ(to_bytes(piece_statistics_from_bytes(bytes).value()), bytes);
    const base::Json json = base::parse_json(to_json(piece).dump()).value();
    EXPECT_EQ(to_bytes(piece_statistics_from_json(json).value()), bytes);
    EXPECT_EQ(piece_statistics_from_bytes(bytes).value().summary.title, "Étude");
}

TEST(PieceRecord, BadBytesAreRefused) {
    const std::string bytes = to_bytes(read(made_piece(3)));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_FALSE(piece_statistics_from_bytes(bytes.substr(0, cut)).ok()) << cut;
    EXPECT_FALSE(piece_statistics_from_bytes(bytes + '\0').ok());
    for (std::size_t at = 0; at < bytes.size(); ++at) {  // none may crash; many are other values
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x80);
        static_cast<void>(piece_statistics_from_bytes(flipped).ok());
    }
    base::Json json = to_json(read(made_piece(3)));
    json["version"] = kStatisticsVersion + 1;
    EXPECT_FALSE(piece_statistics_from_json(json).ok());
    EXPECT_FALSE(piece_statistics_from_json(base::Json::array()).ok());
}

}  // namespace
}  // namespace symphony::corpus
