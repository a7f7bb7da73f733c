#include "symphony/generate/prime.h"

#include "symphony/base/error.h"
#include "symphony/generate/music_names.h"
#include "symphony/generate/rule.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"
#include "symphony/score/roles.h"
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

// Of our schemes remi alone has instruments to know; others merge parts or hold any program.
void require_known_instruments(const tokens::Tokenizer& tokenizer, const score::Score& opening,
                               const tokens::Encoded& encoded, const std::string& name) {
    if (tokenizer.scheme() != "remi") return;
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

// Metres are part of the prime: a neighbour in their place would move its bar lines.
void require_known_meters(const tokens::Tokenizer& tokenizer, const score::Score& opening,
                          const std::string& name) {
    const auto known = known_meters(tokenizer);
    if (known.empty()) return;  // a scheme without metres
    for (const score::Bar& bar : score::bars_of(opening)) {
        if (std::find(known.begin(), known.end(), bar.meter) != known.end()) continue;
        std::vector<std::string> names;
        for (const score::Meter meter : known) names.push_back(meter_text(meter));
        throw base::Error(base::ErrorKind::kInput,
                          "the model never saw its metre: " + meter_text(bar.meter), name,
                          fmt::format("it knows {}", fmt::join(names, ", ")));
    }
}

// A token may be in the vocabulary (one learned on more music) and yet not have been trained.
void require_trained_parts(const tokens::Tokenizer& tokenizer, std::span<const TokenId> ids,
                           std::span<const std::uint8_t> unseen, const std::string& name) {
    if (unseen.empty()) return;
    for (const TokenId id : ids) {
        if (!unseen[static_cast<std::size_t>(id)]) continue;
        const std::string& token = tokenizer.vocabulary().name(id);
        if (token.starts_with("Part_") || token.starts_with("Drum_"))
            throw base::Error(base::ErrorKind::kInput,
                              "no music that the model learned had its token " + token, name,
                              "leave that part out, or give it another instrument");
    }
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

void require_known_music(const tokens::Tokenizer& tokenizer, const score::Score& music,
                         const tokens::Encoded& encoded, std::span<const std::uint8_t> unseen,
                         const std::string& name) {
    require_known_instruments(tokenizer, music, encoded, name);
    require_known_meters(tokenizer, music, name);
    require_trained_parts(tokenizer, encoded.ids, unseen, name);
}

Prime make_prime(const tokens::Tokenizer& tokenizer, const score::Score& source, int bars,
                 int total_bars, const std::string& name, std::span<const std::uint8_t> unseen) {
    score::Score whole = source;
    if (whole.keys.empty()) whole.keys.push_back({score::Ticks(0), score::estimate_key(whole)});
    score::assign_roles(whole);  // as training music has them
    const auto available = score::bars_of(whole).size();
    const score::Score opening =
        score::excerpt(whole, 0, std::min(static_cast<std::size_t>(bars), available));
    if (opening.note_count() == 0)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("the first {} bars hold no note", bars), name);
    tokens::Encoded encoded = tokenizer.encode(opening);
    require_known_music(tokenizer, opening, encoded, unseen, name);
    Prime prime;
    prime.name = name;
    prime.tempos = opening.tempos;
    prime.ticks_per_quarter = opening.ticks_per_quarter;
    prime.losses = std::move(encoded.losses);
    for (const char* kept : {"tempo-rounded", "tempo-replaced"}) prime.losses.erase(kept);
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

void keep_tempos(const Prime& prime, score::Score& take) {
    if (prime.tempos.empty()) return;
    take.tempos = prime.tempos;
    for (score::TempoChange& change : take.tempos)
        change.onset =
            score::rescaled(change.onset, prime.ticks_per_quarter, take.ticks_per_quarter);
}

}  // namespace symphony::generate
