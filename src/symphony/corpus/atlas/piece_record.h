// A piece's statistics as JSON, for people, and as bytes, for an index of many pieces: both from
// one list of fields. Own format: fields in order, whole numbers as zigzag LEB128, real numbers as
// 8 bytes little-endian, texts and lists preceded by their length.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/result.h"
#include "symphony/corpus/statistics.h"

#include <string>
#include <string_view>

namespace symphony::corpus {

base::Json to_json(const PieceStatistics& piece);
// Error (kInput) if it is not such a record, or of another kStatisticsVersion.
base::Result<PieceStatistics> piece_statistics_from_json(const base::Json& json);

std::string to_bytes(const PieceStatistics& piece);
// Any bytes are safe: lengths are checked against what is there. Error (kInput) as above.
base::Result<PieceStatistics> piece_statistics_from_bytes(std::string_view bytes);

}  // namespace symphony::corpus
