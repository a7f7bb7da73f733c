// Finds every music file under a folder, reads them in parallel, and keeps an exact account of what
// became of each.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/account.h"
#include "symphony/corpus/fingerprint.h"
#include "symphony/io/score_file.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace symphony::corpus {

// A piece that is used: read, holding at least one note, roles assigned.
struct Piece {
    std::string id;  // path under the corpus root, with '/'
    std::filesystem::path path;
    std::string sha256;  // of the file
    score::Score score;
    score::Key key;  // the first one given, else estimated
    bool key_given = false;
    Fingerprint fingerprint;
};

struct Corpus {
    std::filesystem::path root;
    std::vector<Piece> pieces;  // sorted by id
    Account account;
};

struct LoadOptions {
    io::ReadOptions read;
    int threads = 0;  // 0: all cores
    // Pieces whose notes equal another's up to transposition and parts are kept (as relatives of
    // it), not left out as duplicates.
    bool keep_same_music = false;
    // Called once for each piece, from any thread, before it is known whether the piece is the copy
    // of another: `slot` is the piece's place among all files found. Its score is dropped
    // afterwards, so that memory does not grow with the corpus. Unset: scores are kept.
    std::function<void(std::size_t slot, const Piece& piece)> reduce;
};

// Throws Error (kInput) if `root` does not exist or holds no music file at all; (kInterrupted) on a
// stop request. No broken file throws: it is refused with a code and counted. `slots`, if given,
// receives each piece's slot.
Corpus load_corpus(const std::filesystem::path& root, const LoadOptions& options,
                   base::Progress& progress, std::vector<std::size_t>* slots = nullptr);

}  // namespace symphony::corpus
