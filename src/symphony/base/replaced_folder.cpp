#include "symphony/base/replaced_folder.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace symphony::base {
namespace fs = std::filesystem;
namespace {

void require_replaceable(const fs::path& place, const OwnFiles& own) {
    const auto refuse = [&](const std::string& why) {
        throw Error(ErrorKind::kInput, why + "; nothing was written", place,
                    "choose another folder with -o");
    };
    std::error_code error;
    const fs::file_status status = fs::status(place, error);
    if (status.type() == fs::file_type::not_found) return;
    if (error) refuse("cannot look at it: " + error.message());
    if (!fs::is_directory(status)) refuse("is a file, expected a folder to write to");
    if (fs::is_empty(place, error)) return;
    if (!fs::exists(place / own.marker, error))
        refuse(fmt::format("the folder holds other files and no {}", own.marker));
    fs::recursive_directory_iterator entries(place, error);
    while (!error && entries != fs::recursive_directory_iterator()) {
        const std::string name = entries->path().lexically_relative(place).generic_string();
        std::error_code ignored;
        const bool is_folder = entries->is_directory(ignored) && !entries->is_symlink(ignored);
        if (!is_folder && !own.files.contains(name))
            refuse(fmt::format("the folder also holds {}, which would be lost", name));
        entries.increment(error);
    }
    if (error) refuse("cannot look into it: " + error.message());
}

}  // namespace

fs::path ReplacedFolder::place_of(const fs::path& given) {
    const fs::path place = fs::absolute(given).lexically_normal();
    return place.has_filename() ? place : place.parent_path();
}

ReplacedFolder::ReplacedFolder(const fs::path& place, const OwnFiles& own)
    : place_(place_of(place)) {
    require_replaceable(place_, own);
    const fs::path fresh = fmt::format("{}.tmp-{}", place_.string(), ::getpid());
    std::error_code ignored;
    fs::remove_all(fresh, ignored);  // of an earlier process with our number that was killed
    make_folder(fresh);
    fresh_ = fresh;
}

ReplacedFolder::~ReplacedFolder() {
    std::error_code ignored;
    if (!fresh_.empty()) fs::remove_all(fresh_, ignored);
}

void ReplacedFolder::put_in_place() {
    // A folder cannot be renamed over a full one: the old one steps aside first.
    const fs::path aside = fresh_.string() + ".old";
    std::error_code error;
    const bool replaces = fs::exists(place_, error);
    if (replaces) rename_durably(place_, aside);
    try {
        rename_durably(fresh_, place_);
    } catch (const Error&) {
        if (replaces) ::rename(aside.c_str(), place_.c_str());
        throw;
    }
    fresh_.clear();
    if (replaces) fs::remove_all(aside, error);
}

}  // namespace symphony::base
