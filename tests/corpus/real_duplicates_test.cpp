// Planted copies of real music, where it lies beside the project; docs/corpus.md has the tables.
#include "symphony/io/score_file.h"

#include "duplicate_recall.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::tools {
namespace {

namespace fs = std::filesystem;

// Every `every`-th file under a folder.
std::vector<score::Score> scores_in(const fs::path& folder, std::size_t every) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (io::has_music_ending(entry.path())) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<score::Score> scores;
    for (std::size_t i = 0; i < paths.size(); i += every)
        if (auto file = io::read_score_file(paths[i]))
            scores.push_back(std::move(file).value().score);
    return scores;
}

void expect_recognised(const char* folder, std::size_t every, double recall, double precision) {
    const auto place = io::test::shared_folder(folder);
    if (!place) GTEST_SKIP() << io::test::kSharedIsAbsent;
    for (const DuplicateRow& row : measure_duplicates(scores_in(*place, every), 2)) {
        EXPECT_GE(row.recall(), recall) << row.kind;
        EXPECT_GE(row.precision(), precision) << row.kind;
    }
}

TEST(RealDuplicates, AreRecognisedAmongKeyboardPieces) {
    expect_recognised("data/mutopia-pd", 2, 0.95, 0.95);
}
TEST(RealDuplicates, AreRecognisedAmongSongs) {
    expect_recognised("data/openscore-lieder", 5, 0.9, 0.95);
}
TEST(RealDuplicates, AreRecognisedAmongQuartets) {
    expect_recognised("data/openscore-quartets", 4, 0.9, 0.95);
}

}  // namespace
}  // namespace symphony::tools
