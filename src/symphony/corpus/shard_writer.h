// A shard of token ids written as they come: an array in NumPy's format (npy.h) whose length is
// known at the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace symphony::corpus {

class ShardWriter {
  public:
    // Throws Error (kInput) if the file cannot be made.
    explicit ShardWriter(const std::filesystem::path& path);

    void add(std::span<const std::uint16_t> ids);
    std::uint64_t count() const { return count_; }
    // Completes the file, makes it lasting and returns its SHA-256. Throws Error (kInput) if the
    // disk is full.
    std::string finish();

  private:
    [[noreturn]] void fail(const char* doing) const;

    std::filesystem::path path_;
    std::ofstream file_;
    std::uint64_t count_ = 0;
};

}  // namespace symphony::corpus
