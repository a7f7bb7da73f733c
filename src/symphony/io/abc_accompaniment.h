// What abc2midi plays beside a voice: a bass and chords to its chord symbols, and drums, each by a
// pattern that fills a bar. Source: the guide of abc2midi, "%%MIDI gchord" and "%%MIDI drum".
#pragma once

#include "symphony/io/abc_chords.h"
#include "symphony/io/musicxml_model.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::abc {

// What is left out beyond these is said (ABC103).
inline constexpr std::size_t kMostPatternElements = 64;
inline constexpr std::size_t kMostPatterns = 10'000;  // of a voice

// "fzczfzcz", "d2zdd": what sounds in turn, and how long in parts of the pattern's length.
struct Pattern {
    struct Element {
        char code = 'z';
        std::uint8_t pitch = 0, velocity = 0;  // of a drum
        int length = 1;
    };
    std::vector<Element> elements;
    int total = 0;                // of the elements' lengths
    std::int64_t bar_length = 0;  // units, of each of its bars
    int bars = 1;                 // over which it spreads
};

// Units of a bar.
std::int64_t bar_units(score::Meter meter, std::int64_t units_per_quarter);

// The pattern of chords of abc2midi for a metre; empty for one that it has none for.
std::string default_chord_pattern(score::Meter meter);

// The parts that accompany a voice; those without notes are none.
struct AccompanimentParts {
    AccompanimentParts();
    musicxml::RawPart bass, chords, drums;
};

class Accompaniment {
  public:
    enum class Outcome { kNotMine, kTaken, kBad, kCut };

    // Is it the name of a directive that is read here?
    static bool takes(std::string_view directive);
    // The words behind "%%MIDI" at `at`, under a metre whose bar has `bar_length` units.
    Outcome read_directive(const std::vector<std::string>& words, musicxml::Position at,
                           score::Meter meter, std::int64_t bar_length);
    void set_transposition(musicxml::Position at, int semitones);
    void set_chord(musicxml::Position at, ChordSymbol chord);

    // Has a directive asked for chords? Chord symbols alone are words.
    bool asks_for_chords() const { return asks_for_chords_; }

    // Adds what sounds in the measures of `raw` from that where the tune begins up to `last` to
    // `parts`, whose metres change at the measures of `meters`, the first of which begins the tune.
    // Returns how many notes that are; no measure is begun after `max_notes`.
    std::uint64_t play(musicxml::RawScore& raw, const std::map<int, score::Meter>& meters, int last,
                       bool with_chords, const ChordKinds& kinds, std::uint64_t max_notes,
                       AccompanimentParts& parts);

  private:
    enum class Kind : std::uint8_t {
        kChord,         // value: index in chords_
        kChordPattern,  // index in patterns_
        kDrumPattern,
        kChordsOn,  // 0 or 1
        kDrumsOn,
        kChordVelocity,
        kBassVelocity,
        kChordOctave,
        kBassOctave,
        kTransposition,
    };
    struct Event {
        musicxml::Position at;
        Kind kind;
        std::int32_t value;
    };
    struct State;
    struct Cue;

    void add_default_patterns(const std::map<int, score::Meter>& meters, int last,
                              std::int64_t units_per_quarter);
    void add(musicxml::Position at, Kind kind, std::int64_t value) {
        events_.push_back({at, kind, static_cast<std::int32_t>(value)});
    }
    Outcome read_drum_directive(const std::vector<std::string>& words, musicxml::Position at,
                                std::int64_t bar_length);
    Outcome read_chord_directive(const std::vector<std::string>& words, musicxml::Position at,
                                 score::Meter meter, std::int64_t bar_length);
    static Outcome set_bars(int& bars, std::optional<int> number);
    Outcome set_pattern(musicxml::Position at, Kind kind, std::string_view codes,
                        const std::vector<int>& numbers, std::int64_t bar_length);
    Outcome set_program(musicxml::Position at, bool is_bass, const std::vector<std::string>& words);
    void apply(const Event& event, State& state) const;
    std::vector<Cue> cues_of(const State& state, int bar, std::int64_t length) const;
    std::uint64_t sound(const Cue& cue, const State& state, musicxml::Position at,
                        const ChordKinds& kinds, AccompanimentParts& parts) const;

    std::vector<Event> events_;
    std::vector<ChordSymbol> chords_;
    std::vector<Pattern> patterns_;
    std::map<std::string, std::int32_t> pattern_index_;  // by what they were made of
    std::vector<musicxml::RawProgram> chord_programs_, bass_programs_;
    int chord_bars_ = 1, drum_bars_ = 1;
    bool asks_for_chords_ = false;
    bool is_exact_ = true;  // patterns fall on whole units
};

}  // namespace symphony::io::abc
