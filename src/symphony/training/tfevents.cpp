#include "symphony/training/tfevents.h"

#include <array>
#include <bit>

namespace symphony::training {
namespace {

// Wire types of the protocol-buffer encoding.
enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

template <class T>
void append_little_endian(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

void append_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    out.push_back(static_cast<char>(value));
}

void append_key(std::string& out, unsigned field, WireType type) {
    append_varint(out, field << 3 | type);
}

void append_double(std::string& out, unsigned field, double value) {
    append_key(out, field, kFixed64);
    append_little_endian(out, std::bit_cast<std::uint64_t>(value));
}

void append_bytes(std::string& out, unsigned field, std::string_view bytes) {
    append_key(out, field, kBytes);
    append_varint(out, bytes.size());
    out.append(bytes);
}

std::string framed(std::string_view data) {
    // TFRecord masks its checksums, so that a record stored in a record is not mistaken for one.
    const auto masked = [](std::string_view bytes) {
        return std::rotr(crc32c(bytes), 15) + 0xa282ead8u;
    };
    std::string length, out;
    append_little_endian(length, static_cast<std::uint64_t>(data.size()));
    out = length;
    append_little_endian(out, masked(length));
    out.append(data);
    append_little_endian(out, masked(data));
    return out;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> t{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t c = i;
            for (int bit = 0; bit < 8; ++bit) c = c & 1 ? 0x82f63b78u ^ (c >> 1) : c >> 1;
            t[i] = c;
        }
        return t;
    }();
    std::uint32_t crc = 0xffffffffu;
    for (unsigned char byte : bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8);
    return ~crc;
}

std::string tfevents_header(double wall_time) {
    std::string event;
    append_double(event, /*wall_time=*/1, wall_time);
    append_bytes(event, /*file_version=*/3, "brain.Event:2");
    return framed(event);
}

std::string tfevents_scalar(std::string_view tag, std::int64_t step, double value,
                            double wall_time) {
    std::string scalar;
    append_bytes(scalar, /*tag=*/1, tag);
    append_key(scalar, /*simple_value=*/2, kFixed32);
    append_little_endian(scalar, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    std::string summary;
    append_bytes(summary, /*value=*/1, scalar);
    std::string event;
    append_double(event, /*wall_time=*/1, wall_time);
    append_key(event, /*step=*/2, kVarint);
    append_varint(event, static_cast<std::uint64_t>(step));
    append_bytes(event, /*summary=*/5, summary);
    return framed(event);
}

}  // namespace symphony::training
