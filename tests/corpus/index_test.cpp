#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/corpus/corpus_index.h"
#include "symphony/corpus/explore.h"
#include "symphony/corpus/ingest.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/prepare.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

// Twelve pieces, a copy, a transposed copy, two kinds of broken files and a text; old enough that
// their times can be trusted.
fs::path folder_of_music(const std::string& name) {
    const fs::path root = test_support::fresh_folder(name);
    for (int i = 0; i < 12; ++i)
        io::write_midi_file(root / "sub" / ("p" + std::to_string(i) + ".mid"),
                            made_piece(static_cast<std::uint64_t>(i)));
    fs::copy_file(root / "sub" / "p0.mid", root / "copy.mid");
    io::write_midi_file(root / "moved.mid", *score::transposed(made_piece(1), 2));
    std::ofstream(root / "junk.mid") << "no music";
    std::ofstream(root / "tail.mid") << io::format_midi(made_piece(40)).value() << "tail";
    std::ofstream(root / "README") << "text";
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    return root;
}

Ingested ingest(const fs::path& file, const fs::path& root) {
    CorpusIndex index(file);
    return bring_up_to_date(index, root, 2, base::silent_progress());
}

base::Json explored(const fs::path& root, const fs::path& file = {}) {
    return to_json(explore(root, 2, base::silent_progress(), GroupBy::kNone, file));
}

class NotingProgress : public base::Progress {
  public:
    void begin(const std::string&, std::int64_t) override {}
    void update(std::int64_t, const std::string&) override {}
    void note(const std::string& line) override { notes.push_back(line); }
    void end() override {}
    std::vector<std::string> notes;
};

TEST(CorpusIndex, ASecondRunReadsOnlyWhatChanged) {
    const fs::path root = folder_of_music("changes"),
                   file = test_support::fresh_folder("changes-index") / "i.sqlite";
    Ingested run = ingest(file, root);
    EXPECT_EQ(run.music, 16);
    EXPECT_EQ(run.others, 1);
    EXPECT_EQ(run.read, 17);
    run = ingest(file, root);
    EXPECT_EQ(run.read, 0);
    EXPECT_EQ(run.unchanged, 17);

    io::write_midi_file(root / "sub" / "p3.mid", made_piece(90));
    io::write_midi_file(root / "new.mid", made_piece(91));
    fs::remove(root / "moved.mid");
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    run = ingest(file, root);
    EXPECT_EQ(run.read, 2);
    EXPECT_EQ(run.unchanged, 15);
    EXPECT_EQ(run.forgotten, 1);
    EXPECT_EQ(explored(root, file), explored(root));
    EXPECT_EQ(ingest(file, root).read, 0);
}

TEST(CorpusIndex, SeesAChangeThatKeepsSizeAndTime) {
    const fs::path root = folder_of_music("sly"),
                   file = test_support::fresh_folder("sly-index") / "i.sqlite";
    ingest(file, root);
    const fs::path piece = root / "sub" / "p5.mid";
    const auto time = fs::last_write_time(piece);
    std::string bytes = base::read_file(piece).value();
    const std::string before = bytes;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    std::ofstream(piece, std::ios::binary) << bytes;
    fs::last_write_time(piece, time);
    EXPECT_EQ(ingest(file, root).read, 1);
}

TEST(CorpusIndex, ACopyOfARemovedFileTakesItsPlace) {
    const fs::path root = folder_of_music("copies"),
                   file = test_support::fresh_folder("copies-index") / "i.sqlite";
    ingest(file, root);
    fs::remove(root / "copy.mid");
    EXPECT_EQ(ingest(file, root).read, 0);
    EXPECT_EQ(explored(root, file), explored(root));
}

TEST(CorpusIndex, CountsEachCode) {
    const fs::path root = folder_of_music("codes");
    const Corpus corpus = load_corpus(root, {}, base::silent_progress());
    const std::vector<CodeCount> expected{{"FIL003", "unknown-format", 1, 1, true},
                                          {"MID034", "trailing-bytes", 1, 1, false}};
    EXPECT_EQ(corpus.account.codes, expected);
    EXPECT_EQ(corpus.account.sentence(),
              "16 found = 12 used + 1 repaired + 1 refused + 1 duplicates + 1 with the same music "
              "(1 other file left aside)");
}

TEST(CorpusIndex, ADamagedOneIsPutAsideAndMadeAnew) {
    const fs::path root = folder_of_music("damaged");
    const base::Json expected = explored(root);
    for (const bool in_the_middle : {false, true}) {
        const fs::path file = test_support::fresh_folder("damaged-index") / "i.sqlite";
        explored(root, file);
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(in_the_middle ? 4096 : 0);
        const std::string noise(in_the_middle ? fs::file_size(file) - 4096 : 64, '\x5a');
        bytes << noise;
        bytes.close();
        NotingProgress progress;
        EXPECT_EQ(to_json(explore(root, 2, progress, GroupBy::kNone, file)), expected);
        ASSERT_EQ(progress.notes.size(), 1u) << in_the_middle;
        EXPECT_NE(progress.notes[0].find("damaged"), std::string::npos);
        EXPECT_TRUE(fs::exists(file.string() + ".damaged"));
        EXPECT_EQ(explored(root, file), expected);
    }
}

