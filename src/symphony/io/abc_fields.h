// The information fields of ABC music notation: metre, unit length, key, tempo, voice. Source: the
// ABC music standard 2.1, section 3; abc2midi's directives.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::abc {

// Of a whole note; both > 0 and at most kMaxFraction.
struct Fraction {
    std::int64_t numerator = 1;
    std::int64_t denominator = 1;
};
inline constexpr std::int64_t kMaxFraction = 1 << 16;

// "3/4"; nothing if it is no fraction of numbers in range.
std::optional<Fraction> parse_fraction(std::string_view text);

struct Meter {
    score::Meter meter;
    bool is_free = false;  // "none"
};
// "6/8", "C", "C|", "2+3/8", "(2+3)/8", "none".
std::optional<Meter> parse_meter(std::string_view text);

// The unit length where no L: field gives one: a sixteenth below a metre of 3/4, else an eighth.
Fraction default_unit(const Meter& meter);

struct Key {
    score::Key key;
    std::array<int, 7> accidentals{};  // of c d e f g a b, in semitones
    bool has_key = true;               // false for "none"
};
// "G", "Am", "D dorian", "F#mix", "C exp ^f _b", "C^f^c", "D=c", "HP", "none"; clef and other
// settings after it are left to parse_settings.
std::optional<Key> parse_key(std::string_view text);

// Quarters per minute of "1/4=120", "\"Allegro\" 3/8=80", "120" (units of length a minute).
std::optional<double> parse_tempo(std::string_view text, Fraction unit);

// name=value settings of K: and V: fields, names in lower case, quotes taken off; words without a
// value get "".
std::map<std::string, std::string> parse_settings(std::string_view text);

// Semitones that "transpose=", "octave=" and a clef such as "treble-8" ask for.
int transposition_of(const std::map<std::string, std::string>& settings);
// What of it "octave=" and the clef ask for.
int octaves_of(const std::map<std::string, std::string>& settings);

bool is_digit(char c);
// The digits at `at`, which is moved past them; at most kMaxFraction, 0 where there are none.
int read_digits(std::string_view text, std::size_t& at);

struct NoteName {
    int letter = 0;  // 0..6: c d e f g a b
    int octave = 0;  // 0: "C", middle C; 1: "c"
};
// "C,,", "e'" at `at`, which is moved past it; nothing if there is no letter of a note.
std::optional<NoteName> read_note_name(std::string_view text, std::size_t& at);
// MIDI's number of it without accidental; outside 0..127 for far octaves.
int natural_pitch(NoteName name);
// The same of a whole word with its accidentals, "^d,".
std::optional<int> parse_note(std::string_view text);

std::vector<std::string> split_words(std::string_view text);
std::optional<int> parse_number(std::string_view text);

}  // namespace symphony::io::abc
