// What every model is to those who use it: tokens in, logits of the next token out. No tensor
// library shows here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace symphony::models {

using LogitsCallback = std::function<void(std::size_t t, std::span<const float> logits_V)>;

class StreamBatch;

class LanguageModel {
  public:
    virtual ~LanguageModel() = default;
    virtual std::string family() const = 0;  // "ngram", "rnn", "lstm", "transformer"
    virtual int vocabulary_size() const = 0;
    virtual std::int64_t parameter_count() const = 0;
    // Most tokens the model looks back on; 0: no bound (carried state).
    virtual int context_length() const = 0;

    // Forgets everything.
    virtual void reset() = 0;
    // Takes one token and gives the logits (natural-log scale, any offset) of the one after it.
    // Valid until the next call. Precondition: 0 <= token < vocabulary_size(). When the context is
    // full the oldest half is dropped and the rest re-read.
    virtual std::span<const float> next(int token) = 0;
    // Takes tokens in turn, at once where that is faster, and gives the logits after the last one.
    // Precondition: there is one.
    virtual std::span<const float> read(std::span<const int> tokens);
    // One that has read the same, and shares the weights.
    virtual std::unique_ptr<LanguageModel> copy() const = 0;
    // Decodes copies of this model together. Default: one after the other.
    virtual std::unique_ptr<StreamBatch> batch() const;
    // The token that models read before a sequence's first one (the end token of the piece before).
    virtual int start_token() const = 0;

    // Calls `callback(t, logits)` for every t in [0, ids.size()): logits that predict ids[t] from
    // what came before it. State is carried; a bounded context slides so that each prediction sees
    // at least half of it. Default: reset(), next(start_token()), then next() in turn.
    virtual void for_each_logits(std::span<const int> ids, const LogitsCallback& callback);
};

// Many streams decoded together over one set of weights, which are read once for all. A stream is a
// copy of the model (LanguageModel::copy) and keeps what it has read; it joins by taking part in a
// step and leaves by not taking part in the next.
class StreamBatch {
  public:
    virtual ~StreamBatch() = default;
    // streams[i] reads tokens[i]. Row i: what streams[i]->next(tokens[i]) would give, the same bits
    // whoever else takes part; valid until the next step. Precondition: equal sizes, no stream
    // twice, all of them copies of the model that made the batch.
    virtual std::span<const std::span<const float>> step(std::span<LanguageModel* const> streams,
                                                         std::span<const int> tokens) = 0;
};

}  // namespace symphony::models
