// Labels of bins: what a bin holds, not merely where it begins.
#include "symphony/corpus/distribution.h"

#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

std::vector<std::string> labels(const Distribution& distribution) {
    std::vector<std::string> all;
    for (const Bin& bin : distribution.bins) all.push_back(bin.label);
    return all;
}

using Labels = std::vector<std::string>;

// Passages are four bars long at least: none is in a bin called "0".
TEST(Binned, WholeNumbersAreNamedByTheFirstAndTheLastThatFit) {
    const Distribution passages =
        binned({.name = "passage-bars"}, {{4, 3}, {5, 2}, {12, 1}, {61, 1}, {64, 1}});
    EXPECT_EQ(labels(passages), (Labels{"4", "5–9", "10–14", "15–19", "20–24", "25–29", "30–34",
                                        "35–39", "40–44", "45–49", "50–54", "55–59", "60–64"}));
    EXPECT_EQ(passages.bins[0].count, 3);
    EXPECT_EQ(passages.bins[1].count, 2);
    EXPECT_EQ(passages.bins[0].value, 0);  // the bin's edge stays where bins of its width begin
    EXPECT_EQ(labels(binned({}, {{2, 1}, {3, 4}, {5, 1}})), (Labels{"2", "3", "4", "5"}));
    EXPECT_EQ(labels(binned({}, {{7, 1}})), Labels{"7"});
}

TEST(Binned, OtherNumbersAreNamedByTheEdges) {
    const Distribution shares = binned({}, {{0.5, 1}, {1.25, 1}, {9, 1}});
    ASSERT_EQ(shares.bins.size(), 18u);
    EXPECT_EQ(shares.bins[0].label, "0.5–1");
    EXPECT_EQ(shares.bins[1].label, "1–1.5");
    EXPECT_EQ(shares.bins[17].label, "9–9.5");
}

TEST(NumberLabel, HasTwoDecimalsAtMost) {
    EXPECT_EQ(number_label(1 / 24.0), "0.04");
    EXPECT_EQ(number_label(4 / 3.0), "1.33");
    EXPECT_EQ(number_label(0.5), "0.5");
    EXPECT_EQ(number_label(120), "120");
}

TEST(Binned, TheLastBinIsOpenWhereValuesFarOutJoinIt) {
    const Distribution bars = binned({}, {{10, 500}, {33, 500}, {5000, 1}});
    EXPECT_EQ(bars.bins.back().label, "33+");
    EXPECT_EQ(bars.bins.back().count, 501);
    const Distribution wide = binned({}, {{10, 500}, {133, 500}, {5000, 1}});
    EXPECT_EQ(wide.bins.front().label, "10–19");
    EXPECT_EQ(wide.bins.back().label, "130+");
    std::int64_t sum = 0;
    for (const Bin& bin : wide.bins) sum += bin.count;
    EXPECT_EQ(sum, wide.total);
}

}  // namespace
}  // namespace symphony::corpus
