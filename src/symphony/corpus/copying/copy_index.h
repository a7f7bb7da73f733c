// Which stretches of a piece occur in other pieces (those that a model was trained on), note for
// note, in four senses of "the same". docs/copying.md defines them.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/copying/note_lines.h"
#include "symphony/corpus/dataset.h"
#include "symphony/tokens/tokenizer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::corpus {

// What two stretches of notes must have in common. Rhythm: the time from each onset to the next;
// how long notes are held is never compared.
enum class CopySense : std::uint8_t {
    kExact,              // pitches and rhythm
    kTransposed,         // intervals and rhythm: in any key
    kPitches,            // pitches, in any rhythm
    kTransposedPitches,  // intervals, in any rhythm: in any key, at any speed
};
inline constexpr int kCopySenses = 4;
std::string_view copy_sense_name(CopySense sense);  // "exact", "transposed", ...

// A piece whose notes are looked through.
struct CopySource {
    std::string id;
    NoteLines lines;
};

// One match: the notes [first, first + notes) of a line.
struct CopyMatch {
    std::size_t line = 0;  // index into NoteLines::lines
    std::size_t first = 0, notes = 0;
    bool operator==(const CopyMatch&) const = default;
};

// Where a match has its like.
struct CopyOrigin {
    std::size_t piece = 0;    // index into the sources; of several places the first
    std::size_t part = 0;     // index into its Score::parts
    score::Ticks begin, end;  // its first and its last onset
    int transposition = 0;    // semitones from the source to the match
    std::size_t places = 0;   // how often the like of it occurs in the sources
};

class CopyIndex {
  public:
    // Indexes the senses given. Throws Error (kInput) for more notes than an index holds (2^31).
    CopyIndex(std::vector<CopySource> sources, const std::vector<CopySense>& senses, int threads,
              base::Progress& progress);
    ~CopyIndex();
    CopyIndex(CopyIndex&&) noexcept;
    CopyIndex& operator=(CopyIndex&&) noexcept;

    // Of each line and each of its notes: how many notes from there on occur in a source, at most;
    // 0 and 1 mean the same, that no two notes do. Precondition, as of all below: the sense is
    // indexed.
    std::vector<std::vector<std::uint32_t>> longest(const NoteLines& piece, CopySense sense) const;

    bool contains(const NoteLines& piece, const CopyMatch& stretch, CopySense sense) const;

    // Precondition: it occurs.
    CopyOrigin origin(const NoteLines& piece, const CopyMatch& match, CopySense sense) const;

    const std::string& piece_id(std::size_t piece) const;
    const NoteLines& piece_lines(std::size_t piece) const;
    std::size_t pieces() const;
    std::size_t notes() const;  // of all sources; those that are also in an edge line, once

  private:
    struct Data;
    std::unique_ptr<const Data> data_;
};

// The pieces of a split (untransposed), as the data set's tokens hold them. Pieces without notes
// are left out.
std::vector<CopySource> copy_sources(const Dataset& dataset, Split split,
                                     const tokens::Tokenizer& tokenizer, int threads,
                                     base::Progress& progress);

}  // namespace symphony::corpus
