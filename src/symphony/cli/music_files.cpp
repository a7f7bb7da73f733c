#include "symphony/cli/music_files.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/io/score_file.h"

namespace symphony::cli {

namespace fs = std::filesystem;

std::vector<fs::path> music_files(const fs::path& place) {
    const std::vector<fs::path> all = base::list_files(place);
    if (!fs::is_directory(place)) return all;
    const auto stem = [](fs::path path) { return path.replace_extension(); };
    std::vector<fs::path> files;
    for (const fs::path& file : all)
        if (io::has_music_ending(file) && (files.empty() || stem(files.back()) != stem(file)))
            files.push_back(file);
    if (files.empty())
        throw base::Error(base::ErrorKind::kInput, "there is no music file in the folder", place);
    return files;
}

}  // namespace symphony::cli
