#include "symphony/corpus/music_stamp.h"

#include "symphony/base/file.h"
#include "symphony/base/sha256.h"

#include <fmt/format.h>

namespace symphony::corpus {
namespace fs = std::filesystem;

std::string music_stamp(const fs::path& root) {
    std::string text;
    for (const fs::path& file : base::list_files(root)) {
        // A file that vanishes meanwhile counts as one without a size.
        std::error_code ignored;
        const auto size = fs::file_size(file, ignored);
        const auto changed = fs::last_write_time(file, ignored).time_since_epoch().count();
        text += fmt::format("{}\n{} {}\n", file.lexically_relative(root).string(), size, changed);
    }
    return base::sha256_hex(fs::weakly_canonical(root).string() + "\n" + text);
}

}  // namespace symphony::corpus
