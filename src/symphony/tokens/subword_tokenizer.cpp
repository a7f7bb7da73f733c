#include "symphony/tokens/subword_tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/tokens/miditok/registry_entry.h"
#include "symphony/tokens/plain_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace symphony::tokens {
namespace {

using miditok::SubWords;

// Bounds what learning costs: a pair across such a cut is not counted.
constexpr std::size_t kLongestSequence = 512;
// Longer sub-words are none that learning makes.
constexpr std::size_t kLongestPiece = kLongestSequence;
constexpr int kMostBarsLeft = 1024, kFastestTempo = 1000;

// Base ids that keep ids of their own, rising.
std::vector<int> steering_tokens(const Tokenizer& base) {
    std::set<int> ids{base.end_token()};
    for (int left = 0; left <= kMostBarsLeft; ++left) ids.insert(base.bar_token(left));
    for (int sharps = -7; sharps <= 7; ++sharps)
        for (const bool minor : {false, true})
            ids.insert(base.key_token({static_cast<std::int8_t>(sharps), minor}));
    for (int numerator = 1; numerator <= 64; ++numerator)
        for (int denominator = 1; denominator <= 128; denominator *= 2)
            ids.insert(base.meter_token(
                {static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(denominator)}));
    for (int tempo = 1; tempo <= kFastestTempo; ++tempo) ids.insert(base.tempo_token(tempo));
    for (TokenId id = 0; id < base.vocabulary().size(); ++id)
        if (base.is_plan(id)) ids.insert(id);
    ids.erase(-1);
    return {ids.begin(), ids.end()};
}

std::vector<std::vector<int>> cut_at(std::span<const TokenId> ids, std::span<const int> steering) {
    std::vector<std::vector<int>> sequences;
    std::vector<int> sequence;
    const auto end_sequence = [&] {
        if (sequence.size() > 1) sequences.push_back(std::move(sequence));
        sequence.clear();
    };
    for (const TokenId id : ids) {
        if (std::binary_search(steering.begin(), steering.end(), id)) {
            end_sequence();
            continue;
        }
        sequence.push_back(id);
        if (sequence.size() == kLongestSequence) end_sequence();
    }
    end_sequence();
    return sequences;
}

// Of a sub-word: the kind that all its tokens share, else other.
TokenKind kind_of(const Vocabulary& base, const std::vector<TokenId>& piece) {
    const TokenKind first = base.kind(piece.front());
    const bool all =
        std::all_of(piece.begin(), piece.end(), [&](TokenId id) { return base.kind(id) == first; });
    return all ? first : TokenKind::kOther;
}

class SubwordGrammar final : public Grammar {
  public:
    explicit SubwordGrammar(std::shared_ptr<const SubwordTokenizer::State> state)
        : state_(std::move(state)), base_(state_->base->grammar()) {}
    SubwordGrammar(const SubwordGrammar& other)
        : state_(other.state_), base_(other.base_->clone()) {}

    void allowed(std::span<std::uint8_t> mask) const override {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        std::vector<std::uint8_t> legal(
            static_cast<std::size_t>(state_->base->vocabulary().size()));
        const PieceTrie& trie = state_->trie;
        const auto look = [&](const std::unique_ptr<Grammar>& here, int node) {
            here->allowed(legal);
            std::vector<int> inner;
            const auto [first, last] = trie.children(node);
            for (int child = first; child < last; ++child) {
                if (!legal[static_cast<std::size_t>(trie.label(child))]) continue;
                if (trie.piece(child) >= 0) mask[static_cast<std::size_t>(trie.piece(child))] = 1;
                const auto [first_below, last_below] = trie.children(child);
                if (first_below < last_below) inner.push_back(child);
            }
            return inner;
        };
        walk_pieces(
            trie, base_->clone(), look,
            [](const std::unique_ptr<Grammar>& here) { return here->clone(); },
            [](const std::unique_ptr<Grammar>& ahead, int label) { ahead->step(label); });
    }
    void step(TokenId id) override {
        for (const TokenId base_id : state_->pieces[static_cast<std::size_t>(id)])
            base_->step(base_id);
    }
    bool ended() const override { return base_->ended(); }
    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<SubwordGrammar>(*this);
    }
    int bars_begun() const override { return base_->bars_begun(); }
    int bars_left() const override { return base_->bars_left(); }
    bool anything_sounding() const override { return base_->anything_sounding(); }
    std::int64_t position_steps() const override { return base_->position_steps(); }

  private:
    std::shared_ptr<const SubwordTokenizer::State> state_;
    std::unique_ptr<Grammar> base_;
};

}  // namespace

SubwordTokenizer::State::State(std::unique_ptr<Tokenizer> tokenizer, SubWords words)
    : base(std::move(tokenizer)), subwords(std::move(words)) {
    for (TokenId id = 0; id < subwords.size(); ++id) {
        std::vector<TokenId> piece = subwords.base_ids(id);
        std::string name;
        for (const TokenId base_id : piece)
            name += (name.empty() ? "" : "+") + base->vocabulary().name(base_id);
        while (vocabulary.find(name) >= 0) name += '\'';
        vocabulary.add(std::move(name), kind_of(base->vocabulary(), piece));
        pieces.push_back(std::move(piece));
    }
    trie = PieceTrie(pieces);
}

