#include "symphony/corpus/atlas/piece_record.h"

#include "symphony/corpus/atlas/field_bytes.h"
#include "symphony/corpus/atlas/field_json.h"
#include "symphony/corpus/atlas/piece_fields.h"

#include <fmt/format.h>

namespace symphony::corpus {
namespace {

using base::Json;

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
        throw BadRecord(fmt::format("version {}, expected {}", version, kStatisticsVersion));
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
