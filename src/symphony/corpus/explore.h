// Reads a folder of music and says what it holds: the work of `symphony explore`.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/report.h"

#include <filesystem>

namespace symphony::corpus {

// `by`: what the atlas compares pieces by. `index_file` is the corpus's index (see index_place.h);
// empty: nothing is kept. Memory does not grow with the notes of the corpus. Throws as load_corpus
// does, and Error (kInput) if no file can be used.
CorpusReport explore(const std::filesystem::path& root, int threads, base::Progress& progress,
                     GroupBy by = GroupBy::kNone, const std::filesystem::path& index_file = {});

}  // namespace symphony::corpus
