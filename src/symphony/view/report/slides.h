// The story of the report in about ten slides, one a screen and one a printed page.
#pragma once

#include "symphony/view/report/section.h"

#include <string>

namespace symphony::view {

// Stages that are missing have no slide. Uses the charts that the report has drawn.
std::string format_slides(ReportContext& context, const std::string& title);

}  // namespace symphony::view
