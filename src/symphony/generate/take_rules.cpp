#include "symphony/generate/take_rules.h"

#include "symphony/base/error.h"
#include "symphony/generate/music_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::generate {
namespace {

using tokens::TokenId;

// More tokens than any bar of real music holds; a model stuck in a bar is made to leave it.
constexpr int kMostTokensPerBar = 768;

std::string names_of(const tokens::Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    std::vector<std::string> names;
    for (const TokenId id : ids) names.push_back(tokenizer.vocabulary().name(id));
    return names.empty() ? "none: all its training music was alike in this"
                         : fmt::format("{}", fmt::join(names, ", "));
}

// A rule that takes `asked`, if training music had it.
std::unique_ptr<Rule> forced(const Request& request, const tokens::Tokenizer& tokenizer,
                             TokenId asked, std::vector<TokenId> family, const std::string& what) {
    std::vector<TokenId> seen = family;
    std::erase_if(seen, [&](TokenId id) {
        return !request.unseen.empty() && request.unseen[static_cast<std::size_t>(id)];
    });
    if (std::find(seen.begin(), seen.end(), asked) == seen.end())
        throw base::Error(base::ErrorKind::kUsage, "the model never saw the " + what, {},
                          "it knows " + names_of(tokenizer, seen));
    return force_token(asked, std::move(family));
}

}  // namespace

std::vector<std::unique_ptr<Rule>> rules_of(const Request& request,
                                            const tokens::Tokenizer& tokenizer) {
    std::vector<std::unique_ptr<Rule>> rules;
    if (!request.unseen.empty()) {
        // Bars are counted down from what is asked, also where no piece was as long; and what
        // is given is told in training alone, not in the data set.
        auto unseen = request.unseen;
        for (const auto& family : {bar_tokens(tokenizer), given_tokens(tokenizer)})
            for (const TokenId id : family) unseen[static_cast<std::size_t>(id)] = 0;
        rules.push_back(forbid_unseen(std::move(unseen)));
    }
    if (request.key)
        rules.push_back(forced(request, tokenizer, tokenizer.key_token(*request.key),
                               key_tokens(tokenizer), "key " + request.key->name()));
    // The only metre there is needs no asking.
    if (request.meter && known_meters(tokenizer) != std::vector{*request.meter})
        rules.push_back(forced(request, tokenizer, tokenizer.meter_token(*request.meter),
                               meter_tokens(tokenizer), "metre " + meter_text(*request.meter)));
    // A model without tempo tokens plays at any tempo: the score is simply marked with it.
    if (request.tempo_bpm && !request.prime && !tempo_tokens(tokenizer).empty())
        rules.push_back(forced(request, tokenizer, tokenizer.tempo_token(*request.tempo_bpm),
                               tempo_tokens(tokenizer),
                               fmt::format("tempo {:g}", *request.tempo_bpm)));
    if (!request.script) rules.push_back(forbid(given_tokens(tokenizer)));
    if (request.prime && !request.script) {
        for (auto family :
             {key_tokens(tokenizer), meter_tokens(tokenizer), tempo_tokens(tokenizer)})
            rules.push_back(keep_as_begun(std::move(family), request.prime->ids.size()));
    }
    if (!bar_tokens(tokenizer).empty())
        rules.push_back(limit_bar_length(kMostTokensPerBar, tokenizer));
    if (can_obey(tokenizer) && !(request.laws.empty() && request.unseen.empty()))
        rules.push_back(
            obey(request.laws, tokenizer, request.unseen, request.first_bar, request.seed));
    if (request.chord_plan)
        rules.push_back(announce_chords(*request.chord_plan, tokenizer, request.first_bar));
    if (!request.players.empty()) rules.push_back(play_by(request.players, tokenizer));
    if (request.copy_limit) rules.push_back(limit_copying(*request.copy_limit, tokenizer));
    if (request.script)
        rules.push_back(follow_script(*request.script, request.prime->bars, tokenizer));
    else
        rules.push_back(end_after(request.bars, tokenizer));
    return rules;
}

}  // namespace symphony::generate
