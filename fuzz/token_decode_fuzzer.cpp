// Fuzz target: any ids decode to a sound score, in every scheme and remi with options; and ids
// chosen among those that the grammar allows never come to a dead end. The first byte picks the
// scheme, two bytes make an id.
#include "symphony/tokens/scheme_options.h"
#include "symphony/tokens/subword_tokenizer.h"
#include "symphony/tokens/tokenizer.h"

#include "require.h"

#include <memory>
#include <span>
#include <vector>

namespace {

using namespace symphony;

// Parts, drums, controls, changes of metre and tempo: enough for every kind of token to exist.
score::Score piece(int variant) {
    score::Score score;
    for (int p = 0; p < 3; ++p) {
        score::Part part;
        part.is_drums = p == 2;
        part.program = static_cast<std::uint8_t>(p == 1 ? 32 : 0);
        for (int i = 0; i < 24; ++i)
            part.notes.push_back({.onset = score::Ticks(120 * i * (1 + p) + 40 * variant),
                                  .duration = score::Ticks(60 * (1 + i % 5)),
                                  .pitch = static_cast<std::uint8_t>(36 + 12 * p + i),
                                  .velocity = static_cast<std::uint8_t>(40 + 3 * i)});
        part.controls = {
            {score::Ticks(0), 64, 127}, {score::Ticks(960), 64, 0}, {score::Ticks(40), 7, 96}};
        score.parts.push_back(part);
        score::sort_events(score);
    }
    score.tempos = {{score::Ticks(0), 90.0 + variant}, {score::Ticks(1920), 140.0}};
    score.meters = {{score::Ticks(0), {4, 4}}, {score::Ticks(3840), {3, 4}}};
    score.keys = {{score::Ticks(0), {static_cast<std::int8_t>(variant), false}}};
    return score;
}

// Four parts that each play one note at a time, which is all that the scheme "chorale" takes.
score::Score chorale(int variant) {
    score::Score score = piece(variant);
    score.parts.assign(4, score.parts[0]);
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (std::size_t i = 0; i < score.parts[p].notes.size(); ++i) {
            score::Note& note = score.parts[p].notes[i];
            note.onset = score::Ticks(static_cast<std::int64_t>(480 * i));
            note.duration = score::Ticks(480);
            note.pitch = static_cast<std::uint8_t>(72 - 8 * p + (i * (p + 1)) % 7);
        }
    return score;
}

const std::vector<std::unique_ptr<tokens::Tokenizer>>& tokenizers() {
    static const auto all = [] {
        const std::vector<score::Score> pieces{piece(0), piece(1), piece(2)};
        const std::vector<score::Score> chorales{chorale(0), chorale(1), chorale(2)};
        std::vector<std::unique_ptr<tokens::Tokenizer>> made;
        std::vector<std::string> schemes = tokens::scheme_names();
        schemes.push_back("remi+rests+chords+velocity-bins=4+micro-timing=3+pedal+controls");
        schemes.push_back("remi+no-parts+no-tempo+no-metre+rests");
        for (const std::string& scheme : schemes)
            made.push_back(tokens::learn_tokenizer(scheme == "chorale" ? chorales : pieces,
                                                   tokens::options_from_words(scheme)));
        // Wrapped, and MidiTok's own.
        for (const char* scheme : {"remi", "note", "tsd"})
            for (const auto model :
                 {tokens::SubwordModel::kBytePairs, tokens::SubwordModel::kUnigram}) {
                auto base = tokens::learn_tokenizer(pieces, {.scheme = scheme});
                const int size = base->vocabulary().size() + 60;
                made.push_back(tokens::with_subwords(std::move(base), pieces,
                                                     {.vocabulary_size = size, .model = model}));
            }
        return made;
    }();
    return all;
}

void decode_any(const tokens::Tokenizer& tokenizer, std::span<const std::uint16_t> numbers) {
    std::vector<tokens::TokenId> ids;
    for (const std::uint16_t number : numbers)
        ids.push_back(static_cast<tokens::TokenId>(number) % tokenizer.vocabulary().size());
    fuzz::require_sound(tokenizer.decode(ids));
}

void decode_grammatical(const tokens::Tokenizer& tokenizer,
                        std::span<const std::uint16_t> numbers) {
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    std::vector<tokens::TokenId> ids, allowed;
    for (const std::uint16_t number : numbers) {
        if (grammar->ended()) break;
        grammar->allowed(mask);
        allowed.clear();
        for (std::size_t id = 0; id < mask.size(); ++id)
            if (mask[id]) allowed.push_back(static_cast<tokens::TokenId>(id));
        fuzz::require(!allowed.empty(), "something may come next");
        ids.push_back(allowed[number % allowed.size()]);
        grammar->step(ids.back());
    }
    const score::Score score = tokenizer.decode(ids);
    fuzz::require_sound(score);
    fuzz::require_sound(tokenizer.decode(tokenizer.encode(score).ids));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kMostTokens = 2000;
    if (size < 3) return 0;
    const tokens::Tokenizer& tokenizer = *tokenizers()[data[0] % tokenizers().size()];
    std::vector<std::uint16_t> numbers;
    for (std::size_t at = 1; at + 1 < size && numbers.size() < kMostTokens; at += 2)
        numbers.push_back(static_cast<std::uint16_t>(data[at] | (data[at + 1] << 8)));
    decode_any(tokenizer, numbers);
    decode_grammatical(tokenizer, numbers);
    return 0;
}
