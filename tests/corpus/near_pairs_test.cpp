#include "symphony/corpus/near_pairs.h"

#include "symphony/base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace symphony::corpus {
namespace {

std::vector<const Sketch*> pointers(const std::vector<Sketch>& sketches) {
    std::vector<const Sketch*> out;
    for (const Sketch& sketch : sketches) out.push_back(&sketch);
    return out;
}

// The definition, pair by pair.
std::vector<NearPair> near_pairs_slowly(const std::vector<Sketch>& sketches,
                                        const Nearness& nearness) {
    std::map<std::uint32_t, std::size_t> sketches_with;
    for (const Sketch& sketch : sketches)
        for (const std::uint32_t hash : sketch.hashes) ++sketches_with[hash];
    const auto weight = [&](const Sketch& sketch, bool thin, const Sketch* other) {
        double sum = 0;
        for (const std::uint32_t hash : sketch.hashes)
            if (comparable(hash, thin) &&
                (!other || std::binary_search(other->hashes.begin(), other->hashes.end(), hash)))
                sum += 1 / std::log2(std::max<double>(2, double(sketches_with[hash])));
        return sum;
    };
    std::vector<NearPair> pairs;
    for (std::size_t a = 0; a < sketches.size(); ++a)
        for (std::size_t b = a + 1; b < sketches.size(); ++b) {
            const bool thin = sketches[a].thinned || sketches[b].thinned;
            const double smaller =
                std::min(weight(sketches[a], thin, nullptr), weight(sketches[b], thin, nullptr));
            const Overlap both = overlap(sketches[a], sketches[b]);
            const NearPair pair{.a = int(a),
                                .b = int(b),
                                .shared = both.shared,
                                .share = std::max(weight(sketches[a], thin, &sketches[b]) / smaller,
                                                  both.containment() / 2)};
            if (pair.shared >= nearness.at_least && pair.share >= nearness.share)
                pairs.push_back(pair);
        }
    return pairs;
}

// Sets of 20 to 2,000 hashes: some alone, some with a stretch of an earlier one, all with a few of
// 40 commonplaces.
std::vector<Sketch> made_sketches(std::size_t count) {
    std::vector<std::vector<std::uint32_t>> sets;
    for (std::size_t i = 0; i < count; ++i) {
        base::Rng rng(5, "made sketches", i);
        std::vector<std::uint32_t> set(rng.below(5) == 0 ? 2000 : 20 + rng.below(300));
        for (std::uint32_t& hash : set) hash = rng.next_u32();
        for (int k = 0; k < 5; ++k) set.push_back(std::uint32_t(rng.below(40)) * 0x9E3779B9U);
        if (i > 0 && rng.below(2) == 0) {
            const auto& source = sets[rng.below(i)];
            set.insert(set.end(), source.begin(),
                       source.begin() + std::ptrdiff_t(rng.below(source.size())));
        }
        sets.push_back(std::move(set));
    }
    std::vector<Sketch> sketches;
    for (auto& set : sets) sketches.push_back(sketch_of(std::move(set)));
    return sketches;
}

TEST(Sketch, ShowsAnExcerptInsideTheWhole) {
    base::Rng rng(1, "whole");
    std::vector<std::uint32_t> whole(20000);
    for (std::uint32_t& hash : whole) hash = rng.next_u32();
    const std::vector<std::uint32_t> excerpt(whole.begin(), whole.begin() + 400);
    const Sketch a = sketch_of(whole), b = sketch_of(excerpt);
    EXPECT_TRUE(a.thinned);
    EXPECT_FALSE(b.thinned);
    EXPECT_NEAR(double(a.hashes.size()), 5000, 300);
    EXPECT_EQ(overlap(a, b).containment(), 1.0);
    EXPECT_NEAR(double(overlap(a, b).of_b), 100, 30);
}

TEST(NearPairs, AreThoseOfTheDefinition) {
    const auto sketches = made_sketches(80);
    for (const Nearness nearness : {Nearness{0.25, 8}, Nearness{0.1, 5}, Nearness{0.6, 3}}) {
        const auto slow = near_pairs_slowly(sketches, nearness);
        const auto fast = near_pairs(pointers(sketches), nearness, 2);
        EXPECT_GT(slow.size(), 10u);
        ASSERT_EQ(fast.size(), slow.size());
        for (std::size_t i = 0; i < slow.size(); ++i) {
            EXPECT_EQ(std::pair(fast[i].a, fast[i].b), std::pair(slow[i].a, slow[i].b));
            EXPECT_EQ(fast[i].shared, slow[i].shared);
            EXPECT_NEAR(fast[i].share, slow[i].share, 1e-9);
        }
    }
}

TEST(NearPairs, AreTheSameAtAnyNumberOfThreads) {
    const auto sketches = made_sketches(1100);
    const auto one = near_pairs(pointers(sketches), {}, 1);
    const auto four = near_pairs(pointers(sketches), {}, 4);
    ASSERT_EQ(one.size(), four.size());
    for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_EQ(std::tie(one[i].a, one[i].b, one[i].shared),
                  std::tie(four[i].a, four[i].b, four[i].shared));
}

// A piece that everyone copied is no commonplace: each copy is linked to another.
TEST(NearPairs, ManyCopiesOfOneAreAllLinked) {
    auto sketches = made_sketches(40);
    const std::size_t first = sketches.size();
    base::Rng rng(2, "favourite");
    std::vector<std::uint32_t> favourite(200);
    for (std::uint32_t& hash : favourite) hash = rng.next_u32();
    constexpr std::size_t kCopies = 300;
    for (std::size_t i = 0; i < kCopies; ++i) {
        std::vector<std::uint32_t> copy = favourite;
        for (std::size_t k = i % 50; k < copy.size(); k += 5) copy[k] = rng.next_u32();
        sketches.push_back(sketch_of(copy));
    }
    std::vector<bool> linked(kCopies);
    const auto pairs = near_pairs(pointers(sketches), {});
    EXPECT_LT(pairs.size(), 64 * sketches.size());
    for (const NearPair& pair : pairs) {
        if (std::size_t(pair.b) < first) continue;
        EXPECT_GE(std::size_t(pair.a), first);
        linked[std::size_t(pair.a) - first] = linked[std::size_t(pair.b) - first] = true;
    }
    EXPECT_EQ(std::count(linked.begin(), linked.end(), true), std::ptrdiff_t(kCopies));
}

}  // namespace
}  // namespace symphony::corpus
