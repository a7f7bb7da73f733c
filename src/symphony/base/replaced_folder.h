// A folder that is made beside its place and put there whole: a reader sees the old one or the new.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace symphony::base {

// What a folder of ours holds: the file by which it is known, and every file that it may hold
// (paths below it, with '/').
struct OwnFiles {
    std::string marker;
    std::set<std::string> files;
};

class ReplacedFolder {
  public:
    // Makes fresh() beside `place`, and missing folders above. Throws Error (kInput) if that cannot
    // be, or if `place` may not be replaced: it is a file, or a folder that holds anything which is
    // not in `own` (or has files, but not the marker).
    ReplacedFolder(const std::filesystem::path& place, const OwnFiles& own);
    // Removes what was not put in place.
    ~ReplacedFolder();
    ReplacedFolder(const ReplacedFolder&) = delete;
    ReplacedFolder& operator=(const ReplacedFolder&) = delete;

    // Absolute, without a slash at the end.
    static std::filesystem::path place_of(const std::filesystem::path& given);

    const std::filesystem::path& fresh() const { return fresh_; }  // write here

    // The fresh folder takes the place of the old one, which is removed. Throws Error (kInput) if
    // it cannot; the old one is then where it was.
    void put_in_place();

  private:
    std::filesystem::path place_, fresh_;
};

}  // namespace symphony::base
