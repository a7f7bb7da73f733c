// MusPy's statistics beside the package itself, where scripts/peers-venv.sh has put it.
#include "symphony/base/file.h"
#include "symphony/bench/data_peers.h"
#include "symphony/io/midi_writer.h"
#include "symphony/io/score_file.h"
#include "symphony/score/muspy_metrics.h"

#include "corpus/made_scores.h"
#include "io/shared_data.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::bench {
namespace {

namespace fs = std::filesystem;

const Peers kPeers{.python = fs::path(SYMPHONY_SOURCE_DIR) / "build/peers-venv/bin/python",
                   .script = fs::path(SYMPHONY_SOURCE_DIR) / "bench/data/peers.py",
                   .seconds = 60,
                   .rounds = 1};

void expect_equal(const std::vector<fs::path>& files) {
    const PeerRun theirs = run_peer({"muspy", "statistics"}, kPeers, files, "");
    ASSERT_EQ(theirs.done.size() + theirs.failed, files.size()) << "too slow for its budget";
    EXPECT_GE(theirs.done.size(), files.size() * 9 / 10);
    for (std::size_t i = 0; i < theirs.done.size(); ++i) {
        const fs::path& file = files[theirs.done[i]];
        const auto ours = score::muspy_metrics(io::read_score_file(file).value().score);
        ASSERT_EQ(theirs.metrics[i].size(), ours.size());
        for (std::size_t m = 0; m < ours.size(); ++m) {
            if (std::isnan(theirs.metrics[i][m]))
                EXPECT_TRUE(std::isnan(ours[m])) << file << " " << score::kMuspyMetricNames[m];
            else
                EXPECT_NEAR(ours[m], theirs.metrics[i][m], 1e-9)
                    << file << " " << score::kMuspyMetricNames[m];
        }
    }
}

class MuspyParity : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(kPeers.python))
            GTEST_SKIP() << "no MusPy: scripts/peers-venv.sh installs it";
    }
};

TEST_F(MuspyParity, OnMadePiecesWithDrumsAndSilence) {
    const test_support::TemporaryFolder folder;
    std::vector<fs::path> files;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        score::Score score = corpus::made_piece(seed, 20 + static_cast<int>(seed));
        score::Part drums{.name = "Drums", .is_drums = true};
        base::Rng rng(seed, "drums");
        for (std::int64_t i = 0; seed % 2 == 0 && i < 40; ++i)
            drums.notes.push_back(
                {.onset = score::Ticks(160 * static_cast<std::int64_t>(rng.below(3 * (20 + seed)))),
                 .duration = score::Ticks(100),
                 .pitch = static_cast<std::uint8_t>(35 + rng.below(8))});
        if (!drums.notes.empty()) score.parts.push_back(drums);
        // Silence in the middle.
        for (score::Part& part : score.parts)
            std::erase_if(part.notes, [&](const score::Note& note) {
                return seed % 3 == 0 && note.onset.value >= 4 * corpus::kMadeTicks &&
                       note.onset.value < 13 * corpus::kMadeTicks;
            });
        score::sort_events(score);
        files.push_back(folder.path / (std::to_string(seed) + ".mid"));
        io::write_midi_file(files.back(), score);
    }
    expect_equal(files);
}

TEST_F(MuspyParity, OnRealPieces) {
    std::vector<fs::path> files;
    for (const char* corpus : {"mutopia-pd/keyboard", "js-fakes/midi", "jsb-chorales/midi"}) {
        const auto folder = io::test::shared_folder(std::string("data/") + corpus);
        if (!folder) GTEST_SKIP() << io::test::kSharedIsAbsent;
        std::vector<fs::path> all = base::list_files(*folder);
        std::erase_if(all, [](const fs::path& file) { return file.extension() != ".mid"; });
        for (std::size_t i = 0; i < all.size(); i += all.size() / 10) files.push_back(all[i]);
    }
    expect_equal(files);
}

}  // namespace
}  // namespace symphony::bench
