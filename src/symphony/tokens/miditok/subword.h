// Byte-pair encoding over token ids, stored in MidiTok's form: a string of Hugging Face tokenizers'
// JSON in which each base token is one character. Learning gives the merges that Hugging Face
// tokenizers (0.23) gives from the same sequences; ties are broken as there. Source: Sennrich et
// al., "Neural Machine Translation of Rare Words with Subword Units", 2016; Fradet et al., "Byte
// Pair Encoding for Symbolic Music", 2023.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace symphony::tokens::miditok {

// Stands before every bar or beat (Metaspace), where sub-words end with them.
inline constexpr int kBoundary = -1;

class SubWords {
  public:
    struct Learning {
        int vocabulary_size = 1000;
        bool ends_at_bars = true;   // sub-words end with the sequences, which are bars or beats
        std::vector<int> specials;  // base ids that keep ids of their own
    };
    // Learns from sequences of base ids 0 .. base_size - 1. Fewer sub-words if no pair is left.
    static SubWords learn(std::span<const std::vector<int>> sequences, int base_size,
                          const Learning& options);

    // From `_model` and `_vocab_base_byte_to_token` (character -> token name, whose base id
    // `base_id` tells). Error (kModel): damaged, or not a byte-pair model.
    static SubWords from_json(const std::string& model,
                              const std::unordered_map<std::string, int>& base_id_of_character,
                              const std::string& path);
    std::string to_json() const;  // `_model`

    int size() const { return static_cast<int>(pieces_.size()); }
    // The base ids of a sub-word; a boundary is left out.
    std::vector<int> base_ids(int id) const;
    bool begins_with_boundary(int id) const {
        const auto& piece = pieces_[static_cast<std::size_t>(id)];
        return !piece.empty() && piece.front() == kBoundary;
    }
    // Of the single base token; -1: none.
    int id_of_base(int base) const;
    // Sub-words of a whole stream; `begins` are where bars or beats begin in it, rising from 0.
    // `counts` gets the base tokens of each sub-word.
    std::vector<int> encode(std::span<const int> base_ids, std::span<const std::size_t> begins,
                            std::vector<int>& counts) const;
    bool ends_at_bars() const { return ends_at_bars_; }
    const std::vector<std::pair<int, int>>& merges() const { return merge_list_; }

  private:
    struct Merge {
        int rank = 0, id = 0;
    };
    static std::uint64_t key(int left, int right) {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
               static_cast<std::uint32_t>(right);
    }
    void encode_segment(std::span<const int> base_ids, std::vector<int>& ids,
                        std::vector<int>& counts) const;
    std::string text_of(int id) const;

    bool ends_at_bars_ = true;
    std::vector<std::vector<int>> pieces_;         // base ids and boundaries of each id
    std::unordered_map<int, int> id_of_base_;      // kBoundary too
    std::vector<std::pair<int, int>> merge_list_;  // by rank
    std::unordered_map<std::uint64_t, Merge> merges_;
    std::vector<int> specials_;  // base ids
};

// The character that MidiTok writes for a base id.
std::string character_of(int base_id);

}  // namespace symphony::tokens::miditok
