#include "symphony/corpus/fetch.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/download.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::ErrorKind;
using base::Json;

constexpr const char* kManifest = "corpus.json";
constexpr const char* kLicence = "LICENSE";

// Removes what a download needed, whatever happens.
struct Scaffold {
    fs::path path;
    ~Scaffold() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
};

bool has_parts(const ArchiveFile& file, int expected) {
    const auto read = io::parse_score(file.bytes, file.name);
    if (!read) return false;
    const auto& parts = read.value().score.parts;
    return std::count_if(parts.begin(), parts.end(),
                         [](const auto& part) { return !part.notes.empty(); }) == expected;
}

// The name under which a file is kept: its path below the prefix, never out of the folder.
fs::path kept_name(const NamedCorpus& corpus, const std::string& name) {
    const std::string below =
        name.starts_with(corpus.member_prefix) ? name.substr(corpus.member_prefix.size()) : name;
    const fs::path path = fs::path(below).lexically_normal();
    if (path.empty() || path.is_absolute() || *path.begin() == "..")
        throw Error(ErrorKind::kInput, fmt::format("archive holds the path '{}'", name),
                    corpus.source);
    return path;
}

std::string licence_text(const NamedCorpus& corpus, const std::string& from_archive) {
    std::string text =
        fmt::format("{} ({})\nFrom the {} {}.\n{}\n", corpus.title, corpus.licence,
                    mechanism_name(corpus.mechanism), corpus.source, corpus.licence_note);
    if (!from_archive.empty()) text += "\n" + from_archive;
    return text;
}

// An empty or fetched folder may be replaced; a folder of somebody's own files may not.
void check_target(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error) || fs::exists(folder / kManifest, error)) return;
    if (!fs::is_directory(folder, error) || !fs::is_empty(folder, error))
        throw Error(ErrorKind::kInput, "holds other files; nothing was written", folder,
                    "choose an empty or new folder with -o");
}

}  // namespace

bool is_fetched(const NamedCorpus& corpus, const fs::path& folder) {
    const auto manifest = base::read_json_file(folder / kManifest);
    if (!manifest) return false;
    try {
        const Json& json = manifest.value();
        if (json.at("name") != corpus.name || json.at("sha256") != corpus.sha256) return false;
        for (const auto& [name, hash] : json.at("files").items()) {
            const auto bytes = base::read_file(folder / name);
            if (!bytes || base::sha256_hex(bytes.value()) != hash) return false;
        }
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

double default_tempo_of(const fs::path& folder) {
    const auto manifest = base::read_json_file(folder / kManifest);
    if (!manifest || !manifest.value().is_object()) return 0;
    const std::string name = manifest.value().value("name", "");
    for (const NamedCorpus& corpus : named_corpora())
        if (corpus.name == name) return corpus.default_tempo_bpm;
    return 0;
}

FetchedCorpus fetch_corpus(const NamedCorpus& corpus, const fs::path& given_folder,
                           base::Progress& progress) {
    const fs::path absolute = fs::absolute(given_folder).lexically_normal();
    const fs::path folder = absolute.has_filename() ? absolute : absolute.parent_path();
    FetchedCorpus result{.folder = folder};
    if (is_fetched(corpus, folder)) {
        const auto manifest = base::read_json_file(folder / kManifest).value();
        result.was_present = true;
        result.files = static_cast<int>(manifest.at("files").size());
        result.left_out = manifest.value("left_out", 0);
        result.licence_text = base::read_file(folder / kLicence).value();
        return result;
    }
    check_target(folder);
    const Scaffold work{fmt::format("{}.download-{}", folder.string(), ::getpid())};
    std::error_code error;
    fs::create_directories(work.path, error);
    if (error)
        throw Error(ErrorKind::kInput, "cannot make a folder here: " + error.message(),
                    folder.parent_path(), "choose another place with -o");
    progress.begin(fmt::format("downloading {} ({:.1f} MB)", corpus.source,
                               static_cast<double>(corpus.download_bytes) / 1e6),
                   0);
    const fs::path archive = download(corpus, work.path, progress);
    progress.begin("unpacking " + corpus.name, 0);
    const fs::path made = work.path / "corpus";
    Json files = Json::object();
    std::string from_archive;
    for (const ArchiveFile& file : unpack(corpus, archive, work.path)) {
        if (file.name == corpus.licence_member) {
            from_archive = file.bytes;
            continue;
        }
        if (corpus.exact_parts > 0 && !has_parts(file, corpus.exact_parts)) {
            ++result.left_out;
            continue;
        }
        const fs::path name = kept_name(corpus, file.name);
        base::write_file_atomically(made / name, file.bytes);
        files[name.generic_string()] = base::sha256_hex(file.bytes);
    }
    result.files = static_cast<int>(files.size());
    if (result.files == 0)
        throw Error(ErrorKind::kInput,
                    fmt::format("got no music; {} files were left out", result.left_out),
                    corpus.source, "the archive does not hold what was expected");
    result.licence_text = licence_text(corpus, from_archive);
    base::write_file_atomically(made / kLicence, result.licence_text);
    base::write_json_file(made / kManifest, {{"name", corpus.name},
                                             {"source", corpus.source},
                                             {"sha256", corpus.sha256},
                                             {"licence", corpus.licence},
                                             {"left_out", result.left_out},
                                             {"files", files}});
    fs::remove_all(folder, error);
    base::rename_durably(made, folder);
    progress.end();
    return result;
}

}  // namespace symphony::corpus
