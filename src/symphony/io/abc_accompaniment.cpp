// The directives are read in the first half, what they ask for is played in the second.
#include "symphony/io/abc_accompaniment.h"

#include "symphony/io/abc_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace symphony::io::abc {

using musicxml::Position;

namespace {

constexpr int kDefaultDrum = 35;  // acoustic bass drum
constexpr int kDrumVelocity = 80;
constexpr int kMostBars = 64;
constexpr int kMostElementLength = 64;

}  // namespace

std::int64_t bar_units(score::Meter meter, std::int64_t units_per_quarter) {
    return units_per_quarter * 4 * meter.numerator / meter.denominator;
}

std::string default_chord_pattern(score::Meter meter) {
    const auto is = [&](int numerator, int denominator) {
        return meter.numerator == numerator && meter.denominator == denominator;
    };
    if (is(2, 4)) return "fzcz";
    if (is(4, 4) || is(2, 2)) return "fzczfzcz";
    if (is(6, 4)) return "fzczfzczfzcz";
    if (is(3, 4) || is(3, 8)) return "fzczcz";
    if (is(6, 8)) return "fzcfzc";
    if (is(9, 8)) return "fzcfzcfzc";
    if (is(12, 8)) return "fzcfzcfzcfzc";
    if (is(5, 4) || is(5, 8)) return "fzbcz";
    if (is(7, 4) || is(7, 8)) return "fzbczcz";
    return "";
}

AccompanimentParts::AccompanimentParts() {
    bass.name = "Bass";
    chords.name = "Chords";
    drums.name = "Drums";
    drums.is_drums = true;
}

Accompaniment::Outcome Accompaniment::set_bars(int& bars, std::optional<int> number) {
    if (!number || *number < 1 || *number > kMostBars) return Outcome::kBad;
    bars = *number;
    return Outcome::kTaken;
}

Accompaniment::Outcome Accompaniment::set_pattern(Position at, Kind kind, std::string_view codes,
                                                  const std::vector<int>& numbers,
                                                  std::int64_t bar_length) {
    const bool is_drums = kind == Kind::kDrumPattern;
    const int bars = is_drums ? drum_bars_ : chord_bars_;
    const std::string key =
        fmt::format("{} {} {} {} {}", is_drums, codes, bar_length, bars, fmt::join(numbers, " "));
    if (const auto known = pattern_index_.find(key); known != pattern_index_.end()) {
        add(at, kind, known->second);
        return Outcome::kTaken;
    }
    if (patterns_.size() >= kMostPatterns) return Outcome::kCut;
    const std::string_view allowed = is_drums ? "dz" : "zfcbghijGHIJ";
    Pattern pattern;
    pattern.bar_length = bar_length;
    pattern.bars = bars;
    for (std::size_t i = 0; i < codes.size();) {
        Pattern::Element element;
        element.code = codes[i++];
        if (allowed.find(element.code) == std::string_view::npos) return Outcome::kBad;
        element.length = std::clamp(read_digits(codes, i), 1, kMostElementLength);
        if (pattern.elements.size() >= kMostPatternElements) return Outcome::kCut;
        pattern.elements.push_back(element);
        pattern.total += element.length;
    }
    if (pattern.elements.empty()) return Outcome::kBad;
    std::int64_t parts = 0;
    for (const Pattern::Element& element : pattern.elements) {
        parts += element.length;
        is_exact_ &= bar_length * bars * parts % pattern.total == 0;
    }
    // The numbers are the drums struck, then how loud each is.
    const auto strikes = static_cast<std::size_t>(
        std::count_if(pattern.elements.begin(), pattern.elements.end(),
                      [](const Pattern::Element& element) { return element.code == 'd'; }));
    std::size_t strike = 0;
    for (Pattern::Element& element : pattern.elements) {
        if (element.code != 'd') continue;
        const auto number = [&](std::size_t index, int otherwise) {
            return static_cast<std::uint8_t>(index < numbers.size() ? numbers[index] : otherwise);
        };
        element.pitch = number(strike, kDefaultDrum);
        element.velocity = number(strikes + strike, kDrumVelocity);
        ++strike;
    }
    const auto index = static_cast<std::int32_t>(patterns_.size());
    patterns_.push_back(std::move(pattern));
    pattern_index_.emplace(key, index);
    add(at, kind, index);
    return Outcome::kTaken;
}

