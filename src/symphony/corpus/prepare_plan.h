// What prepare decides before it writes: which pieces, in which splits, with which tokenizer.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/augment.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/prepare.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace symphony::corpus {

// A piece that goes into the data set.
struct Chosen {
    const Piece* piece = nullptr;
    Split split = Split::kTrain;
    std::string group;
    int fold = -1;
};

struct PreparePlan {
    Corpus corpus;
    Groups groups;
    std::vector<Chosen> chosen;  // point into corpus
    std::unique_ptr<PartRanges> ranges;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
    PrepareResult result;  // account, remarks and tokenizer so far
};

// With the scheme and the steps asked for; where none were and timing is free, steps of 10 ms.
tokens::TokenizerOptions tokenizer_options(const PrepareOptions& options, const Shaping& shaping);

// Lists the corpus, groups and splits it, applies the filters, and learns or loads the tokenizer.
// Throws as prepare does.
PreparePlan make_plan(const std::filesystem::path& corpus_root, const PrepareOptions& options,
                      std::uint64_t seed, int threads, base::Progress& progress,
                      const std::filesystem::path& index_file);

}  // namespace symphony::corpus
