#include "symphony/tokens/miditok/miditok_tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/tokens/miditok/config_json.h"
#include "symphony/tokens/miditok/decode.h"
#include "symphony/tokens/miditok/registry_entry.h"
#include "symphony/tokens/miditok/stream_ids.h"
#include "symphony/tokens/miditok/token_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace symphony::tokens::miditok {
namespace {

TokenKind kind_of(Word word) {
    switch (word.type) {
        case Type::kPitch:
        case Type::kPitchDrum:
        case Type::kNoteOn:
        case Type::kDrumOn:
        case Type::kPitchIntervalTime:
        case Type::kPitchIntervalChord:
            return TokenKind::kPitch;
        case Type::kBar:
        case Type::kPosition:
        case Type::kTimeShift:
        case Type::kRest:
        case Type::kMicroTiming:
        case Type::kBarPosEnc:
        case Type::kPositionPosEnc:
            return TokenKind::kOnset;
        case Type::kDuration:
        case Type::kNoteOff:
        case Type::kDrumOff:
            return TokenKind::kLength;
        case Type::kProgram:
            return TokenKind::kPart;
        case Type::kVelocity:
            return TokenKind::kDynamics;
        default:
            return TokenKind::kOther;
    }
}

// What MidiTok appends to the names of the special tokens of a unigram model.
constexpr std::string_view kUnigramSuffix = "-unigram";

// Of a sub-word that says several things: the kind they share, else other.
TokenKind kind_of(const std::vector<Word>& words) {
    if (words.empty()) return TokenKind::kOther;
    const TokenKind first = kind_of(words.front());
    const bool all =
        std::all_of(words.begin(), words.end(), [&](Word word) { return kind_of(word) == first; });
    return all ? first : TokenKind::kOther;
}

}  // namespace

MidiTokTokenizer::State::State(Config given)
    : config(std::move(given)), values(config), words(config, values) {}

void MidiTokTokenizer::State::finish(const std::string& path) {
    const int eos = words.find("EOS_None"), bos = words.find("BOS_None");
    if (eos < 0 || (bos < 0 && !config.one_stream()))
        throw base::Error(
            base::ErrorKind::kModel,
            fmt::format("the MidiTok tokenizer has no token {}, which {}", eos < 0 ? "EOS" : "BOS",
                        eos < 0 ? "ends a piece" : "stands between its tracks"),
            path, "give it special_tokens with PAD, BOS and EOS");
    const auto add = [&](std::string name, Meaning meaning) {
        // Columns may share names (PAD_None, Ignore_None).
        if (vocabulary.find(name) >= 0) name += fmt::format("@{}", meaning.column);
        while (vocabulary.find(name) >= 0) name += '\'';
        vocabulary.add(std::move(name), kind_of(meaning.words));
        meanings.push_back(std::move(meaning));
    };
    if (subwords) {
        for (int id = 0; id < subwords->size(); ++id) {
            Meaning meaning;
            std::string name = subwords->begins_with_boundary(id) ? "|" : "";
            for (const int base : subwords->base_ids(id)) {
                name += (name.size() > 1 ? "+" : "") + words.name(base);
                meaning.words.push_back(words.word(base));
            }
            add(std::move(name), std::move(meaning));
        }
        end = subwords->id_of_base(eos);
        separator = bos < 0 ? -1 : subwords->id_of_base(bos);
        if (end < 0 || (separator < 0 && !config.one_stream()))
            throw base::Error(base::ErrorKind::kModel,
                              "the sub-words of the MidiTok tokenizer have no EOS or BOS", path);
        index_subwords();
        return;
    }
    for (int column = 0; column < words.columns(); ++column) {
        offsets.push_back(vocabulary.size());
        for (int id = 0; id < words.size(column); ++id)
            add(words.name(id, column), {{words.word(id, column)}, column});
    }
    end = eos;
    separator = bos;
}

