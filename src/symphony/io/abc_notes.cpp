// The notes of abc_tune.h: pitches, lengths, chords, rests, tuplets, broken rhythm.
#include "symphony/io/abc_tune.h"

#include <algorithm>
#include <numeric>

namespace symphony::io::abc {

using musicxml::Issue;

namespace {

constexpr std::int64_t kUnitsPerWhole = kResolution * 4;
constexpr std::int64_t kLongest = kUnitsPerWhole * 256;

// Product of fractions in lowest terms; numbers that grow out of range are halved away.
Fraction times(Fraction a, Fraction b) {
    Fraction product{a.numerator * b.numerator, a.denominator * b.denominator};
    const std::int64_t common = std::gcd(product.numerator, product.denominator);
    product.numerator /= common;
    product.denominator /= common;
    while (product.numerator > (std::int64_t{1} << 30) ||
           product.denominator > (std::int64_t{1} << 30)) {
        product.numerator = std::max<std::int64_t>(1, product.numerator / 2);
        product.denominator = std::max<std::int64_t>(1, product.denominator / 2);
    }
    return product;
}

}  // namespace

Fraction TuneReader::read_length(std::string_view text, std::size_t& at) {
    Fraction length;
    if (const int numerator = read_digits(text, at); numerator > 0) length.numerator = numerator;
    while (at < text.size() && text[at] == '/') {
        ++at;
        const int denominator = read_digits(text, at);
        length.denominator =
            std::min(length.denominator * (denominator > 0 ? denominator : 2), kMaxFraction);
    }
    return length;
}

// The units of a note whose written factor is `factor`.
std::int64_t TuneReader::length_of(Fraction factor, bool counts_for_tuplet) {
    Voice& now = voice();
    Fraction whole = times(times(now.unit, factor), now.broken);
    now.broken = {};
    if (counts_for_tuplet && now.tuplet_left > 0) {
        whole = times(whole, now.tuplet);
        --now.tuplet_left;
    }
    const std::int64_t units = kUnitsPerWhole * whole.numerator / whole.denominator;
    if (units * whole.denominator != kUnitsPerWhole * whole.numerator) raw_.is_exact = false;
    return std::clamp<std::int64_t>(units, 1, kLongest);
}

void TuneReader::advance(std::int64_t length) {
    voice().at = std::min(voice().at + length, kLongest);
}

bool TuneReader::read_pitch(std::string_view text, std::size_t& at, Tie& pitch) {
    std::size_t i = at;
    std::optional<int> accidental;
    for (; i < text.size() && (text[i] == '^' || text[i] == '_' || text[i] == '='); ++i)
        accidental = accidental.value_or(0) + (text[i] == '^' ? 1 : text[i] == '_' ? -1 : 0);
    // "^/F", "^3/2F": parts of a semitone.
    if (accidental && i < text.size() && (text[i] == '/' || is_digit(text[i]))) {
        const Fraction size = read_length(text, i);
        accidental =
            static_cast<int>(std::clamp(*accidental, -2, 2) * size.numerator / size.denominator);
        log_.add(Issue::kMicrotoneRounded, offset_ + i, static_cast<int>(voice().part));
    }
    const auto name = read_note_name(text, i);
    if (!name) return false;
    at = i;

    Voice& now = voice();
    const auto index = static_cast<std::size_t>(name->letter);
    auto& in_measure = now.accidentals[index];
    if (accidental) in_measure = std::clamp(*accidental, -2, 2);
    const int shift = in_measure.value_or(now.key.accidentals[index]);
    int number = natural_pitch(*name) + shift + now.octaves;
    if (!now.is_drums)
        number += now.transposition - now.octaves + now.directed_transposition;
    else if (const auto key = drum_keys_.find(number); key != drum_keys_.end())
        number = key->second;
    const auto tied = std::find_if(now.ties.begin(), now.ties.end(), [&](const Tie& tie) {
        return tie.letter == name->letter && tie.octave == name->octave;
    });
    // A tie over the bar line carries the accidental with it.
    if (!accidental && !in_measure && tied != now.ties.end()) number = tied->pitch;
    if (number < 0 || number > 127) {
        log_.add(Issue::kPitchOutOfRange, offset_ + at, static_cast<int>(now.part));
        while (number < 0) number += 12;
        while (number > 127) number -= 12;
    }
    pitch = {name->letter, name->octave, static_cast<std::uint8_t>(number), false};
    return true;
}

void TuneReader::sound(const std::vector<Tie>& pitches, std::int64_t length) {
    Voice& now = voice();
    auto& notes = raw_.parts[now.part].notes;
    now.last.clear();
    now.last_length = length;
    for (const Tie& pitch : pitches) {
        if (is_full()) return;
        musicxml::RawNote note;
        note.at = {now.measure, now.at};
        note.duration = length;
        note.pitch = pitch.pitch;
        note.voice = static_cast<std::uint8_t>(1 + std::min(now.overlay, 200));
        note.is_drum = now.is_drums;
        note.tie_start = pitch.is_tied;
        note.tie_stop = std::any_of(now.ties.begin(), now.ties.end(),
                                    [&](const Tie& tie) { return tie.pitch == pitch.pitch; });
        note.ends_phrase = now.fermata;
        now.last.push_back(notes.size());
        notes.push_back(note);
        ++notes_;
    }
    now.fermata = false;
    now.ties = pitches;
    std::erase_if(now.ties, [](const Tie& pitch) { return !pitch.is_tied; });
    now.sung.push_back({now.measure, now.at});
    advance(length);
}

std::size_t TuneReader::read_note(std::string_view text, std::size_t at) {
    Tie pitch{};
    if (!read_pitch(text, at, pitch)) return at + 1;
    const std::int64_t length = length_of(read_length(text, at), true);
    pitch.is_tied = at < text.size() && text[at] == '-';
    sound({pitch}, length);
    return at + (pitch.is_tied ? 1 : 0);
}

// [CEG]2: as long as its first note times what stands behind it. [C-E] ties one note, [CE]- all.
std::size_t TuneReader::read_chord(std::string_view text, std::size_t at) {
    std::vector<Tie> pitches;
    std::optional<Fraction> inner;
    for (++at; at < text.size() && text[at] != ']';) {
        Tie pitch{};
        if (!read_pitch(text, at, pitch)) {
            ++at;  // a space or a decoration
            continue;
        }
        const Fraction length = read_length(text, at);
        if (!inner) inner = length;
        pitch.is_tied = at < text.size() && text[at] == '-';
        if (pitches.size() < kMostChordNotes)
            pitches.push_back(pitch);
        else
            cut();
    }
    if (at < text.size()) ++at;
    const Fraction outer = read_length(text, at);
    if (pitches.empty()) return at;
    if (at < text.size() && text[at] == '-') {
        for (Tie& pitch : pitches) pitch.is_tied = true;
        ++at;
    }
    sound(pitches, length_of(times(inner.value_or(Fraction{}), outer), true));
    return at;
}

std::size_t TuneReader::read_rest(std::string_view text, std::size_t at) {
    const char kind = text[at++];
    Voice& now = voice();
    now.last.clear();
    now.ties.clear();
    if (kind != 'Z' && kind != 'X') {
        now.last_length = length_of(read_length(text, at), true);
        advance(now.last_length);
        return at;
    }
    now.last_length = 0;
    // Whole measures.
    const int asked = std::max(1, read_digits(text, at));
    const int measures = std::min(asked, kMostRestMeasures);
    if (measures < asked) cut();
    const score::Meter bar = meter().meter;
    for (int i = 0; i < measures && !is_full(); ++i) {
        if (i > 0) end_measure();
        advance(bar_units(bar, kResolution));
    }
    return at;
}

// "(3", "(3:2", "(3:2:4".
std::size_t TuneReader::read_tuplet(std::string_view text, std::size_t at) {
    int numbers[3] = {};
    ++at;
    for (int i = 0; i < 3; ++i) {
        numbers[i] = read_digits(text, at);
        if (at >= text.size() || text[at] != ':') break;
        ++at;
    }
    const int p = numbers[0];
    if (p < 2 || p > 64) return at;
    int q = numbers[1];
    const score::Meter bar = meter().meter;
    const bool is_compound = bar.denominator >= 8 && bar.numerator % 3 == 0;
    if (q == 0) q = p == 3 || p == 6 ? 2 : p == 2 || p == 4 || p == 8 ? 3 : is_compound ? 3 : 2;
    voice().tuplet = {std::min(q, 64), p};
    voice().tuplet_left = numbers[2] > 0 ? std::min(numbers[2], 256) : p;
    return at;
}

// "a>b": the first is half as long again, the second half as long; ">>" by quarters, and so on.
std::size_t TuneReader::read_broken(std::string_view text, std::size_t at) {
    const char sign = text[at];
    int times_given = 0;
    for (; at < text.size() && text[at] == sign; ++at) times_given = std::min(times_given + 1, 3);
    Voice& now = voice();
    const std::int64_t power = std::int64_t{1} << times_given;
    const Fraction longer{2 * power - 1, power}, shorter{1, power};
    const Fraction first = sign == '>' ? longer : shorter;
    now.broken = sign == '>' ? shorter : longer;
    const std::int64_t length = std::clamp<std::int64_t>(
        now.last_length * first.numerator / first.denominator, 1, kLongest);
    if (now.last_length == 0 || now.at < now.last_length) return at;
    for (const std::size_t index : now.last) raw_.parts[now.part].notes[index].duration = length;
    now.at = std::min(now.at + length - now.last_length, kLongest);
    now.last_length = length;
    return at;
}

}  // namespace symphony::io::abc
