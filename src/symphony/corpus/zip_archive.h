// Takes files out of a zip archive (a Python wheel, a download) through libzip, within limits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace symphony::corpus {

struct ZipLimits {
    std::uint64_t max_entries = 100'000;
    std::uint64_t max_member_bytes = std::uint64_t{64} << 20;
    std::uint64_t max_total_bytes = std::uint64_t{1} << 30;  // of all members taken
};

struct ZipMember {
    std::string name;  // as the archive has it
    std::string bytes;
};

// The members whose name passes `wanted`, in the archive's order; folders are skipped. Throws Error
// (kInput) if the archive is damaged or over a limit.
std::vector<ZipMember> read_zip(const std::filesystem::path& archive,
                                const std::function<bool(const std::string&)>& wanted,
                                const ZipLimits& limits = {});

}  // namespace symphony::corpus
