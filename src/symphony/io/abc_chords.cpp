#include "symphony/io/abc_chords.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <utility>

namespace symphony::io::abc {
namespace {

constexpr int kBassOctave = 36;
constexpr int kChordOctave = 48;

// "C", "F#", "Bb" at `at`, which is moved past it: semitones above C.
std::optional<int> read_note_name(std::string_view text, std::size_t& at) {
    constexpr std::string_view kLetters = "CDEFGAB";
    constexpr int kSemitones[] = {0, 2, 4, 5, 7, 9, 11};
    if (at >= text.size()) return std::nullopt;
    const char upper =
        text[at] >= 'a' && text[at] <= 'g' ? static_cast<char>(text[at] - 'a' + 'A') : text[at];
    const std::size_t letter = kLetters.find(upper);
    if (letter == std::string_view::npos) return std::nullopt;
    int semitones = kSemitones[letter];
    ++at;
    if (at < text.size() && (text[at] == '#' || text[at] == 'b'))
        semitones += text[at++] == '#' ? 1 : -1;
    return semitones;
}

}  // namespace

ChordKinds::ChordKinds() {
    const std::pair<const char*, std::vector<int>> kinds[] = {
        {"", {0, 4, 7}},
        {"m", {0, 3, 7}},
        {"7", {0, 4, 7, 10}},
        {"m7", {0, 3, 7, 10}},
        {"m7b5", {0, 3, 6, 10}},
        {"maj7", {0, 4, 7, 11}},
        {"M7", {0, 4, 7, 11}},
        {"6", {0, 4, 7, 9}},
        {"m6", {0, 3, 7, 9}},
        {"aug", {0, 4, 8}},
        {"+", {0, 4, 8}},
        {"aug7", {0, 4, 8, 10}},
        {"dim", {0, 3, 6}},
        {"dim7", {0, 3, 6, 9}},
        {"9", {0, 4, 7, 10, 14}},
        {"m9", {0, 3, 7, 10, 14}},
        {"maj9", {0, 4, 7, 11, 14}},
        {"M9", {0, 4, 7, 11, 14}},
        {"11", {0, 4, 7, 10, 14, 17}},
        {"dim9", {0, 3, 6, 9, 13}},
        {"sus", {0, 5, 7}},
        {"sus4", {0, 5, 7}},
        {"sus9", {0, 2, 7}},
        {"sus2", {0, 2, 7}},
        {"7sus4", {0, 5, 7, 10}},
        {"7sus9", {0, 2, 7, 10}},
        {"5", {0, 7}},
    };
    for (const auto& [name, intervals] : kinds) define(name, intervals);
}

std::optional<std::uint16_t> ChordKinds::find(std::string_view name) const {
    const auto found = index_.find(name);
    if (found == index_.end()) return std::nullopt;
    return found->second;
}

bool ChordKinds::define(const std::string& name, std::vector<int> intervals) {
    if (intervals.size() > kMostNotes) intervals.resize(kMostNotes);
    if (const auto kind = find(name)) {
        intervals_[*kind] = std::move(intervals);
        return true;
    }
    if (intervals_.size() >= kMostKinds) return false;
    index_.emplace(name, static_cast<std::uint16_t>(intervals_.size()));
    intervals_.push_back(std::move(intervals));
    return true;
}

std::optional<ChordSymbol> parse_chord_symbol(std::string_view text, const ChordKinds& kinds) {
    constexpr std::string_view kPlaced = "^_<>@";
    if (!text.empty() && kPlaced.find(text.front()) != std::string_view::npos) return std::nullopt;
    for (const std::string& each : base::split(text, ';')) {
        std::string_view term = each;
        if (term.starts_with('(')) term.remove_prefix(1);
        std::size_t at = 0;
        ChordSymbol chord;
        const auto root = read_note_name(term, at);
        if (!root) continue;
        chord.root = static_cast<std::int8_t>(*root);
        chord.is_root_alone = term[0] >= 'a';
        const std::size_t end = std::min(term.find_first_of("/() ", at), term.size());
        const auto kind = kinds.find(term.substr(at, end - at));
        chord.kind = kind.value_or(0);
        chord.has_known_kind = kind.has_value();
        if (end < term.size() && term[end] == '/') {
            at = end + 1;
            if (const auto bass = read_note_name(term, at))
                chord.bass = static_cast<std::int8_t>((*bass + 12) % 12);
        }
        return chord;
    }
    return std::nullopt;
}

int bass_pitch(const ChordSymbol& chord) {
    return kBassOctave + (chord.bass < 0 ? chord.root : chord.bass);
}

std::vector<int> chord_pitches(const ChordSymbol& chord, const ChordKinds& kinds) {
    std::vector<int> pitches;
    if (chord.is_root_alone) return pitches;
    std::optional<int> lowest;
    for (const int interval : kinds.intervals(chord.kind)) {
        const int pitch = kChordOctave + chord.root + interval;
        pitches.push_back(pitch);
        if (chord.bass >= 0 && !lowest && (pitch - chord.bass) % 12 == 0) lowest = pitch;
    }
    // An inversion: what lies below its bass goes above it.
    for (int& pitch : pitches)
        if (lowest && pitch < *lowest) pitch += 12;
    return pitches;
}

}  // namespace symphony::io::abc
