// Training pieces varied anew each time they are read: the files are read again, changed as
// corpus/variant.h draws it, and encoded. A variant is a function of (seed, epoch, piece) alone, so
// that training goes on bit-exactly and any number of threads sees the same. Source: own.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/corpus/shaping.h"
#include "symphony/corpus/variant.h"
#include "symphony/tokens/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace symphony::training {

using Ids = std::vector<std::uint16_t>;

class VariantSource {
  public:
    // Reads every training piece once. Throws Error (kInput) naming the file if it is gone or is no
    // longer the music that the data set was made of: what it encodes to must be what is stored.
    // `threads` 0: all cores.
    VariantSource(const corpus::Dataset& dataset, corpus::VariantOptions options,
                  std::uint64_t seed, int threads);

    // The piece (a place in TrainingData::train) as it is read in that epoch; ends with the end
    // token. A draw that the scheme holds less well than the original is made again; after
    // eight of them the piece comes as written. From any thread. Throws Error (kInput) if the file
    // changed meanwhile.
    Ids ids(std::uint64_t epoch, std::size_t piece) const;

    std::size_t pieces() const { return sources_.size(); }

  private:
    struct Source {
        std::string path, sha256;
        std::vector<int> transpositions;
        std::map<std::string, std::int64_t> losses;  // of the piece as written
        Ids as_written;
    };
    score::Score read(const Source& source) const;

    corpus::VariantOptions options_;
    corpus::Shaping shaping_;
    std::uint64_t seed_;
    std::unique_ptr<tokens::Tokenizer> tokenizer_;
    std::vector<Source> sources_;
};

}  // namespace symphony::training
