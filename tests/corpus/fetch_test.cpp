// The three ways to fetch a corpus, offline: a local web server, a local folder of wheels, a local
// Debian repository.
#include "symphony/corpus/fetch.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/download.h"
#include "symphony/corpus/zip_archive.h"
#include "symphony/io/midi_writer.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

// Sets an environment variable for one test; the children inherit it.
struct Setting {
    std::string name;
    Setting(std::string n, const std::string& value) : name(std::move(n)) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Setting() { ::unsetenv(name.c_str()); }
};

bool has(const char* program) { return !base::find_program(program).empty(); }

base::ProcessResult run(const std::vector<std::string>& argv, const fs::path& folder = {}) {
    base::ProcessOptions options;
    options.working_folder = folder;
    return base::run_process(argv, options);
}

// music/a.mid (four parts), music/two.mid (two parts), LICENCE and a file that is no music.
fs::path content(const std::string& name) {
    const fs::path root = test_support::fresh_folder(name);
    io::write_midi_file(root / "music" / "a.mid", made_piece(1));
    score::Score two = made_piece(2);
    two.parts.resize(2);
    io::write_midi_file(root / "music" / "two.mid", two);
    base::write_file_atomically(root / "music" / "notes.txt", "not music");
    base::write_file_atomically(root / "LICENCE", "Do what you like.");
    return root;
}

void zip_folder(const fs::path& root, const fs::path& archive) {
    const auto result =
        run({"python3", "-m", "zipfile", "-c", archive.string(), "music", "LICENCE"}, root);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
}

// python3 -m http.server on a free port of this machine.
class Server {
  public:
    explicit Server(const fs::path& root) {
        const fs::path log = root.string() + ".log";
        child_ = ::fork();
        if (child_ == 0) {
            const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
            ::dup2(out, 1);
            ::dup2(out, 2);
            ::execlp("python3", "python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1",
                     "--directory", root.c_str(), nullptr);
            ::_exit(127);
        }
        for (int tries = 0; tries < 400 && port_.empty(); ++tries) {
            ::usleep(50'000);
            const auto text = base::read_file(log);
            const std::string said = text ? text.value() : "";
            const std::size_t at = said.find(" port ");
            if (at != std::string::npos && said.find(' ', at + 6) != std::string::npos)
                port_ = said.substr(at + 6, said.find(' ', at + 6) - at - 6);
        }
    }
    ~Server() {
        ::kill(child_, SIGTERM);
        ::waitpid(child_, nullptr, 0);
    }
    std::string url(const std::string& name) const {
        return "http://127.0.0.1:" + port_ + "/" + name;
    }

  private:
    pid_t child_ = -1;
    std::string port_;
};

NamedCorpus named(Mechanism mechanism, const std::string& source, const fs::path& archive) {
    return {.name = "test-music",
            .title = "Music for a test",
            .licence = "none",
            .licence_note = "Nothing to know.",
            .mechanism = mechanism,
            .source = source,
            .sha256 = base::sha256_hex_of_file(archive),
            .member_prefix = "music/",
            .licence_member = "LICENCE",
            .exact_parts = 4};
}

void expect_fetched(const NamedCorpus& corpus, const fs::path& folder) {
    const FetchedCorpus first = fetch_corpus(corpus, folder, base::silent_progress());
    EXPECT_FALSE(first.was_present);
    EXPECT_EQ(first.files, 1);
    EXPECT_EQ(first.left_out, 1);
    EXPECT_NE(first.licence_text.find("Do what you like."), std::string::npos);
    EXPECT_TRUE(fs::exists(folder / "a.mid"));
    EXPECT_FALSE(fs::exists(folder / "two.mid"));
    EXPECT_FALSE(fs::exists(folder / "notes.txt"));
    EXPECT_TRUE(fs::exists(folder / "LICENSE"));
    EXPECT_TRUE(is_fetched(corpus, folder));
    // Nothing else is left beside it.
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.parent_path()), {}), 1);
}

void expect_input_error(const NamedCorpus& corpus, const fs::path& folder) {
    try {
        fetch_corpus(corpus, folder, base::silent_progress());
        ADD_FAILURE() << "fetched";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_FALSE(error.hint.empty());
    }
}