void MidiTokTokenizer::State::index_subwords() {
    std::vector<std::vector<int>> pieces;
    std::map<std::vector<int>, TokenId> first;
    for (TokenId id = 0; id < subwords->size(); ++id) {
        pieces.push_back(subwords->base_ids(id));
        if (id == end || id == separator || pieces.back().empty())
            unspelled.push_back(id);
        else if (const auto [twin, is_new] = first.emplace(pieces.back(), id); !is_new)
            twins.emplace_back(id, twin->second);
    }
    trie = PieceTrie(pieces);
}

MidiTokTokenizer::MidiTokTokenizer(Config config) {
    auto state = std::make_shared<State>(std::move(config));
    state->finish({});
    state_ = std::move(state);
}

std::unique_ptr<MidiTokTokenizer> MidiTokTokenizer::from_json(const base::Json& json,
                                                              const std::string& path) {
    auto state = std::make_shared<State>(config_from_json(json, path));
    if (const auto base = json.find("_vocab_base"); base != json.end() && !base->is_null()) {
        if (state->config.has_rows())
            throw base::Error(base::ErrorKind::kModel,
                              "MidiTok tokenizer.json is damaged: a scheme of several vocabularies "
                              "has a _vocab_base",
                              path);
        state->words.renumber(*base, path);
    }
    if (const auto model = json.find("_model"); model != json.end() && !model->is_null()) {
        const auto bytes = json.find("_vocab_base_byte_to_token");
        if (!model->is_string() || bytes == json.end() || !bytes->is_object())
            throw base::Error(base::ErrorKind::kModel,
                              "MidiTok tokenizer.json is damaged: its _model is no text, or "
                              "_vocab_base_byte_to_token is missing",
                              path);
        std::unordered_map<std::string, int> base_id_of_character;
        for (const auto& [character, name] : bytes->items()) {
            const int id = name.is_string() ? state->words.find(name.get<std::string>()) : -1;
            if (id < 0)
                throw base::Error(base::ErrorKind::kModel,
                                  "MidiTok tokenizer.json is damaged: "
                                  "_vocab_base_byte_to_token names an unknown token",
                                  path);
            base_id_of_character.emplace(character, id);
        }
        state->subwords =
            SubWords::from_json(model->get<std::string>(), base_id_of_character, path);
    }
    state->finish(path);
    return std::unique_ptr<MidiTokTokenizer>(new MidiTokTokenizer(std::move(state)));
}

std::vector<std::vector<int>> MidiTokTokenizer::subword_sequences(const score::Score& score) const {
    return subword_sequences(piece_of(score));
}

std::vector<std::vector<int>> MidiTokTokenizer::subword_sequences(Piece piece) const {
    std::vector<std::vector<int>> sequences;
    const Config& config = state_->config;
    const Streams streams = miditok::encode_streams(std::move(piece), config, state_->values,
                                                    /*join_tracks=*/false);
    for (const Stream& stream : streams.streams) {
        const BaseIds base = base_ids_of(stream, state_->words, nullptr);
        const auto begins = split_begins(base.times, streams, config);
        for (std::size_t b = 0; b < begins.size(); ++b) {
            const std::size_t last = b + 1 < begins.size() ? begins[b + 1] : base.ids.size();
            if (begins[b] < last)
                sequences.emplace_back(base.ids.begin() + static_cast<std::ptrdiff_t>(begins[b]),
                                       base.ids.begin() + static_cast<std::ptrdiff_t>(last));
        }
    }
    return sequences;
}

std::unique_ptr<MidiTokTokenizer> MidiTokTokenizer::with_subwords(
    std::span<const score::Score> scores, const SubwordOptions& options) const {
    std::vector<std::vector<int>> sequences;
    for (const score::Score& score : scores)
        for (std::vector<int>& sequence : subword_sequences(score))
            sequences.push_back(std::move(sequence));
    return with_subwords(sequences, options);
}

