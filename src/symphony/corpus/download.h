// The three ways by which an archive of music comes to this machine.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/named_corpora.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::corpus {

inline constexpr std::uint64_t kMaxDownloadBytes = std::uint64_t{1} << 30;

// Downloads corpus.source into `work_folder` and returns the file, its SHA-256 checked. Throws
// Error (kInput) with a hint.
std::filesystem::path download(const NamedCorpus& corpus, const std::filesystem::path& work_folder,
                               base::Progress& progress);

struct ArchiveFile {
    std::string name;  // path inside the archive
    std::string bytes;
};

// Every file of the archive that begins with the corpus's prefix and has one of its endings, and
// the licence file. A Debian package is unpacked inside `work_folder`; a URL's file that is no zip
// archive is itself the one file.
std::vector<ArchiveFile> unpack(const NamedCorpus& corpus, const std::filesystem::path& archive,
                                const std::filesystem::path& work_folder);

}  // namespace symphony::corpus
