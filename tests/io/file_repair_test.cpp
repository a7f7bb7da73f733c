// Broken files are written anew, clean ones copied, others left alone; nothing is half written.
#include "symphony/io/file_repair.h"

#include "symphony/base/file.h"

#include "io/midi_bytes.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::io {
namespace {

using namespace test;
namespace fs = std::filesystem;

const std::string kClean = header(0, 1) + track(scale());
const std::string kBroken = header(0, 1) + chunk("MTrk", scale());  // no End of Track
const std::string kWreck = track(scale());                          // no header

ReadOptions salvage() {
    ReadOptions options;
    options.strictness = Strictness::kSalvage;
    return options;
}

Grade strict_grade(const fs::path& path) {
    ReadOptions options;
    options.strictness = Strictness::kStrict;
    return read_score_file(path, options).value().grade;
}

class FileRepairTest : public testing::Test {
  protected:
    fs::path put(const std::string& name, const std::string& bytes) {
        base::write_file_atomically(folder_.path / name, bytes);
        return folder_.path / name;
    }
    fs::path at(const std::string& name) const { return folder_.path / name; }

    test_support::TemporaryFolder folder_;
};

TEST_F(FileRepairTest, ACleanFileIsCopiedByteForByte) {
    const FileRepair repair = repair_file(put("a.mid", kClean), at("out.mid"), salvage());
    EXPECT_EQ(repair.fate, RepairFate::kCopied);
    EXPECT_EQ(base::read_file(at("out.mid")).value(), kClean);
}

TEST_F(FileRepairTest, ABrokenFileIsWrittenAnewAndReadsClean) {
    for (const std::string& bytes : {kBroken, kWreck}) {
        const FileRepair repair = repair_file(put("a.mid", bytes), at("out.mid"), salvage());
        EXPECT_EQ(repair.fate, RepairFate::kRewritten);
        EXPECT_EQ(repair.notes_written, 4u);
        EXPECT_FALSE(repair.diagnostics.empty());
        EXPECT_EQ(strict_grade(at("out.mid")), Grade::kClean);
        EXPECT_EQ(base::read_file(at("a.mid")).value(), bytes);
    }
}

TEST_F(FileRepairTest, WhatIsNoMusicIsRefusedAndNothingWritten) {
    for (const std::string& bytes : {std::string("no music"), header(0, 1) + track("")}) {
        const FileRepair repair = repair_file(put("a.mid", bytes), at("out.mid"), salvage());
        EXPECT_EQ(repair.fate, RepairFate::kRefused);
        ASSERT_TRUE(repair.refusal.has_value());
        EXPECT_EQ(refusal_code(*repair.refusal).substr(0, 3), bytes[0] == 'n' ? "MID" : "FIL");
        EXPECT_FALSE(fs::exists(at("out.mid")));
    }
    EXPECT_EQ(repair_file(put("a.mid", kWreck), at("out.mid"), {}).fate, RepairFate::kRefused);
}

// A note struck where the reader's time ends (a million quarters; here a tick each), and no end.
TEST_F(FileRepairTest, MusicAtTheReadersLimitIsWrittenClean) {
    const std::string at_the_end = bytes({0xBD, 0x84, 0x40, 0x90, 60, 64});
    const std::string sevens = meta(0x58, bytes({7, 2, 24, 8}));  // the last bar goes beyond
    for (const std::string& before : {std::string(), sevens}) {
        const fs::path from = put("a.mid", header(1, 1, 1) + track(before + at_the_end));
        const FileRepair repair = repair_file(from, at("out.mid"), salvage());
        EXPECT_EQ(repair.fate, RepairFate::kRewritten);
        const ScoreFile written = read_score_file(at("out.mid")).value();
        EXPECT_EQ(written.grade, Grade::kClean);
        ASSERT_EQ(written.score.note_count(), 1u);
        EXPECT_EQ(written.score.end().value, 1'000'000);
        EXPECT_EQ(written.score.parts[0].notes, read_score_file(from).value().score.parts[0].notes);
    }
}

TEST_F(FileRepairTest, WhatCannotBeWrittenIsALineAndTheOthersGoOn) {
    put("music/a.mid", kBroken);
    put("music/b.mid", kBroken);
    put("out/a.mid/in-the-way.txt", "milk");
    const FolderRepair repair =
        repair_folder(at("music"), at("out"), salvage(), 1, base::silent_progress());
    ASSERT_EQ(repair.files.size(), 2u);
    ASSERT_TRUE(repair.files[0].refusal.has_value());
    EXPECT_EQ(repair.files[0].fate, RepairFate::kRefused);
    EXPECT_EQ(refusal_code(*repair.files[0].refusal), "FIL005");
    EXPECT_EQ(repair.files[1].fate, RepairFate::kRewritten);
    const std::vector<fs::path> expected{at("out/a.mid/in-the-way.txt"), at("out/b.mid")};
    EXPECT_EQ(base::list_files(at("out")), expected);
}

TEST_F(FileRepairTest, NeverOverTheOriginal) {
    const fs::path file = put("a.mid", kBroken);
    EXPECT_THROW(repair_file(file, at("./a.mid"), salvage()), base::Error);
    EXPECT_THROW(repair_file(file, at("out.musicxml"), salvage()), base::Error);
    EXPECT_THROW(repair_folder(folder_.path, folder_.path, salvage(), 1, base::silent_progress()),
                 base::Error);
    EXPECT_EQ(base::read_file(file).value(), kBroken);
}

TEST_F(FileRepairTest, AFolderKeepsItsTree) {
    put("music/clean.mid", kClean);
    put("music/sub/broken.kar", kBroken);
    put("music/sub/wreck.rmi", kWreck);
    put("music/page.mid", "<html>");
    put("music/notes.txt", "milk");
    // A second run sees what the first wrote, and leaves it out.
    for (int run = 0; run < 2; ++run) {
        const FolderRepair repair =
            repair_folder(at("music"), at("music/sound"), salvage(), 2, base::silent_progress());
        ASSERT_EQ(repair.files.size(), 4u);
        EXPECT_EQ(repair.count(RepairFate::kCopied), 1u);
        EXPECT_EQ(repair.count(RepairFate::kRewritten), 2u);
        EXPECT_EQ(repair.count(RepairFate::kRefused), 1u);
        EXPECT_EQ(repair.other_files, 1u);
        const std::vector<fs::path> expected{at("music/sound/clean.mid"),
                                             at("music/sound/sub/broken.kar"),
                                             at("music/sound/sub/wreck.rmi.mid")};
        EXPECT_EQ(base::list_files(at("music/sound")), expected);
        for (const fs::path& path : expected) EXPECT_EQ(strict_grade(path), Grade::kClean);
    }
}

}  // namespace
}  // namespace symphony::io
