// A folder of music as its pieces and an exact account of what became of each file. Scores are not
// held: they are read again when they are needed.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/account.h"
#include "symphony/corpus/corpus_index.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/quality.h"
#include "symphony/corpus/shaping.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace symphony::corpus {

// A piece that is used: read, holding at least one note.
struct Piece {
    std::string id;      // path under the corpus root, with '/'
    std::string sha256;  // of the file
    std::string title, composer;
    score::Key key;  // the first one given, else estimated
    bool key_given = false;
    std::int64_t content = 0;  // row of the index
};

struct Corpus {
    std::filesystem::path root;
    std::vector<Piece> pieces;  // sorted by id
    Account account;
    std::unique_ptr<CorpusIndex> index;
    std::unique_ptr<Transaction> view;  // holds the index as it was when the pieces were listed
    Shaping shaping;                    // of what is read; statistics are of the files as they are

    std::filesystem::path path_of(const Piece& piece) const;
    // Roles assigned, shaped; `mended` as of shaped(). Throws Error (kInput) naming the file if it
    // is no longer what was listed.
    score::Score read(const Piece& piece, std::string* mended = nullptr) const;
    Fingerprint fingerprint(const Piece& piece) const { return index->fingerprint(piece.content); }
    MelodyLines lines(const Piece& piece) const { return index->lines(piece.content); }
    // Its summary's group is empty.
    PieceStatistics statistics(const Piece& piece) const;
};

struct LoadOptions {
    int threads = 0;  // 0: all cores
    // Pieces whose notes equal another's up to transposition and parts are kept (as relatives of
    // it), not left out as duplicates.
    bool keep_same_music = false;
    std::filesystem::path index_file;  // empty: nothing is kept
    QualityFilters filters;            // what they find fault with is no piece
};

// Brings the index up to date and lists the pieces. Throws Error (kInput) if `root` does not exist
// or holds no music file at all; (kInterrupted) on a stop request; DamagedDatabase. No broken file
// throws: it is refused with a code and counted.
Corpus load_corpus(const std::filesystem::path& root, const LoadOptions& options,
                   base::Progress& progress);

// Which of its pieces belong together.
Groups group_pieces(const Corpus& corpus, int threads);

}  // namespace symphony::corpus