Accompaniment::Outcome Accompaniment::set_program(Position at, bool is_bass,
                                                  const std::vector<std::string>& words) {
    const auto program = words.size() > 1 ? parse_number(words[1]) : std::nullopt;
    if (!program || *program < 0 || *program > 127) return Outcome::kBad;
    (is_bass ? bass_programs_ : chord_programs_)
        .push_back({at, static_cast<std::uint8_t>(*program), 0});
    for (const auto& [name, value] : parse_settings(words.back())) {
        if (name != "octave") continue;
        const auto octave = parse_number(value);
        if (!octave || *octave < -2 || *octave > 2) return Outcome::kBad;
        add(at, is_bass ? Kind::kBassOctave : Kind::kChordOctave, *octave);
    }
    return Outcome::kTaken;
}

Accompaniment::Outcome Accompaniment::read_drum_directive(const std::vector<std::string>& words,
                                                          Position at, std::int64_t bar_length) {
    const std::string& name = words.front();
    if (name == "drumon" || name == "drumoff") {
        add(at, Kind::kDrumsOn, name == "drumon");
        return Outcome::kTaken;
    }
    const auto number = words.size() > 1 ? parse_number(words[1]) : std::nullopt;
    if (name == "drumbars") return set_bars(drum_bars_, number);
    if (name != "drum") return Outcome::kNotMine;
    if (words.size() < 2) return Outcome::kBad;
    std::vector<int> numbers;
    for (std::size_t i = 2; i < words.size() && i < 2 + 2 * kMostPatternElements; ++i) {
        numbers.push_back(parse_number(words[i]).value_or(-1));
        if (numbers.back() < 0 || numbers.back() > 127) return Outcome::kBad;
    }
    return set_pattern(at, Kind::kDrumPattern, words[1], numbers, bar_length);
}

Accompaniment::Outcome Accompaniment::read_chord_directive(const std::vector<std::string>& words,
                                                           Position at, score::Meter meter,
                                                           std::int64_t bar_length) {
    const std::string& name = words.front();
    const auto number = words.size() > 1 ? parse_number(words[1]) : std::nullopt;
    if (name == "gchordon") {
        add(at, Kind::kChordsOn, 1);
        return Outcome::kTaken;
    }
    if (name == "gchord")
        return set_pattern(at, Kind::kChordPattern,
                           words.size() > 1 ? words[1] : default_chord_pattern(meter), {},
                           bar_length);
    if (name == "gchordbars") return set_bars(chord_bars_, number);
    if (name == "chordprog" || name == "bassprog") return set_program(at, name[0] == 'b', words);
    if (name == "chordvol" || name == "bassvol") {
        if (!number || *number < 0 || *number > 127) return Outcome::kBad;
        add(at, name[0] == 'b' ? Kind::kBassVelocity : Kind::kChordVelocity, *number);
        return Outcome::kTaken;
    }
    return Outcome::kNotMine;
}

bool Accompaniment::takes(std::string_view directive) {
    constexpr std::string_view kNames[] = {"gchord",    "gchordon", "gchordoff", "gchordbars",
                                           "chordprog", "bassprog", "chordvol",  "bassvol",
                                           "drum",      "drumon",   "drumoff",   "drumbars"};
    return std::find(std::begin(kNames), std::end(kNames), directive) != std::end(kNames);
}

Accompaniment::Outcome Accompaniment::read_directive(const std::vector<std::string>& words,
                                                     Position at, score::Meter meter,
                                                     std::int64_t bar_length) {
    if (words.front() == "gchordoff") {
        add(at, Kind::kChordsOn, 0);
        return Outcome::kTaken;
    }
    const Outcome drums = read_drum_directive(words, at, bar_length);
    if (drums != Outcome::kNotMine) return drums;
    const Outcome chords = read_chord_directive(words, at, meter, bar_length);
    asks_for_chords_ |= chords != Outcome::kNotMine;
    return chords;
}