TEST(FetchFromUrl, TakesTheMusicOnceAndRepairsWhatWasDamaged) {
    if (!has("curl") || !has("python3")) GTEST_SKIP() << "needs curl and python3";
    const fs::path root = content("url-content"), served = test_support::fresh_folder("served"),
                   folder = test_support::fresh_folder("url") / "music";
    zip_folder(root, served / "music.zip");
    NamedCorpus corpus;
    {
        const Server server(served);
        corpus = named(Mechanism::kUrl, server.url("music.zip"), served / "music.zip");
        expect_fetched(corpus, folder);
        base::write_file_atomically(folder / "a.mid", "damaged");
        EXPECT_FALSE(is_fetched(corpus, folder));
        // What somebody put beside the music is not thrown away with it.
        base::write_file_atomically(folder / "mine" / "song.mid", "years of work");
        expect_input_error(corpus, folder);
        EXPECT_EQ(base::read_file(folder / "mine" / "song.mid").value(), "years of work");
        EXPECT_EQ(base::read_file(folder / "a.mid").value(), "damaged");
        fs::remove_all(folder / "mine");
        EXPECT_FALSE(fetch_corpus(corpus, folder, base::silent_progress()).was_present);
        EXPECT_TRUE(is_fetched(corpus, folder));
        NamedCorpus missing = corpus;
        missing.source = server.url("nothing.zip");
        expect_input_error(missing, test_support::fresh_folder("url-missing") / "x");
        NamedCorpus other = corpus;
        other.sha256 = std::string(64, '0');
        expect_input_error(other, test_support::fresh_folder("url-tampered") / "x");
    }
    // Without the server: what is here is enough; what is not is a clear error.
    EXPECT_TRUE(fetch_corpus(corpus, folder, base::silent_progress()).was_present);
    expect_input_error(corpus, test_support::fresh_folder("url-offline") / "x");
}

TEST(FetchFromUrl, AMusicFileIsACorpusToo) {
    if (!has("curl") || !has("python3")) GTEST_SKIP() << "needs curl and python3";
    const fs::path served = content("one-file") / "music";
    const Server server(served);
    NamedCorpus corpus = named(Mechanism::kUrl, server.url("a.mid"), served / "a.mid");
    corpus.member_prefix = corpus.licence_member = "";
    const fs::path folder = test_support::fresh_folder("one") / "music";
    EXPECT_EQ(fetch_corpus(corpus, folder, base::silent_progress()).files, 1);
    EXPECT_TRUE(fs::exists(folder / "a.mid"));
}

