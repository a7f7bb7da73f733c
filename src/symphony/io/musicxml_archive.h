// The compressed form of MusicXML (.mxl): a zip archive whose META-INF/container.xml names the
// score. MusicXML 4.0, "Compressed .MXL files".
#pragma once

#include "symphony/io/musicxml_issues.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace symphony::io::musicxml {

bool looks_like_zip(std::string_view bytes);

// The XML text of the score inside. Sizes that the archive declares are not trusted: refused beyond
// `max_bytes` of unpacked score or kMaxEntries entries. A missing container.xml is repaired by
// taking the first .xml or .musicxml entry.
base::Result<std::string> unpack_score(std::string_view bytes, const std::string& name,
                                       std::uint64_t max_bytes, Strictness strictness,
                                       IssueLog& log);

// An archive that holds `xml` as score.musicxml and the container that names it; the same bytes for
// the same text. Throws Error (kInternal) if libzip fails.
std::string pack_score(std::string_view xml);

inline constexpr int kMaxEntries = 4096;

}  // namespace symphony::io::musicxml
