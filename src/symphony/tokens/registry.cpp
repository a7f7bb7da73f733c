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

constexpr SchemeFacts kNoteFacts{.pitch = "yes",
                                 .onset = "grid*",
                                 .length = "grid",
                                 .part = "no (guessed)",
                                 .velocity = "classes",
                                 .tempo = "classes*",
                                 .metre = "yes*",
                                 .drums = "no",
                                 .controls = "no"};
constexpr SchemeFacts kRemiFacts{.pitch = "yes",
                                 .onset = "grid*",
                                 .length = "grid",
                                 .part = "yes*",
                                 .velocity = "classes",
                                 .tempo = "classes*",
                                 .metre = "yes*",
                                 .drums = "yes*",
                                 .controls = "pedal, volume, pan, expression*"};
constexpr SchemeFacts kPerformanceFacts{.pitch = "yes",
                                        .onset = "10 ms",
                                        .length = "10 ms",
                                        .part = "no: one piano",
                                        .velocity = "32 classes",
                                        .tempo = kTempoInTheTimes,
                                        .metre = "no",
                                        .drums = "no",
                                        .controls = "pedal in the lengths"};
constexpr SchemeFacts kChoraleFacts{.pitch = "yes",
                                    .onset = "16ths",
                                    .length = "16ths, held = struck again",
                                    .part = "four voices",
                                    .velocity = "no",
                                    .tempo = "no",
                                    .metre = "no",
                                    .drums = "no",
                                    .controls = "no"};
constexpr SchemeFacts kAnticipationFacts{.pitch = "with the program",
                                         .onset = "10 ms",
                                         .length = "10 ms up to 9.99 s",
                                         .part = "General MIDI program",
                                         .velocity = "no",
                                         .tempo = kTempoInTheTimes,
                                         .metre = "no",
                                         .drums = "yes",
                                         .controls = "no"};
constexpr SchemeFacts kSkytnt1Facts{.pitch = "yes",
                                    .onset = "16 a quarter",
                                    .length = "16 a quarter",
                                    .part = "track, channel, program",
                                    .velocity = "yes",
                                    .tempo = "whole bpm up to 255",
                                    .metre = "no",
                                    .drums = "yes",
                                    .controls = "control changes, steps of 4"};
constexpr SchemeFacts kSkytnt2Facts{.pitch = "yes",
                                    .onset = "16 a quarter",
                                    .length = "16 a quarter",
                                    .part = "track, channel, program",
                                    .velocity = "yes",
                                    .tempo = "whole bpm up to 383",
                                    .metre = "yes",
                                    .drums = "yes",
                                    .controls = "control changes, steps of 4"};
constexpr SchemeFacts kAriaFacts{.pitch = "with family and velocity",
                                 .onset = "10 ms, astray after tempo changes",
                                 .length = "10 ms up to 5 s",
                                 .part = "ten families",
                                 .velocity = "12 classes",
                                 .tempo = kTempoInTheTimes,
                                 .metre = "no",
                                 .drums = "onset only",
                                 .controls = "pedal in the lengths"};
constexpr SchemeFacts kAriaSecondsFacts{.pitch = "with family and velocity",
                                        .onset = "10 ms",
                                        .length = "10 ms up to 5 s",
                                        .part = "ten families",
                                        .velocity = "12 classes",
                                        .tempo = kTempoInTheTimes,
                                        .metre = "no",
                                        .drums = "onset only",
                                        .controls = "pedal in the lengths"};
constexpr SchemeFacts kMidiTokFacts{.pitch = "yes",
                                    .onset = "grid",
                                    .length = "classes",
                                    .part = "program*",
                                    .velocity = "classes*",
                                    .tempo = "classes*",
                                    .metre = "yes*",
                                    .drums = "yes",
                                    .controls = "pedal, bend*"};
constexpr SchemeFacts kMidiLikeFacts{.pitch = "yes",
                                     .onset = "grid",
                                     .length = "grid",
                                     .part = "program*",
                                     .velocity = "classes*",
                                     .tempo = "classes*",
                                     .metre = "yes*",
                                     .drums = "yes",
                                     .controls = "pedal, bend*"};
constexpr SchemeFacts kStructuredFacts{.pitch = "yes",
                                       .onset = "grid, shifts up to 12 beats",
                                       .length = "classes",
                                       .part = "program*",
                                       .velocity = "classes*",
                                       .tempo = "no",
                                       .metre = "no",
                                       .drums = "yes",
                                       .controls = "no"};
