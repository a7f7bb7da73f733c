// What a fidelity report recommends, from figures put in by hand.
#include "symphony/corpus/fidelity_audit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

// Of 1000 notes in ten pieces.
SchemeAudit audit(const std::string& scheme, std::int64_t alike, std::int64_t tokens) {
    SchemeAudit audit;
    audit.scheme = scheme;
    audit.tokens = tokens;
    audit.sequences = 10;
    audit.longest = tokens / 5;
    audit.counts.notes = audit.counts.kept = 1000;
    audit.counts.alike = alike;
    audit.counts.tempos = audit.counts.meters = {1000, 1000};
    return audit;
}

FidelityReport report(std::vector<SchemeAudit> schemes) {
    FidelityReport report;
    report.context = 1024;
    report.facts.pieces = report.pieces_there = 10;
    report.facts.notes = 1000;
    report.facts.on_grid.fill(1000);
    report.facts.velocities[64] = 1000;
    report.schemes = std::move(schemes);
    if (const SchemeAudit* best = most_faithful_scheme(report)) report.most_faithful = best->scheme;
    return report;
}

bool says(const FidelityReport& report, const std::string& words) {
    const auto advice = fidelity_advice(report);
    return std::any_of(advice.begin(), advice.end(), [&](const std::string& line) {
        return line.find(words) != std::string::npos;
    });
}

// Steps of onsets on each grid: those of kGrids, in its order.
FidelityReport with_grids(const std::array<std::int64_t, kGrids.size()>& on_grid) {
    FidelityReport made = report({audit("remi", 1000, 3500)});
    made.facts.on_grid = on_grid;
    return made;
}

TEST(FidelityAdvice, NamesTheGrid) {
    EXPECT_TRUE(says(with_grids({500, 700, 500, 1000, 700, 1000, 1000, 1000}), "straight 16ths"));
    // 1, 2, 3, 4, 6, 8, 12, 24 steps a quarter.
    FidelityReport triplets = with_grids({500, 600, 600, 900, 700, 900, 999, 1000});
    EXPECT_TRUE(says(triplets, "Your files have triplets: 9.9 % of the onsets"));
    EXPECT_TRUE(says(triplets, "Use a 12 grid"));
    triplets.facts.on_last_third = 50;
    EXPECT_TRUE(says(triplets, "Your files swing in triplets"));
    EXPECT_TRUE(says(with_grids({500, 600, 500, 900, 600, 980, 900, 1000}),
                     "Use a 24 grid (--steps-per-quarter 24): it holds 100.0 % of the onsets, 12 "
                     "only 90.0 % (8.0 % are 32nds)"));
    EXPECT_TRUE(says(with_grids({50, 100, 100, 180, 200, 300, 400, 600}), "are played"));
}

TEST(FidelityAdvice, OfEquallyFaithfulSchemesTheOneThatKeepsTheBeatAndThenTheShortest) {
    SchemeAudit seconds = audit("anticipation", 999, 2000);
    seconds.clock = tokens::Clock::kSeconds;
    seconds.counts.tempos.kept = seconds.counts.meters.kept = 0;
    const FidelityReport made = report({audit("tsd", 998, 4400), audit("remi", 1000, 3500), seconds,
                                        audit("note", 975, 2600), audit("performance", 700, 1000)});
    EXPECT_EQ(made.most_faithful, "remi");
    EXPECT_TRUE(says(made, "Most faithful here: remi. 100.0 % of the notes come back alike"));
    EXPECT_TRUE(says(made, "at 3.50 tokens a note: symphony prepare DIR -o DATA --scheme remi"));
    EXPECT_TRUE(says(made, "Shorter: anticipation, 2.00 tokens a note, 99.9 % of the notes alike"));
    EXPECT_EQ(report({}).most_faithful, "");
}

TEST(FidelityAdvice, SaysHowToPrepareWithOptions) {
    EXPECT_TRUE(says(report({audit("remi+micro-timing=7+no-tempo", 990, 4500)}),
                     "-o DATA --scheme remi --micro-timing 7 --no-tempo"));
    EXPECT_TRUE(says(report({audit("my/tokenizer.json", 990, 4500)}),
                     "-o DATA --tokenizer 'my/tokenizer.json'"));
}

TEST(FidelityAdvice, SaysWhatIsCutAndLost) {
    SchemeAudit remi = audit("remi", 1000, 20'000), note = audit("note", 800, 15'000);
    remi.cut_sequences = 4;
    remi.counts.pedals = note.counts.pedals = {12, 0};
    remi.counts.bends = note.counts.bends = {5, 5};
    note.counts.drums = {100, 0};
    note.counts.dropped = 100;
    note.counts.meters.kept = 100;
    FidelityReport made = report({remi, note, {.scheme = "chorale", .refused = "not four voices"}});
    made.facts.pieces_with_drums = 3;
    made.facts.pieces_with_pedal = 2;
    EXPECT_TRUE(says(made, "a context of 1024 tokens cuts 4 of 10 pieces; the longest has 4000"));
    EXPECT_TRUE(says(made, "Drums play in 3 of 10 pieces and are lost in note."));
    EXPECT_TRUE(says(made, "used in 2 of 10 pieces; its changes are lost in remi and note"));
    EXPECT_TRUE(says(made, "More than 1 % of the notes are lost without trace in note"));
    EXPECT_TRUE(says(made, "Metre and bar lines are lost in note."));
    EXPECT_TRUE(says(made, "Every note has the same velocity"));
    EXPECT_TRUE(says(made, "chorale is not for these pieces: not four voices."));
    EXPECT_FALSE(says(made, "bends"));
}

TEST(FidelityAdvice, AShareNeverReadsAsWhatItIsNot) {
    EXPECT_EQ(in_percent(99'999, 100'000), "<100");
    EXPECT_EQ(in_percent(1, 100'000), ">0");
    EXPECT_EQ(in_percent(100, 100), "100.0");
    EXPECT_EQ(in_percent(0, 100), "0.0");
    EXPECT_EQ(in_percent(0, 0), "-");
}

}  // namespace
}  // namespace symphony::corpus
