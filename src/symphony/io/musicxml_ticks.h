// Chooses the ticks per quarter of a score read from MusicXML.
#pragma once

#include "symphony/io/musicxml_issues.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace symphony::io::musicxml {

inline constexpr int kMaxTicksPerQuarter = 32767;
// Beyond this many units per quarter times are rounded to kRoundedResolution.
inline constexpr std::int64_t kMaxResolution = std::int64_t{1} << 26;
inline constexpr int kRoundedTicksPerQuarter = 30240;  // 2^5 * 3^3 * 5 * 7
inline constexpr std::int64_t kRoundedResolution = std::int64_t{kRoundedTicksPerQuarter} << 10;

// The least common multiple of the divisions (each > 0), none if it passes kMaxResolution.
std::optional<std::int64_t> common_resolution(const std::vector<std::int64_t>& divisions);

// Times of `score`, given in `resolution` units per quarter, become ticks: the smallest number per
// quarter that holds every note and bar exactly, raised to a multiple of 480 where that fits; at
// most 32,767, else times are rounded to 1/30,240 of a quarter and counted (XML117).
void to_ticks(score::Score& score, std::int64_t resolution, bool is_exact, IssueLog& log);

}  // namespace symphony::io::musicxml