Encoded SubwordTokenizer::encode(const score::Score& score) const {
    Encoded encoded = state_->base->encode(score);
    std::vector<int> counts;
    const std::vector<std::size_t> begins{0};
    const std::vector<TokenId> ids = state_->subwords.encode(encoded.ids, begins, counts);
    std::vector<TokenSource> sources;
    std::size_t at = 0;
    for (const int count : counts) {
        // The first note that the sub-word says something of.
        TokenSource source;
        for (int n = 0; n < count; ++n, ++at)
            if (source.note < 0) source = encoded.sources[at];
        sources.push_back(source);
    }
    encoded.ids = ids;
    encoded.sources = std::move(sources);
    return encoded;
}

score::Score SubwordTokenizer::decode(std::span<const TokenId> ids) const {
    std::vector<TokenId> base_ids;
    for (const TokenId id : ids) {
        if (id < 0 || id >= vocabulary().size()) continue;
        const auto& piece = state_->pieces[static_cast<std::size_t>(id)];
        base_ids.insert(base_ids.end(), piece.begin(), piece.end());
    }
    return state_->base->decode(base_ids);
}

std::unique_ptr<Grammar> SubwordTokenizer::grammar() const {
    return std::make_unique<SubwordGrammar>(state_);
}

bool SubwordTokenizer::is_plan(TokenId id) const {
    const auto& piece = state_->pieces[static_cast<std::size_t>(id)];
    return piece.size() == 1 && state_->base->is_plan(piece.front());
}

base::Json SubwordTokenizer::to_json() const {
    base::Json json = tokenizer_json_head(kSubwordFormat);
    json["base"] = state_->base->to_json();
    json["model"] = state_->subwords.to_json();
    return json;
}

std::unique_ptr<SubwordTokenizer> SubwordTokenizer::from_json(const base::Json& json,
                                                              const std::string& path) {
    const auto damaged = [&](const std::string& what) {
        return base::Error(base::ErrorKind::kModel, "tokenizer.json is damaged: " + what, path);
    };
    check_tokenizer_json_head(json, path);
    const auto base_json = json.find("base"), model = json.find("model");
    if (base_json == json.end() || !base_json->is_object() || model == json.end() ||
        !model->is_string())
        throw damaged("its sub-words have no base or no model");
    if (const auto scheme = base_json->find("scheme");
        scheme != base_json->end() && *scheme == kSubwordFormat)
        throw damaged("sub-words of sub-words");
    std::unique_ptr<Tokenizer> base = tokenizer_from_json(*base_json, path);
    const int base_size = base->vocabulary().size();
    if (const int most = SubWords::most_base_tokens(false); base_size > most)
        throw damaged(
            fmt::format("sub-words over {} tokens, expected at most {}", base_size, most));
    std::unordered_map<std::string, int> base_id_of_character;
    for (int id = 0; id < base_size; ++id)
        base_id_of_character.emplace(miditok::character_of(id), id);
    SubWords words = SubWords::from_json(model->get<std::string>(), base_id_of_character, path);
    if (words.ends_at_bars()) throw damaged("its sub-words end at bars, which base ids do not say");
    for (int id = 0; id < base_size; ++id)
        if (words.id_of_base(id) < 0)
            throw damaged("its sub-words lack the token " + base->vocabulary().name(id));
    const std::vector<int> steering = steering_tokens(*base);
    for (int id = 0; id < words.size(); ++id) {
        const std::vector<int> piece = words.base_ids(id);
        if (piece.empty() || piece.size() > kLongestPiece)
            throw damaged(fmt::format("a sub-word of {} tokens, expected 1 to {}", piece.size(),
                                      kLongestPiece));
        for (const int base_id : piece)
            if (piece.size() > 1 && std::binary_search(steering.begin(), steering.end(), base_id))
                throw damaged("a sub-word holds " + base->vocabulary().name(base_id) +
                              ", which stands alone");
    }
    return std::make_unique<SubwordTokenizer>(
        std::make_shared<const State>(std::move(base), std::move(words)));
}

std::vector<std::vector<int>> subword_sequences(const Tokenizer& base, const score::Score& score) {
    if (miditok::holds_subwords(base)) return miditok::subword_sequences(base, score);
    return cut_at(base.encode(score).ids, steering_tokens(base));
}

std::unique_ptr<Tokenizer> with_subwords(std::unique_ptr<Tokenizer> base,
                                         std::span<const std::vector<int>> sequences,
                                         const SubwordOptions& options) {
    if (miditok::holds_subwords(*base)) return miditok::with_subwords(*base, sequences, options);
    SubWords::Learning learning{
        .model = options.model, .vocabulary_size = options.vocabulary_size, .ends_at_bars = false};
    for (const int id : steering_tokens(*base)) learning.specials.push_back({id});
    const int base_size = base->vocabulary().size();
    SubWords::check(learning, base_size, base->scheme());
    SubWords words = SubWords::learn(sequences, base_size, learning);
    return std::make_unique<SubwordTokenizer>(
        std::make_shared<const SubwordTokenizer::State>(std::move(base), std::move(words)));
}

std::unique_ptr<Tokenizer> with_subwords(std::unique_ptr<Tokenizer> base,
                                         std::span<const score::Score> scores,
                                         const SubwordOptions& options) {
    std::vector<std::vector<int>> sequences;
    for (const score::Score& score : scores)
        for (std::vector<int>& sequence : subword_sequences(*base, score))
            sequences.push_back(std::move(sequence));
    return with_subwords(std::move(base), sequences, options);
}

}  // namespace symphony::tokens
