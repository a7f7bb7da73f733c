// A folder audited: what schemes lose of straight music and of triplets, and the words for it.
#include "symphony/corpus/fidelity_audit.h"

#include "symphony/base/error.h"
#include "symphony/io/midi_writer.h"

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
    EXPECT_EQ(report.pieces, 4);
    const SchemeAudit& remi = of(report, "remi");
    EXPECT_EQ(remi.counts.alike, remi.counts.notes);
    EXPECT_EQ(remi.counts.notes, report.notes);
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
    EXPECT_EQ(json["schemes"][0]["notes"]["alike"], report.notes);
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
    EXPECT_TRUE(says(report, "Use a grid of 12"));
    EXPECT_EQ(of(report, "remi").counts.moved[0], report.notes);
    // Sixteen steps a quarter cannot hold a third.
    const SchemeAudit& skytnt = of(report, "skytnt-v2o");
    EXPECT_LT(skytnt.counts.moved[0], report.notes);
    ASSERT_FALSE(skytnt.offenders.empty());
    EXPECT_EQ(skytnt.offenders.front().piece, "piece-0.mid");
    EXPECT_GE(skytnt.offenders.front().bar, 1);
    EXPECT_GT(std::abs(skytnt.offenders.front().ms), 5);
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
