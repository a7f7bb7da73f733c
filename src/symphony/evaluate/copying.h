// How much of a piece is copied from the pieces that a model was trained on, and whether that is
// more than real music shares with them: beside every figure stands its percentile among excerpts
// of as many bars of the held-out pieces, which are searched in the same way.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"
#include "symphony/corpus/copying/copy_index.h"
#include "symphony/corpus/dataset.h"
#include "symphony/evaluate/copy_figures.h"
#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symphony::evaluate {

// A figure, its median over held-out excerpts, and the percentage of these where it is lower, equal
// ones counted half.
struct Standing {
    double value = 0, held_out_median = 0, percentile = 0;
};

// The longest match, as it is told.
struct CopyPlace {
    std::string part;                 // of the piece
    BarRange bars;                    // of the piece
    std::string source, source_part;  // id of the training piece; part names
    BarRange source_bars;
    int transposition = 0;   // semitones from the source
    double speed = 1;        // 2: in half the note values of the source
    std::size_t places = 0;  // as of corpus::CopyOrigin
    bool operator==(const CopyPlace&) const = default;
};

struct SenseCopying {
    corpus::CopySense sense = corpus::CopySense::kExact;
    Standing longest_notes, longest_bars, share;
    std::optional<CopyPlace> place;  // none: no two notes match
};

struct PieceCopying {
    std::string name;
    std::size_t bars = 0, notes = 0;
    std::size_t notes_left_out = 0;  // pitched ones that the data set's tokens cannot say
    std::size_t excerpts = 0;        // of held-out pieces that it was held against
    std::array<SenseCopying, corpus::kCopySenses> senses;
};

inline constexpr int kLeastCopiedNotes = 12;

class CopyingJudge {
  public:
    // Indexes the training pieces and searches valid and test pieces in them. A match counts from
    // `least_notes` notes on. Throws Error (kInput) if a split is missing.
    CopyingJudge(const corpus::Dataset& dataset, const tokens::Tokenizer& tokenizer,
                 std::size_t least_notes, int threads, base::Progress& progress);

    // The music goes through the data set's tokens first; without notes in them (drums are not
    // compared) nothing is told but that. Throws what the tokenizer refuses. Not for several
    // threads at once.
    PieceCopying judge(const std::string& name, const score::Score& score);

    const corpus::CopyIndex& index() const { return index_; }
    std::size_t held_out_pieces() const { return held_out_.size(); }
    std::size_t least_notes() const { return least_notes_; }

  private:
    using Lengths = std::vector<std::vector<std::uint32_t>>;
    struct HeldOut {
        corpus::NoteLines lines;
        std::array<Lengths, corpus::kCopySenses> longest;
    };
    // Sorted figures of all held-out excerpts of one length.
    struct Band {
        std::vector<double> longest_notes, longest_bars, share;
    };
    using Bands = std::array<Band, corpus::kCopySenses>;
    const Bands& bands(std::size_t bars);

    const tokens::Tokenizer& tokenizer_;
    std::size_t least_notes_;
    corpus::CopyIndex index_;
    std::vector<HeldOut> held_out_;
    std::map<std::size_t, Bands> bands_;  // by bars
};

base::Json to_json(const CopyPlace& place);
CopyPlace copy_place_from_json(const base::Json& json);
base::Json to_json(const PieceCopying& copying);

}  // namespace symphony::evaluate