// Before the directives of the same place, which take precedence. Under a metre without a pattern
// the one before goes on.
void Accompaniment::add_default_patterns(const std::map<int, score::Meter>& meters, int last,
                                         std::int64_t units_per_quarter) {
    std::vector<Event> directives;
    directives.swap(events_);
    for (const auto& [measure, meter] : meters) {
        if (measure >= last) break;
        const std::string codes = default_chord_pattern(meter);
        if (!codes.empty())
            set_pattern({measure, 0}, Kind::kChordPattern, codes, {},
                        bar_units(meter, units_per_quarter));
    }
    events_.insert(events_.end(), directives.begin(), directives.end());
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
}

void Accompaniment::set_transposition(Position at, int semitones) {
    add(at, Kind::kTransposition, semitones);
}

void Accompaniment::set_chord(Position at, ChordSymbol chord) {
    add(at, Kind::kChord, static_cast<std::int64_t>(chords_.size()));
    chords_.push_back(chord);
}

struct Accompaniment::State {
    const Pattern* chord_pattern = nullptr;
    const Pattern* drum_pattern = nullptr;
    std::optional<ChordSymbol> chord;  // in force
    bool chords_on = true, drums_on = false;
    int chord_velocity = 75, bass_velocity = 80;
    int chord_octave = 0, bass_octave = 0;
    int transposition = 0;
};

// An element of a pattern in a bar.
struct Accompaniment::Cue {
    std::int64_t at = 0, duration = 0;
    Pattern::Element element;
};

void Accompaniment::apply(const Event& event, State& state) const {
    const auto index = static_cast<std::size_t>(event.value);
    switch (event.kind) {
        case Kind::kChord:
            state.chord = chords_[index];
            return;
        case Kind::kChordPattern:
            state.chord_pattern = &patterns_[index];
            return;
        case Kind::kDrumPattern:
            state.drum_pattern = &patterns_[index];
            return;
        case Kind::kChordsOn:
            state.chords_on = event.value != 0;
            return;
        case Kind::kDrumsOn:
            state.drums_on = event.value != 0;
            return;
        case Kind::kChordVelocity:
            state.chord_velocity = event.value;
            return;
        case Kind::kBassVelocity:
            state.bass_velocity = event.value;
            return;
        case Kind::kChordOctave:
            state.chord_octave = event.value;
            return;
        case Kind::kBassOctave:
            state.bass_octave = event.value;
            return;
        case Kind::kTransposition:
            state.transposition = event.value;
            return;
    }
}

std::vector<Accompaniment::Cue> Accompaniment::cues_of(const State& state, int bar,
                                                       std::int64_t length) const {
    std::vector<Cue> cues;
    for (const Pattern* pattern : {state.chord_pattern, state.drum_pattern}) {
        if (pattern == nullptr) continue;
        const std::int64_t whole = pattern->bar_length * pattern->bars;
        const std::int64_t skipped = pattern->bar_length * (bar % pattern->bars);
        const std::int64_t nominal = pattern->bar_length;
        const std::int64_t bar_end = length > 0 ? std::min(length, nominal) : nominal;
        // What is struck rings on into the next bar of its pattern, if its own is a whole one.
        const std::int64_t end = bar_end < nominal ? bar_end : whole - skipped;
        std::int64_t parts = 0;
        for (const Pattern::Element& element : pattern->elements) {
            const std::int64_t at = whole * parts / pattern->total - skipped;
            parts += element.length;
            const std::int64_t until = whole * parts / pattern->total - skipped;
            if (element.code != 'z' && at >= 0 && at < bar_end && until > at)
                cues.push_back({at, std::min(until, end) - at, element});
        }
    }
    std::stable_sort(cues.begin(), cues.end(),
                     [](const Cue& a, const Cue& b) { return a.at < b.at; });
    return cues;
}

