#include "symphony/corpus/copying/suffix_array.h"

#include <algorithm>
#include <numeric>

namespace symphony::corpus {
namespace {

using Index = std::int32_t;

constexpr Index kEmpty = -1;

// One level of SA-IS. A suffix is of type S if it is smaller than the next one, else of type L; the
// first S of each run is an LMS suffix.
class Level {
  public:
    Level(std::span<const std::uint32_t> text, std::uint32_t alphabet)
        : text_(text), size_(static_cast<Index>(text.size())), is_s_(text.size(), false) {
        for (Index i = size_ - 2; i >= 0; --i)
            is_s_[at(i)] =
                symbol(i) == symbol(i + 1) ? is_s_[at(i + 1)] : symbol(i) < symbol(i + 1);
        // In the array each symbol has a bucket, first its L suffixes, then its S suffixes.
        begin_.assign(alphabet + std::size_t{1}, 0);
        for (const std::uint32_t c : text) ++begin_[c + std::size_t{1}];
        std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
        for (Index i = 1; i < size_; ++i)
            if (is_lms(i)) lms_.push_back(i);
    }

    std::vector<Index> sorted() {
        induce(lms_);
        if (!lms_.empty()) induce(sorted_lms());
        return std::move(order_);
    }

  private:
    static std::size_t at(Index i) { return static_cast<std::size_t>(i); }
    std::uint32_t symbol(Index i) const { return text_[at(i)]; }
    bool is_lms(Index i) const { return i > 0 && is_s_[at(i)] && !is_s_[at(i - 1)]; }

    // Order of all suffixes from that of the LMS suffixes (from any order of these: the order of
    // LMS substrings).
    void induce(const std::vector<Index>& lms) {
        order_.assign(text_.size(), kEmpty);
        // LMS suffixes at their buckets' ends, in the given order.
        std::vector<Index> next(begin_.begin() + 1, begin_.end());
        for (auto it = lms.rbegin(); it != lms.rend(); ++it) order_[at(--next[symbol(*it)])] = *it;
        next.assign(begin_.begin(), begin_.end() - 1);
        const auto put_l = [&](Index i) { order_[at(next[symbol(i)]++)] = i; };
        put_l(size_ - 1);
        for (Index k = 0; k < size_; ++k)
            if (const Index i = order_[at(k)] - 1; i >= 0 && !is_s_[at(i)]) put_l(i);
        next.assign(begin_.begin() + 1, begin_.end());
        for (Index k = size_ - 1; k >= 0; --k)
            if (const Index i = order_[at(k)] - 1; i >= 0 && is_s_[at(i)])
                order_[at(--next[symbol(i)])] = i;
    }

    // The LMS suffixes in order: their substrings, which induce() sorted, are named by rank and the
    // sequence of names is sorted in turn.
    std::vector<Index> sorted_lms() const {
        std::vector<Index> number(text_.size(), kEmpty);  // of an LMS suffix, among them
        for (std::size_t n = 0; n < lms_.size(); ++n) number[at(lms_[n])] = static_cast<Index>(n);
        std::vector<std::uint32_t> names(lms_.size());
        std::uint32_t name = 0;
        Index before = kEmpty;
        for (const Index i : order_) {
            if (number[at(i)] == kEmpty) continue;
            if (before != kEmpty && !equal_substrings(number[at(before)], number[at(i)])) ++name;
            names[at(number[at(i)])] = name;
            before = i;
        }
        const std::vector<Index> ranks = suffix_array(names, name + 1);
        std::vector<Index> sorted(lms_.size());
        std::transform(ranks.begin(), ranks.end(), sorted.begin(),
                       [&](Index n) { return lms_[at(n)]; });
        return sorted;
    }

    bool equal_substrings(Index a, Index b) const {
        if (at(std::max(a, b)) + 1 == lms_.size()) return false;  // the last one runs to the end
        const auto begin = text_.begin() + lms_[at(a)], end = text_.begin() + lms_[at(a + 1)] + 1;
        const auto other = text_.begin() + lms_[at(b)];
        return lms_[at(a + 1)] - lms_[at(a)] == lms_[at(b + 1)] - lms_[at(b)] &&
               std::equal(begin, end, other);
    }

    std::span<const std::uint32_t> text_;
    Index size_;
    std::vector<bool> is_s_;
    std::vector<Index> begin_;  // of each symbol's bucket, and where the last one ends
    std::vector<Index> lms_, order_;
};

}  // namespace

std::vector<std::int32_t> suffix_array(std::span<const std::uint32_t> text,
                                       std::uint32_t alphabet) {
    if (text.empty()) return {};
    return Level(text, alphabet).sorted();
}

}  // namespace symphony::corpus