TEST(FetchPythonPackage, GoesThroughPipWithHashes) {
    if (!has("python3") || run({"python3", "-m", "pip", "--version"}).exit_code != 0)
        GTEST_SKIP() << "needs python3-pip";
    const fs::path root = content("wheel-content"), wheels = test_support::fresh_folder("wheels");
    base::write_file_atomically(root / "testmusic-1.0.dist-info" / "METADATA",
                                "Metadata-Version: 2.1\nName: testmusic\nVersion: 1.0\n");
    base::write_file_atomically(root / "testmusic-1.0.dist-info" / "WHEEL",
                                "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                                "Tag: py3-none-any\n");
    base::write_file_atomically(root / "testmusic-1.0.dist-info" / "RECORD", "");
    const fs::path wheel = wheels / "testmusic-1.0-py3-none-any.whl";
    const auto result = run({"python3", "-m", "zipfile", "-c", wheel.string(), "music", "LICENCE",
                             "testmusic-1.0.dist-info"},
                            root);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const Setting no_index("PIP_NO_INDEX", "1"), links("PIP_FIND_LINKS", wheels.string());
    NamedCorpus corpus = named(Mechanism::kPythonPackage, "testmusic==1.0", wheel);
    expect_fetched(corpus, test_support::fresh_folder("pip") / "music");
    corpus.source = "testmusic==2.0";
    expect_input_error(corpus, test_support::fresh_folder("pip-missing") / "x");
}

TEST(FetchDebianPackage, GoesThroughAptAndIsUnpackedNotInstalled) {
    if (!has("apt-get") || !has("dpkg-deb")) GTEST_SKIP() << "needs apt-get and dpkg-deb";
    const fs::path root = content("deb-content"), apt = test_support::fresh_folder("apt");
    const std::string control =
        "Package: test-music\nVersion: 1.0\nArchitecture: all\n"
        "Maintainer: Test <test@example.org>\nDescription: a test\n";
    base::write_file_atomically(root / "DEBIAN" / "control", control);
    fs::create_directories(apt / "repository");
    const fs::path deb = apt / "repository" / "test-music_1.0_all.deb";
    ASSERT_EQ(run({"dpkg-deb", "-b", root.string(), deb.string()}).exit_code, 0);
    base::write_file_atomically(apt / "repository" / "Packages",
                                control + "Filename: ./test-music_1.0_all.deb\nSize: " +
                                    std::to_string(fs::file_size(deb)) +
                                    "\nSHA256: " + base::sha256_hex_of_file(deb) + "\n");
    for (const char* folder : {"lists/partial", "cache/archives/partial", "parts"})
        fs::create_directories(apt / folder);
    base::write_file_atomically(
        apt / "sources.list", "deb [trusted=yes] file:" + (apt / "repository").string() + " ./\n");
    base::write_file_atomically(apt / "apt.conf",
                                "Dir::Etc::sourcelist \"" + (apt / "sources.list").string() +
                                    "\";\nDir::Etc::sourceparts \"" + (apt / "parts").string() +
                                    "\";\nDir::State::lists \"" + (apt / "lists").string() +
                                    "\";\nDir::Cache \"" + (apt / "cache").string() + "\";\n");
    const Setting config("APT_CONFIG", (apt / "apt.conf").string());
    const auto update = run({"apt-get", "update", "-q"});
    if (update.exit_code != 0) GTEST_SKIP() << "apt-get cannot read a repository here";
    NamedCorpus corpus = named(Mechanism::kDebianPackage, "test-music=1.0", deb);
    expect_fetched(corpus, test_support::fresh_folder("deb") / "music");
    EXPECT_NE(run({"dpkg", "-s", "test-music"}).exit_code, 0);
    corpus.source = "test-music=2.0";
    expect_input_error(corpus, test_support::fresh_folder("deb-missing") / "x");
}

TEST(FetchCorpus, NeverWritesOverSomebodysFiles) {
    const fs::path folder = test_support::fresh_folder("mine");
    base::write_file_atomically(folder / "thesis.txt", "years of work");
    NamedCorpus corpus{.name = "x", .source = "http://127.0.0.1:9/x.zip", .sha256 = "0"};
    expect_input_error(corpus, folder);
    EXPECT_EQ(base::read_file(folder / "thesis.txt").value(), "years of work");
}

TEST(ReadZip, RefusesDamageAndBombs) {
    if (!has("python3")) GTEST_SKIP() << "needs python3";
    const fs::path root = content("bomb"), archive = root / "x.zip";
    std::ofstream(root / "music" / "zeros") << std::string(1 << 20, '\0');
    zip_folder(root, archive);
    const auto all = [](const std::string&) { return true; };
    EXPECT_EQ(read_zip(archive, all).size(), 5u);
    EXPECT_THROW(read_zip(archive, all, {.max_member_bytes = 1000}), base::Error);
    EXPECT_THROW(read_zip(archive, all, {.max_total_bytes = 1 << 19}), base::Error);
    EXPECT_THROW(read_zip(archive, all, {.max_entries = 2}), base::Error);
    std::string bytes = base::read_file(archive).value();
    base::write_file_atomically(archive, bytes.substr(0, bytes.size() / 2));
    EXPECT_THROW(read_zip(archive, all), base::Error);
    base::write_file_atomically(archive, "PK\x03\x04 not really");
    EXPECT_THROW(read_zip(archive, all), base::Error);
    EXPECT_THROW(read_zip(root / "none.zip", all), base::Error);
}

TEST(NamedCorpora, EachRowIsWhole) {
    for (const NamedCorpus& corpus : named_corpora()) {
        EXPECT_EQ(&find_named_corpus(corpus.name), &corpus);
        EXPECT_FALSE(corpus.licence.empty());
        EXPECT_FALSE(corpus.licence_note.empty());
        EXPECT_EQ(corpus.sha256.size(), 64u);
        EXPECT_GT(corpus.download_bytes, 0u);
        EXPECT_GT(corpus.pieces, 0);
        EXPECT_NE(corpus.source.find('='), std::string::npos);  // a pinned version
    }
    EXPECT_THROW(find_named_corpus("bach"), base::Error);
    const Setting data("XDG_DATA_HOME", "/somewhere");
    EXPECT_EQ(corpora_folder(), fs::path("/somewhere/symphony/corpora"));
}

}  // namespace
}  // namespace symphony::corpus
