#include "symphony/base/file.h"

#include "symphony/base/sha256.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace symphony::base {
namespace {

namespace fs = std::filesystem;

fs::path fresh_folder(const std::string& name) {
    const fs::path folder = fs::path(testing::TempDir()) / ("symphony_" + name);
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

TEST(WriteFileAtomically, ReplacesTheWholeFileAndLeavesNoTemporary) {
    const fs::path folder = fresh_folder("atomic");
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
    const fs::path folder = fresh_folder("read");
    std::ofstream(folder / "ten") << "0123456789";
    EXPECT_FALSE(read_file(folder).ok());
    EXPECT_FALSE(read_file(folder / "none").ok());
    EXPECT_FALSE(read_file(folder / "ten", 9).ok());
    EXPECT_TRUE(read_file(folder / "ten", 10).ok());
}

TEST(ReadFile, APipeThatNobodyWritesToIsEmpty) {
    const fs::path folder = fresh_folder("pipe");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_file(folder / "pipe").value(), "");
}

TEST(ReadFile, AFileThatGrowsMeanwhileIsNoSettledFile) {
    const fs::path path = fresh_folder("settled") / "growing";
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
    const fs::path folder = fresh_folder("links");
    write_file_atomically(folder / "sub" / "a", "abc");
    fs::create_directory_symlink(folder, folder / "sub" / "up");
    fs::create_symlink(folder / "b", folder / "c");
    fs::create_symlink(folder / "c", folder / "b");
    fs::create_symlink(folder / "none", folder / "dangling");
    EXPECT_EQ(list_files(folder), std::vector<fs::path>{folder / "sub" / "a"});
}

TEST(MappedFile, ShowsTheBytes) {
    const fs::path folder = fresh_folder("map");
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
