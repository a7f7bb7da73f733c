// Lays the measures of a MusicXML file out in time: RawScore -> Score.
#pragma once

#include "symphony/io/musicxml_issues.h"
#include "symphony/io/musicxml_model.h"
#include "symphony/io/score_file.h"

namespace symphony::io::musicxml {

// One Part per staff (drums of a mixed staff apart), ties merged, bars of their real length,
// velocities from the dynamics, phrase marks. ticks_per_quarter holds every time exactly where
// 32,767 allows. Refuses (XML008) a performed order with more than options.max_notes notes.
base::Result<score::Score> lay_out(const RawScore& raw, const ReadOptions& options,
                                   const std::string& name, IssueLog& log);

// Length of each measure as written, in raw.resolution units: its meter's, or what stands in it
// where that is less (an upbeat, a split bar) or more.
std::vector<std::int64_t> measure_lengths(const RawScore& raw, IssueLog& log);

}  // namespace symphony::io::musicxml
