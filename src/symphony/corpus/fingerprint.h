// What a piece is recognised by, whatever its key, its parts, its tempo and its file: the steps
// between pitches and the proportions of times, along its lines. Source: own; hashed stretches are
// the "shingles" of Broder, "On the resemblance and containment of documents", 1997.
#pragma once

#include "symphony/base/result.h"
#include "symphony/corpus/sketch.h"
#include "symphony/score/score.h"

#include <string>
#include <string_view>

namespace symphony::corpus {

struct Fingerprint {
    // SHA-256 in hex of the whole piece; equal for copies that differ by transposition, by the
    // spread of notes over parts, by unisons, note values, rests before the start, lengths,
    // velocities or tempo. Empty for a score without notes.
    std::string music;
    // Stretches of the top, the bottom and each part's line: copies, arrangements and excerpts
    // share many.
    Sketch windows;
    // Stretches of the melody, a pitch a beat, repeats merged: settings of one tune share many.
    Sketch melody;
    bool operator==(const Fingerprint&) const = default;
};

// Changes whenever the same score gives another fingerprint or other bytes: stored ones are then
// to be made anew.
inline constexpr std::uint8_t kFingerprintVersion = 2;

// The melody is the notes whose role says so, else the highest note of each moment. Drums count
// only in pieces that have nothing else.
Fingerprint fingerprint_of(const score::Score& score);

// Version, then the fields, numbers in little endian: at most 76 bytes and 4 a hash.
std::string to_bytes(const Fingerprint& fingerprint);

// Error (kInput) for bytes of another version, cut short, too long or with hashes out of order.
base::Result<Fingerprint> fingerprint_from_bytes(std::string_view bytes);

}  // namespace symphony::corpus