constexpr SchemeFacts kRowsFacts{.pitch = "yes",
                                 .onset = "grid",
                                 .length = "classes",
                                 .part = "program*",
                                 .velocity = "classes*",
                                 .tempo = "classes*",
                                 .metre = "yes*",
                                 .drums = "yes",
                                 .controls = "no"};
constexpr SchemeFacts kMuMidiFacts{.pitch = "yes",
                                   .onset = "grid",
                                   .length = "classes",
                                   .part = "program",
                                   .velocity = "classes*",
                                   .tempo = "classes*",
                                   .metre = "4/4",
                                   .drums = "yes",
                                   .controls = "no"};
constexpr SchemeFacts kMmmFacts{.pitch = "yes",
                                .onset = "grid",
                                .length = "as its base*",
                                .part = "program",
                                .velocity = "classes*",
                                .tempo = "classes*",
                                .metre = "yes*",
                                .drums = "yes",
                                .controls = "pedal, bend*"};
constexpr SchemeFacts kPerTokFacts{.pitch = "yes",
                                   .onset = "grid and ticks off it",
                                   .length = "classes",
                                   .part = "program*",
                                   .velocity = "classes*",
                                   .tempo = "classes*",
                                   .metre = "yes*",
                                   .drums = "yes",
                                   .controls = "pedal, bend*"};

}  // namespace

const std::vector<Scheme>& schemes() {
    static const std::vector<Scheme> kSchemes{
        {"note", "pitch, length and quality: one stream with chords", kNoteFacts, stream_learner,
         stream_tokenizer_from_json},
        {"remi", "bars, positions and notes of every part", kRemiFacts, stream_learner,
         stream_tokenizer_from_json},
        {"performance", "388 events of 10 ms: piano as played", kPerformanceFacts,
         fixed<learn_performance_tokenizer>, performance_tokenizer_from_json},
        {"chorale", "four voices on a grid of 16ths", kChoraleFacts, chorale_learner,
         chorale_tokenizer_from_json},
        {"anticipation", "arrival times, as the Anticipatory Music Transformer has them",
         kAnticipationFacts, fixed<learn_anticipation_tokenizer>, anticipation_tokenizer_from_json},
        {"skytnt-v1", "midi-model, version 1, tracks and channels as they are", kSkytnt1Facts,
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"skytnt-v1o", "midi-model, version 1, optimised", kSkytnt1Facts,
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"skytnt-v2", "midi-model, version 2, tracks and channels as they are", kSkytnt2Facts,
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"skytnt-v2o", "midi-model, version 2, optimised", kSkytnt2Facts,
         fixed<learn_skytnt_tokenizer>, skytnt_tokenizer_from_json},
        {"aria", "notes and milliseconds, as Aria has them", kAriaFacts,
         fixed<learn_aria_tokenizer>, aria_tokenizer_from_json},
        {"aria-seconds", "as aria, with true times where the tempo changes", kAriaSecondsFacts,
         fixed<learn_aria_tokenizer>, aria_tokenizer_from_json},
        {"miditok-remi", "MidiTok's REMI: bars, positions and notes", kMidiTokFacts,
         fixed<miditok::learn>, miditok::from_json},
        {"tsd", "MidiTok's TSD: shifts of time and notes", kMidiTokFacts, fixed<miditok::learn>,
         miditok::from_json},
        {"midilike", "MidiTok's MIDILike: notes on and off", kMidiLikeFacts, fixed<miditok::learn>,
         miditok::from_json},
        {"structured", "MidiTok's Structured: a shift before each note", kStructuredFacts,
         fixed<miditok::learn>, miditok::from_json},
        {"cpword", "MidiTok's CPWord: compound words", kRowsFacts, fixed<miditok::learn>,
         miditok::from_json},
        {"octuple", "MidiTok's Octuple: a note with all about it", kRowsFacts,
         fixed<miditok::learn>, miditok::from_json},
        {"mumidi", "MidiTok's MuMIDI: programs at positions", kMuMidiFacts, fixed<miditok::learn>,
         miditok::from_json},
        {"mmm", "MidiTok's MMM: one track after another", kMmmFacts, fixed<miditok::learn>,
         miditok::from_json},
        {"pertok", "MidiTok's PerTok: a grid and how far off it", kPerTokFacts,
         fixed<miditok::learn>, miditok::from_json},
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
