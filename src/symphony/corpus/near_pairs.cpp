#include "symphony/corpus/near_pairs.h"

#include "symphony/base/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace symphony::corpus {
namespace {

constexpr std::size_t kWholeBucket = 64;  // all pairs of at most so many are counted
// Pieces that meet in fewer buckets are not looked at further.
constexpr std::uint16_t kFewestMeetings = 3;
// Buckets are made for a part of the hashes at a time, so that those of a single sketch, which are
// most, are never held all together.
constexpr std::uint32_t kPasses = 16;
constexpr std::size_t kChunk = 1024;  // sketches a worker takes at a time

double weight_of(std::size_t sketches_with_it) {
    return 1 / std::log2(static_cast<double>(std::max<std::size_t>(sketches_with_it, 2)));
}

// Sums over a sketch: of all its hashes, and of those comparable with a thinned one's.
struct Totals {
    std::array<double, 2> weight{}, hashes{};
};

// All hashes that two or more sketches have.
class Buckets {
  public:
    explicit Buckets(std::span<const Sketch* const> sketches) {
        const std::size_t count = sketches.size();
        totals_.resize(count);
        std::vector<std::size_t> next(count);  // hash of each sketch that comes next
        std::vector<std::uint32_t> of_sketch(count + 1);
        for (std::uint32_t pass = 0; pass < kPasses; ++pass) {
            std::vector<std::uint64_t> entries;  // hash, then sketch
            for (std::size_t s = 0; s < count; ++s) {
                const auto& hashes = sketches[s]->hashes;
                for (; next[s] < hashes.size() && hashes[next[s]] >> 28 == pass; ++next[s])
                    entries.push_back(std::uint64_t{hashes[next[s]]} << 32 | s);
            }
            std::sort(entries.begin(), entries.end());
            add(entries, of_sketch);
        }
        begins_.push_back(members_.size());
        // The buckets of each sketch, by counting.
        for (std::size_t s = 0; s < count; ++s) of_sketch[s + 1] += of_sketch[s];
        own_begins_ = of_sketch;
        own_.resize(members_.size());
        for (std::uint32_t bucket = 0; bucket + 1 < begins_.size(); ++bucket)
            for (const std::uint32_t s : members(bucket)) own_[of_sketch[s]++] = bucket;
    }

    std::span<const std::uint32_t> of(std::size_t sketch) const {
        return std::span(own_).subspan(own_begins_[sketch],
                                       own_begins_[sketch + 1] - own_begins_[sketch]);
    }
    std::span<const std::uint32_t> members(std::uint32_t bucket) const {
        return std::span(members_).subspan(begins_[bucket], begins_[bucket + 1] - begins_[bucket]);
    }
    bool is_coarse(std::uint32_t bucket) const { return coarse_[bucket]; }
    double weight(std::uint32_t bucket) const { return weight_of(members(bucket).size()); }
    const Totals& totals(std::size_t sketch) const { return totals_[sketch]; }

  private:
    void add(const std::vector<std::uint64_t>& entries, std::vector<std::uint32_t>& of_sketch) {
        for (std::size_t begin = 0, end = 0; begin < entries.size(); begin = end) {
            const auto hash = static_cast<std::uint32_t>(entries[begin] >> 32);
            const bool coarse = hash % kThinning == 0;
            while (end < entries.size() && entries[end] >> 32 == hash) ++end;
            const double weight = weight_of(end - begin);
            for (std::size_t i = begin; i < end; ++i) {
                Totals& totals = totals_[static_cast<std::uint32_t>(entries[i])];
                for (const std::size_t level : {0, 1}) {
                    if (level == 1 && !coarse) continue;
                    totals.weight[level] += weight;
                    totals.hashes[level] += 1;
                }
            }
            if (end - begin < 2) continue;
            begins_.push_back(members_.size());
            coarse_.push_back(coarse);
            for (std::size_t i = begin; i < end; ++i) {
                const auto sketch = static_cast<std::uint32_t>(entries[i]);
                members_.push_back(sketch);
                ++of_sketch[sketch + 1];
            }
        }
    }