std::uint64_t Accompaniment::sound(const Cue& cue, const State& state, Position at,
                                   const ChordKinds& kinds, AccompanimentParts& parts) const {
    std::uint64_t notes = 0;
    const auto add_note = [&](musicxml::RawPart& part, int pitch, int velocity) {
        if (velocity == 0 || pitch < 0 || pitch > 127) return;
        musicxml::RawNote note;
        note.at = at;
        note.duration = cue.duration;
        note.pitch = static_cast<std::uint8_t>(pitch);
        note.velocity = static_cast<std::uint8_t>(velocity);
        note.voice = 1;
        part.notes.push_back(note);
        ++notes;
    };
    const char code = cue.element.code;
    if (code == 'd') {
        if (state.drums_on) add_note(parts.drums, cue.element.pitch, cue.element.velocity);
        return notes;
    }
    if (!state.chords_on || !state.chord) return notes;
    const bool is_whole = code == 'c' || code == 'b';
    if (code == 'f' || code == 'b' || (is_whole && state.chord->is_root_alone))
        add_note(parts.bass,
                 bass_pitch(*state.chord) + state.transposition + 12 * state.bass_octave,
                 state.bass_velocity);
    if (code == 'f') return notes;
    const std::vector<int> pitches = chord_pitches(*state.chord, kinds);
    const int shift = state.transposition + 12 * state.chord_octave;
    if (is_whole) {
        for (const int pitch : pitches) add_note(parts.chords, pitch + shift, state.chord_velocity);
        return notes;
    }
    // One note of the chord: g, h, i, j, or an octave lower G, H, I, J.
    const bool is_low = code < 'a';
    const auto index = static_cast<std::size_t>(code - (is_low ? 'G' : 'g'));
    if (index < pitches.size())
        add_note(parts.chords, pitches[index] + shift - (is_low ? 12 : 0), state.chord_velocity);
    return notes;
}

std::uint64_t Accompaniment::play(musicxml::RawScore& raw,
                                  const std::map<int, score::Meter>& meters, int last,
                                  bool with_chords, const ChordKinds& kinds,
                                  std::uint64_t max_notes, AccompanimentParts& parts) {
    const bool has_drums = std::any_of(events_.begin(), events_.end(), [](const Event& event) {
        return event.kind == Kind::kDrumsOn;
    });
    if (meters.empty() || ((chords_.empty() || !with_chords) && !has_drums)) return 0;
    const int first = meters.begin()->first;
    add_default_patterns(meters, last, raw.resolution);
    State state;
    std::uint64_t notes = 0;
    auto event = events_.begin();
    const auto apply_until = [&](Position at) {
        for (; event != events_.end() && event->at <= at; ++event) apply(*event, state);
    };
    const std::size_t bass_before = parts.bass.notes.size();
    const std::size_t chords_before = parts.chords.notes.size();
    for (int measure = first; measure < last && notes < max_notes; ++measure) {
        apply_until({measure, 0});
        const std::int64_t length = raw.measures[static_cast<std::size_t>(measure)].notes_end;
        for (const Cue& cue : cues_of(state, measure - first, length)) {
            const Position at{measure, cue.at};
            apply_until(at);
            if (cue.element.code == 'd' || with_chords)
                notes += sound(cue, state, at, kinds, parts);
        }
    }
    const auto add_programs = [&](musicxml::RawPart& part, std::size_t notes_before,
                                  const std::vector<musicxml::RawProgram>& programs) {
        if (part.notes.size() == notes_before) return;
        const bool begins_with_own = !programs.empty() && programs.front().at == Position{first, 0};
        if (!part.programs.empty() && !begins_with_own)
            part.programs.push_back({{first, 0}, 0, 0});  // not that of the tune before
        for (const musicxml::RawProgram& each : programs)
            if (each.at.measure < last) part.programs.push_back(each);
    };
    raw.is_exact &= is_exact_ || notes == 0;
    add_programs(parts.bass, bass_before, bass_programs_);
    add_programs(parts.chords, chords_before, chord_programs_);
    return notes;
}

}  // namespace symphony::io::abc
