// Values as bytes, for an index that keeps them: whole numbers as zigzag varints (Protocol Buffers,
// "Encoding"), lists and texts by their length, structs by their fields (field_json.h). Own.
#pragma once

#include "symphony/corpus/atlas/field_json.h"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace symphony::corpus {

class ByteWriter {
  public:
    template <class T>
    void write(const T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            out.push_back(value ? '\1' : '\0');
        } else if constexpr (Whole<T>) {
            write_whole(static_cast<std::int64_t>(value));
        } else if constexpr (std::is_same_v<T, double>) {
            auto bits = std::bit_cast<std::uint64_t>(value);
            for (int i = 0; i < 8; ++i, bits >>= 8) out.push_back(static_cast<char>(bits & 0xFF));
        } else if constexpr (std::is_same_v<T, std::string>) {
            write_whole(static_cast<std::int64_t>(value.size()));
            out += value;
        } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
            write_whole(static_cast<std::int64_t>(value));
        } else if constexpr (IsMap<T>::value) {
            write_whole(static_cast<std::int64_t>(value.size()));
            for (const auto& [key, mapped] : value) {
                write(key);
                write(mapped);
            }
        } else if constexpr (IsList<T>::value) {
            write_whole(static_cast<std::int64_t>(value.size()));
            for (const auto& item : value) write(item);
        } else if constexpr (IsArray<T>::value) {
            for (const auto& item : value) write(item);
        } else {
            each_field(value, [&](const char*, const auto& field) { this->write(field); });
        }
    }
    void write_whole(std::int64_t value) {
        auto bits = static_cast<std::uint64_t>(value) << 1 ^
                    static_cast<std::uint64_t>(value >> 63);  // zigzag
        for (; bits >= 0x80; bits >>= 7) out.push_back(static_cast<char>(bits | 0x80));
        out.push_back(static_cast<char>(bits));
    }

    std::string out;
};

// Takes values off bytes that may hold anything. Throws BadRecord.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

    template <class T>
    void read(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            value = byte() != 0;
        } else if constexpr (Whole<T>) {
            value = checked_whole<T>(read_whole());
        } else if constexpr (std::is_same_v<T, double>) {
            std::uint64_t bits = 0;
            for (int i = 0; i < 8; ++i) bits |= std::uint64_t{byte()} << (8 * i);
            value = std::bit_cast<double>(bits);
        } else if constexpr (std::is_same_v<T, std::string>) {
            const std::size_t size = read_size();
            value = std::string(bytes_.substr(at_, size));
            at_ += size;
        } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
            value = checked_quality(read_whole());
        } else if constexpr (IsMap<T>::value) {
            for (std::size_t n = read_size(); n > 0; --n) {
                typename T::key_type key{};
                typename T::mapped_type mapped{};
                read(key);
                read(mapped);
                // What writes them does so in order; a NaN would break the map.
                if (!value.empty() && !(value.rbegin()->first < key))
                    throw BadRecord("a tally is not in order");
                value.emplace_hint(value.end(), std::move(key), std::move(mapped));
            }
        } else if constexpr (IsList<T>::value) {
            const std::size_t size = read_size();
            value.clear();
            for (std::size_t i = 0; i < size; ++i) read(value.emplace_back());
        } else if constexpr (IsArray<T>::value) {
            for (auto& item : value) read(item);
        } else {
            each_field(value, [&](const char*, auto& field) { this->read(field); });
        }
    }
    std::int64_t read_whole() {
        std::uint64_t bits = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t b = byte();
            bits |= std::uint64_t{static_cast<std::uint8_t>(b & 0x7F)} << shift;
            if ((b & 0x80) == 0) return static_cast<std::int64_t>(bits >> 1 ^ (~(bits & 1) + 1));
        }
        throw BadRecord("a number is too long");
    }
    // A length; each item is at least one byte, so that it cannot exceed what is left.
    std::size_t read_size() {
        const std::int64_t size = read_whole();
        if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size() - at_)
            throw BadRecord("a list is longer than the record");
        return static_cast<std::size_t>(size);
    }
    bool at_end() const { return at_ == bytes_.size(); }

  private:
    std::uint8_t byte() {
        if (at_ == bytes_.size()) throw BadRecord("it ends too early");
        return static_cast<std::uint8_t>(bytes_[at_++]);
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
};

}  // namespace symphony::corpus
