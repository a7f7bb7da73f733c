#include "symphony/corpus/zip_archive.h"

#include "symphony/base/error.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>

namespace symphony::corpus {
namespace {

struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
    throw base::Error(base::ErrorKind::kInput, what, path);
}

}  // namespace

std::vector<ZipMember> read_zip(const std::filesystem::path& path,
                                const std::function<bool(const std::string&)>& wanted,
                                const ZipLimits& limits) {
    int code = 0;
    const std::unique_ptr<zip_t, CloseArchive> archive(
        zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string text = zip_error_strerror(&error);
        zip_error_fini(&error);
        refuse(path, "not a whole zip archive: " + text);
    }
    const auto entries = static_cast<std::uint64_t>(zip_get_num_entries(archive.get(), 0));
    if (entries > limits.max_entries)
        refuse(path, fmt::format("archive of {} entries, expected at most {}", entries,
                                 limits.max_entries));
    std::vector<ZipMember> members;
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < entries; ++i) {
        const char* raw_name = zip_get_name(archive.get(), i, ZIP_FL_ENC_GUESS);
        const std::string name = raw_name ? raw_name : "";
        if (name.empty() || name.ends_with('/') || !wanted(name)) continue;
        const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive.get(), i, 0));
        if (!file) refuse(path, fmt::format("cannot open {} in the archive", name));
        // The size an archive states is not trusted: reading stops at the limit.
        ZipMember member{.name = name};
        char buffer[1 << 16];
        while (true) {
            const auto n = zip_fread(file.get(), buffer, sizeof buffer);
            if (n < 0) refuse(path, fmt::format("{} in the archive is damaged", name));
            if (n == 0) break;
            member.bytes.append(buffer, static_cast<std::size_t>(n));
            total += static_cast<std::uint64_t>(n);
            if (member.bytes.size() > limits.max_member_bytes || total > limits.max_total_bytes)
                refuse(path, fmt::format("{} in the archive is too large", name));
        }
        members.push_back(std::move(member));
    }
    return members;
}

}  // namespace symphony::corpus
