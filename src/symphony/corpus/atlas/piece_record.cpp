#include "symphony/corpus/atlas/piece_record.h"

#include "symphony/corpus/atlas/piece_fields.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <concepts>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace symphony::corpus {
namespace {

using base::Json;

template <class T>
concept Whole = std::integral<T> && !std::is_same_v<T, bool>;

template <class T>
struct IsMap : std::false_type {};
template <class K, class V>
struct IsMap<std::map<K, V>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};

// A record that cannot be read; becomes an Error at the edge of this file.
struct BadRecord : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class T>
T checked_whole(std::int64_t value) {
    if (value < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
        value > static_cast<std::int64_t>(std::numeric_limits<T>::max()))
        throw BadRecord(fmt::format("{} does not fit its field", value));
    return static_cast<T>(value);
}

score::ChordQuality checked_quality(std::int64_t value) {
    if (value < 0 || value >= score::kChordQualities)
        throw BadRecord(fmt::format("no chord quality has the number {}", value));
    return static_cast<score::ChordQuality>(value);
}

// ---- bytes ----

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
            each_field(value, [this](const char*, const auto& field) { write(field); });
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
            each_field(value, [this](const char*, auto& field) { read(field); });
        }
    }
    std::int64_t read_whole() {
        std::uint64_t bits = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t b = byte();
            bits |= std::uint64_t{static_cast<std::uint8_t>(b & 0x7F)} << shift;
            if ((b & 0x80) == 0)
                return static_cast<std::int64_t>(bits >> 1 ^ (~(bits & 1) + 1));
        }
        throw BadRecord("a number is too long");
    }
    bool at_end() const { return at_ == bytes_.size(); }

  private:
    std::uint8_t byte() {
        if (at_ == bytes_.size()) throw BadRecord("it ends too early");
        return static_cast<std::uint8_t>(bytes_[at_++]);
    }
    // A length; each item is at least one byte, so that it cannot exceed what is left.
    std::size_t read_size() {
        const std::int64_t size = read_whole();
        if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size() - at_)
            throw BadRecord("a list is longer than the record");
        return static_cast<std::size_t>(size);
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
};

// ---- JSON ----

template <class T>
Json json_of(const T& value) {
    if constexpr (std::is_same_v<T, double>) {
        return std::isnan(value) ? Json(nullptr) : Json(value);
    } else if constexpr (std::is_same_v<T, std::string> || std::integral<T>) {
        return Json(value);
    } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
        return Json(static_cast<int>(value));
    } else if constexpr (IsMap<T>::value) {
        if constexpr (std::is_same_v<typename T::key_type, std::string>) {
            Json json = Json::object();
            for (const auto& [key, mapped] : value) json[key] = json_of(mapped);
            return json;
        } else {
            Json json = Json::array();
            for (const auto& [key, mapped] : value) json.push_back({key, json_of(mapped)});
            return json;
        }
    } else if constexpr (IsList<T>::value || IsArray<T>::value) {
        Json json = Json::array();
        for (const auto& item : value) json.push_back(json_of(item));
        return json;
    } else {
        Json json = Json::object();
        each_field(value,
                   [&](const char* name, const auto& field) { json[name] = json_of(field); });
        return json;
    }
}

template <class T>
void from_json_value(const Json& json, T& value) {
    if constexpr (std::is_same_v<T, double>) {
        value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
    } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
        value = json.get<T>();
    } else if constexpr (Whole<T>) {
        value = checked_whole<T>(json.get<std::int64_t>());
    } else if constexpr (std::is_same_v<T, score::ChordQuality>) {
        value = checked_quality(json.get<std::int64_t>());
    } else if constexpr (IsMap<T>::value) {
        if constexpr (std::is_same_v<typename T::key_type, std::string>) {
            for (const auto& [key, mapped] : json.items()) from_json_value(mapped, value[key]);
        } else {
            for (const Json& pair : json)
                from_json_value(pair.at(1), value[pair.at(0).get<typename T::key_type>()]);
        }
    } else if constexpr (IsList<T>::value) {
        value.clear();
        for (const Json& item : json) from_json_value(item, value.emplace_back());
    } else if constexpr (IsArray<T>::value) {
        if (json.size() != value.size()) throw BadRecord("a list has another length");
        for (std::size_t i = 0; i < value.size(); ++i) from_json_value(json.at(i), value[i]);
    } else {
        each_field(value, [&](const char* name, auto& field) {
            from_json_value(json.at(name), field);
        });
    }
}

// What a reader of either form must hold for those who use the piece.
void check(const PieceStatistics& piece) {
    for (const Progression& progression : piece.progressions) {
        if (progression.chords.size() != progression.bars.size())
            throw BadRecord("a progression has more chords than bars to them");
        for (const RomanChord& chord : progression.chords)
            if (chord.degree >= 12) throw BadRecord("a chord's degree exceeds 11");
    }
    for (const KeyRegion& region : piece.keys.regions)
        if (std::abs(region.key.sharps) > 7) throw BadRecord("a key has more than seven signs");
    if (std::abs(piece.summary.key.sharps) > 7) throw BadRecord("a key has more than seven signs");
}

base::Error bad_record(const std::exception& e) {
    return base::Error(base::ErrorKind::kInput,
                       std::string("not the statistics of a piece (") + e.what() + ")");
}

void check_version(std::int64_t version) {
    if (version != kStatisticsVersion)
        throw BadRecord(
            fmt::format("version {}, expected {}", version, kStatisticsVersion));
}

}  // namespace

Json to_json(const PieceStatistics& piece) {
    Json json{{"version", kStatisticsVersion}};
    json.update(json_of(piece));
    return json;
}

base::Result<PieceStatistics> piece_statistics_from_json(const Json& json) {
    try {
        check_version(json.at("version").get<std::int64_t>());
        PieceStatistics piece;
        from_json_value(json, piece);
        check(piece);
        return piece;
    } catch (const BadRecord& e) {
        return bad_record(e);
    } catch (const Json::exception& e) {
        return bad_record(e);
    }
}

std::string to_bytes(const PieceStatistics& piece) {
    ByteWriter writer;
    writer.write_whole(kStatisticsVersion);
    writer.write(piece);
    return std::move(writer.out);
}

base::Result<PieceStatistics> piece_statistics_from_bytes(std::string_view bytes) {
    try {
        ByteReader reader(bytes);
        check_version(reader.read_whole());
        PieceStatistics piece;
        reader.read(piece);
        if (!reader.at_end()) throw BadRecord("bytes are left over");
        check(piece);
        return piece;
    } catch (const BadRecord& e) {
        return bad_record(e);
    }
}

}  // namespace symphony::corpus