TEST(CorpusIndex, WhatAnotherReaderWroteIsReadAnew) {
    const fs::path root = folder_of_music("versions"),
                   file = test_support::fresh_folder("versions-index") / "i.sqlite";
    ingest(file, root);
    {
        Database database(file);
        database.run("UPDATE meta SET value = 'older' WHERE name = 'reader'");
    }
    EXPECT_EQ(ingest(file, root).read, 16);  // the text is still a text
    EXPECT_EQ(explored(root, file), explored(root));
}

TEST(CorpusIndex, KeepsTheSplitThatPrepareMade) {
    const fs::path root = folder_of_music("split"), out = test_support::fresh_folder("split-out");
    const fs::path file = out / "i.sqlite";
    const PrepareResult with = prepare(root, out / "with", {}, 1, 2, base::silent_progress(), file);
    const PrepareResult without = prepare(root, out / "without", {}, 1, 1, base::silent_progress());
    EXPECT_EQ(with.hash, without.hash);
    CorpusIndex index(file);
    EXPECT_EQ(index.split_data_set(), with.hash);
    const Dataset data = Dataset::open(out / "with");
    const auto splits = index.splits();
    ASSERT_EQ(splits.size(), data.pieces().size());
    for (std::size_t i = 0; i < splits.size(); ++i) {
        EXPECT_EQ(splits[i].path, data.pieces()[i].id);
        EXPECT_EQ(splits[i].split, data.pieces()[i].split);
        EXPECT_EQ(splits[i].group, data.pieces()[i].group);
    }
}

// `find` looks through these and reads no file.
TEST(CorpusIndex, KeepsTheLinesThatMelodiesAreLookedForIn) {
    const fs::path root = folder_of_music("lines"),
                   file = test_support::fresh_folder("lines-index") / "i.sqlite";
    ingest(file, root);
    const Corpus corpus = load_corpus(root, {.index_file = file}, base::silent_progress());
    ASSERT_EQ(corpus.pieces.size(), 13u);
    for (const Piece& piece : corpus.pieces)
        EXPECT_EQ(corpus.lines(piece), melody_lines_of(corpus.read(piece))) << piece.id;
    Database database(file);
    Statement count = database.prepare("SELECT count(*) FROM lines");
    ASSERT_TRUE(count.step());
    EXPECT_EQ(count.number(0), 14);  // with the piece that has the same music as another
}

TEST(CorpusIndex, AFileThatChangesBetweenListingAndReadingIsNamed) {
    const fs::path root = folder_of_music("meanwhile");
    const Corpus corpus = load_corpus(root, {}, base::silent_progress());
    io::write_midi_file(root / "sub" / "p7.mid", made_piece(77));
    for (const Piece& piece : corpus.pieces) {
        if (piece.id != "sub/p7.mid") continue;
        try {
            corpus.read(piece);
            FAIL() << "read";
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kInput);
            EXPECT_NE(error.path.find("p7.mid"), std::string::npos);
        }
    }
}

// Killed at any moment, the next run goes on from what was written.
TEST(CorpusIndex, AKilledRunKeepsWhatItWrote) {
    const fs::path root = test_support::fresh_folder("killed"),
                   file = test_support::fresh_folder("killed-index") / "i.sqlite";
    constexpr int kFiles = 1500;
    base::parallel_for(kFiles, 0, [&](std::size_t i) {
        std::ofstream(root / (std::to_string(i) + ".mid"), std::ios::binary)
            << io::format_midi(made_piece(i, 16)).value();
    });
    // What is read within a tick of its writing is read again another time (kFineTick).
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ingest(file, root);
        ::_exit(0);
    }
    std::int64_t kept = 0;
    for (int tries = 0; tries < 2000 && kept == 0; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (!fs::exists(file)) continue;
        try {
            Database database(file);
            Statement count = database.prepare("SELECT count(*) FROM files");
            if (count.step()) kept = count.number(0);
        } catch (const base::Error&) {
            continue;  // the table is not there yet
        }
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ASSERT_GT(kept, 0);
    const Ingested rest = ingest(file, root);
    EXPECT_GE(rest.unchanged, kept);
    EXPECT_EQ(rest.read + rest.unchanged, kFiles);
    EXPECT_EQ(explored(root, file), explored(root));
}

TEST(CorpusIndex, TwoAtOnceAgree) {
    const fs::path root = folder_of_music("two"),
                   file = test_support::fresh_folder("two-index") / "i.sqlite";
    const base::Json expected = explored(root);
    std::vector<std::jthread> both;
    std::vector<base::Json> seen(2);
    for (auto& result : seen) both.emplace_back([&] { result = explored(root, file); });
    both.clear();
    EXPECT_EQ(seen[0], expected);
    EXPECT_EQ(seen[1], expected);
}

}  // namespace
}  // namespace symphony::corpus
