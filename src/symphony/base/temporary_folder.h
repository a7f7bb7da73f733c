// A private folder for the time of a piece of work.
#pragma once

#include <filesystem>

namespace symphony::base {

// Removed with all that is in it, whatever happens.
class TemporaryFolder {
  public:
    // Made in `parent`, else in TMPDIR, else in /tmp. Throws Error (kInput) if it cannot be.
    explicit TemporaryFolder(const std::filesystem::path& parent = {});
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace symphony::base
