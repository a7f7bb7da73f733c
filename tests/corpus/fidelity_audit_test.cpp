// A folder audited: what schemes lose of straight music and of triplets, and the words for it.
#include "symphony/corpus/fidelity_audit.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/io/midi_writer.h"
#include "symphony/tokens/tokenizer.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

bool says(const FidelityReport& report, const std::string& words) {
    return std::any_of(report.advice.begin(), report.advice.end(), [&](const std::string& line) {
        return line.find(words) != std::string::npos;
    });
}

const SchemeAudit& of(const FidelityReport& report, const std::string& scheme) {
    for (const SchemeAudit& audit : report.schemes)
        if (audit.scheme == scheme) return audit;
    throw std::runtime_error("no " + scheme);
}

FidelityReport audit(const std::vector<score::Score>& scores, FidelityOptions options) {
    const std::filesystem::path folder = test_support::fresh_folder("fidelity");
    for (std::size_t i = 0; i < scores.size(); ++i)
        io::write_midi_file(folder / ("piece-" + std::to_string(i) + ".mid"), scores[i]);
    return audit_fidelity(folder, options, 2, base::silent_progress());
}

TEST(FidelityAudit, FourVoicesLoseNothingInRemi) {
    std::vector<score::Score> scores;
    for (std::uint64_t seed = 0; seed < 4; ++seed) scores.push_back(made_piece(seed));
    const FidelityReport report =
        audit(scores, {.schemes = {"remi", "note", "chorale", "performance"}, .context = 64});
    EXPECT_EQ(report.facts.pieces, 4);
    const SchemeAudit& remi = of(report, "remi");
    EXPECT_EQ(remi.counts.alike, remi.counts.notes);
    EXPECT_EQ(remi.counts.notes, report.facts.notes);
    EXPECT_EQ(remi.clock, tokens::Clock::kBeats);
    EXPECT_EQ(remi.cut_sequences, 4);
    EXPECT_TRUE(remi.offenders.empty());
    EXPECT_EQ(of(report, "performance").counts.programs.kept, 0);  // a piano for a choir
    EXPECT_TRUE(says(report, "straight 16ths"));
    EXPECT_TRUE(says(report, "Most faithful here: remi"));
    EXPECT_TRUE(says(report, "Every note has the same velocity"));
    EXPECT_NE(to_text(report).find("tokens/note"), std::string::npos);
    const base::Json json = to_json(report);
    EXPECT_EQ(json["schemes"].size(), 4U);
    EXPECT_EQ(json["schemes"][0]["notes"]["alike"], report.facts.notes);
}

TEST(FidelityAudit, TripletsAskForAGridOfTwelve) {
    score::Score swing = made_piece(1);
    for (score::Part& part : swing.parts)
        for (std::size_t n = 0; n + 1 < part.notes.size(); n += 2) {
            // Long, short: the second note comes a third of a quarter before its beat.
            part.notes[n].duration -= score::Ticks(kMadeTicks / 3);
            part.notes[n + 1].onset -= score::Ticks(kMadeTicks / 3);
            part.notes[n + 1].duration += score::Ticks(kMadeTicks / 3);
        }
    const FidelityReport report = audit({swing}, {.schemes = {"remi", "skytnt-v2o"}});
    EXPECT_TRUE(says(report, "swing in triplets"));
    EXPECT_TRUE(says(report, "Use a 12 grid"));
    EXPECT_EQ(of(report, "remi").counts.moved[0], report.facts.notes);
    // Sixteen steps a quarter cannot hold a third.
    const SchemeAudit& skytnt = of(report, "skytnt-v2o");
    EXPECT_LT(skytnt.counts.moved[0], report.facts.notes);
    ASSERT_FALSE(skytnt.offenders.empty());
    EXPECT_EQ(skytnt.offenders.front().piece, "piece-0.mid");
    EXPECT_GE(skytnt.offenders.front().bar, 1);
    EXPECT_GT(std::abs(skytnt.offenders.front().ms), 5);
}

