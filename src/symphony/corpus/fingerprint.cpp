#include "symphony/corpus/fingerprint.h"

#include "symphony/base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace symphony::corpus {
namespace {

using score::Note;
using score::Part;
using score::Score;

// Onsets are compared on this grid, fine enough for triplets of sixteenths.
constexpr int kStepsPerQuarter = 24;
// A window of all notes spans at least so many moments and notes: long enough not to recur by
// chance, short enough for several between two differences of edition.
constexpr std::size_t kWindowMoments = 4, kWindowNotes = 10;
// Pitches in a window of melody.
constexpr std::size_t kMelodyNotes = 8;

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

// FNV-1a over 32-bit words, finished by a mixer (splitmix64) so that similar windows do not
// collide.
class Hash {
  public:
    void add(std::int64_t word) {
        for (int byte = 0; byte < 4; ++byte)
            state_ = (state_ ^ static_cast<std::uint64_t>((word >> (8 * byte)) & 0xFF)) *
                     0x100000001B3ULL;
    }
    std::uint64_t value() const {
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

  private:
    std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

void sort_once(std::vector<std::uint64_t>& hashes) {
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
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

std::vector<std::uint64_t> window_hashes(const std::vector<Moment>& moments) {
    std::vector<std::uint64_t> hashes;
    for (std::size_t begin = 0; begin < moments.size(); ++begin) {
        std::size_t end = begin, notes = 0;
        while (end < moments.size() && (end - begin < kWindowMoments || notes < kWindowNotes))
            notes += moments[end++].pitches.size();
        if (end - begin < kWindowMoments || notes < kWindowNotes) break;
        const std::int64_t unit = unit_of(moments, begin, end);
        Hash hash;
        for (std::size_t i = begin; i < end; ++i) {
            hash.add(-1);
            hash.add((moments[i].step - moments[begin].step) / unit);
            for (const int pitch : moments[i].pitches)
                hash.add(pitch - moments[begin].pitches.front());
        }
        hashes.push_back(hash.value());
    }
    sort_once(hashes);
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

std::vector<std::uint64_t> melody_hashes(const std::vector<int>& line) {
    std::vector<std::uint64_t> hashes;
    for (std::size_t begin = 0; begin + kMelodyNotes <= line.size(); ++begin) {
        Hash hash;
        for (std::size_t i = 1; i < kMelodyNotes; ++i) hash.add(line[begin + i] - line[begin]);
        hashes.push_back(hash.value());
    }
    sort_once(hashes);
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
    fingerprint.windows = window_hashes(pitched);
    fingerprint.melody = melody_hashes(melody_line(score));
    return fingerprint;
}

std::size_t shared_count(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    std::size_t shared = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (*i < *j) {
            ++i;
        } else if (*j < *i) {
            ++j;
        } else {
            ++shared, ++i, ++j;
        }
    }
    return shared;
}

}  // namespace symphony::corpus
