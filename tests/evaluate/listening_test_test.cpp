#include "symphony/evaluate/listening_test.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace symphony::evaluate {
namespace {

// `excerpts` of each set; those of one number are pairs, if asked for.
ListeningKey key_of(const std::vector<std::string>& sets, int excerpts, bool paired = false) {
    ListeningKey key{.kit = "abc", .sets = sets, .items = {}};
    for (const std::string& set : sets)
        for (int e = 0; e < excerpts; ++e)
            key.items.push_back(
                {fmt::format("{}-{}", set, e), set, "", paired ? std::to_string(e) : ""});
    return key;
}

TEST(ListeningTest, MeansAndCountsAreThoseWorkedOutByHand) {
    const ListeningKey key = key_of({"a", "b"}, 2);
    const auto result = analyse_listening(
        key, {{"anna", {{"a-0", 5}, {"a-1", 4}, {"b-0", 2}, {"b-1", 1}}}, {"ben", {{"a-0", 3}}}});
    EXPECT_EQ(result.listeners, 2);
    ASSERT_EQ(result.sets.size(), 2U);
    EXPECT_EQ(result.sets[0].ratings, 3);
    EXPECT_EQ(result.sets[0].excerpts, 2);
    EXPECT_DOUBLE_EQ(result.sets[0].mean.mean, 4);
    EXPECT_DOUBLE_EQ(result.sets[1].mean.mean, 1.5);
    ASSERT_EQ(result.differences.size(), 1U);
    EXPECT_FALSE(result.differences[0].paired);
    EXPECT_FALSE(result.differences[0].by_listeners) << "of two listeners nothing is said";
    // From each listener's own mean: anna's 3, ben's 3: (2 + 1 + 0) / 3 - (-1 - 2) / 2.
    EXPECT_DOUBLE_EQ(result.differences[0].by_excerpts.mean, 2.5);
}

// A set that nobody rated has no mean, and no difference.
TEST(ListeningTest, WhatWasNotRatedIsLeftOut) {
    const auto result =
        analyse_listening(key_of({"a", "b", "c"}, 2), {{"anna", {{"a-0", 5}, {"c-1", 4}}}});
    EXPECT_EQ(result.sets[1].ratings, 0);
    ASSERT_EQ(result.differences.size(), 1U);
    EXPECT_EQ(result.differences[0].second, "c");
    EXPECT_TRUE(to_json(result)["sets"][1]["mean"].is_null());
}

// Listeners that differ in severity, excerpts that differ in quality, and a set that is better by
// `better`.
std::vector<Ratings> simulated(const ListeningKey& key, double better, std::uint64_t seed) {
    base::Rng rng(seed, "simulated listeners");
    std::map<std::string, double> quality;
    for (const ListeningItem& item : key.items) quality[item.pair] = rng.normal() * 0.7;
    std::vector<Ratings> all;
    for (int l = 0; l < 8; ++l) {
        const double severity = rng.normal() * 0.7;
        Ratings one{.file = std::to_string(l), .of_items = {}};
        for (const ListeningItem& item : key.items) {
            const double heard = 3 + severity + quality[item.pair] +
                                 (item.set == "a" ? better : 0) + rng.normal() * 0.5;
            one.of_items[item.id] =
                std::clamp(static_cast<int>(std::lround(heard)), kLowestRating, kHighestRating);
        }
        all.push_back(std::move(one));
    }
    return all;
}

TEST(ListeningTest, TellsApartWhatDiffersAndNothingElse) {
    const ListeningKey key = key_of({"a", "b"}, 12, true);
    int alarms = 0;
    constexpr int kRounds = 40;
    for (int round = 0; round < kRounds; ++round) {
        const auto seed = static_cast<std::uint64_t>(round);
        const auto different = analyse_listening(key, simulated(key, 1.2, seed)).differences[0];
        EXPECT_TRUE(different.paired);
        ASSERT_TRUE(different.by_listeners);
        EXPECT_TRUE(different.told_apart());
        EXPECT_NE(different.sentence().find("a is rated higher than b"), std::string::npos);
        const auto same = analyse_listening(key, simulated(key, 0, seed)).differences[0];
        alarms += same.told_apart();
    }
    EXPECT_LE(alarms, kRounds / 8) << "two equal sets were told apart too often";
}

TEST(ListeningTest, KeyComesBackAndForeignRatingsAreRefused) {
    const ListeningKey key = key_of({"a", "b"}, 2, true);
    const ListeningKey back = listening_key_from_json(to_json(key), "key.json");
    EXPECT_EQ(to_json(back), to_json(key));
    const base::Json good = {
        {"kit", "abc"},
        {"ratings",
         {{"a-0", {{"rating", 4}, {"known", false}}}, {"b-1", {{"rating", 2}, {"known", true}}}}}};
    const Ratings ratings = ratings_from_json(good, key, "anna.json");
    EXPECT_EQ(ratings.of_items, (std::map<std::string, int>{{"a-0", 4}}));
    const auto refused = [&](const char* pointer, const base::Json& value) {
        base::Json bad = good;
        bad[base::Json::json_pointer(pointer)] = value;
        EXPECT_THROW(ratings_from_json(bad, key, "bad.json"), base::Error) << pointer;
    };
    refused("/kit", "other");
    refused("/ratings/a-0/rating", 6);
    refused("/ratings/a-0/rating", "good");
    refused("/ratings/zz", {{"rating", 4}, {"known", false}});
    refused("/ratings", 5);
    EXPECT_THROW(ratings_from_json(base::Json::array(), key, "bad.json"), base::Error);
    EXPECT_THROW(listening_key_from_json(good, "bad.json"), base::Error);
}

}  // namespace
}  // namespace symphony::evaluate