// Two violins and drums in 4/4: eight quarters each, three of them in unison, five drum notes; the
// pedal goes down and up twice, the volume changes twice.
score::Score planted() {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.tempos = {{score::Ticks(0), 120}};
    score.meters = {{score::Ticks(0), {4, 4}}};
    score.parts.resize(3);
    for (int p = 0; p < 2; ++p) {
        score.parts[p].name = p == 0 ? "Violin I" : "Violin II";
        score.parts[p].program = 40;
        for (int n = 0; n < 8; ++n) {
            const bool unison = n == 2 || n == 5 || n == 6;
            score.parts[p].notes.push_back(
                {.onset = score::Ticks(480 * n),
                 .duration = score::Ticks(480),
                 .pitch = static_cast<std::uint8_t>(p == 0 || unison ? 72 - n : 55 + n),
                 .velocity = static_cast<std::uint8_t>(n < 4 ? 40 : 100)});
        }
    }
    score.parts[2].name = "Drums";
    score.parts[2].is_drums = true;
    for (int n = 0; n < 5; ++n)
        score.parts[2].notes.push_back({.onset = score::Ticks(480 * n),
                                        .duration = score::Ticks(120),
                                        .pitch = 36,
                                        .velocity = 100});
    using score::Ticks;
    // In the middle, as without being told: files would have the parts spread.
    for (score::Part& part : score.parts) part.controls = {{Ticks(0), 10, 64}};
    for (const score::ControlChange change : {score::ControlChange{Ticks(0), 64, 127},
                                              {Ticks(480), 64, 0},
                                              {Ticks(960), 64, 127},
                                              {Ticks(1440), 64, 0},
                                              {Ticks(0), 7, 96},
                                              {Ticks(1920), 7, 64},
                                              {Ticks(2400), 7, 64}})
        score.parts[0].controls.push_back(change);
    score::sort_events(score);
    return score;
}

TEST(FidelityAudit, CountsPlantedLosses) {
    const std::string full = "remi+pedal+controls";
    const FidelityReport report =
        audit({planted()}, {.schemes = {"remi", full, "note", "performance", "anticipation"}});
    EXPECT_EQ(report.facts.notes, 21);
    EXPECT_EQ(report.facts.pieces_with_pedal, 1);
    EXPECT_EQ(report.facts.pieces_with_controls, 1);
    EXPECT_EQ(report.facts.pieces_with_drums, 1);
    EXPECT_EQ(report.facts.different_velocities(), 2);

    const tokens::Fidelity& remi = of(report, "remi").counts;
    EXPECT_EQ(remi.alike, 21);
    EXPECT_EQ(remi.pedals.all, 4);
    EXPECT_EQ(remi.pedals.kept, 0);
    EXPECT_EQ(remi.controls.all, 2);
    EXPECT_EQ(remi.controls.kept, 0);
    const tokens::Fidelity& with_all = of(report, full).counts;
    EXPECT_EQ(with_all.alike, 21);
    EXPECT_EQ(with_all.pedals.kept, 4);
    EXPECT_EQ(with_all.controls.kept, 2);
    EXPECT_GE(of(report, full).tokens, of(report, "remi").tokens + 6);

    // One stream: unisons are struck once, drums are gone.
    const SchemeAudit& note = of(report, "note");
    EXPECT_EQ(note.counts.kept, 13);
    EXPECT_EQ(note.counts.merged, 3);
    EXPECT_EQ(note.counts.dropped, 5);
    EXPECT_EQ(note.counts.drums.all, 5);
    EXPECT_EQ(note.counts.drums.kept, 0);
    EXPECT_EQ(note.counts.parts, 3);
    EXPECT_EQ(note.counts.parts_after, 2);
    ASSERT_EQ(note.lossy_pieces.size(), 1U);
    EXPECT_EQ(note.lossy_pieces[0].lost, 8);
    EXPECT_EQ(note.lossy_pieces[0].first.bar, 1);
    EXPECT_EQ(note.lossy_pieces[0].first.pitch, "drum 36");

    const SchemeAudit& performance = of(report, "performance");
    EXPECT_EQ(performance.clock, tokens::Clock::kSeconds);
    EXPECT_EQ(performance.counts.dropped, 5);
    EXPECT_EQ(performance.counts.programs.kept, 0);
    EXPECT_EQ(performance.counts.tempos.kept, 0);
    EXPECT_EQ(of(report, "anticipation").counts.drums.kept, 5);
    EXPECT_EQ(of(report, "anticipation").counts.velocities.kept, 0);

    EXPECT_TRUE(says(report, "Drums play in 1 of 1 pieces and are lost in note and performance."));
    EXPECT_TRUE(says(report, "The sustain pedal is used in 1 of 1 pieces"));
    EXPECT_TRUE(says(report, "Volume, pan or expression change while 1 of 1 pieces play"));
    EXPECT_TRUE(says(report,
                     "More than 1 % of the notes are lost without trace in note and "
                     "performance, or moved"));
}

