// Sub-words over token ids, stored in MidiTok's form: a string of Hugging Face tokenizers' JSON in
// which each base token is one character. Sources: Fradet et al., "Byte Pair Encoding for Symbolic
// Music", 2023; the form, MidiTok 3.0.6.
#pragma once

#include "symphony/tokens/miditok/byte_pairs.h"
#include "symphony/tokens/miditok/unigram.h"
#include "symphony/tokens/piece_trie.h"
#include "symphony/tokens/subword_options.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace symphony::tokens::miditok {

// Stands before every bar or beat (Metaspace), where sub-words end with them.
inline constexpr int kBoundary = -1;

class SubWords {
  public:
    struct Learning {
        SubwordModel model = SubwordModel::kBytePairs;
        int vocabulary_size = 1000;
        bool ends_at_bars = true;  // sub-words end with the sequences, which are bars or beats
        // Ids of their own that no sub-word holds, as sequences of base ids.
        std::vector<std::vector<int>> specials;
    };
    // Learns from sequences of base ids 0 .. base_size - 1. Fewer sub-words if there are no more.
    // Precondition: check() does not throw.
    static SubWords learn(std::span<const std::vector<int>> sequences, int base_size,
                          const Learning& options);
    // How many base tokens characters can stand for.
    static int most_base_tokens(bool ends_at_bars);
    // Error (kUsage) naming `scheme` if it has more tokens than characters can stand for, or if the
    // vocabulary asked for is no larger than its own.
    static void check(const Learning& options, int base_size, const std::string& scheme);

    // From `_model`, in which each character stands for a base id. Error (kModel): damaged, or a
    // model that is neither of byte pairs nor unigram.
    static SubWords from_json(const std::string& model,
                              const std::unordered_map<std::string, int>& base_id_of_character,
                              const std::string& path);
    std::string to_json() const;  // `_model`

    int size() const { return static_cast<int>(pieces_.size()); }
    // The base ids of a sub-word; boundaries are left out.
    std::vector<int> base_ids(int id) const;
    bool begins_with_boundary(int id) const {
        const auto& piece = pieces_[static_cast<std::size_t>(id)];
        return !piece.empty() && piece.front() == kBoundary;
    }
    // Of the single base token; -1: none.
    int id_of_base(int base) const {
        const auto at = static_cast<std::size_t>(base - kBoundary);
        return at < id_of_base_.size() ? id_of_base_[at] : -1;
    }
    // Sub-words of a whole stream; `begins` are where bars or beats begin in it, rising from 0.
    // `counts` gets the base tokens of each sub-word. Precondition: each base id has an id here.
    std::vector<int> encode(std::span<const int> base_ids, std::span<const std::size_t> begins,
                            std::vector<int>& counts) const;
    bool ends_at_bars() const { return ends_at_bars_; }
    SubwordModel model() const;

  private:
    void learn_byte_pairs(const std::map<std::vector<int>, std::int64_t>& words, int base_size,
                          const Learning& options);
    void learn_unigram_pieces(const std::map<std::vector<int>, std::int64_t>& words, int base_size,
                              const Learning& options);
    void set_pieces(std::vector<std::vector<int>> pieces);
    // Precondition: each is a piece.
    void set_specials(std::vector<std::vector<int>> specials);
    // The id and the length of the longest special token with which these begin; length 0: none.
    std::pair<int, int> special_at(std::span<const int> base_ids) const;
    void encode_segment(std::span<const int> base_ids, std::vector<int>& ids,
                        std::vector<int>& counts) const;
    std::string text_of(int id) const;

    bool ends_at_bars_ = true;
    std::vector<std::vector<int>> pieces_;  // base ids and boundaries of each id
    std::vector<int> id_of_base_;           // by base id - kBoundary; -1: none
    PieceTrie specials_;
    std::vector<int> special_ids_;  // in the order in which they are written
    std::variant<BytePairs, Unigram> model_;
};

// The character that MidiTok writes for a base id.
std::string character_of(int base_id);

}  // namespace symphony::tokens::miditok
