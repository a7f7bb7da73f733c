// Sub-words by byte-pair encoding: pairs of symbols that are merged, the most frequent first.
// Learning gives the merges that Hugging Face tokenizers (0.23) gives from the same words; ties are
// broken as there. Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword
// Units", 2016.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace symphony::tokens::miditok {

class BytePairs {
  public:
    // `words`: ids of `pieces`, and how often each word occurs. Appends what is merged to `pieces`,
    // which are distinct, until there are `vocabulary_size` or no pair is left.
    static BytePairs learn(const std::map<std::vector<int>, std::int64_t>& words,
                           std::vector<std::vector<int>>& pieces, int vocabulary_size);

    // The next merge in rank: the ids of a pair, and of what they become.
    void add(int left, int right, int merged);
    // Merges `symbols`; appends the ids, and of how many symbols each is.
    void segment(std::span<const int> symbols, std::vector<int>& ids,
                 std::vector<int>& counts) const;
    // Pairs of ids by rank.
    const std::vector<std::pair<int, int>>& merges() const { return merge_list_; }

  private:
    struct Merge {
        int rank = 0, id = 0;
    };
    static std::uint64_t key(int left, int right) {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
               static_cast<std::uint32_t>(right);
    }

    std::vector<std::pair<int, int>> merge_list_;
    std::unordered_map<std::uint64_t, Merge> merges_;
};

}  // namespace symphony::tokens::miditok