TEST(FidelityAudit, TakesTokenizersAndSamplesOfPieces) {
    std::vector<score::Score> scores;
    for (std::uint64_t seed = 0; seed < 6; ++seed) scores.push_back(made_piece(seed));
    const std::filesystem::path file = test_support::fresh_folder("tokenizer") / "mine.json";
    base::write_file_atomically(
        file, tokens::learn_tokenizer(scores, {.scheme = "note"})->to_json().dump());
    const FidelityReport all = audit(scores, {.schemes = {"note", file.string()}});
    EXPECT_EQ(all.schemes[0].tokens, all.schemes[1].tokens);
    EXPECT_EQ(all.schemes[1].vocabulary, all.schemes[0].vocabulary);
    const FidelityReport some = audit(scores, {.schemes = {"remi"}, .pieces = 2, .seed = 3});
    EXPECT_EQ(some.facts.pieces, 2);
    EXPECT_EQ(some.pieces_there, 6);
    EXPECT_EQ(some.schemes[0].sequences, 2);
    EXPECT_THROW(audit(scores, {.schemes = {"remi+pedall"}}), base::Error);
}

TEST(FidelityAudit, TheSameAtAnyThreadCount) {
    std::vector<score::Score> scores{planted()};
    for (std::uint64_t seed = 0; seed < 5; ++seed) scores.push_back(made_piece(seed));
    const std::filesystem::path folder = test_support::fresh_folder("fidelity-threads");
    for (std::size_t i = 0; i < scores.size(); ++i)
        io::write_midi_file(folder / ("piece-" + std::to_string(i) + ".mid"), scores[i]);
    const FidelityOptions options{.schemes = {"remi", "aria-seconds", "tsd"}};
    const base::Json one = to_json(audit_fidelity(folder, options, 1, base::silent_progress()));
    EXPECT_EQ(to_json(audit_fidelity(folder, options, 3, base::silent_progress())), one);
}

TEST(FidelityAudit, TellsSwingFromTriplets) {
    score::Score score = planted();
    auto& notes = score.parts[1].notes;
    notes.clear();
    for (int n = 0; n < 24; ++n)
        notes.push_back({.onset = score::Ticks(160 * n),
                         .duration = score::Ticks(160),
                         .pitch = static_cast<std::uint8_t>(60 + n % 5),
                         .velocity = 80});
    EXPECT_TRUE(says(audit({score}, {.schemes = {"remi"}}), "Your files have triplets"));
    // Without the middle one of each three.
    for (std::size_t n = 23; n < 24; n -= 3) notes.erase(notes.begin() + static_cast<int>(n) - 1);
    EXPECT_TRUE(says(audit({score}, {.schemes = {"remi"}}), "Your files swing in triplets"));
    EXPECT_TRUE(says(audit({score}, {.schemes = {"remi"}}), "Use a 12 grid"));
}

TEST(FidelityAudit, SaysWhichSchemesAreNotForThePieces) {
    score::Score duet = made_piece(2);
    duet.parts.resize(2);
    const FidelityReport report = audit({duet}, {.schemes = {"chorale", "remi"}});
    EXPECT_FALSE(of(report, "chorale").refused.empty());
    EXPECT_TRUE(says(report, "chorale is not for these pieces"));
    EXPECT_EQ(to_json(report)["schemes"][0]["refused"], of(report, "chorale").refused);
    EXPECT_THROW(audit({duet}, {.schemes = {"remmi"}}), base::Error);
}

}  // namespace
}  // namespace symphony::corpus
