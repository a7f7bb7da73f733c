#include "symphony/corpus/copying/copy_prints.h"

#include "symphony/base/sha256.h"
#include "symphony/corpus/copying/winnow.h"
#include "symphony/score/transform.h"

#include "corpus/planted_copy.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

std::vector<CopySource> made_sources(int count) {
    std::vector<CopySource> sources;
    for (int i = 0; i < count; ++i)
        sources.push_back({"piece-" + std::to_string(i),
                           note_lines_of(made_piece(static_cast<std::uint64_t>(i + 1), 64))});
    return sources;
}

CopyPrints made_prints(int count, PrintShape shape = {}) {
    return {made_sources(count), kMadeTicks, std::string(64, 'a'), shape};
}

// The example of Schleimer, Wilkerson and Aiken, figure 2.
TEST(Winnowing, ChoosesWhatThePaperChooses) {
    const std::vector<std::uint32_t> hashes = {77, 74, 42, 17, 98, 50, 17, 98, 8,
                                               88, 67, 39, 77, 74, 42, 17, 98};
    EXPECT_EQ(winnowed(hashes, 4), (std::vector<std::size_t>{3, 6, 8, 11, 15}));
    EXPECT_EQ(winnowed(hashes, 1).size(), hashes.size());
    // Of equal ones the one that was chosen stays as long as it can.
    EXPECT_EQ(winnowed(std::vector<std::uint32_t>(9, 5), 4), (std::vector<std::size_t>{3, 7}));
    EXPECT_EQ(winnowed(std::vector<std::uint32_t>{7, 3}, 4), (std::vector<std::size_t>{1}));
    EXPECT_TRUE(winnowed({}, 4).empty());
}

TEST(Winnowing, HashesStepsInAnyKeyAndNoOthers) {
    const auto line_of = [](const score::Score& score) { return note_lines_of(score).lines[0]; };
    const score::Score piece = made_piece(1, 64);
    const auto hashes = step_hashes(line_of(piece).notes, 8);
    EXPECT_EQ(hashes.size(), line_of(piece).notes.size() - 8);
    EXPECT_EQ(step_hashes(line_of(score::transposed(piece, 5).value()).notes, 8), hashes);
    Line changed = line_of(piece).notes;
    ++changed[10].pitch;
    const auto others = step_hashes(changed, 8);
    for (std::size_t i = 0; i < hashes.size(); ++i)
        EXPECT_EQ(others[i] == hashes[i], i < 2 || i > 10) << i;
    changed = line_of(piece).notes;
    for (std::size_t i = 10; i < changed.size(); ++i) changed[i].onset += score::Ticks(1);
    EXPECT_NE(step_hashes(changed, 8)[5], hashes[5]);
    EXPECT_TRUE(step_hashes(std::span(changed).first(8), 8).empty());
}

// What the suffix array finds, fingerprints find: each match of sure_notes() notes or more, with at
// most unseen_notes() too few; what they find beyond it is nothing at all here.
TEST(CopyPrints, FindEveryMatchThatIsPromised) {
    const CopyIndex exact(made_sources(30), {CopySense::kTransposed}, 1, base::silent_progress());
    std::vector<score::Score> queries{Planted(5).score, Planted(-2).score, made_piece(7, 24)};
    for (std::uint64_t seed = 100; seed < 140; ++seed) queries.push_back(made_piece(seed, 64));
    for (const PrintShape shape :
         {PrintShape{}, PrintShape{4, 2}, PrintShape{4, 4}, PrintShape{5, 1}}) {
        const CopyPrints prints = made_prints(30, shape);
        std::size_t sure = 0, refused = 0;
        for (const score::Score& query : queries) {
            const NoteLines lines = note_lines_of(query);
            const auto lengths = exact.longest(lines, CopySense::kTransposed);
            for (std::size_t l = 0; l < lines.lines.size(); ++l) {
                const std::span<const LineNote> notes = lines.lines[l].notes;
                const auto runs = prints.runs(notes);
                std::size_t longest_run = 0, longest = 0;
                for (std::size_t i = 0; i < notes.size(); ++i) {
                    longest_run = std::max(longest_run, runs[i].notes);
                    longest = std::max<std::size_t>(longest, lengths[l][i]);
                    if (lengths[l][i] < shape.sure_notes()) continue;
                    ++sure;
                    EXPECT_TRUE(prints.hold(notes, i + shape.window - 1,
                                            lengths[l][i] - shape.unseen_notes()));
                }
                if (longest >= shape.sure_notes()) {
                    EXPECT_GE(longest_run + shape.unseen_notes(), longest);
                }
                // Short fingerprints of several lines can stand as far apart by chance.
                EXPECT_LE(longest_run, std::max(longest, shape.notes()) + 8 - shape.steps);
                for (std::size_t i = 0; i + shape.sure_notes() <= notes.size(); ++i)
                    if (lengths[l][i] < shape.sure_notes())
                        refused += !prints.hold(notes, i, shape.sure_notes());
            }
        }
        EXPECT_GT(sure, 8U);
        EXPECT_GT(refused, 1000U) << "next to everything is held to be a copy";
    }
}

