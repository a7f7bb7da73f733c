// The music code of abc_tune.h: bar lines, endings, decorations, quoted text, lyrics; its notes are
// in abc_notes.cpp.
#include "symphony/base/text.h"
#include "symphony/io/abc_tune.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace symphony::io::abc {

using musicxml::Issue;

std::size_t TuneReader::read_quoted(std::string_view text, std::size_t at) {
    const std::size_t close = text.find('"', at + 1);
    if (close == std::string_view::npos) return text.size();
    const std::string quoted(text.substr(at + 1, close - at - 1));
    if (!quoted.empty() && quoted.size() < 1000)
        raw_.texts.push_back({{voice().measure, voice().at}, score::TextKind::kText, quoted});
    if (const auto chord = parse_chord_symbol(quoted, book_.chord_kinds)) {
        Voice& now = voice();
        now.accompaniment.set_chord({now.measure, now.at}, *chord);
        if (!chord->has_known_kind) now.unknown_chords.push_back(offset_);
    }
    return close + 1;
}

std::size_t TuneReader::read_decoration(std::string_view text, std::size_t at) {
    const std::size_t close = text.find(text[at], at + 1);
    if (close == std::string_view::npos) return at + 1;
    const std::string name = base::to_lower(text.substr(at + 1, close - at - 1));
    if (name == "fermata" || name == "breath") voice().fermata = true;
    if (name == "segno") here().segno = true;
    if (name == "coda") here().coda = true;
    if (name == "fine") here().fine = true;
    if (name == "d.c." || name == "dacapo") here().da_capo = true;
    if (name == "d.s." || name == "dalsegno") here().dal_segno = true;
    return close + 1;
}

// "1", "1,3", "1-3" behind a bar line or "[".
std::size_t TuneReader::read_ending(std::string_view text, std::size_t at) {
    std::vector<int> numbers;
    while (at < text.size() && is_digit(text[at])) {
        const int from = read_digits(text, at);
        int until = from;
        if (at + 1 < text.size() && text[at] == '-' && is_digit(text[at + 1])) {
            ++at;
            until = read_digits(text, at);
        }
        for (int number = from; number <= until; ++number) {
            if (numbers.size() >= kMostEndingNumbers) {
                cut();
                break;
            }
            numbers.push_back(number);
        }
        if (at + 1 < text.size() && text[at] == ',' && is_digit(text[at + 1])) ++at;
    }
    Voice& now = voice();
    if (now.in_ending && now.measure > first_measure_)
        measure(now.measure - 1).right.ending_stops = true;
    now.in_ending = true;
    here().left.ending = numbers;
    return at;
}

std::size_t TuneReader::read_bar_line(std::string_view text, std::size_t at) {
    bool repeats = false, begins_repeat = false, ends_section = false;
    int lines = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool opens_line = c == '[' && at + 1 < text.size() && text[at + 1] == '|';
        if (c == ':')
            (lines > 0 ? begins_repeat : repeats) = true;
        else if (c == '|')
            ++lines;
        else if (c != ']' && !opens_line)
            break;
        ends_section |= opens_line || lines > 1 || (c == ']' && lines > 0);
    }
    if (lines == 0) begins_repeat |= repeats;  // "::"
    Voice& now = voice();
    if (now.at > 0 || now.end > 0) end_measure();
    if (now.measure > first_measure_) {
        musicxml::RawMeasure& before = measure(now.measure - 1);
        before.right.repeat_backward |= repeats;
        before.right.ends_section |= ends_section || repeats;
        if (now.in_ending && (repeats || ends_section)) {
            before.right.ending_stops = true;
            now.in_ending = false;
        }
    }
    if (begins_repeat) here().left.repeat_forward = true;
    std::size_t next = at;
    while (next < text.size() && text[next] == ' ') ++next;
    if (next < text.size() && text[next] == '[' && next + 1 < text.size() &&
        is_digit(text[next + 1]))
        ++next;
    else if (next != at)
        return at;
    return next < text.size() && is_digit(text[next]) ? read_ending(text, next) : at;
}

