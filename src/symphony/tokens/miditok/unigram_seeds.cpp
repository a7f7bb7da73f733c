#include "symphony/tokens/miditok/unigram_seeds.h"

#include <algorithm>
#include <map>

namespace symphony::tokens::miditok {
namespace {

constexpr int kWordEnd = 0;  // behind every word, below every code

// All words one after another, and the places in them in the order of what follows. Only the next
// `reach` codes are compared, and none behind the end of a word: substrings that cross one, or are
// longer, are no seeds.
class SuffixOrder {
  public:
    SuffixOrder(const std::vector<CountedWord>& words, std::size_t reach) : reach_(reach) {
        for (const auto& [word, count] : words) {
            text_.insert(text_.end(), word.begin(), word.end());
            text_.push_back(kWordEnd);
        }
        places_.reserve(text_.size());
        for (std::size_t at = 0; at < text_.size(); ++at)
            if (text_[at] != kWordEnd) places_.push_back({head_of(at), at});
        std::sort(places_.begin(), places_.end(), [this](const Place& a, const Place& b) {
            return a.head != b.head ? a.head < b.head : less_behind_head(a.at, b.at);
        });
    }

    std::size_t size() const { return places_.size(); }
    std::vector<int> prefix(std::size_t place, std::size_t length) const {
        const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(places_[place].at);
        return {begin, begin + static_cast<std::ptrdiff_t>(length)};
    }
    bool prefix_ends_word(std::size_t place, std::size_t length) const {
        return text_[places_[place].at + length - 1] == kWordEnd;
    }
    // Of the texts at this place and the one before it: how much they have in common, the end of a
    // word included.
    std::size_t common_with_previous(std::size_t place) const {
        const std::size_t a = places_[place - 1].at, b = places_[place].at;
        std::size_t length = 0;
        while (length < reach_ && text_[a + length] == text_[b + length])
            if (text_[a + length++] == kWordEnd) break;
        return length;
    }

  private:
    // The first codes of a text, packed so that most comparisons end with them.
    static constexpr std::size_t kHead = 4;
    struct Place {
        std::uint64_t head = 0;
        std::size_t at = 0;
    };

    std::uint64_t head_of(std::size_t at) const {
        std::uint64_t head = 0;
        bool ended = false;
        for (std::size_t i = 0; i < kHead; ++i) {
            const int code = ended ? kWordEnd : text_[at + i];
            ended = ended || code == kWordEnd;
            head = head << 16 | static_cast<std::uint16_t>(code);
        }
        return head;
    }
    bool less_behind_head(std::size_t a, std::size_t b) const {
        for (std::size_t i = 0; i < reach_; ++i) {
            if (text_[a + i] != text_[b + i]) return text_[a + i] < text_[b + i];
            if (text_[a + i] == kWordEnd) return false;
        }
        return false;
    }

    std::size_t reach_;
    std::vector<int> text_;
    std::vector<Place> places_;
};

bool heavier(const UnigramSeed& a, const UnigramSeed& b) {
    return a.weight != b.weight ? a.weight > b.weight : b.codes < a.codes;
}

}  // namespace

std::vector<UnigramSeed> unigram_seeds(const std::vector<CountedWord>& words, std::size_t longest,
                                       std::size_t most) {
    std::map<int, std::int64_t> symbols;
    for (const auto& [word, count] : words)
        for (const int code : word) symbols[code] += count;
    std::vector<UnigramSeed> seeds;
    for (const auto& [code, count] : symbols) seeds.push_back({{code}, count});
    std::sort(seeds.begin(), seeds.end(), heavier);

    // Inner nodes, by the classic walk along the common lengths of neighbours.
    const SuffixOrder order(words, longest + 1);
    struct Open {
        std::size_t length = 0, from = 0;
    };
    struct Found {
        std::int64_t weight = 0;
        std::size_t place = 0, length = 0;
    };
    std::vector<Open> open;
    std::vector<Found> found;
    for (std::size_t place = 1; place <= order.size(); ++place) {
        const std::size_t common = place < order.size() ? order.common_with_previous(place) : 0;
        std::size_t from = place - 1;
        while (!open.empty() && open.back().length > common) {
            const auto [length, first] = open.back();
            open.pop_back();
            from = first;
            if (length >= 2 && length <= longest && !order.prefix_ends_word(first, length))
                found.push_back(
                    {static_cast<std::int64_t>((place - first) * length), first, length});
        }
        if (common > 0 && (open.empty() || open.back().length < common))
            open.push_back({common, from});
    }
    // Places follow the codes, and a longer text at the same place lies behind a shorter one.
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        if (a.weight != b.weight) return a.weight > b.weight;
        return a.place != b.place ? a.place > b.place : a.length > b.length;
    });
    for (const Found& one : found) {
        if (seeds.size() >= most) break;
        seeds.push_back({order.prefix(one.place, one.length), one.weight});
    }
    return seeds;
}

}  // namespace symphony::tokens::miditok
