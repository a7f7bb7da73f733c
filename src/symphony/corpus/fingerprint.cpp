#include "symphony/corpus/fingerprint.h"

#include "symphony/base/sha256.h"
#include "symphony/corpus/lines.h"
#include "symphony/corpus/word_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <numeric>

namespace symphony::corpus {
namespace {

using score::Note;
using score::Part;
using score::Score;

// Onsets are compared on this grid, fine enough for triplets of sixteenths.
constexpr int kStepsPerQuarter = 24;
// Notes in a window of a line: long enough not to recur by chance, short enough for several between
// two differences of edition. Fewer pitches than kWindowPitches in it are a trill or an
// alternation.
constexpr std::size_t kWindowNotes = 8, kWindowPitches = 4;
// Pitches in a window of melody.
constexpr std::size_t kMelodyNotes = 8;
// Proportions of neighbouring times between onsets are told apart only this far: longer by more
// than this factor, shorter by more, or alike. Swing, dotting and a player's unevenness stay below.
constexpr double kMuchLonger = 2.4;

// All pitches that begin at one step.
struct Moment {
    std::int64_t step = 0;
    std::vector<int> pitches;  // sorted, each once
};

std::vector<Moment> moments_of(const Score& score, bool drums) {
    std::vector<std::pair<std::int64_t, int>> onsets;
    for (const Part& part : score.parts) {
        if (part.is_drums != drums) continue;
        for (const Note& note : part.notes) {
            const std::int64_t scaled = note.onset.value * kStepsPerQuarter;
            const std::int64_t step =
                (scaled + score.ticks_per_quarter / 2) / score.ticks_per_quarter;
            onsets.emplace_back(step, note.pitch);
        }
    }
    std::sort(onsets.begin(), onsets.end());
    onsets.erase(std::unique(onsets.begin(), onsets.end()), onsets.end());
    std::vector<Moment> moments;
    for (const auto& [step, pitch] : onsets) {
        if (moments.empty() || moments.back().step != step) moments.push_back({.step = step});
        moments.back().pitches.push_back(pitch);
    }
    return moments;
}

// The greatest common divisor of all onset steps: the same music in half the note values is the
// same music.
std::int64_t unit_of(const std::vector<Moment>& moments, std::size_t begin, std::size_t end) {
    std::int64_t unit = 0;
    for (std::size_t i = begin + 1; i < end; ++i)
        unit = std::gcd(unit, moments[i].step - moments[i - 1].step);
    return std::max<std::int64_t>(unit, 1);
}

std::string whole_hash(const std::vector<Moment>& moments, bool transposable) {
    if (moments.empty()) return {};
    const int reference = transposable ? moments.front().pitches.front() : 0;
    const std::int64_t unit = unit_of(moments, 0, moments.size());
    std::string text;
    for (const Moment& moment : moments) {
        text += fmt::format("{}:", (moment.step - moments.front().step) / unit);
        for (const int pitch : moment.pitches) text += fmt::format("{},", pitch - reference);
    }
    return base::sha256_hex(text);
}

int proportion_class(std::int64_t before, std::int64_t after) {
    if (static_cast<double>(after) > kMuchLonger * static_cast<double>(before)) return 2;
    if (static_cast<double>(before) > kMuchLonger * static_cast<double>(after)) return 0;
    return 1;
}

void add_windows(const Line& line, std::vector<std::uint32_t>& hashes) {
    for (std::size_t begin = 0; begin + kWindowNotes <= line.size(); ++begin) {
        WordHash hash;
        std::bitset<score::kPitches> pitches;
        pitches.set(line[begin].pitch);
        for (std::size_t i = begin + 1; i < begin + kWindowNotes; ++i) {
            pitches.set(line[i].pitch);
            hash.add(line[i].pitch - line[i - 1].pitch);
            if (i > begin + 1)
                hash.add(proportion_class((line[i - 1].onset - line[i - 2].onset).value,
                                          (line[i].onset - line[i - 1].onset).value));
        }
        if (pitches.count() >= kWindowPitches) hashes.push_back(hash.value());
    }
}

// Windows of the lines at the edges of the whole and on top of each part.
std::vector<std::uint32_t> window_hashes(const Score& score) {
    const score::Ticks together = togetherness(score);
    std::vector<Note> all;
    std::vector<std::uint32_t> hashes;
    std::size_t parts = 0;
    for (const Part& part : score.parts) {
        if (part.is_drums || part.notes.empty()) continue;
        ++parts;
        all.insert(all.end(), part.notes.begin(), part.notes.end());
        add_windows(edge_line(part.notes, Edge::kTop, together), hashes);
    }
    std::sort(all.begin(), all.end());
    if (parts > 1) add_windows(edge_line(all, Edge::kTop, together), hashes);
    add_windows(edge_line(all, Edge::kBottom, together), hashes);
    return hashes;
}

// The melody's pitch at every quarter of every bar, -1 in rests, equal neighbours merged: passing
// notes, suspended rhythms and other note values vanish, the tune stays.
std::vector<int> melody_line(const Score& score) {
    std::vector<Note> notes;
    for (const bool by_role : {true, false}) {
        for (const Part& part : score.parts)
            for (const Note& note : part.notes)
                if (!part.is_drums && (!by_role || note.role == score::Role::kMelody))
                    notes.push_back(note);
        if (!notes.empty()) break;
    }
    std::sort(notes.begin(), notes.end());
    std::vector<int> line;
    std::vector<Note> sounding;
    std::size_t next = 0;
    for (const score::Bar& bar : score::bars_of(score)) {
        for (std::int64_t at = bar.onset.value; at < (bar.onset + bar.length).value;
             at += score.ticks_per_quarter) {
            while (next < notes.size() && notes[next].onset.value <= at)
                sounding.push_back(notes[next++]);
            std::erase_if(sounding, [&](const Note& note) { return note.end().value <= at; });
            int highest = -1;
            for (const Note& note : sounding) highest = std::max<int>(highest, note.pitch);
            if (highest >= 0 && (line.empty() || line.back() != highest)) line.push_back(highest);
        }
    }
    return line;
}

std::vector<std::uint32_t> melody_hashes(const std::vector<int>& line) {
    std::vector<std::uint32_t> hashes;
    for (std::size_t begin = 0; begin + kMelodyNotes <= line.size(); ++begin) {
        WordHash hash;
        for (std::size_t i = 1; i < kMelodyNotes; ++i) hash.add(line[begin + i] - line[begin]);
        hashes.push_back(hash.value());
    }
    return hashes;
}

}  // namespace

Fingerprint fingerprint_of(const Score& score) {
    Fingerprint fingerprint;
    const std::vector<Moment> pitched = moments_of(score, /*drums=*/false);
    if (pitched.empty()) {
        fingerprint.music = whole_hash(moments_of(score, /*drums=*/true), /*transposable=*/false);
        return fingerprint;
    }
    fingerprint.music = whole_hash(pitched, /*transposable=*/true);
    fingerprint.windows = sketch_of(window_hashes(score));
    fingerprint.melody = sketch_of(melody_hashes(melody_line(score)));
    return fingerprint;
}

}  // namespace symphony::corpus
