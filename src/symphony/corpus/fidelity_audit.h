// `fidelity`: what each token scheme loses of the pieces in a folder, and which suits them. Source:
// own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"
#include "symphony/corpus/account.h"
#include "symphony/corpus/timing_facts.h"
#include "symphony/tokens/fidelity.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace symphony::corpus {

struct FidelityOptions {
    // Schemes, with options ("remi+pedal", see tokens/scheme_options.h), or tokenizer.json files;
    // empty: all, and remi with what it can hold besides.
    std::vector<std::string> schemes;
    int steps_per_quarter = 0;    // of schemes with a grid; 0: their own choice
    std::int64_t context = 1024;  // tokens that a model sees at once
    int pieces = 0;               // so many, drawn by `seed`; 0: all
    std::uint64_t seed = 0;
    std::filesystem::path index_file;  // as LoadOptions
};

// The scheme that every audit of all schemes has besides: remi with the rest of what it can hold.
inline constexpr const char* kRemiWithAll = "remi+micro-timing=7+pedal+controls";

// A note that moved far.
struct Offender {
    std::string piece, part, pitch;  // id; name; "F#4"
    std::int64_t bar = 1;            // from 1
    double beat = 1, ms = 0;         // from 1; later than it was, or earlier
};

struct PieceLoss {
    std::string piece;
    std::int64_t lost = 0, notes = 0;  // merged or dropped
    Offender first;                    // of the lost notes; nothing in `ms`
};

struct SchemeAudit {
    std::string scheme;   // as asked for
    std::string refused;  // why the scheme is none for these pieces; then nothing else is set
    int vocabulary = 0, steps_per_quarter = 0;
    tokens::Clock clock = tokens::Clock::kBeats;  // on which copies run alike
    tokens::Fidelity counts;
    std::int64_t tokens = 0, sequences = 0;
    std::int64_t cut_sequences = 0;              // longer than the context
    std::int64_t longest = 0;                    // tokens of the longest sequence
    std::map<std::string, std::int64_t> losses;  // as the scheme itself counts them
    std::vector<Offender> offenders;             // furthest first, one a piece
    std::vector<PieceLoss> lossy_pieces;         // most notes lost first
};

struct FidelityReport {
    std::string root;
    Account account;
    std::int64_t context = 0;
    int steps_per_quarter = 0;      // as asked; 0: each scheme's own choice
    std::int64_t pieces_there = 0;  // of which facts.pieces were looked at
    TimingFacts facts;
    std::vector<SchemeAudit> schemes;  // in the order asked for
    std::string most_faithful;         // of the schemes, as the advice names it; empty: none
    std::vector<std::string> advice;   // in words: the grid, the scheme to take, then the rest

    double seconds() const { return static_cast<double>(facts.milliseconds) / 1000; }
};

// Reads the folder twice: learns each scheme from its pieces, then holds every piece against what
// comes back. Few pieces are in memory at a time. Throws Error (kInput) if no file can be used,
// (kUsage) for an unknown scheme, (kModel) for a damaged tokenizer.
FidelityReport audit_fidelity(const std::filesystem::path& root, const FidelityOptions& options,
                              int threads, base::Progress& progress);

// The scheme that brings most notes back alike; of nearly equal ones the one that keeps tempo and
// metre with them; of nearly equal ones again the one with fewest tokens. nullptr if none took the
// pieces.
const SchemeAudit* most_faithful_scheme(const FidelityReport& report);

// Advice from the rest of the report.
std::vector<std::string> fidelity_advice(const FidelityReport& report);

// A share in percent, "97.6": what is not all reads "<100", not nothing ">0". "-" of nothing.
std::string in_percent(std::int64_t part, std::int64_t all);

// The finest step of a scheme's time: "12 a quarter", "10 ms".
std::string grid_of(const SchemeAudit& audit);

base::Json to_json(const FidelityReport& report);
std::string to_text(const FidelityReport& report);

}  // namespace symphony::corpus
