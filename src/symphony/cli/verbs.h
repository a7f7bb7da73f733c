// The verbs of the `symphony` executable, in the order in which --help shows them.
#pragma once

#include "symphony/cli/verb.h"

#include <vector>

namespace symphony::cli {

std::vector<VerbEntry> symphony_verbs();

}  // namespace symphony::cli
