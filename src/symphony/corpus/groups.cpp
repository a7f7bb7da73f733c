#include "symphony/corpus/groups.h"

#include "symphony/corpus/near_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace symphony::corpus {
namespace {

// Measured by tools/measure_duplicates.cpp: docs/corpus.md.
constexpr Nearness kNearCopy{.share = 0.25, .at_least = 8};
constexpr Nearness kSameTune{.share = 0.25, .at_least = 5};

class UnionFind {
  public:
    explicit UnionFind(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t find(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    // The smaller index stays the root, so that names do not depend on the order of joins.
    void join(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<std::size_t> parent_;
};

template <class KeyOf>
void link_equal(std::size_t count, KeyOf&& keys_of, Relation relation, std::vector<Link>& links) {
    std::map<std::string, int> first_with;
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& key : keys_of(i)) {
            const auto [first, is_new] = first_with.emplace(key, static_cast<int>(i));
            if (!is_new)
                links.push_back({.a = first->second,
                                 .b = static_cast<int>(i),
                                 .relation = relation,
                                 .why = key});
        }
}

}  // namespace

const char* relation_name(Relation relation) {
    switch (relation) {
        case Relation::kSameMusic:
            return "same music";
        case Relation::kNearCopy:
            return "near copy";
        case Relation::kTune:
            return "tune";
        case Relation::kWork:
            return "work";
    }
    return "";
}

std::size_t Groups::largest() const {
    return sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
}

Groups group_pieces(std::span<const WorkHints> hints,
                    std::span<const Fingerprint* const> fingerprints, int threads) {
    Groups groups;
    const std::size_t count = hints.size();
    const auto works = work_keys(hints);
    link_equal(
        count, [&](std::size_t i) { return works[i]; }, Relation::kWork, groups.links);
    link_equal(
        count,
        [&](std::size_t i) {
            const std::string& music = fingerprints[i]->music;
            return music.empty() ? std::vector<std::string>{} : std::vector{music};
        },
        Relation::kSameMusic, groups.links);

    std::vector<const Sketch*> windows, melodies;
    for (const Fingerprint* fingerprint : fingerprints) {
        windows.push_back(&fingerprint->windows);
        melodies.push_back(&fingerprint->melody);
    }
    const auto link_near = [&](const std::vector<const Sketch*>& sketches, const Nearness& nearness,
                               Relation relation, const char* what) {
        for (const NearPair& pair : near_pairs(sketches, nearness, threads))
            groups.links.push_back(
                {pair.a, pair.b, relation, fmt::format("{:.0f} % of {}", 100 * pair.share, what)});
    };
    link_near(windows, kNearCopy, Relation::kNearCopy, "the stretches");
    link_near(melodies, kSameTune, Relation::kTune, "the melody");
    std::sort(groups.links.begin(), groups.links.end(), [](const Link& x, const Link& y) {
        return std::tie(x.a, x.b, x.relation) < std::tie(y.a, y.b, y.relation);
    });

    UnionFind sets(count);
    for (const Link& link : groups.links)
        sets.join(static_cast<std::size_t>(link.a), static_cast<std::size_t>(link.b));
    std::map<std::size_t, int> group_of_root;
    for (std::size_t i = 0; i < count; ++i) {
        const auto [group, is_new] =
            group_of_root.emplace(sets.find(i), static_cast<int>(groups.names.size()));
        if (is_new) {
            groups.names.push_back(hints[i].id);
            groups.sizes.push_back(0);
        }
        groups.of_piece.push_back(group->second);
        ++groups.sizes[static_cast<std::size_t>(group->second)];
    }
    return groups;
}

}  // namespace symphony::corpus
