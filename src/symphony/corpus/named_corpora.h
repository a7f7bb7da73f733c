// Corpora that can be fetched by name: what they are, whose licence they carry, where they come
// from. None of this music is part of Symphony; it stays with the user who fetches it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::corpus {

enum class Mechanism {
    kPythonPackage,  // a wheel, by python3 -m pip download; source is "NAME==VERSION"
    kDebianPackage,  // by apt-get download, unpacked but not installed; source is "NAME=VERSION"
    kUrl,            // a zip archive or one music file, by curl; source is the URL
};
const char* mechanism_name(Mechanism mechanism);  // "Python package", "Debian package", "URL"

struct NamedCorpus {
    std::string name, title;
    std::string licence;       // short
    std::string licence_note;  // what a user must know, in a sentence or two
    Mechanism mechanism = Mechanism::kUrl;
    std::string source;
    std::string sha256;  // of the wheel, package or download
    std::uint64_t download_bytes = 0;
    int pieces = 0;                    // that come out; 0: not known
    std::string member_prefix;         // of the files taken, inside the archive
    std::vector<std::string> endings;  // of the files taken, empty: every music file
    std::string licence_member;        // the licence text inside the archive, empty: none
    int exact_parts = 0;               // only pieces with so many sounding parts; 0: any
    // Quarters a minute at which pieces that state no tempo are usually played; 0: not known.
    double default_tempo_bpm = 0;
};

// The table. docs/corpus.md says how to add a row.
const std::vector<NamedCorpus>& named_corpora();

// Throws Error (kUsage), naming the nearest, if there is none of that name.
const NamedCorpus& find_named_corpus(const std::string& name);

// Where corpora are kept: $XDG_DATA_HOME/symphony/corpora, by default ~/.local/share/….
std::filesystem::path corpora_folder();

}  // namespace symphony::corpus
