// Fingerprints as bytes, for an index that keeps them.
#include "symphony/corpus/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

void append_u32(std::string& out, std::size_t value) {
    for (int byte = 0; byte < 4; ++byte) out += static_cast<char>((value >> (8 * byte)) & 0xFF);
}

void append_sketch(std::string& out, const Sketch& sketch) {
    out += sketch.thinned ? '\1' : '\0';
    append_u32(out, sketch.hashes.size());
    for (const std::uint32_t hash : sketch.hashes) append_u32(out, hash);
}

// Takes fields off the front of `rest`; false once there is too little or nonsense.
class Fields {
  public:
    explicit Fields(std::string_view bytes) : rest_(bytes) {}
    bool at_end() const { return rest_.empty(); }

    bool take_byte(std::uint8_t& value) {
        if (rest_.empty()) return false;
        value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }
    bool take_text(std::size_t length, std::string& text) {
        if (rest_.size() < length) return false;
        text = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return true;
    }
    bool take_sketch(Sketch& sketch) {
        std::uint8_t thinned = 0;
        std::uint32_t count = 0;
        if (!take_byte(thinned) || thinned > 1 || !take_u32(count) || rest_.size() / 4 < count)
            return false;
        sketch.thinned = thinned == 1;
        sketch.hashes.resize(count);
        for (std::uint32_t& hash : sketch.hashes) take_u32(hash);
        return std::is_sorted(sketch.hashes.begin(), sketch.hashes.end(), std::less_equal<>()) &&
               std::all_of(sketch.hashes.begin(), sketch.hashes.end(),
                           [&](std::uint32_t hash) { return comparable(hash, sketch.thinned); });
    }

  private:
    bool take_u32(std::uint32_t& value) {
        if (rest_.size() < 4) return false;
        value = 0;
        for (std::size_t byte = 0; byte < 4; ++byte)
            value |= std::uint32_t{static_cast<std::uint8_t>(rest_[byte])} << (8 * byte);
        rest_.remove_prefix(4);
        return true;
    }
    std::string_view rest_;
};

}  // namespace

std::string to_bytes(const Fingerprint& fingerprint) {
    std::string out;
    out += static_cast<char>(kFingerprintVersion);
    out += static_cast<char>(fingerprint.music.size());
    out += fingerprint.music;
    append_sketch(out, fingerprint.windows);
    append_sketch(out, fingerprint.melody);
    return out;
}

base::Result<Fingerprint> fingerprint_from_bytes(std::string_view bytes) {
    constexpr std::uint8_t kHexDigits = 64;
    Fields fields(bytes);
    std::uint8_t version = 0, digits = 0;
    if (!fields.take_byte(version) || version != kFingerprintVersion)
        return base::Error(
            base::ErrorKind::kInput,
            fmt::format("a fingerprint of version {}, expected {}", version, kFingerprintVersion));
    Fingerprint fingerprint;
    if (!fields.take_byte(digits) || (digits != 0 && digits != kHexDigits) ||
        !fields.take_text(digits, fingerprint.music) || !fields.take_sketch(fingerprint.windows) ||
        !fields.take_sketch(fingerprint.melody) || !fields.at_end())
        return base::Error(base::ErrorKind::kInput,
                           fmt::format("a damaged fingerprint of {} bytes", bytes.size()));
    return fingerprint;
}

}  // namespace symphony::corpus
