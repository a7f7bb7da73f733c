#include "symphony/corpus/npy.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>

namespace symphony::corpus {
namespace {

static_assert(std::endian::native == std::endian::little, "shards are mapped, not converted");

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};
constexpr std::string_view kBeforeCount = "{'descr': '<u2', 'fortran_order': False, 'shape': (";
constexpr std::size_t kPreamble = 10;  // magic, version and the header's length
constexpr std::size_t kAlignment = 64;

}  // namespace

std::string npy_header(std::uint64_t count) {
    std::string header = fmt::format("{}{},), }}", kBeforeCount, count);
    const std::size_t used = kPreamble + header.size() + 1;
    header.append((kAlignment - used % kAlignment) % kAlignment, ' ');
    header += '\n';
    std::string bytes(kMagic);
    bytes += static_cast<char>(header.size() & 0xFF);
    bytes += static_cast<char>(header.size() >> 8);
    return bytes + header;
}

base::Result<std::span<const std::uint16_t>> parse_npy(std::span<const std::byte> bytes,
                                                       const std::string& path) {
    const auto damaged = [&](const std::string& what) {
        return base::Error(base::ErrorKind::kInput, what, path,
                           "prepare the data set again (symphony prepare DIR -o DATA)");
    };
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.size() < kPreamble || text.substr(0, kMagic.size()) != kMagic)
        return damaged("not a NumPy 1.0 array");
    const std::size_t header_size = static_cast<std::size_t>(
        static_cast<unsigned char>(text[8]) | static_cast<unsigned char>(text[9]) << 8);
    if (text.size() < kPreamble + header_size)
        return damaged(fmt::format("array cut off inside its header, got {} bytes", text.size()));
    const std::string_view header = text.substr(kPreamble, header_size);
    if (!header.starts_with(kBeforeCount))
        return damaged("unexpected array type, expected one dimension of little-endian uint16");
    std::uint64_t count = 0;
    const char* digits = header.data() + kBeforeCount.size();
    const auto [end, error] = std::from_chars(digits, header.data() + header.size(), count);
    if (error != std::errc() || end == header.data() + header.size() || *end != ',')
        return damaged("unexpected array shape, expected one dimension");
    const std::size_t got = text.size() - kPreamble - header_size;
    if (got % 2 != 0 || count != got / 2)
        return damaged(fmt::format("array of {} values has {} bytes of data", count, got));
    const std::byte* data = bytes.data() + kPreamble + header_size;
    if (reinterpret_cast<std::uintptr_t>(data) % alignof(std::uint16_t) != 0)
        return damaged("array data at an odd offset");
    return std::span(reinterpret_cast<const std::uint16_t*>(data), static_cast<std::size_t>(count));
}

}  // namespace symphony::corpus
