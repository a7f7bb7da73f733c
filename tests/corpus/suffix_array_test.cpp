#include "symphony/corpus/copying/suffix_array.h"

#include "symphony/base/rng.h"
#include "symphony/corpus/copying/sequence_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace symphony::corpus {
namespace {

using Text = std::vector<std::uint32_t>;

Text random_text(base::Rng& rng, std::size_t length, std::uint32_t alphabet) {
    Text text(length);
    for (auto& symbol : text) symbol = static_cast<std::uint32_t>(rng.below(alphabet));
    return text;
}

std::vector<std::int32_t> sorted_naively(const Text& text) {
    std::vector<std::int32_t> order(text.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return std::lexicographical_compare(text.begin() + a, text.end(), text.begin() + b,
                                            text.end());
    });
    return order;
}

std::size_t common_length(std::span<const std::uint32_t> query, const Text& text,
                          std::size_t place) {
    std::size_t n = 0;
    while (n < query.size() && place + n < text.size() && query[n] == text[place + n]) ++n;
    return n;
}

TEST(SuffixArray, IsThatOfSortingOnTextsOfEveryKind) {
    EXPECT_TRUE(suffix_array({}, 1).empty());
    base::Rng rng(1, "suffix-array");
    for (int round = 0; round < 600; ++round) {
        const auto alphabet = static_cast<std::uint32_t>(1 + rng.below(round % 3 == 0 ? 40 : 3));
        const Text text = random_text(rng, 1 + rng.below(60), alphabet);
        ASSERT_EQ(suffix_array(text, alphabet), sorted_naively(text)) << "round " << round;
    }
    // Repetition is what naming LMS substrings recurs on.
    Text period = random_text(rng, 17, 4), text;
    for (int i = 0; i < 40; ++i) text.insert(text.end(), period.begin(), period.end());
    EXPECT_EQ(suffix_array(text, 4), sorted_naively(text));
}

TEST(SequenceIndex, FindsWhatReadingAllOfTheTextFinds) {
    base::Rng rng(1, "sequence-index");
    for (int round = 0; round < 200; ++round) {
        const auto alphabet = static_cast<std::uint32_t>(2 + rng.below(6));
        const Text text = random_text(rng, 1 + rng.below(300), alphabet);
        const SequenceIndex index(text, alphabet);
        for (int q = 0; q < 20; ++q) {
            // One symbol more than the text has: some queries hold what nothing matches.
            Text query = random_text(rng, 1 + rng.below(12), alphabet + (q % 4 == 0));
            if (q % 5 == 0) query.back() = kForeignSymbol;
            std::size_t longest = 0, count = 0, first = text.size();
            for (std::size_t place = 0; place < text.size(); ++place) {
                const std::size_t n = common_length(query, text, place);
                longest = std::max(longest, n);
                if (n < query.size()) continue;
                ++count;
                first = std::min(first, place);
            }
            ASSERT_EQ(index.longest_prefix(query), longest);
            ASSERT_EQ(index.contains(query), count > 0);
            const auto places = index.places(query);
            ASSERT_EQ(places.count, count);
            if (count > 0) {
                ASSERT_EQ(places.first, first);
            }
        }
    }
}

}  // namespace
}  // namespace symphony::corpus
