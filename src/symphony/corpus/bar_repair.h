// Names what is wrong with a piece's bars and timing, and writes the bars that bar_fit.h proposes.
// Source: own.
#pragma once

#include "symphony/io/score_file.h"
#include "symphony/score/score.h"

#include <optional>
#include <vector>

namespace symphony::corpus {

// "COR010 bar-lines" where another barring fits better, "COR011 free-timing" where the onsets do
// not follow the beats. Both say what mends it.
std::vector<io::Diagnostic> timing_diagnostics(const score::Score& score);

// Where the bars do not fit, marks the upbeat or sets the metre, and returns what was done
// ("COR012 bars-mended"). Nothing changes, and nothing is returned, where they fit or
// the metre changes inside the piece: which bars are wrong is then not known.
std::optional<io::Diagnostic> mend_bars(score::Score& score);

}  // namespace symphony::corpus
