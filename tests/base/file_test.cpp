#include "symphony/base/file.h"

#include "symphony/base/replaced_folder.h"
#include "symphony/base/sha256.h"
#include "symphony/base/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace symphony::base {
namespace {

namespace fs = std::filesystem;

TEST(WriteFileAtomically, ReplacesTheWholeFileAndLeavesNoTemporary) {
    const TemporaryFolder made;
    const fs::path& folder = made.path();
    write_file_atomically(folder / "sub" / "a.txt", "first version");
    write_file_atomically(folder / "sub" / "a.txt", "second");
    EXPECT_EQ(read_file(folder / "sub" / "a.txt").value(), "second");
    EXPECT_EQ(list_files(folder).size(), 1u);
}

TEST(WriteFileAtomically, AnUnwritablePlaceIsAnErrorThatNamesIt) {
    try {
        write_file_atomically("/proc/symphony/none", "x");
        FAIL() << "written";
    } catch (const Error& error) {
        EXPECT_EQ(error.path, "/proc/symphony/none");
    }
}

TEST(ReadFile, RefusesFoldersMissingFilesAndLargeFiles) {
    const TemporaryFolder made;
    const fs::path& folder = made.path();
    std::ofstream(folder / "ten") << "0123456789";
    EXPECT_FALSE(read_file(folder).ok());
    EXPECT_FALSE(read_file(folder / "none").ok());
    EXPECT_FALSE(read_file(folder / "ten", 9).ok());
    EXPECT_TRUE(read_file(folder / "ten", 10).ok());
}

TEST(ReadFile, APipeThatNobodyWritesToIsEmpty) {
    const TemporaryFolder made;
    const fs::path& folder = made.path();
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_file(folder / "pipe").value(), "");
}

TEST(ReadFile, AFileThatGrowsMeanwhileIsNoSettledFile) {
    const TemporaryFolder made;
    const fs::path path = made.path() / "growing";
    std::ofstream(path) << std::string(std::size_t{8} << 20, 'x');
    EXPECT_TRUE(read_settled_file(path).ok());
    std::atomic<bool> enough{false};
    std::thread writer([&] {
        std::ofstream out(path, std::ios::app);
        while (!enough) out << 'y' << std::flush;
    });
    bool was_refused = false;
    for (int i = 0; i < 1000 && !was_refused; ++i) was_refused = !read_settled_file(path).ok();
    enough = true;
    writer.join();
    EXPECT_TRUE(was_refused);
    EXPECT_TRUE(read_settled_file(path).ok());
}

TEST(ListFiles, LinksThatLoopAreNotFollowed) {
    const TemporaryFolder made;
    const fs::path& folder = made.path();
    write_file_atomically(folder / "sub" / "a", "abc");
    fs::create_directory_symlink(folder, folder / "sub" / "up");
    fs::create_symlink(folder / "b", folder / "c");
    fs::create_symlink(folder / "c", folder / "b");
    fs::create_symlink(folder / "none", folder / "dangling");
    EXPECT_EQ(list_files(folder), std::vector<fs::path>{folder / "sub" / "a"});
}

TEST(ReadFile, DoesNotTrustTheSizeThatAFileStates) {
    const TemporaryFolder made;
    const fs::path sparse = made.path() / "sparse";
    std::ofstream(sparse) << "x";
    std::error_code error;
    fs::resize_file(sparse, std::uintmax_t{1} << 41, error);
    if (error) GTEST_SKIP() << "no sparse files here";
    EXPECT_NE(read_file(sparse).error().message.find("too large"), std::string::npos);
    // A file that states no size at all.
    EXPECT_FALSE(read_file("/proc/self/cmdline").value().empty());
}

TEST(ListFiles, APipeIsNeitherAFileNorAFolder) {
    const TemporaryFolder made;
    const fs::path pipe = made.path() / "pipe.mid";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THROW(list_files(pipe), Error);
    EXPECT_TRUE(list_files(made.path()).empty());
}

OwnFiles own_files() { return {"index", {"index", "sub/part"}}; }

// The only error of a folder that must not be replaced, which keeps what it holds.
void expect_kept(const fs::path& place, const fs::path& file) {
    EXPECT_THROW(ReplacedFolder(place, own_files()), Error);
    EXPECT_TRUE(fs::exists(file));
}

TEST(ReplacedFolder, TakesThePlaceOfTheOldOneWhole) {
    const TemporaryFolder made;
    const fs::path place = made.path() / "data";
    for (const char* text : {"first", "second"}) {
        ReplacedFolder folder(place.string() + "/", own_files());
        write_file_atomically(folder.fresh() / "index", text);
        write_file_atomically(folder.fresh() / "sub" / "part", text);
        folder.put_in_place();
        EXPECT_EQ(read_file(place / "index").value(), text);
    }
    { ReplacedFolder given_up(place, own_files()); }
    EXPECT_EQ(read_file(place / "sub" / "part").value(), "second");
    EXPECT_EQ(std::distance(fs::directory_iterator(made.path()), {}), 1);
}

TEST(ReplacedFolder, KeepsTheOldOneIfTheNewOneCannotComeInItsPlace) {
    const TemporaryFolder made;
    const fs::path place = made.path() / "data";
    write_file_atomically(place / "index", "old");
    ReplacedFolder folder(place, own_files());
    fs::remove_all(folder.fresh());
    EXPECT_THROW(folder.put_in_place(), Error);
    EXPECT_EQ(read_file(place / "index").value(), "old");
}

TEST(ReplacedFolder, RefusesToReplaceWhatIsNotItsOwn) {
    const TemporaryFolder made;
    const fs::path place = made.path() / "data", file = made.path() / "file";
    write_file_atomically(file, "x");
    expect_kept(file, file);
    write_file_atomically(place / "sub" / "part", "without the marker");
    expect_kept(place, place / "sub" / "part");
    write_file_atomically(place / "index", "x");
    write_file_atomically(place / "run" / "weights", "years of work");
    expect_kept(place, place / "run" / "weights");
    fs::remove_all(place / "run");
    write_file_atomically(place / ".hidden", "mine");
    expect_kept(place, place / ".hidden");
    fs::remove(place / ".hidden");
    EXPECT_NO_THROW(ReplacedFolder(place, own_files()));
}

TEST(MappedFile, ShowsTheBytes) {
    const TemporaryFolder made;
    const fs::path& folder = made.path();
    write_file_atomically(folder / "a", "abc");
    write_file_atomically(folder / "empty", "");
    EXPECT_EQ(MappedFile(folder / "a").bytes().size(), 3u);
    EXPECT_EQ(MappedFile(folder / "empty").bytes().size(), 0u);
    EXPECT_THROW(MappedFile(folder / "none"), Error);
}

TEST(Sha256, Fips180Example) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace symphony::base
