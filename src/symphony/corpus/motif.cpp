#include "symphony/corpus/motif.h"

#include "symphony/base/error.h"
#include "symphony/corpus/lines.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace symphony::corpus {
namespace {

constexpr int kMiddleC = 60;

// Pitch of one name; `before` decides the octave where none is given. Nothing if it is no note.
std::optional<int> pitch_named(std::string_view name, std::optional<int> before) {
    static constexpr int kPitchClass[7] = {9, 11, 0, 2, 4, 5, 7};  // a to g
    if (name.empty()) return std::nullopt;
    const char letter = static_cast<char>(name[0] | 0x20);
    if (letter < 'a' || letter > 'g') return std::nullopt;
    int pitch = kPitchClass[letter - 'a'];
    std::size_t at = 1;
    for (; at < name.size(); ++at) {
        if (name[at] == '#')
            ++pitch;
        else if (name[at] == 'b' || name[at] == '-')
            --pitch;
        else
            break;
    }
    if (at < name.size()) {
        if (name.size() != at + 1 || name[at] < '0' || name[at] > '9') return std::nullopt;
        pitch += kMiddleC + 12 * (name[at] - '4');
    } else if (before) {
        while (pitch < *before - 6) pitch += 12;
    } else {
        pitch += kMiddleC;
    }
    if (pitch < 0 || pitch >= score::kPitches) return std::nullopt;
    return pitch;
}

}  // namespace

Motif motif_of(const score::Score& score) {
    std::vector<score::Note> notes;
    for (const score::Part& part : score.parts)
        if (!part.is_drums) notes.insert(notes.end(), part.notes.begin(), part.notes.end());
    std::sort(notes.begin(), notes.end());
    Motif motif;
    for (const LineNote& note : edge_line(notes, Edge::kTop, togetherness(score))) {
        if (motif.pitches.size() == kMostMotifNotes) break;
        motif.pitches.push_back(note.pitch);
        motif.onsets.push_back(score::to_quarters(note.onset, score.ticks_per_quarter).value);
    }
    return motif;
}

Motif parse_note_names(std::string_view text) {
    Motif motif;
    const auto separates = [](char c) { return c == ' ' || c == ',' || c == '\t' || c == '\n'; };
    for (std::size_t begin = 0; begin < text.size();) {
        if (separates(text[begin])) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < text.size() && !separates(text[end])) ++end;
        const std::string_view name = text.substr(begin, end - begin);
        const auto pitch = pitch_named(
            name, motif.pitches.empty() ? std::nullopt : std::optional(motif.pitches.back()));
        if (!pitch)
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("\"{}\" is no note, expected names such as c, f#, bb or "
                                          "c5, separated by spaces",
                                          name),
                              {}, "a melody with rhythm can be given as --abc \"c2 d e c\"");
        motif.pitches.push_back(*pitch);
        begin = end;
    }
    return motif;
}

}  // namespace symphony::corpus
