#include "symphony/corpus/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace symphony::corpus {

const char* file_fate_name(FileFate fate) {
    switch (fate) {
        case FileFate::kUsed:
            return "used";
        case FileFate::kRepaired:
            return "repaired";
        case FileFate::kRefused:
            return "refused";
        case FileFate::kDuplicateExact:
            return "duplicate";
        case FileFate::kDuplicateMusic:
            return "same music";
    }
    return "";
}

void Account::add(FileRecord file) {
    ++found;
    switch (file.fate) {
        case FileFate::kUsed:
            ++used;
            break;
        case FileFate::kRepaired:
            ++repaired;
            break;
        case FileFate::kRefused:
            ++refused;
            break;
        case FileFate::kDuplicateExact:
            ++duplicates_exact;
            break;
        case FileFate::kDuplicateMusic:
            ++duplicates_music;
            break;
    }
    files.push_back(std::move(file));
}

void Account::count_code(const std::string& code, const std::string& name, std::int64_t times,
                         bool refuses) {
    const auto key = [](const CodeCount& c) { return std::tie(c.code, c.name, c.refuses); };
    const CodeCount counted{.code = code, .name = name, .refuses = refuses};
    auto at =
        std::lower_bound(codes.begin(), codes.end(), counted,
                         [&](const CodeCount& a, const CodeCount& b) { return key(a) < key(b); });
    if (at == codes.end() || key(*at) != key(counted)) at = codes.insert(at, counted);
    at->times += times;
    ++at->files;
}

std::string Account::sentence() const {
    std::string text = fmt::format(
        "{} found = {} used + {} repaired + {} refused + {} duplicates + {} with the same music",
        found, used, repaired, refused, duplicates_exact, duplicates_music);
    if (not_music > 0)
        text += fmt::format(" ({} other file{} left aside)", not_music, not_music == 1 ? "" : "s");
    return text;
}

}  // namespace symphony::corpus