void TuneReader::read_music(std::string_view text, std::uint64_t offset) {
    voice().sung.clear();
    for (std::size_t at = 0; at < text.size() && !is_full();) {
        offset_ = offset + at;
        const char c = text[at];
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        const bool is_inline_field = c == '[' && at + 2 < text.size() && text[at + 2] == ':' &&
                                     std::isalpha(static_cast<unsigned char>(next)) != 0;
        if (is_inline_field) {
            const std::size_t close = std::min(text.find(']', at), text.size());
            read_field(next, base::trim(text.substr(at + 3, close - std::min(close, at + 3))),
                       true);
            at = close + 1;
        } else if (c == '|' || (c == ':' && (next == ':' || next == '|')) ||
                   (c == '[' && next == '|')) {
            at = read_bar_line(text, at);
        } else if (c == ':' || text.substr(at, 3) == "[:]") {
            // A dotted line inside a bar; "| :" and ": |" repeat nothing, as in abc2midi.
            voice().accidentals.fill(std::nullopt);
            at += c == ':' ? 1 : 3;
        } else if (c == '[' && is_digit(next)) {
            at = read_ending(text, at + 1);
        } else if (c == '[') {
            at = read_chord(text, at);
        } else if (c == '(' && is_digit(next)) {
            at = read_tuplet(text, at);
        } else if (c == '{') {
            const std::size_t close = text.find('}', at);
            log_.add(Issue::kGraceSkipped, offset_, static_cast<int>(voice().part));
            at = close == std::string_view::npos ? text.size() : close + 1;
        } else if (c == '"') {
            at = read_quoted(text, at);
        } else if (c == '!' || c == '+') {
            at = read_decoration(text, at);
        } else if (c == '>' || c == '<') {
            at = read_broken(text, at);
        } else if (c == 'z' || c == 'x' || c == 'Z' || c == 'X') {
            at = read_rest(text, at);
        } else if (c == '^' || c == '_' || c == '=' || (c >= 'a' && c <= 'g') ||
                   (c >= 'A' && c <= 'G')) {
            at = read_note(text, at);
        } else if (c == '&') {
            voice().end = std::max(voice().end, voice().at);
            voice().at = 0;
            ++voice().overlay;
            ++at;
        } else {
            if (c == 'H') voice().fermata = true;
            constexpr std::string_view kSilent =
                " \t\r\\()-.~HIJKLMNOPQRSTUVWhijklmnopqrstuvw`y*$;?@#/,']";
            if (kSilent.find(c) == std::string_view::npos && static_cast<unsigned char>(c) < 0x80 &&
                !is_digit(c))
                log_.add(Issue::kAbcUnknownSymbol, offset_, static_cast<int>(voice().part));
            ++at;
        }
    }
}

// Syllables of a w: line for the notes of the music line before it.
void TuneReader::read_lyrics(std::string_view text) {
    Voice& now = voice();
    std::size_t note = 0;
    std::string syllable;
    auto& lyrics = raw_.parts[now.part].lyrics;
    const auto give = [&] {
        if (!syllable.empty() && note < now.sung.size())
            lyrics.push_back({now.sung[note], score::TextKind::kLyric, syllable});
        note += syllable.empty() ? 0 : 1;
        syllable.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == ' ' || c == '\t') {
            give();
        } else if (c == '-') {
            const bool ends = !syllable.empty();
            if (ends) syllable += '-';
            give();
            note += ends ? 0 : 1;
        } else if (c == '_' || c == '*') {
            give();
            ++note;
        } else if (c == '|') {
            give();
            if (note == 0 || note > now.sung.size()) continue;
            const int measure = now.sung[note - 1].measure;
            while (note < now.sung.size() && now.sung[note].measure == measure) ++note;
        } else if (c == '\\' && at + 1 < text.size() && text[at + 1] == '-') {
            syllable += text[++at];
        } else {
            syllable += c == '~' ? ' ' : c;
        }
    }
    give();
    now.sung.clear();  // further w: lines are other verses
}

}  // namespace symphony::io::abc