std::unique_ptr<MidiTokTokenizer> MidiTokTokenizer::with_subwords(
    std::span<const std::vector<int>> sequences, const SubwordOptions& options) const {
    Config config = state_->config;
    if (config.has_rows())
        throw base::Error(base::ErrorKind::kUsage,
                          "sub-words cannot be learned over " + scheme() +
                              ", whose tokens are rows of several vocabularies");
    const int base_size = state_->words.size(0);
    SubWords::Learning learning{.model = options.model,
                                .vocabulary_size = options.vocabulary_size,
                                .ends_at_bars = config.encode_ids_split != "no"};
    base::Json vocab_base = state_->words.to_json();
    for (const std::string& token : state_->config.special_tokens) {
        const int id = state_->words.find(token);
        if (options.model == SubwordModel::kUnigram) {
            // As MidiTok does: no special token of a unigram model may be one of its symbols.
            learning.specials.push_back({0, id, 0});
            config.special_tokens.push_back(token + std::string(kUnigramSuffix));
            vocab_base[config.special_tokens.back()] = vocab_base.size();
        } else {
            learning.specials.push_back({id});
        }
    }
    SubWords::check(learning, base_size, scheme());
    auto state = std::make_shared<State>(std::move(config));
    state->words.renumber(vocab_base, {});
    state->subwords = SubWords::learn(sequences, base_size, learning);
    state->finish({});
    return std::unique_ptr<MidiTokTokenizer>(new MidiTokTokenizer(std::move(state)));
}

std::vector<IdStream> MidiTokTokenizer::encode_streams(Piece piece, Losses* lost) const {
    // Sub-words end with tracks, and their bars begin anew in each.
    const Streams streams =
        miditok::encode_streams(std::move(piece), state_->config, state_->values,
                                /*join_tracks=*/!state_->subwords);
    std::vector<IdStream> result;
    for (const Stream& stream : streams.streams) {
        BaseIds base = base_ids_of(stream, state_->words, lost);
        if (state_->subwords) {
            std::vector<int> counts;
            const auto begins = split_begins(base.times, streams, state_->config);
            base.ids = state_->subwords->encode(base.ids, begins, counts);
        }
        if (!result.empty() && state_->config.scheme == Scheme::kMmm)
            result.front().ids.insert(result.front().ids.end(), base.ids.begin(), base.ids.end());
        else
            result.push_back({std::move(base.ids), stream.row_sizes});
    }
    return result;
}

Encoded MidiTokTokenizer::encode(const score::Score& score) const {
    Encoded result = encoded(piece_of(score));
    result.source_notes = static_cast<std::int64_t>(score.note_count());
    return result;
}

Encoded MidiTokTokenizer::encode_messages(const score::MidiMessages& messages) const {
    return encoded(piece_of(messages));
}

Encoded MidiTokTokenizer::encoded(Piece piece) const {
    Encoded encoded;
    for (const PieceTrack& track : piece.tracks)
        encoded.source_notes += static_cast<std::int64_t>(track.notes.size());
    const Streams streams =
        miditok::encode_streams(std::move(piece), state_->config, state_->values,
                                /*join_tracks=*/!state_->subwords);
    encoded.losses = streams.losses;
    for (std::size_t s = 0; s < streams.streams.size(); ++s) {
        if (s > 0 && !state_->config.one_stream()) {
            encoded.ids.push_back(state_->separator);
            encoded.sources.emplace_back();
        }
        const BaseIds base = base_ids_of(streams.streams[s], state_->words, &encoded.losses);
        if (state_->subwords) {
            std::vector<int> counts;
            const auto begins = split_begins(base.times, streams, state_->config);
            const std::vector<int> ids = state_->subwords->encode(base.ids, begins, counts);
            std::size_t at = 0;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                // The first note that the sub-word says something of.
                TokenSource source;
                for (int n = 0; n < counts[i]; ++n, ++at)
                    if (source.note < 0) source = base.sources[at];
                encoded.ids.push_back(ids[i]);
                encoded.sources.push_back(source);
            }
            continue;
        }
        for (std::size_t i = 0; i < base.ids.size(); ++i) {
            encoded.ids.push_back(base.ids[i] +
                                  state_->offsets[static_cast<std::size_t>(base.columns[i])]);
            encoded.sources.push_back(base.sources[i]);
        }
    }
    encoded.ids.push_back(state_->end);
    encoded.sources.emplace_back();
    return encoded;
}

