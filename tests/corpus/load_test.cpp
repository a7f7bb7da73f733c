#include "symphony/corpus/load.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/corpus/atlas/piece_record.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <map>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

void write_midi(const score::Score& score, const fs::path& path) {
    io::write_midi_file(path, score);
}

// Good music, copies of every kind, junk, and files that are no music.
fs::path mixed_folder() {
    const fs::path root = test_support::fresh_folder("mixed");
    write_midi(made_piece(1), root / "a.mid");
    write_midi(made_piece(2), root / "sub" / "b.midi");
    write_midi(made_piece(1), root / "sub" / "copy-of-a.mid");
    write_midi(*score::transposed(made_piece(1), 3), root / "transposed.mid");
    write_midi(on_one_track(made_piece(2)), root / "z-retracked.mid");
    write_midi(made_piece(3), root / "no-ending");
    base::write_file_atomically(root / "junk.mid", "this is not music at all");
    base::write_file_atomically(root / "junk-again.mid", "this is not music at all");
    base::write_file_atomically(root / "empty.mxl", "");
    score::Score silent = made_piece(4);
    silent.parts.resize(1);
    silent.parts[0].notes.clear();
    write_midi(silent, root / "silent.mid");
    std::string cut = io::format_midi(made_piece(5)).value();
    base::write_file_atomically(root / "cut.mid", cut.substr(0, cut.size() * 2 / 3));
    base::write_file_atomically(root / "README.md", "about this music");
    base::write_file_atomically(root / "cover.jpg", "MTha");
    base::write_file_atomically(root / ".hidden.mid", "nothing");
    return root;
}

TEST(LoadCorpus, EveryFileIsAccountedFor) {
    const Corpus corpus = load_corpus(mixed_folder(), {}, base::silent_progress());
    const Account& account = corpus.account;
    std::map<std::string, const FileRecord*> files;
    for (const FileRecord& file : account.files) files[file.id] = &file;
    ASSERT_EQ(account.files.size(), 11u) << account.sentence();
    EXPECT_EQ(files.at("a.mid")->fate, FileFate::kUsed);
    EXPECT_EQ(files.at("no-ending")->fate, FileFate::kUsed);
    EXPECT_EQ(files.at("sub/b.midi")->fate, FileFate::kUsed);
    EXPECT_EQ(files.at("cut.mid")->fate, FileFate::kRepaired);
    EXPECT_FALSE(files.at("cut.mid")->repairs.empty());
    EXPECT_EQ(files.at("sub/copy-of-a.mid")->fate, FileFate::kDuplicateExact);
    EXPECT_EQ(files.at("sub/copy-of-a.mid")->duplicate_of, "a.mid");
    EXPECT_EQ(files.at("transposed.mid")->fate, FileFate::kDuplicateMusic);
    EXPECT_EQ(files.at("transposed.mid")->duplicate_of, "a.mid");
    EXPECT_EQ(files.at("z-retracked.mid")->fate, FileFate::kDuplicateMusic);
    EXPECT_EQ(files.at("z-retracked.mid")->duplicate_of, "sub/b.midi");
    for (const char* id : {"junk.mid", "junk-again.mid", "empty.mxl", "silent.mid"}) {
        EXPECT_EQ(files.at(id)->fate, FileFate::kRefused) << id;
        EXPECT_FALSE(files.at(id)->reason.empty()) << id;
        EXPECT_TRUE(files.at(id)->duplicate_of.empty()) << id;
    }
    EXPECT_EQ(files.at("silent.mid")->code, "COR003");
    EXPECT_EQ(files.at("junk.mid")->code, files.at("junk-again.mid")->code);
    EXPECT_EQ(account.not_music, 2);
    EXPECT_EQ(account.found, account.used + account.repaired + account.refused +
                                 account.duplicates_exact + account.duplicates_music);
    EXPECT_EQ(account.kept(), static_cast<std::int64_t>(corpus.pieces.size()));
    EXPECT_EQ(corpus.pieces.size(), 4u);
    for (const Piece& piece : corpus.pieces) {
        EXPECT_GT(corpus.read(piece).note_count(), 0u);
        EXPECT_EQ(corpus.statistics(piece).summary.id, piece.id);
        EXPECT_EQ(piece.sha256.size(), 64u);
    }
}

TEST(LoadCorpus, IsTheSameAtAnyThreadCount) {
    const fs::path root = mixed_folder();
    const Corpus one = load_corpus(root, {.threads = 1}, base::silent_progress());
    const Corpus four = load_corpus(root, {.threads = 4}, base::silent_progress());
    ASSERT_EQ(one.pieces.size(), four.pieces.size());
    for (std::size_t i = 0; i < one.pieces.size(); ++i) {
        EXPECT_EQ(one.pieces[i].id, four.pieces[i].id);
        EXPECT_EQ(to_bytes(one.statistics(one.pieces[i])),
                  to_bytes(four.statistics(four.pieces[i])));
        EXPECT_EQ(one.fingerprint(one.pieces[i]), four.fingerprint(four.pieces[i]));
    }
    for (std::size_t i = 0; i < one.account.files.size(); ++i)
        EXPECT_EQ(one.account.files[i].fate, four.account.files[i].fate);
}

TEST(LoadCorpus, CopiesMayBeKept) {
    const Corpus corpus =
        load_corpus(mixed_folder(), {.keep_same_music = true}, base::silent_progress());
    EXPECT_EQ(corpus.account.duplicates_music, 0);
    EXPECT_EQ(corpus.account.duplicates_exact, 1);
    EXPECT_EQ(corpus.pieces.size(), 6u);
}

TEST(LoadCorpus, ASingleFileIsACorpus) {
    const Corpus corpus = load_corpus(mixed_folder() / "a.mid", {}, base::silent_progress());
    ASSERT_EQ(corpus.pieces.size(), 1u);
    EXPECT_EQ(corpus.pieces[0].id, "a.mid");
}

TEST(LoadCorpus, NoMusicAtAllIsAnError) {
    const fs::path root = test_support::fresh_folder("empty");
    const auto expect_input_error = [](const fs::path& path) {
        try {
            load_corpus(path, {}, base::silent_progress());
            ADD_FAILURE() << "read";
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kInput);
            EXPECT_FALSE(error.hint.empty());
        }
    };
    expect_input_error(root);
    base::write_file_atomically(root / "README.md", "text");
    expect_input_error(root);
    expect_input_error(root / "missing");
}

}  // namespace
}  // namespace symphony::corpus