    std::vector<std::size_t> begins_;              // of each bucket in members_, and the end
    std::vector<std::uint32_t> members_;           // sketches of each bucket, ascending
    std::vector<bool> coarse_;                     // of each bucket: kThinning divides its hash
    std::vector<std::uint32_t> own_begins_, own_;  // buckets of each sketch, ascending
    std::vector<Totals> totals_;
};

// Counts meetings of one sketch with those before it.
class Meetings {
  public:
    explicit Meetings(std::size_t sketches) : count_(sketches) {}

    // Calls found(b) for every b < a that meets a in enough buckets, ascending.
    template <class Found>
    void of(std::uint32_t a, const Buckets& buckets, Found&& found) {
        met_.clear();
        for (const std::uint32_t bucket : buckets.of(a)) {
            const auto members = buckets.members(bucket);
            const auto self = std::lower_bound(members.begin(), members.end(), a);
            if (members.size() <= kWholeBucket) {
                for (auto b = members.begin(); b != self; ++b) meet(*b);
            } else if (self != members.begin()) {
                meet(members.front());
                if (self - members.begin() > 1) meet(*(self - 1));
            }
        }
        std::sort(met_.begin(), met_.end());
        for (const std::uint32_t b : met_) {
            if (count_[b] >= kFewestMeetings) found(b);
            count_[b] = 0;
        }
    }

  private:
    void meet(std::uint32_t b) {
        if (count_[b] == 0) met_.push_back(b);
        if (count_[b] < kFewestMeetings) ++count_[b];
    }
    std::vector<std::uint16_t> count_;
    std::vector<std::uint32_t> met_;
};

// What a and b share, by their whole sketches.
NearPair compare(std::uint32_t a, std::uint32_t b, const Buckets& buckets, bool thin) {
    NearPair pair{.a = static_cast<int>(a), .b = static_cast<int>(b)};
    double weight = 0;
    const auto of_a = buckets.of(a), of_b = buckets.of(b);
    for (auto i = of_a.begin(), j = of_b.begin(); i != of_a.end() && j != of_b.end();) {
        if (*i < *j) {
            ++i;
        } else if (*j < *i) {
            ++j;
        } else {
            if (!thin || buckets.is_coarse(*i)) {
                ++pair.shared;
                weight += buckets.weight(*i);
            }
            ++i, ++j;
        }
    }
    if (pair.shared == 0) return pair;
    const std::size_t level = thin ? 1 : 0;
    const Totals &x = buckets.totals(a), &y = buckets.totals(b);
    pair.share =
        std::max(weight / std::min(x.weight[level], y.weight[level]),
                 static_cast<double>(pair.shared) / std::min(x.hashes[level], y.hashes[level]) / 2);
    return pair;
}

}  // namespace

std::vector<NearPair> near_pairs(std::span<const Sketch* const> sketches, const Nearness& nearness,
                                 int threads) {
    const Buckets buckets(sketches);
    const std::size_t chunks = (sketches.size() + kChunk - 1) / kChunk;
    std::vector<std::vector<NearPair>> found(chunks);
    base::parallel_for(chunks, threads, [&](std::size_t chunk) {
        Meetings meetings(sketches.size());
        const std::size_t end = std::min(sketches.size(), (chunk + 1) * kChunk);
        for (std::size_t later = chunk * kChunk; later < end; ++later)
            meetings.of(static_cast<std::uint32_t>(later), buckets, [&](std::uint32_t earlier) {
                const bool thin = sketches[earlier]->thinned || sketches[later]->thinned;
                const NearPair pair =
                    compare(earlier, static_cast<std::uint32_t>(later), buckets, thin);
                if (pair.shared >= nearness.at_least && pair.share >= nearness.share)
                    found[chunk].push_back(pair);
            });
    });
    std::vector<NearPair> pairs;
    for (const auto& part : found) pairs.insert(pairs.end(), part.begin(), part.end());
    std::sort(pairs.begin(), pairs.end(), [](const NearPair& x, const NearPair& y) {
        return std::tie(x.a, x.b) < std::tie(y.a, y.b);
    });
    return pairs;
}

}  // namespace symphony::corpus
