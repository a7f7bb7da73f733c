#include "symphony/corpus/fetch.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/base/replaced_folder.h"
#include "symphony/base/sha256.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/corpus/download.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

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

// What was fetched into `folder` earlier may be replaced; anything else there may not.
base::OwnFiles own_files(const fs::path& folder) {
    base::OwnFiles own{kManifest, {kManifest, kLicence}};
    const auto manifest = base::read_json_file(folder / kManifest);
    if (!manifest || !manifest.value().is_object()) return own;
    const auto files = manifest.value().find("files");
    if (files == manifest.value().end() || !files->is_object()) return own;
    for (const auto& [name, hash] : files->items()) own.files.insert(name);
    return own;
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
    const fs::path folder = base::ReplacedFolder::place_of(given_folder);
    FetchedCorpus result{.folder = folder};
    if (is_fetched(corpus, folder)) {
        const auto manifest = base::read_json_file(folder / kManifest).value();
        result.was_present = true;
        result.files = static_cast<int>(manifest.at("files").size());
        result.left_out = manifest.value("left_out", 0);
        result.licence_text = base::read_file(folder / kLicence).value();
        return result;
    }
    base::ReplacedFolder target(folder, own_files(folder));
    const base::TemporaryFolder work(folder.parent_path());
    progress.begin(fmt::format("downloading {} ({:.1f} MB)", corpus.source,
                               static_cast<double>(corpus.download_bytes) / 1e6),
                   0);
    const fs::path archive = download(corpus, work.path(), progress);
    progress.begin("unpacking " + corpus.name, 0);
    const fs::path& made = target.fresh();
    Json files = Json::object();
    std::string from_archive;
    for (const ArchiveFile& file : unpack(corpus, archive, work.path())) {
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
    target.put_in_place();
    progress.end();
    return result;
}

}  // namespace symphony::corpus
