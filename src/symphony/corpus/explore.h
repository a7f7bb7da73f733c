// Reads a folder of music and says what it holds: the work of `symphony explore`.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/report.h"

#include <filesystem>

namespace symphony::corpus {

// Memory does not grow with the notes of the corpus. Throws as load_corpus does, and Error (kInput)
// if no file can be used.
// `by`: what the atlas compares pieces by.
CorpusReport explore(const std::filesystem::path& root, int threads, base::Progress& progress,
                     GroupBy by = GroupBy::kNone);

}  // namespace symphony::corpus
