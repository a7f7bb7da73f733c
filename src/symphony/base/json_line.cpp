#include "symphony/base/json_line.h"

namespace symphony::base {

std::string json_line(const Json& json) {
    return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace symphony::base