TEST(CopyPrints, NameThePieceAndThePlace) {
    const Planted planted(-4);
    const CopyPrints prints = made_prints(30);
    const NoteLines lines = note_lines_of(planted.score);
    const auto runs = prints.runs(lines.lines[0].notes);
    const auto longest = std::max_element(
        runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.notes < b.notes; });
    ASSERT_GE(longest->notes + prints.shape().unseen_notes(), planted.notes);
    const auto [piece, steps] = prints.where(longest->place);
    EXPECT_EQ(prints.pieces()[piece].id, "piece-7");
    // Bar 3 here is bar 5 there.
    const score::Ticks here =
        lines.lines[0].notes[static_cast<std::size_t>(longest - runs.begin())].onset;
    EXPECT_EQ(score::Ticks(steps), here + score::Ticks(2 * 4 * kMadeTicks));
}

TEST(CopyPrints, AreReadAsTheyWereWritten) {
    const CopyPrints prints = made_prints(12);
    const std::string bytes = prints.to_bytes();
    EXPECT_EQ(CopyPrints::from_bytes(bytes).value(), prints);
    EXPECT_LT(bytes.size(), 6 * prints.places() + 1000);
    const CopyPrints none({}, 12, std::string(64, '0'));
    EXPECT_EQ(CopyPrints::from_bytes(none.to_bytes()).value(), none);
    EXPECT_TRUE(none.runs(note_lines_of(made_piece(1)).lines[0].notes)[0].notes == 0);
}

std::string with_checksum(std::string body) { return body + base::sha256_hex(body); }

// Damage is told; bytes made to harm, with the right checksum, are refused or are in order.
TEST(CopyPrints, RefuseWhatIsDamagedOrHostile) {
    const std::string bytes = made_prints(3).to_bytes();
    const std::string body = bytes.substr(0, bytes.size() - 64);
    const auto refusal_of = [](const std::string& damaged) {
        const auto read = CopyPrints::from_bytes(damaged);
        return read.ok() ? std::string() : read.error().message;
    };
    EXPECT_NE(refusal_of("").find("no fingerprints"), std::string::npos);
    EXPECT_NE(refusal_of("MThd").find("no fingerprints"), std::string::npos);
    EXPECT_NE(refusal_of(bytes + "x").find("checksum"), std::string::npos);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 7)
        EXPECT_FALSE(refusal_of(bytes.substr(0, cut)).empty()) << cut;
    for (std::size_t cut = 16; cut < body.size(); cut += 3)
        EXPECT_NE(refusal_of(with_checksum(body.substr(0, cut))).find("damaged"), std::string::npos)
            << cut;
    // A list of 2^60 pieces; a later version.
    const std::string head = body.substr(0, body.find(std::string(64, 'a')) + 64);
    EXPECT_NE(refusal_of(with_checksum(head + "\xff\xff\xff\xff\xff\xff\xff\xff\x1f")),
              std::string());
    std::string later = body;
    later[16] = 4;
    EXPECT_NE(refusal_of(with_checksum(later)).find("version 2, expected 1"), std::string::npos);
    const Line line = note_lines_of(made_piece(2, 64)).lines[0].notes;
    base::Rng rng(1, "hostile prints");
    int read_all_the_same = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string hostile = body;
        // The head and the pieces are a small part of the file: half of the edits go there.
        for (std::uint64_t edits = 1 + rng.below(4); edits > 0; --edits)
            hostile[rng.below(rng.below(2) == 0 ? 150 : hostile.size())] =
                static_cast<char>(rng.below(256));
        const auto prints = CopyPrints::from_bytes(with_checksum(hostile));
        if (!prints.ok()) {
            EXPECT_EQ(prints.error().kind, base::ErrorKind::kModel);
            continue;
        }
        ++read_all_the_same;
        for (const PrintRun& run : prints.value().runs(line))
            if (run.notes > 0) {
                EXPECT_LT(prints.value().where(run.place).piece, prints.value().pieces().size());
            }
    }
    EXPECT_GT(read_all_the_same, 10);
}

}  // namespace
}  // namespace symphony::corpus
