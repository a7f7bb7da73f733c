#include "symphony/corpus/split.h"

#include "symphony/base/error.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

namespace symphony::corpus {
namespace {

Groups groups_of_sizes(const std::vector<std::size_t>& sizes) {
    Groups groups;
    for (std::size_t g = 0; g < sizes.size(); ++g) {
        groups.names.push_back("g" + std::to_string(g));
        groups.sizes.push_back(sizes[g]);
        groups.of_piece.insert(groups.of_piece.end(), sizes[g], static_cast<int>(g));
    }
    return groups;
}

std::map<Split, std::size_t> counts(const SplitPlan& plan) {
    std::map<Split, std::size_t> result;
    for (const Split split : plan.of_piece) ++result[split];
    return result;
}

void expect_groups_whole(const Groups& groups, const SplitPlan& plan) {
    std::map<int, Split> split_of_group;
    for (std::size_t i = 0; i < plan.of_piece.size(); ++i) {
        const auto [entry, is_new] = split_of_group.emplace(groups.of_piece[i], plan.of_piece[i]);
        EXPECT_TRUE(is_new || entry->second == plan.of_piece[i]) << "piece " << i;
    }
}

TEST(Split, KeepsGroupsWholeAndSharesNearAtEverySeed) {
    std::vector<std::size_t> sizes(60, 1);
    sizes.insert(sizes.end(), {30, 5, 5, 4, 3, 3, 2, 2, 2, 2, 2});
    const Groups groups = groups_of_sizes(sizes);
    const auto pieces = static_cast<double>(groups.of_piece.size());
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const SplitPlan plan = split_groups(groups, {.seed = seed});
        expect_groups_whole(groups, plan);
        auto n = counts(plan);
        EXPECT_NEAR(static_cast<double>(n[Split::kTest]) / pieces, 0.1, 0.02);
        EXPECT_NEAR(static_cast<double>(n[Split::kValid]) / pieces, 0.1, 0.02);
        EXPECT_EQ(plan.folds, 0);
        EXPECT_EQ(plan.of_piece, split_groups(groups, {.seed = seed}).of_piece);
    }
    EXPECT_NE(split_groups(groups, {.seed = 1}).of_piece,
              split_groups(groups, {.seed = 2}).of_piece);
}

TEST(Split, OneLargeGroupDoesNotEmptyASplit) {
    const SplitPlan plan = split_groups(groups_of_sizes({30, 20, 10}), {});
    auto n = counts(plan);
    EXPECT_GT(n[Split::kTrain], 0u);
    EXPECT_GT(n[Split::kValid], 0u);
    EXPECT_GT(n[Split::kTest], 0u);
}

TEST(Split, SmallCorporaAreSplitInFiveFolds) {
    const Groups groups = groups_of_sizes({3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    std::vector<int> times_tested(groups.of_piece.size());
    for (int fold = 0; fold < 5; ++fold) {
        const SplitPlan plan = split_groups(groups, {.fold = fold});
        EXPECT_EQ(plan.folds, 5);
        expect_groups_whole(groups, plan);
        for (std::size_t i = 0; i < times_tested.size(); ++i)
            times_tested[i] += plan.of_piece[i] == Split::kTest ? 1 : 0;
        auto n = counts(plan);
        EXPECT_GE(n[Split::kTest], 3u);
        EXPECT_GE(n[Split::kValid], 3u);
    }
    EXPECT_EQ(times_tested, std::vector<int>(times_tested.size(), 1));
    EXPECT_EQ(split_groups(groups_of_sizes({1, 1, 1}), {}).folds, 3);
    EXPECT_THROW(split_groups(groups, {.fold = 5}), base::Error);
    EXPECT_THROW(split_groups(groups_of_sizes({50, 2}), {}), base::Error);
}

TEST(SplitFile, NamesPiecesByAnyEndOfTheirPath) {
    const auto path = test_support::fresh_folder("split") / "s.tsv";
    std::ofstream(path) << "# a comment\n\ntrain\tset/a/1.mid\nvalid\tb/1.mid\r\ntest\t2.mid\n";
    const std::vector<std::string> ids{"a/1.mid", "x/b/1.mid", "2.mid", "3.mid", "c/12.mid"};
    const auto splits = read_split_file(path, ids);
    EXPECT_EQ(splits[0], Split::kTrain);
    EXPECT_EQ(splits[1], Split::kValid);
    EXPECT_EQ(splits[2], Split::kTest);
    EXPECT_EQ(splits[3], std::nullopt);
    EXPECT_EQ(splits[4], std::nullopt);
}

TEST(SplitFile, BadLinesAreNamed) {
    const auto path = test_support::fresh_folder("split") / "s.tsv";
    const std::vector<std::string> ids{"a.mid"};
    for (const char* text : {"train a.mid\n", "dev\ta.mid\n", "train\ta.mid\ntest\ta.mid\n"}) {
        std::ofstream(path) << text;
        EXPECT_THROW(read_split_file(path, ids), base::Error) << text;
    }
}

}  // namespace
}  // namespace symphony::corpus
