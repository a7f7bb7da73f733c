// Composes takes: a model proposes, the grammar and the rules allow, the sampler draws.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/generate/law_rule.h"
#include "symphony/generate/limit_copying.h"
#include "symphony/generate/prime.h"
#include "symphony/generate/rule.h"
#include "symphony/generate/sampler.h"
#include "symphony/models/language_model.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symphony::generate {

// What is asked of every take.
struct Request {
    SamplerOptions sampler;
    int bars = 16;  // of the whole take, a prime's bars included
    std::optional<score::Key> key;
    std::optional<score::Meter> meter;
    std::optional<double> tempo_bpm;
    std::optional<Prime> prime;
    Laws laws;                             // of every note that is composed
    std::optional<ChordTrack> chord_plan;  // announced where the tokens can
    std::vector<tokens::TokenId> players;  // Part tokens of the whole piece; empty: as it comes
    // For music that is partly given (gap.h): with a prime that ends where the first opening
    // begins. `bars` are then the bars that are composed.
    std::optional<Script> script;
    int first_bar = 0;  // number of the prime's first bar in the music that laws speak of
    std::optional<CopyLimit> copy_limit;
    std::vector<std::uint8_t> unseen;  // unseen[id] = 1: never occurred in training; may be empty
    std::uint64_t seed = 1;
    int first_take = 0;  // number of the first one
};

struct Take {
    int index = 0;  // 0, 1, ...: with the seed it names the take's random draws
    std::vector<tokens::TokenId> ids;
    score::Score score;
    std::int64_t prime_tokens = 0;                     // of ids, those given
    std::map<std::string, std::int64_t> prime_losses;  // see Prime::losses
    // How it ended: "model": the model closed it under the ending rule; "led": so too, where the
    // last bar was led to a last chord (lead_to_close); "cut": at a bar line, in a
    // scheme without bars; "given": what follows was there already; "held": no attempt at the last
    // bar did, so the last chord was held.
    std::string ending = "model";
    int last_bar_attempts = 1;
    // What it cost: tokens that the model read for it, those of attempts given up included, and the
    // time (of one thread) between them: grammar, rules, drawing, taking back.
    std::int64_t tokens_read = 0;
    double choosing_seconds = 0;
};

// Composes takes first_take + [0, count), many at a time, whose tokens a thread's model reads
// together (models::StreamBatch); `make_model` is called once per thread. Take i depends on
// request, seed and i only: it is the same, bit for bit on the same kind of CPU, at any number of
// threads and takes. Throws Error (kUsage) where the request names a key, metre or bar count that
// the model has no token for, or what a prime states itself, (kInterrupted) on a stop request.
std::vector<Take> compose(const std::function<std::unique_ptr<models::LanguageModel>()>& make_model,
                          const tokens::Tokenizer& tokenizer, const Request& request, int count,
                          int threads, base::Progress& progress);

}  // namespace symphony::generate
