#include "symphony/tokens/miditok/subword.h"

#include "symphony/base/error.h"
#include "symphony/tokens/miditok/unigram_trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

namespace symphony::tokens::miditok {
namespace {

constexpr int kFirstCharacter = 33;    // of id 0, as in MidiTok
constexpr int kBoundaryCode = 0x2581;  // of Metaspace
constexpr int kFirstSurrogate = 0xD800;

int code_of(int base) { return base == kBoundary ? kBoundaryCode : base + kFirstCharacter; }
int base_of(int code) { return code == kBoundaryCode ? kBoundary : code - kFirstCharacter; }

std::string utf8(int code) {
    std::string text;
    const auto byte = [&](int value) { text += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
    return text;
}

// Base ids that may be in sub-words, in the order of their codes, the boundary among them.
std::vector<int> alphabet(int base_size, const SubWords::Learning& options) {
    std::set<int> alone;
    for (const auto& special : options.specials)
        if (special.size() == 1) alone.insert(special.front());
    std::vector<int> bases;
    for (int base = 0; base < base_size; ++base)
        if (!alone.contains(base)) bases.push_back(base);
    if (options.ends_at_bars) bases.push_back(kBoundary);
    return bases;
}

}  // namespace

std::string character_of(int base_id) { return utf8(base_id + kFirstCharacter); }

int SubWords::most_base_tokens(bool ends_at_bars) {
    // The next character would be the boundary's, or a surrogate.
    return (ends_at_bars ? kBoundaryCode : kFirstSurrogate) - kFirstCharacter;
}

void SubWords::check(const Learning& options, int base_size, const std::string& scheme) {
    const int most = most_base_tokens(options.ends_at_bars);
    if (base_size > most)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("sub-words are learned over at most {} tokens, {} has {}",
                                      most, scheme, base_size));
    // A unigram model gives specials ids beside those of its symbols, and the boundary one.
    int least = base_size;
    if (options.model == SubwordModel::kUnigram)
        least = static_cast<int>(alphabet(base_size, options).size() + options.specials.size());
    if (options.vocabulary_size <= least)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("sub-words need a vocabulary larger than the scheme's own: "
                                      "got {}, expected more than {}",
                                      options.vocabulary_size, least));
}

SubWords SubWords::learn(std::span<const std::vector<int>> sequences, int base_size,
                         const Learning& options) {
    SubWords result;
    result.ends_at_bars_ = options.ends_at_bars;
    std::map<std::vector<int>, std::int64_t> words;  // of base ids
    for (const std::vector<int>& sequence : sequences) {
        if (sequence.empty()) continue;
        std::vector<int> word;
        if (options.ends_at_bars) word.push_back(kBoundary);
        word.insert(word.end(), sequence.begin(), sequence.end());
        ++words[std::move(word)];
    }
    if (options.model == SubwordModel::kUnigram)
        result.learn_unigram_pieces(words, base_size, options);
    else
        result.learn_byte_pairs(words, base_size, options);
    result.set_specials(options.specials);
    return result;
}

void SubWords::learn_byte_pairs(const std::map<std::vector<int>, std::int64_t>& words,
                                int base_size, const Learning& options) {
    std::vector<std::vector<int>> pieces = options.specials;
    for (const int base : alphabet(base_size, options))
        if (base != kBoundary || !words.empty()) pieces.push_back({base});
    set_pieces(pieces);
    std::map<std::vector<int>, std::int64_t> words_of_ids;
    for (const auto& [word, count] : words) {
        std::vector<int> ids;
        for (const int base : word) ids.push_back(id_of_base(base));
        words_of_ids.emplace(std::move(ids), count);
    }
    model_ = BytePairs::learn(words_of_ids, pieces, options.vocabulary_size);
    set_pieces(std::move(pieces));
}

void SubWords::learn_unigram_pieces(const std::map<std::vector<int>, std::int64_t>& words,
                                    int base_size, const Learning& options) {
    UnigramOptions wanted{.vocabulary_size = static_cast<std::size_t>(options.vocabulary_size),
                          .specials = options.specials.size()};
    for (const int base : alphabet(base_size, options)) wanted.alphabet.push_back(code_of(base));
    std::vector<CountedWord> words_of_codes(words.begin(), words.end());
    for (auto& [word, count] : words_of_codes)
        for (int& symbol : word) symbol = code_of(symbol);
    std::vector<std::vector<int>> pieces = options.specials;
    std::vector<double> scores(pieces.size(), 0.0);
    for (ScoredPiece& piece : learn_unigram(words_of_codes, wanted)) {
        for (int& symbol : piece.codes) symbol = base_of(symbol);
        pieces.push_back(std::move(piece.codes));
        scores.push_back(piece.score);
    }
    model_ = Unigram(pieces, std::move(scores));
    set_pieces(std::move(pieces));
}

