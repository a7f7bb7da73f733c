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
        case FileFate::kFiltered:
            return "filtered";
    }
    return "";
}

namespace {

std::int64_t& sum_of(Account& account, FileFate fate) {
    switch (fate) {
        case FileFate::kUsed:
            break;
        case FileFate::kRepaired:
            return account.repaired;
        case FileFate::kRefused:
            return account.refused;
        case FileFate::kDuplicateExact:
            return account.duplicates_exact;
        case FileFate::kDuplicateMusic:
            return account.duplicates_music;
        case FileFate::kFiltered:
            return account.filtered;
    }
    return account.used;
}

}  // namespace

void Account::add(FileRecord file) {
    ++found;
    ++sum_of(*this, file.fate);
    files.push_back(std::move(file));
}

void Account::leave_out(const std::map<std::string, std::pair<std::string, std::string>>& reasons) {
    for (FileRecord& file : files) {
        auto reason = reasons.find(file.id);
        if (reason == reasons.end()) reason = reasons.find(file.duplicate_of);
        if (reason == reasons.end()) continue;
        --sum_of(*this, file.fate);
        file.fate = FileFate::kFiltered;
        ++filtered;
        file.duplicate_of.clear();
        std::tie(file.code, file.reason) = reason->second;
        count_code(file.code, file.reason.substr(0, file.reason.find(':')), 1, /*refuses=*/true);
    }
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
    if (filtered > 0) text += fmt::format(" + {} filtered", filtered);
    if (not_music > 0)
        text += fmt::format(" ({} other file{} left aside)", not_music, not_music == 1 ? "" : "s");
    return text;
}

}  // namespace symphony::corpus
