// `fidelity`: what each token scheme loses of the pieces in a folder, and which suits them. Source:
// own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"
#include "symphony/corpus/account.h"
#include "symphony/tokens/fidelity.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace symphony::corpus {

struct FidelityOptions {
    std::vector<std::string> schemes;  // empty: all
    int steps_per_quarter = 0;         // of schemes with a grid; 0: their own choice
    std::int64_t context = 1024;       // tokens that a model sees at once
};

// A note that moved far.
struct Offender {
    std::string piece, part, pitch;  // id; name; "F#4"
    std::int64_t bar = 1;            // from 1
    double beat = 1, ms = 0;         // from 1; later than it was, or earlier
};

struct PieceLoss {
    std::string piece;
    std::int64_t lost = 0, notes = 0;  // merged or dropped
};

struct SchemeAudit {
    std::string scheme;
    std::string refused;  // why the scheme is none for these pieces; then nothing else is set
    int vocabulary = 0, steps_per_quarter = 0;
    tokens::Clock clock = tokens::Clock::kBeats;
    tokens::Fidelity counts;
    std::int64_t tokens = 0, sequences = 0;
    std::int64_t cut_sequences = 0;              // longer than the context
    std::int64_t longest = 0;                    // tokens of the longest sequence
    std::map<std::string, std::int64_t> losses;  // as the scheme itself counts them
    std::vector<Offender> offenders;             // furthest first, one a piece
    std::vector<PieceLoss> lossy_pieces;         // most notes lost first
};

// How these pieces lie in time: what a recommendation rests on.
struct TimingFacts {
    std::int64_t onsets = 0;
    std::map<int, std::int64_t> on_grid;  // steps per quarter -> onsets on that grid
    std::int64_t velocities = 0;          // different ones
    std::int64_t tempo_changes = 0;       // after the first of each piece
    std::int64_t pieces_with_drums = 0, pieces_with_pedal = 0, pieces_with_upbeat = 0;
};

struct FidelityReport {
    std::string root;
    Account account;
    std::int64_t pieces = 0, notes = 0, context = 0;
    double seconds = 0;  // of music
    TimingFacts timing;
    std::vector<SchemeAudit> schemes;  // in the order asked for
    std::vector<std::string> advice;   // in words, the most important first
};

// Reads the folder, learns each scheme from all of it and holds every piece against what comes
// back. Throws Error (kInput) if no file can be used, (kUsage) for an unknown scheme.
FidelityReport audit_fidelity(const std::filesystem::path& root, const FidelityOptions& options,
                              int threads, base::Progress& progress);

// Advice from the rest of the report.
std::vector<std::string> fidelity_advice(const FidelityReport& report);

base::Json to_json(const FidelityReport& report);
std::string to_text(const FidelityReport& report);

}  // namespace symphony::corpus