score::Score MidiTokTokenizer::decode(std::span<const TokenId> ids) const {
    std::vector<std::vector<Word>> streams(1);
    for (const TokenId id : ids) {
        if (id == state_->end) break;
        if (id < 0 || id >= state_->vocabulary.size()) continue;
        if (id == state_->separator) {
            streams.emplace_back();
            continue;
        }
        const auto& words = state_->meanings[static_cast<std::size_t>(id)].words;
        streams.back().insert(streams.back().end(), words.begin(), words.end());
    }
    return decode_streams(streams, state_->config, state_->values);
}

std::unique_ptr<Grammar> MidiTokTokenizer::grammar() const {
    return std::make_unique<TokenGrammar>(state_);
}

bool MidiTokTokenizer::is_plan(TokenId id) const {
    const auto& words = state_->meanings[static_cast<std::size_t>(id)].words;
    return words.size() == 1 && words.front().type == Type::kChord;
}

TokenId MidiTokTokenizer::bar_token(int) const {
    const Config& config = state_->config;
    const bool plain = config.scheme == Scheme::kRemi && !config.max_bar_embedding;
    return plain && !state_->subwords ? state_->words.id({Type::kBar, kNone}) : -1;
}

TokenId MidiTokTokenizer::meter_token(score::Meter meter) const {
    // REMI says the metre again at every bar, which who asks for one once would forbid.
    if (state_->subwords || state_->config.has_rows() || state_->config.scheme == Scheme::kRemi)
        return -1;
    return state_->words.id({Type::kTimeSig, meter_value({meter.numerator, meter.denominator})});
}

TokenId MidiTokTokenizer::tempo_token(double quarters_per_minute) const {
    const auto& tempos = state_->values.tempos_hundredths;
    if (state_->subwords || state_->config.has_rows() || tempos.empty()) return -1;
    const auto nearest = std::min_element(tempos.begin(), tempos.end(), [&](int a, int b) {
        return std::abs(a - quarters_per_minute * 100) < std::abs(b - quarters_per_minute * 100);
    });
    return state_->words.id({Type::kTempo, *nearest});
}

base::Json MidiTokTokenizer::to_json() const {
    base::Json json = config_to_json(state_->config);
    if (!state_->subwords) return json;
    json["_vocab_base"] = state_->words.to_json();
    json["_model"] = state_->subwords->to_json();
    base::Json characters = base::Json::object();
    for (int id = 0; id < state_->words.size(0); ++id) {
        const std::string& name = state_->words.name(id);
        if (name.ends_with(kUnigramSuffix)) {
            const std::string plain = name.substr(0, name.size() - kUnigramSuffix.size());
            characters[character_of(0) + character_of(state_->words.find(plain)) +
                       character_of(0)] = name;
        } else {
            characters[character_of(id)] = name;
        }
    }
    json["_vocab_base_byte_to_token"] = characters;
    return json;
}

std::unique_ptr<Tokenizer> learn(const TokenizerOptions& options) {
    Config config = default_config(scheme_of_name(options.scheme).value());
    if (const int steps = options.steps_per_quarter; steps > 0)
        config.beat_res = {{0, 4, steps}, {4, 12, std::max(1, steps / 2)}};
    return std::make_unique<MidiTokTokenizer>(std::move(config));
}

std::unique_ptr<Tokenizer> from_json(const base::Json& json, const std::string& path) {
    return MidiTokTokenizer::from_json(json, path);
}

bool holds_subwords(const Tokenizer& tokenizer) {
    const auto* plain = dynamic_cast<const MidiTokTokenizer*>(&tokenizer);
    return plain && !plain->config().has_rows() && !plain->has_subwords();
}

std::vector<std::vector<int>> subword_sequences(const Tokenizer& tokenizer,
                                                const score::Score& score) {
    return dynamic_cast<const MidiTokTokenizer&>(tokenizer).subword_sequences(score);
}

std::unique_ptr<Tokenizer> with_subwords(const Tokenizer& tokenizer,
                                         std::span<const std::vector<int>> sequences,
                                         const SubwordOptions& options) {
    return dynamic_cast<const MidiTokTokenizer&>(tokenizer).with_subwords(sequences, options);
}

}  // namespace symphony::tokens::miditok
