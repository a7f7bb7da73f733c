#include "symphony/corpus/download.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/sha256.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/corpus/zip_archive.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::seconds kDownloadTimeout{600};
constexpr const char* kNoNetwork =
    "is there a network? what was fetched once is kept; any folder of your own music works as well";

// The last line that a program said about its failure.
std::string last_words(const base::ProcessResult& result) {
    for (const std::string* text : {&result.errors, &result.output}) {
        const auto lines = base::split(*text, '\n');
        for (auto line = lines.rbegin(); line != lines.rend(); ++line)
            if (const std::string words = base::trim(*line); !words.empty()) return words;
    }
    return result.timed_out ? "timed out" : fmt::format("exit code {}", result.exit_code);
}

base::ProcessResult run(const std::vector<std::string>& argv, const fs::path& working_folder) {
    base::ProcessOptions options;
    options.timeout = kDownloadTimeout;
    options.working_folder = working_folder;
    const auto result = base::run_process(argv, options);
    // A client that was stopped fails, too: that is no fault of the network.
    base::throw_if_stop_requested();
    return result;
}

bool has_pip() {
    return !base::find_program("python3").empty() &&
           run({"python3", "-m", "pip", "--version"}, {}).exit_code == 0;
}

// pip is installed only here, where a Python package is wanted: nothing else needs it.
void install_pip(base::Progress& progress) {
    const std::string command =
        "apt-get install --no-install-recommends --no-remove -y python3-pip";
    const std::string hint = "install it with: sudo " + command;
    if (::geteuid() != 0 || base::find_program("apt-get").empty())
        throw Error(ErrorKind::kInput, "python3-pip is not installed", {}, hint);
    progress.note("installing python3-pip (" + command + ")");
    const auto result = run(base::split(command, ' '), {});
    if (result.exit_code != 0 || !has_pip())
        throw Error(ErrorKind::kInput, "cannot install python3-pip: " + last_words(result), {},
                    hint);
}

// The only file that a client left in `folder`.
fs::path only_file(const fs::path& folder, const std::string& source) {
    const auto files = base::list_files(folder);
    if (files.size() != 1)
        throw Error(ErrorKind::kInput, fmt::format("got {} files, expected one", files.size()),
                    source);
    return files.front();
}

fs::path download_wheel(const NamedCorpus& corpus, const fs::path& work, base::Progress& progress) {
    if (!has_pip()) install_pip(progress);
    const fs::path requirements = work / "requirements.txt", folder = work / "wheel";
    base::write_file_atomically(requirements,
                                fmt::format("{} --hash=sha256:{}\n", corpus.source, corpus.sha256));
    const auto result =
        run({"python3", "-m", "pip", "download", "--disable-pip-version-check", "--no-input",
             "--retries", "1", "--no-deps", "--only-binary=:all:", "--require-hashes", "-d",
             folder.string(), "-r", requirements.string()},
            {});
    if (result.exit_code != 0)
        throw Error(ErrorKind::kInput, "pip could not download it: " + last_words(result),
                    corpus.source, kNoNetwork);
    return only_file(folder, corpus.source);
}

fs::path download_deb(const NamedCorpus& corpus, const fs::path& work) {
    for (const char* program : {"apt-get", "dpkg-deb"})
        if (base::find_program(program).empty())
            throw Error(ErrorKind::kInput, fmt::format("no {} on this machine", program),
                        corpus.source,
                        "this corpus comes as a Debian package: use Debian or Ubuntu");
    const fs::path folder = work / "deb";
    base::make_folder(folder);
    const auto result = run({"apt-get", "download", corpus.source}, folder);
    if (result.exit_code != 0)
        throw Error(ErrorKind::kInput, "apt-get could not download it: " + last_words(result),
                    corpus.source, std::string("try: sudo apt-get update; ") + kNoNetwork);
    return only_file(folder, corpus.source);
}

fs::path download_url(const NamedCorpus& corpus, const fs::path& work) {
    if (base::find_program("curl").empty())
        throw Error(ErrorKind::kInput, "curl is not installed", corpus.source,
                    "install it with: sudo apt-get install curl");
    const std::string name = corpus.source.substr(corpus.source.rfind('/') + 1);
    const fs::path file = work / "download" / (name.empty() ? "file" : name);
    base::make_folder(file.parent_path());
    const auto result = run({"curl", "--fail", "--silent", "--show-error", "--location", "--proto",
                             "=http,https", "--max-filesize", std::to_string(kMaxDownloadBytes),
                             "--output", file.string(), "--", corpus.source},
                            {});
    if (result.exit_code != 0)
        throw Error(ErrorKind::kInput, "curl could not download it: " + last_words(result),
                    corpus.source, kNoNetwork);
    return file;
}

bool is_wanted(const NamedCorpus& corpus, const std::string& name) {
    if (!corpus.licence_member.empty() && name == corpus.licence_member) return true;
    if (!name.starts_with(corpus.member_prefix)) return false;
    if (corpus.endings.empty()) return io::has_music_ending(name);
    const std::string lower = base::to_lower(name);
    return std::any_of(corpus.endings.begin(), corpus.endings.end(),
                       [&](const std::string& ending) { return lower.ends_with(ending); });
}

std::vector<ArchiveFile> unpack_deb(const NamedCorpus& corpus, const fs::path& archive,
                                    const fs::path& work) {
    const fs::path root = work / "unpacked";
    const auto result = run({"dpkg-deb", "-x", archive.string(), root.string()}, {});
    if (result.exit_code != 0)
        throw Error(ErrorKind::kInput, "dpkg-deb could not unpack it: " + last_words(result),
                    archive);
    std::vector<ArchiveFile> files;
    for (const fs::path& file : base::list_files(root)) {
        const std::string name = file.lexically_relative(root).generic_string();
        if (is_wanted(corpus, name)) files.push_back({name, base::read_file(file).value()});
    }
    return files;
}

std::vector<ArchiveFile> unpack_zip(const NamedCorpus& corpus, const fs::path& archive) {
    std::vector<ArchiveFile> files;
    for (ZipMember& member :
         read_zip(archive, [&](const std::string& name) { return is_wanted(corpus, name); }))
        files.push_back({std::move(member.name), std::move(member.bytes)});
    return files;
}

}  // namespace

fs::path download(const NamedCorpus& corpus, const fs::path& work, base::Progress& progress) {
    fs::path file;
    switch (corpus.mechanism) {
        case Mechanism::kPythonPackage:
            file = download_wheel(corpus, work, progress);
            break;
        case Mechanism::kDebianPackage:
            file = download_deb(corpus, work);
            break;
        case Mechanism::kUrl:
            file = download_url(corpus, work);
            break;
    }
    const std::string got = base::sha256_hex_of_file(file);
    if (got != corpus.sha256)
        throw Error(ErrorKind::kInput,
                    fmt::format("its SHA-256 is {}, expected {}", got, corpus.sha256),
                    corpus.source, "the source has changed or was tampered with; nothing was kept");
    return file;
}

std::vector<ArchiveFile> unpack(const NamedCorpus& corpus, const fs::path& archive,
                                const fs::path& work) {
    if (corpus.mechanism == Mechanism::kDebianPackage) return unpack_deb(corpus, archive, work);
    // A zipped score (.mxl) is a zip archive too, and one piece.
    if (corpus.mechanism == Mechanism::kUrl && io::has_music_ending(archive))
        return {{archive.filename().string(), base::read_file(archive).value()}};
    return unpack_zip(corpus, archive);
}

}  // namespace symphony::corpus
