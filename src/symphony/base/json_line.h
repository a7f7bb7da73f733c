// JSON on one line: records, logs and lists of many small objects.
#pragma once

#include "symphony/base/json.h"

#include <string>

namespace symphony::base {

// Without a newline. Invalid UTF-8 is replaced, as format_json does: paths and names of the user's
// may hold any bytes.
std::string json_line(const Json& json);

}  // namespace symphony::base
