// Charts of the corpus's distributions.
#pragma once

#include "symphony/corpus/report.h"
#include "symphony/view/chart.h"

namespace symphony::view {

// Shares of `distribution.total` as bars; many categories are cut to the commonest, the rest
// summed as "other". Nothing to draw if total is 0 or there is no bin.
Chart distribution_chart(const corpus::Distribution& distribution, std::string_view color = "bass");

}  // namespace symphony::view
