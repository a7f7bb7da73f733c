#include "symphony/generate/prime.h"

#include "symphony/base/error.h"
#include "symphony/generate/rule.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace symphony::generate {

namespace {

using tokens::TokenId;

// Programs of the parts that play; drums as a program of their own, beyond General MIDI's 127.
constexpr int kDrums = 128;
std::set<int> instruments_of(const score::Score& score) {
    std::set<int> programs;
    for (const score::Part& part : score.parts)
        if (!part.notes.empty()) programs.insert(part.is_drums ? kDrums : part.program);
    return programs;
}

std::string instrument_text(int program) {
    return program == kDrums
               ? "drums"
               : fmt::format("{} (program {})", score::program_name(program), program);
}

std::string known_instruments(const tokens::Tokenizer& tokenizer) {
    std::string text;
    for (TokenId id = 0; id < tokenizer.vocabulary().size(); ++id)
        if (const std::string& token = tokenizer.vocabulary().name(id); token.starts_with("Part_"))
            text += (text.empty() ? "" : ", ") + token.substr(5);
    return text.empty() ? "its one instrument" : text;
}

// A scheme that merges all parts has no instruments to know.
void require_known_instruments(const tokens::Tokenizer& tokenizer, const score::Score& opening,
                               const tokens::Encoded& encoded, const std::string& name) {
    if (tokenizer.scheme() == "note") return;
    const auto known = instruments_of(tokenizer.decode(encoded.ids));
    const std::string hint = "give the part an instrument of the training music (" +
                             known_instruments(tokenizer) + ") or leave it out";
    for (const int program : instruments_of(opening))
        if (!known.count(program))
            throw base::Error(base::ErrorKind::kInput,
                              "the model never saw its instrument: " + instrument_text(program),
                              name, hint);
    if (const auto dropped = encoded.losses.find("part-dropped"); dropped != encoded.losses.end())
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("the model has no part left for {} of its parts", dropped->second), name,
            hint);
}

// The Bar tokens anew, as of a piece of `total_bars` bars. Returns the number of bars begun.
int renumber_bars(const tokens::Tokenizer& tokenizer, std::vector<TokenId>& ids, int total_bars) {
    const auto bar_ids = bar_tokens(tokenizer);
    int begun = 0;
    for (TokenId& id : ids)
        if (std::find(bar_ids.begin(), bar_ids.end(), id) != bar_ids.end())
            id = tokenizer.bar_token(total_bars - 1 - begun++);
    return begun;
}

// A tokenizer's own encoding is legal unless it is at fault; composing relies on it.
void require_legal(const tokens::Tokenizer& tokenizer, const Prime& prime) {
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    for (const TokenId id : prime.ids) {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        grammar->allowed(mask);
        if (!mask[static_cast<std::size_t>(id)])
            throw base::Error(base::ErrorKind::kInput,
                              "the prime cannot be continued: token " +
                                  tokenizer.vocabulary().name(id) + " breaks the grammar",
                              prime.name);
        grammar->step(id);
    }
}

}  // namespace

Prime make_prime(const tokens::Tokenizer& tokenizer, const score::Score& source, int bars,
                 int total_bars, const std::string& name) {
    score::Score whole = source;
    if (whole.keys.empty()) whole.keys.push_back({score::Ticks(0), score::estimate_key(whole)});
    const auto available = score::bars_of(whole).size();
    const score::Score opening =
        score::excerpt(whole, 0, std::min(static_cast<std::size_t>(bars), available));
    if (opening.note_count() == 0)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("the first {} bars hold no note", bars), name);
    tokens::Encoded encoded = tokenizer.encode(opening);
    require_known_instruments(tokenizer, opening, encoded, name);
    Prime prime;
    prime.name = name;
    prime.ids = std::move(encoded.ids);
    while (!prime.ids.empty() && prime.ids.back() == tokenizer.end_token()) prime.ids.pop_back();
    prime.bars = renumber_bars(tokenizer, prime.ids, total_bars);
    if (prime.bars >= total_bars)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("--bars {} leaves nothing to compose after {} bars of prime",
                                      total_bars, prime.bars),
                          name, "--bars counts the whole take, the prime's bars included");
    // The primer's last bar is whole: the take goes on with a new one.
    if (const TokenId next = tokenizer.bar_token(total_bars - 1 - prime.bars); next >= 0)
        prime.ids.push_back(next);
    require_legal(tokenizer, prime);
    return prime;
}

}  // namespace symphony::generate
