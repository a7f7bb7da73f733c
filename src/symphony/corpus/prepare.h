// From a folder of music to a data set: read, group, split, augment, tokenise, write.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/option_table.h"
#include "symphony/base/progress.h"
#include "symphony/corpus/account.h"
#include "symphony/corpus/dataset.h"
#include "symphony/corpus/quality.h"
#include "symphony/tokens/subword_options.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace symphony::corpus {

struct PrepareOptions {
    std::string scheme = "remi";
    int steps_per_quarter = 0;     // 0: 12 where the corpus allows it, else 24
    tokens::StreamOptions stream;  // of remi and note, as their pages say
    int subwords = 0;  // vocabulary with sub-words learned from train; 0: none are learned
    std::string subword_model = tokens::kBytePairsName;  // or kUnigramName
    std::string tokenizer_file;  // an existing tokenizer.json; empty: learned from train
    bool augment = true;
    double valid_share = 0.1, test_share = 0.1;
    int fold = 0;                   // of five, in corpora of fewer than 40 pieces
    std::string split_file;         // TSV: train|valid|test TAB path
    std::string apart_from;         // folder: music related to what it holds is left out
    std::string only_mode = "any";  // "major" or "minor": others are left out after the split
    bool keep_same_music = false;
    // "beat": notes lie on steps of the beats that the files state; "free": on steps of 10 ms,
    // beats and bars not asserted; "auto": free where most pieces do not follow their beats.
    std::string timing = "beat";
    bool mend_bars = false;  // see bar_repair.h
    QualityFilters filters;
    double default_tempo_bpm =
        0;  // of pieces that state none; 0: what the named corpus says, if any

    void describe(base::OptionTable& table);
    tokens::TokenizerOptions tokenizer_options() const;
    tokens::SubwordOptions subword_options() const;
};

struct SplitCounts {
    std::int64_t pieces = 0, groups = 0, notes = 0, sequences = 0, ids = 0;
};

struct PrepareResult {
    std::filesystem::path folder;
    std::string hash;
    Account account;
    int vocabulary_size = 0, steps_per_quarter = 0;
    std::string scheme;
    SplitCounts splits[kSplits];
    std::int64_t left_out = 0;            // pieces by only_mode or absent from the split file
    std::vector<std::string> kept_apart;  // pieces left out as relatives of other music
    int folds = 0;                        // 0: one split
    std::map<std::string, std::int64_t> losses;  // of untransposed sequences: code -> notes
    std::vector<std::string> remarks;            // in words
    std::string timing;                          // "beat" or "free"
    std::map<std::string, std::string> mended;   // pieces whose bars were mended, and how
};

base::Json to_json(const PrepareResult& result);

// Writes the data set to `folder`, all or nothing, and which piece is in which split into the
// corpus's index (`index_file`, see index_place.h; empty: nothing is kept). Files are read when
// they are needed and again, never all held: one that changes meanwhile is an Error (kInput). The
// split of a piece depends on the corpus and the seed alone, not on filters, tokens or threads.
// Throws Error (kInput) if the corpus is too small or empty, (kUsage) for an unknown scheme,
// (kModel) for a damaged tokenizer.
PrepareResult prepare(const std::filesystem::path& corpus_root, const std::filesystem::path& folder,
                      const PrepareOptions& options, std::uint64_t seed, int threads,
                      base::Progress& progress, const std::filesystem::path& index_file = {});

// Does `folder` hold what prepare would write: from the same music, unchanged, with the same
// options and seed? Throws Error (kInput) if `corpus_root` does not exist.
bool is_prepared(const std::filesystem::path& folder, const std::filesystem::path& corpus_root,
                 const PrepareOptions& options, std::uint64_t seed);

// The tokenizer that prepare would write, for looking at single pieces. Throws as prepare does.
std::unique_ptr<tokens::Tokenizer> tokenizer_for(const std::filesystem::path& corpus_root,
                                                 const PrepareOptions& options, std::uint64_t seed,
                                                 int threads, base::Progress& progress,
                                                 const std::filesystem::path& index_file = {});

}  // namespace symphony::corpus
