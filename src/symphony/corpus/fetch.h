// Fetches a named corpus: downloads through the ordinary clients (pip, apt-get, curl) with their
// own settings, checks the hash, takes the music out, and keeps a list of what it put where.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/named_corpora.h"

#include <filesystem>
#include <string>

namespace symphony::corpus {

struct FetchedCorpus {
    std::filesystem::path folder;
    bool was_present = false;  // every file was there and had its hash: nothing was downloaded
    int files = 0;
    int left_out = 0;  // of the files taken from the archive, by NamedCorpus::exact_parts
    std::string licence_text;
};

// Puts the corpus into `folder` (made beside it, then renamed), with LICENSE and corpus.json.
// Throws Error (kInput) with a hint if there is no network, a client is missing, or the hash is not
// the one expected, or if `folder` holds anything besides an earlier fetch; whatever was in
// `folder` is then untouched.
FetchedCorpus fetch_corpus(const NamedCorpus& corpus, const std::filesystem::path& folder,
                           base::Progress& progress);

// Is the corpus in `folder` whole? Every file that corpus.json lists has its hash.
bool is_fetched(const NamedCorpus& corpus, const std::filesystem::path& folder);

// NamedCorpus::default_tempo_bpm of the corpus that was fetched into `folder`; 0 for other folders.
double default_tempo_of(const std::filesystem::path& folder);

}  // namespace symphony::corpus
