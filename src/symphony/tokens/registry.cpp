#include "symphony/tokens/registry.h"

#include "symphony/base/text.h"
#include "symphony/tokens/chorale_tokenizer.h"
#include "symphony/tokens/learners.h"
#include "symphony/tokens/miditok/registry_entry.h"
#include "symphony/tokens/performance_tokenizer.h"
#include "symphony/tokens/pretrained/anticipation_tokenizer.h"
#include "symphony/tokens/pretrained/aria_tokenizer.h"
#include "symphony/tokens/pretrained/skytnt_tokenizer.h"
#include "symphony/tokens/stream_tokenizer.h"

#include <algorithm>

namespace symphony::tokens {
namespace {

// The learner of a scheme whose vocabulary the options alone decide.
template <std::unique_ptr<Tokenizer> (*make)(const TokenizerOptions&)>
std::unique_ptr<TokenizerLearner> fixed(const TokenizerOptions& options) {
    class Fixed final : public NoteCountingLearner {
      public:
        explicit Fixed(const TokenizerOptions& o) : options_(o) {}

      private:
        void learn(const score::Score&) override {}
        void learn_from(const NoteCountingLearner&) override {}
        std::unique_ptr<Tokenizer> learned() const override { return make(options_); }

        TokenizerOptions options_;
    };
    return std::make_unique<Fixed>(options);
}

}  // namespace

const std::vector<Scheme>& schemes() {
    static const std::vector<Scheme> kSchemes{
        {"note", "pitch, length and quality: one stream with chords", stream_learner,
         stream_tokenizer_from_json},
        {"remi", "bars, positions and notes of every part", stream_learner,
         stream_tokenizer_from_json},
        {"performance", "388 events of 10 ms: piano as played", fixed<learn_performance_tokenizer>,
         performance_tokenizer_from_json},
        {"chorale", "four voices on a grid of 16ths", chorale_learner, chorale_tokenizer_from_json},
        {"anticipation", "arrival times, as the Anticipatory Music Transformer has them",
         fixed<learn_anticipation_tokenizer>, anticipation_tokenizer_from_json},
        {"skytnt-v1", "midi-model, version 1, tracks and channels as they are",
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"skytnt-v1o", "midi-model, version 1, optimised", fixed<learn_skytnt_tokenizer>,
         skytnt_tokenizer_from_json},
        {"skytnt-v2", "midi-model, version 2, tracks and channels as they are",
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"skytnt-v2o", "midi-model, version 2, optimised", fixed<learn_skytnt_tokenizer>,
         skytnt_tokenizer_from_json},
        {"aria", "notes and milliseconds, as Aria has them", fixed<learn_aria_tokenizer>,
         aria_tokenizer_from_json},
        {"aria-seconds", "as aria, with true times where the tempo changes",
         fixed<learn_aria_tokenizer>, aria_tokenizer_from_json},
        {"miditok-remi", "MidiTok's REMI: bars, positions and notes", fixed<miditok::learn>,
         miditok::from_json},
        {"tsd", "MidiTok's TSD: shifts of time and notes", fixed<miditok::learn>,
         miditok::from_json},
        {"midilike", "MidiTok's MIDILike: notes on and off", fixed<miditok::learn>,
         miditok::from_json},
        {"structured", "MidiTok's Structured: a shift before each note", fixed<miditok::learn>,
         miditok::from_json},
        {"cpword", "MidiTok's CPWord: compound words", fixed<miditok::learn>, miditok::from_json},
        {"octuple", "MidiTok's Octuple: a note with all about it", fixed<miditok::learn>,
         miditok::from_json},
        {"mumidi", "MidiTok's MuMIDI: programs at positions", fixed<miditok::learn>,
         miditok::from_json},
        {"mmm", "MidiTok's MMM: one track after another", fixed<miditok::learn>,
         miditok::from_json},
        {"pertok", "MidiTok's PerTok: a grid and how far off it", fixed<miditok::learn>,
         miditok::from_json},
    };
    return kSchemes;
}

const Scheme& scheme_named(const std::string& name, base::ErrorKind kind, const std::string& path) {
    const auto found = std::find_if(schemes().begin(), schemes().end(),
                                    [&](const Scheme& scheme) { return scheme.name == name; });
    if (found != schemes().end()) return *found;
    const std::vector<std::string> names = scheme_names();
    const std::string near = base::nearest_name(name, names);
    std::string known;
    for (const std::string& known_name : names) known += (known.empty() ? "" : ", ") + known_name;
    throw base::Error(kind, "unknown token scheme '" + name + "', expected one of " + known, path,
                      near.empty() ? "" : "did you mean " + near + "?");
}

}  // namespace symphony::tokens
