#include "symphony/base/json.h"

#include "symphony/base/file.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace symphony::base {
namespace {

// Builds a document. nlohmann-json's own builder looks each key of an ordered object up among all
// that came before, which takes minutes for a file of some hundred thousand keys.
class Builder final : public nlohmann::json_sax<Json> {
  public:
    Json root;
    std::size_t error_at = 0;  // byte

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(Json::number_integer_t value) override { return put(value); }
    bool number_unsigned(Json::number_unsigned_t value) override { return put(value); }
    bool number_float(Json::number_float_t value, const std::string&) override {
        return put(value);
    }
    bool string(std::string& value) override { return put(std::move(value)); }
    bool binary(Json::binary_t& value) override { return put(std::move(value)); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(std::string& name) override {
        open_.back().next = &value_of(open_.back(), name);
        return true;
    }
    // Numbers beyond a double end here too.
    bool parse_error(std::size_t byte, const std::string&,
                     const nlohmann::detail::exception&) override {
        error_at = byte;
        return false;
    }

  private:
    struct Open {
        Json* value = nullptr;
        Json* next = nullptr;                                 // objects: of the last key
        std::unordered_map<std::string, std::size_t> places;  // of keys, once there are many
    };

    // Of a key that is there already, or is now. The last of equal keys counts.
    static Json& value_of(Open& here, const std::string& name) {
        constexpr std::size_t kManyKeys = 32;
        auto& object = here.value->get_ref<Json::object_t&>();
        if (object.size() < kManyKeys) return object[name];
        // The map's own index operator takes keys.
        Json::object_t::Container& members = object;
        if (here.places.empty())
            for (std::size_t i = 0; i < members.size(); ++i)
                here.places.emplace(members[i].first, i);
        const auto [place, is_new] = here.places.emplace(name, members.size());
        if (is_new) members.emplace_back(name, Json());
        return members[place->second].second;
    }

    Json& place() {
        if (open_.empty()) return root;
        Open& here = open_.back();
        if (here.value->is_object()) return *here.next;
        auto& array = here.value->get_ref<Json::array_t&>();
        return array.emplace_back();
    }
    template <class Value>
    bool put(Value&& value) {
        place() = std::forward<Value>(value);
        return true;
    }
    bool open(Json container) {
        Json& here = place();
        here = std::move(container);
        open_.push_back({.value = &here});
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<Open> open_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& path) {
    Builder builder;
    if (Json::sax_parse(text, &builder)) return std::move(builder.root);
    Error error(ErrorKind::kInput, "not valid JSON", path);
    error.offset = builder.error_at;
    return error;
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
