// Fuzz target: any bytes as tokenizer.json give a tokenizer that works, or an error that says the
// model is damaged; a tokenizer that was read is written as it was.
#include "symphony/tokens/tokenizer.h"

#include "require.h"

#include <vector>

namespace {

using namespace symphony;

score::Score small_piece() {
    score::Score score;
    score::Part part;
    for (int i = 0; i < 8; ++i)
        part.notes.push_back({.onset = score::Ticks(240 * i),
                              .duration = score::Ticks(240 + 60 * (i % 3)),
                              .pitch = static_cast<std::uint8_t>(50 + 3 * i)});
    score.parts.push_back(part);
    return score;
}

// Encodes, decodes, and walks the grammar a few steps, always taking the first id that may come.
void use(const tokens::Tokenizer& tokenizer) {
    const tokens::Encoded encoded = tokenizer.encode(small_piece());
    for (const tokens::TokenId id : encoded.ids)
        fuzz::require(id >= 0 && id < tokenizer.vocabulary().size(), "ids are of the vocabulary");
    fuzz::require_sound(tokenizer.decode(encoded.ids));
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    for (int step = 0; step < 32 && !grammar->ended(); ++step) {
        grammar->allowed(mask);
        tokens::TokenId first = 0;
        while (first < tokenizer.vocabulary().size() && !mask[static_cast<std::size_t>(first)])
            ++first;
        fuzz::require(first < tokenizer.vocabulary().size(), "something may come next");
        grammar->step(first);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = base::parse_json(fuzz::text_of(data, size), "fuzz");
    if (!json.ok()) return 0;
    try {
        const auto tokenizer = tokens::tokenizer_from_json(json.value(), "fuzz");
        const base::Json written = tokenizer->to_json();
        fuzz::require(tokens::tokenizer_from_json(written, "again")->to_json() == written,
                      "what was written reads as it was");
        use(*tokenizer);
    } catch (const base::Error& error) {
        fuzz::require(error.kind == base::ErrorKind::kModel, "the model is to blame");
    }
    return 0;
}
