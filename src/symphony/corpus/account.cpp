#include "symphony/corpus/account.h"

#include <fmt/format.h>

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

std::string Account::sentence() const {
    std::string text = fmt::format(
        "{} found = {} used + {} repaired + {} refused + {} duplicates + {} with the same music",
        found, used, repaired, refused, duplicates_exact, duplicates_music);
    if (not_music > 0)
        text += fmt::format(" ({} other file{} left aside)", not_music, not_music == 1 ? "" : "s");
    return text;
}

}  // namespace symphony::corpus
