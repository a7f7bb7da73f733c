#include "symphony/corpus/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace symphony::corpus {
namespace {

// Two pieces are near copies if they share this part of the smaller one's windows, and tunes are
// the same if they share this part of the smaller one's melody; docs/corpus.md has what it finds.
struct Nearness {
    double share;
    std::size_t at_least;         // hashes in common
    std::size_t too_many_pieces;  // a stretch found in more pieces than this is a commonplace
};
constexpr Nearness kNearCopy{.share = 0.25, .at_least = 8, .too_many_pieces = 50};
constexpr Nearness kSameTune{.share = 0.25, .at_least = 5, .too_many_pieces = 50};

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

using Hashes = std::vector<std::uint64_t>;

// Calls found(a, b, shared) for every pair a < b of lists near each other.
template <class Found>
void for_each_near_pair(const std::vector<const Hashes*>& lists, const Nearness& nearness,
                        Found&& found) {
    std::vector<std::pair<std::uint64_t, int>> index;
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (const std::uint64_t hash : *lists[i]) index.emplace_back(hash, static_cast<int>(i));
    std::sort(index.begin(), index.end());
    std::map<std::pair<int, int>, std::size_t> shared;
    for (std::size_t begin = 0; begin < index.size();) {
        std::size_t end = begin;
        while (end < index.size() && index[end].first == index[begin].first) ++end;
        if (end - begin <= nearness.too_many_pieces)
            for (std::size_t a = begin; a < end; ++a)
                for (std::size_t b = a + 1; b < end; ++b)
                    ++shared[{index[a].second, index[b].second}];
        begin = end;
    }
    for (const auto& [pair, count] : shared) {
        const std::size_t smaller = std::min(lists[static_cast<std::size_t>(pair.first)]->size(),
                                             lists[static_cast<std::size_t>(pair.second)]->size());
        if (count >= nearness.at_least &&
            static_cast<double>(count) >= nearness.share * static_cast<double>(smaller))
            found(pair.first, pair.second, count);
    }
}

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
                    std::span<const Fingerprint* const> fingerprints) {
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

    std::vector<const Hashes*> windows, melodies;
    for (const Fingerprint* fingerprint : fingerprints) {
        windows.push_back(&fingerprint->windows);
        melodies.push_back(&fingerprint->melody);
    }
    for_each_near_pair(windows, kNearCopy, [&](int a, int b, std::size_t shared) {
        groups.links.push_back({a, b, Relation::kNearCopy, fmt::format("{} stretches", shared)});
    });
    for_each_near_pair(melodies, kSameTune, [&](int a, int b, std::size_t shared) {
        groups.links.push_back(
            {a, b, Relation::kTune, fmt::format("{} stretches of melody", shared)});
    });
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
