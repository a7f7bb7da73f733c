#include "symphony/bench/quality/chorale_baselines.h"

#include <cmath>
#include <map>
#include <tuple>

namespace symphony::bench {
namespace {

constexpr double kAdded = 0.1;    // to each pitch's count in the unigram
constexpr double kBackOff = 2;    // as many imagined tokens, dealt out as the unigram says
constexpr int kStepsOfABeat = 4;  // 16ths of a quarter
constexpr int kBeginning = -2;    // the pitch "before" a piece's first step

// Counts of pitches after a context.
template <class Context>
class Counts {
  public:
    void add(const Context& context, int pitch) {
        ++of_pitch_[{context, pitch}];
        ++of_context_[context];
    }
    // `otherwise`: the pitch's probability without the context.
    double probability(const Context& context, int pitch, double otherwise) const {
        return (count(of_pitch_, {context, pitch}) + kBackOff * otherwise) /
               (count(of_context_, context) + kBackOff);
    }

  private:
    template <class Key>
    static double count(const std::map<Key, double>& counts, const Key& key) {
        const auto found = counts.find(key);
        return found == counts.end() ? 0 : found->second;
    }
    std::map<std::pair<Context, int>, double> of_pitch_;
    std::map<Context, double> of_context_;
};

class Voice {
  public:
    void add(int before, int beat_step, int pitch) {
        ++pitches_[pitch];
        ++tokens_;
        bigrams_.add(before, pitch);
        beat_bigrams_.add({before, beat_step}, pitch);
    }
    double unigram(int pitch) const {
        const auto found = pitches_.find(pitch);
        const double count = found == pitches_.end() ? 0 : found->second;
        return (count + kAdded) / (tokens_ + kAdded * static_cast<double>(pitches_.size()));
    }
    double bigram(int before, int pitch) const {
        return bigrams_.probability(before, pitch, unigram(pitch));
    }
    double beat_bigram(int before, int beat_step, int pitch) const {
        return beat_bigrams_.probability({before, beat_step}, pitch, unigram(pitch));
    }

  private:
    std::map<int, double> pitches_;
    double tokens_ = 0;
    Counts<int> bigrams_;
    Counts<std::pair<int, int>> beat_bigrams_;
};

// Calls visit(voice, pitch before, step of the beat, pitch) for every token.
template <class Visit>
void each_token(const std::vector<ChoralePiece>& pieces, const Visit& visit) {
    for (const ChoralePiece& piece : pieces)
        for (std::size_t t = 0; t < piece.size(); ++t)
            for (std::size_t v = 0; v < tokens::kChoraleVoices; ++v)
                visit(v, t == 0 ? kBeginning : piece[t - 1][v], static_cast<int>(t) % kStepsOfABeat,
                      piece[t][v]);
}

}  // namespace

ChoraleNats chorale_baselines(const std::vector<ChoralePiece>& train,
                              const std::vector<ChoralePiece>& held_out) {
    std::array<Voice, tokens::kChoraleVoices> voices;
    each_token(train, [&](std::size_t v, int before, int beat_step, int pitch) {
        voices[v].add(before, beat_step, pitch);
    });
    ChoraleNats nats;
    each_token(held_out, [&](std::size_t v, int before, int beat_step, int pitch) {
        nats.unigram -= std::log(voices[v].unigram(pitch));
        nats.bigram -= std::log(voices[v].bigram(before, pitch));
        nats.beat_bigram -= std::log(voices[v].beat_bigram(before, beat_step, pitch));
        ++nats.tokens;
    });
    for (double* sum : {&nats.unigram, &nats.bigram, &nats.beat_bigram})
        *sum /= static_cast<double>(nats.tokens);
    return nats;
}

}  // namespace symphony::bench
