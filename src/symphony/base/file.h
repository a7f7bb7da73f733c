// Whole-file reading with a cap, writing that is all or nothing, and read-only memory maps.
#pragma once

#include "symphony/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::base {

inline constexpr std::uint64_t kDefaultMaxFileBytes = std::uint64_t{1} << 30;

// The file's bytes. Error (kInput) if it cannot be read or holds more than `max_bytes`. A pipe that
// nobody writes to is empty.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::uint64_t max_bytes = kDefaultMaxFileBytes);

// The same; also an Error (kInput) if the file changes while it is read.
Result<std::string> read_settled_file(const std::filesystem::path& path,
                                      std::uint64_t max_bytes = kDefaultMaxFileBytes);

// Writes `bytes` beside `path`, fsyncs, renames over `path`, fsyncs the folder: after a crash
// `path` holds the old bytes or the new. Makes missing parent folders. Throws Error (kInput) naming
// the cause (no permission, disk full).
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

// Makes the folder and those above it. Throws Error (kInput) with a hint if that cannot be.
void make_folder(const std::filesystem::path& folder);

// Renames `from` (a finished file or folder) to `to` and fsyncs the parent folder. An existing file
// is replaced.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

// A file mapped read-only. Moves, does not copy.
class MappedFile {
  public:
    // Throws Error (kInput) if the file cannot be opened or mapped. An empty file gives an empty
    // span.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return {data_, size_}; }

  private:
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// Every regular file under `root` (or `root` itself, if it is one), sorted by path; hidden files
// and folders are skipped, folders that cannot be read are listed in `unreadable`. Throws Error
// (kInput) if `root` does not exist or is neither a file nor a folder.
std::vector<std::filesystem::path> list_files(
    const std::filesystem::path& root, std::vector<std::filesystem::path>* unreadable = nullptr);

}  // namespace symphony::base
