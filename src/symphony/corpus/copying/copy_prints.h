// What must be known of pieces to find copies of them without their notes: a winnowed choice of
// fingerprints of their lines (winnow.h), in any key and with their rhythm, each with the place
// that it begins at. Every match of at least PrintShape::sure_notes() notes holds a chosen one, and
// all stretches of the music in question are looked up, so none is missed. docs/copying.md.
#pragma once

#include "symphony/base/result.h"
#include "symphony/corpus/copying/copy_index.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::corpus {

// With fewer steps than a window neighbouring fingerprints could leave notes out between them:
// window <= steps.
struct PrintShape {
    std::size_t steps = 8;   // from note to note, in a fingerprint
    std::size_t window = 4;  // of so many neighbouring stretches at least one is kept
    std::size_t notes() const { return steps + 1; }
    // A match of so many notes, or more, is found.
    std::size_t sure_notes() const { return steps + window; }
    // Of such a match at most so many notes are not seen, at both ends together.
    std::size_t unseen_notes() const { return 2 * (window - 1); }
    bool operator==(const PrintShape&) const = default;
};

struct PrintedPiece {
    std::string id;
    std::vector<std::uint32_t> bars;  // as NoteLines::bars, in steps of the grid
    bool operator==(const PrintedPiece&) const = default;
};

// Neighbouring notes of a line whose fingerprints stand in one piece, as far apart in time as
// there.
struct PrintRun {
    std::size_t notes = 0;    // 0: none begins here
    std::uint32_t place = 0;  // of the first note in the pieces, see where()
    bool operator==(const PrintRun&) const = default;
};

class CopyPrints {
  public:
    // `data_sha256`: of the data set that the pieces are of, 64 hex digits; `steps_per_quarter`:
    // the grid of their times. Precondition: 1 <= shape.window <= shape.steps.
    CopyPrints(const std::vector<CopySource>& sources, int steps_per_quarter,
               std::string data_sha256, PrintShape shape = {});

    // Of each note of the line, the longest run that begins there with a fingerprint of its own.
    std::vector<PrintRun> runs(std::span<const LineNote> line) const;
    // Do so many notes from `first` on lie in one run?
    bool hold(std::span<const LineNote> line, std::size_t first, std::size_t notes) const;

    // A place in all pieces in a row, as runs name it.
    struct Where {
        std::size_t piece = 0;    // index into pieces()
        std::uint32_t steps = 0;  // of the grid, from the piece's beginning
    };
    Where where(std::uint32_t place) const;

    const std::vector<PrintedPiece>& pieces() const { return pieces_; }
    const PrintShape& shape() const { return shape_; }
    int steps_per_quarter() const { return steps_per_quarter_; }
    const std::string& data_sha256() const { return data_sha256_; }
    std::size_t hashes() const { return hashes_.size(); }  // different ones
    std::size_t places() const { return places_.size(); }  // where they stand

    // The file's format: docs/copying.md. Error (kModel) for bytes that are no such file, damaged,
    // or of another version.
    std::string to_bytes() const;
    static base::Result<CopyPrints> from_bytes(std::string_view bytes);
    bool operator==(const CopyPrints&) const = default;

  private:
    CopyPrints() = default;
    void number_places();
    std::span<const std::uint32_t> places_of(std::uint32_t hash) const;

    PrintShape shape_;
    int steps_per_quarter_ = 0;
    std::string data_sha256_;
    std::vector<PrintedPiece> pieces_;
    std::vector<std::uint32_t> first_places_;  // of each piece
    std::vector<std::uint32_t> hashes_;        // ascending
    std::vector<std::uint32_t> begins_;        // of each hash its places in places_; one more
    std::vector<std::uint32_t> places_;        // of each hash ascending
};

// Error (kModel) naming the file.
base::Result<CopyPrints> read_copy_prints(const std::filesystem::path& path);

}  // namespace symphony::corpus
