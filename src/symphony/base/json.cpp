#include "symphony/base/json.h"

#include "symphony/base/file.h"

namespace symphony::base {

Result<Json> parse_json(std::string_view text, const std::string& path) {
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& e) {
        Error error(ErrorKind::kInput, "not valid JSON", path);
        error.offset = e.byte;
        return error;
    }
}

Result<Json> read_json_file(const std::filesystem::path& path) {
    auto bytes = read_file(path);
    if (!bytes) return bytes.error();
    return parse_json(bytes.value(), path);
}

std::string format_json(const Json& json) {
    return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

void write_json_file(const std::filesystem::path& path, const Json& json) {
    write_file_atomically(path, format_json(json));
}

}  // namespace symphony::base