void SubWords::set_pieces(std::vector<std::vector<int>> pieces) {
    pieces_ = std::move(pieces);
    id_of_base_.clear();
    for (std::size_t id = 0; id < pieces_.size(); ++id) {
        if (pieces_[id].size() != 1) continue;
        const auto at = static_cast<std::size_t>(pieces_[id].front() - kBoundary);
        if (at >= id_of_base_.size()) id_of_base_.resize(at + 1, -1);
        id_of_base_[at] = static_cast<int>(id);
    }
}

void SubWords::set_specials(std::vector<std::vector<int>> specials) {
    specials_ = PieceTrie(specials);
    special_ids_.clear();
    const PieceTrie ids(pieces_);
    for (const std::vector<int>& special : specials) {
        int node = PieceTrie::kRoot;
        for (const int base : special) node = ids.child(node, base);
        special_ids_.push_back(ids.piece(node));
    }
}

SubwordModel SubWords::model() const {
    return std::holds_alternative<Unigram>(model_) ? SubwordModel::kUnigram
                                                   : SubwordModel::kBytePairs;
}

std::vector<int> SubWords::base_ids(int id) const {
    std::vector<int> bases = pieces_[static_cast<std::size_t>(id)];
    std::erase(bases, kBoundary);
    return bases;
}

std::string SubWords::text_of(int id) const {
    std::string text;
    for (const int base : pieces_[static_cast<std::size_t>(id)]) text += utf8(code_of(base));
    return text;
}

std::vector<int> SubWords::encode(std::span<const int> base_ids,
                                  std::span<const std::size_t> begins,
                                  std::vector<int>& counts) const {
    std::vector<int> ids;
    for (std::size_t b = 0; b < std::max<std::size_t>(1, begins.size()); ++b) {
        const std::size_t first = begins.empty() ? 0 : begins[b];
        const std::size_t last = b + 1 < begins.size() ? begins[b + 1] : base_ids.size();
        std::size_t from = first;
        for (std::size_t at = first; at < last;) {
            const auto [special, length] = special_at(base_ids.subspan(at, last - at));
            if (length == 0) {
                ++at;
                continue;
            }
            encode_segment(base_ids.subspan(from, at - from), ids, counts);
            ids.push_back(special);
            counts.push_back(length);
            at += static_cast<std::size_t>(length);
            from = at;
        }
        encode_segment(base_ids.subspan(from, last - from), ids, counts);
    }
    return ids;
}

std::pair<int, int> SubWords::special_at(std::span<const int> base_ids) const {
    std::pair<int, int> longest{-1, 0};
    int node = PieceTrie::kRoot;
    for (std::size_t i = 0; i < base_ids.size(); ++i) {
        node = specials_.child(node, base_ids[i]);
        if (node == PieceTrie::kNone) break;
        if (const int special = specials_.piece(node); special != PieceTrie::kNone)
            longest = {special_ids_[static_cast<std::size_t>(special)], static_cast<int>(i) + 1};
    }
    return longest;
}

void SubWords::encode_segment(std::span<const int> base_ids, std::vector<int>& ids,
                              std::vector<int>& counts) const {
    if (base_ids.empty()) return;
    const bool has_boundary = ends_at_bars_ && id_of_base(kBoundary) >= 0;
    std::vector<int> symbols;
    symbols.reserve(base_ids.size() + 1);
    if (has_boundary) symbols.push_back(kBoundary);
    symbols.insert(symbols.end(), base_ids.begin(), base_ids.end());
    const std::size_t first = ids.size();
    if (const auto* unigram = std::get_if<Unigram>(&model_)) {
        unigram->segment(symbols, ids, counts);
    } else {
        for (int& symbol : symbols) symbol = id_of_base(symbol);
        std::get<BytePairs>(model_).segment(symbols, ids, counts);
    }
    if (has_boundary) --counts[first];
}

}  // namespace symphony::tokens::miditok
