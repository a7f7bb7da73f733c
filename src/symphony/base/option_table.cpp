#include "symphony/base/option_table.h"

#include "symphony/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace symphony::base {
namespace {

[[noreturn]] void refuse(const std::string& where, const Option& option, const std::string& got,
                         const std::string& expected) {
    throw Error(ErrorKind::kUsage,
                fmt::format("option {}: got {}, expected {}", option.name, got, expected), where,
                option.help);
}

std::string describe_range(const Option& option) {
    const char* what = option.kind == OptionKind::kInteger ? "a whole number" : "a number";
    if (std::isinf(option.range.low) && std::isinf(option.range.high)) return what;
    if (std::isinf(option.range.high))
        return fmt::format("{} of at least {}", what, option.range.low);
    if (std::isinf(option.range.low))
        return fmt::format("{} of at most {}", what, option.range.high);
    return fmt::format("{} from {} to {}", what, option.range.low, option.range.high);
}

void check_choice(const std::string& where, const Option& option, const std::string& text) {
    if (option.choices.empty()) return;
    if (std::find(option.choices.begin(), option.choices.end(), text) != option.choices.end())
        return;
    refuse(where, option, "'" + text + "'",
           fmt::format("one of {}", fmt::join(option.choices, ", ")));
}

void check_value(const std::string& where, const Option& option, const Json& value) {
    switch (option.kind) {
        case OptionKind::kFlag:
            if (!value.is_boolean()) refuse(where, option, value.dump(), "true or false");
            return;
        case OptionKind::kInteger:
        case OptionKind::kNumber: {
            const bool right_kind =
                option.kind == OptionKind::kInteger ? value.is_number_integer() : value.is_number();
            if (!right_kind) refuse(where, option, value.dump(), describe_range(option));
            const double number = value.get<double>();
            // Written so that NaN fails.
            if (!(number >= option.range.low && number <= option.range.high))
                refuse(where, option, value.dump(), describe_range(option));
            return;
        }
        case OptionKind::kText:
            if (!value.is_string()) refuse(where, option, value.dump(), "a text");
            check_choice(where, option, value.get<std::string>());
            return;
        case OptionKind::kTextList:
            if (!value.is_array()) refuse(where, option, value.dump(), "a list of texts");
            for (const Json& item : value) {
                if (!item.is_string()) refuse(where, option, value.dump(), "a list of texts");
                check_choice(where, option, item.get<std::string>());
            }
            return;
    }
}

template <class T>
Json optional_to_json(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json parse_number(const Option& option, const std::string& text) {
    const char* end = text.data() + text.size();
    if (option.kind == OptionKind::kInteger) {
        std::int64_t integer = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, integer);
        if (error == std::errc{} && stop == end) return integer;
    } else {
        double number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc{} && stop == end) return number;
    }
    refuse({}, option, "'" + text + "'", describe_range(option));
}

Json toml_to_json(const toml::node& node) {
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    if (const auto* integer = node.as_integer()) return integer->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* array = node.as_array()) {
        Json list = Json::array();
        for (const toml::node& item : *array) list.push_back(toml_to_json(item));
        return list;
    }
    return {};
}

}  // namespace

Option& OptionTable::add_option(std::string name, OptionKind kind, std::string help) {
    Option option;
    option.name = std::move(name);
    option.kind = kind;
    option.help = std::move(help);
    option.group = heading_;
    options_.push_back(std::move(option));
    return options_.back();
}

Option& OptionTable::add(std::string name, bool& value, std::string help) {
    Option& option = add_option(std::move(name), OptionKind::kFlag, std::move(help));
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<bool>(); };
    return option;
}

Option& OptionTable::add(std::string name, int& value, std::string help, Range range) {
    Option& option = add_option(std::move(name), OptionKind::kInteger, std::move(help));
    option.range = {std::max<double>(range.low, std::numeric_limits<int>::min()),
                    std::min<double>(range.high, std::numeric_limits<int>::max())};
    option.value_name = "N";
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<int>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::int64_t& value, std::string help, Range range) {
    Option& option = add_option(std::move(name), OptionKind::kInteger, std::move(help));
    option.range = range;
    option.value_name = "N";
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<std::int64_t>(); };
    return option;
}

Option& OptionTable::add(std::string name, double& value, std::string help, Range range) {
    Option& option = add_option(std::move(name), OptionKind::kNumber, std::move(help));
    option.range = range;
    option.value_name = "X";
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<double>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::string& value, std::string help,
                         std::vector<std::string> choices) {
    Option& option = add_option(std::move(name), OptionKind::kText, std::move(help));
    option.choices = std::move(choices);
    option.value_name = "TEXT";
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<std::string>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::vector<std::string>& value, std::string help,
                         std::vector<std::string> choices) {
    Option& option = add_option(std::move(name), OptionKind::kTextList, std::move(help));
    option.choices = std::move(choices);
    option.value_name = "TEXT";
    option.default_value = value;
    option.get = [&value] { return Json(value); };
    option.assign = [&value](const Json& json) { value = json.get<std::vector<std::string>>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::optional<double>& value, std::string help,
                         Range range) {
    Option& option = add_option(std::move(name), OptionKind::kNumber, std::move(help));
    option.range = range;
    option.value_name = "X";
    option.get = [&value] { return optional_to_json(value); };
    option.assign = [&value](const Json& json) { value = json.get<double>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::optional<int>& value, std::string help,
                         Range range) {
    Option& option = add_option(std::move(name), OptionKind::kInteger, std::move(help));
    option.range = {std::max<double>(range.low, std::numeric_limits<int>::min()),
                    std::min<double>(range.high, std::numeric_limits<int>::max())};
    option.value_name = "N";
    option.get = [&value] { return optional_to_json(value); };
    option.assign = [&value](const Json& json) { value = json.get<int>(); };
    return option;
}

Option& OptionTable::add(std::string name, std::optional<std::string>& value, std::string help,
                         std::vector<std::string> choices) {
    Option& option = add_option(std::move(name), OptionKind::kText, std::move(help));
    option.choices = std::move(choices);
    option.value_name = "TEXT";
    option.get = [&value] { return optional_to_json(value); };
    option.assign = [&value](const Json& json) { value = json.get<std::string>(); };
    return option;
}

const Option* OptionTable::look_up(std::string_view name) const {
    for (const Option& option : options_)
        if (option.name == name) return &option;
    return nullptr;
}

const Option& OptionTable::find(std::string_view name, const std::string& where) const {
    if (const Option* option = look_up(name)) return *option;
    std::vector<std::string> names;
    for (const OptionTable* table : {this, static_cast<const OptionTable*>(other_)})
        if (table)
            for (const Option& option : table->options_) names.push_back(option.name);
    const std::string nearest = nearest_name(name, names);
    throw Error(
        ErrorKind::kUsage, fmt::format("unknown option '{}'", name), where,
        nearest.empty() ? "--help lists the options" : fmt::format("did you mean '{}'?", nearest));
}

OptionTable& OptionTable::holder(std::string_view name) {
    return other_ && !look_up(name) && other_->look_up(name) ? *other_ : *this;
}

void OptionTable::set(std::string_view name, const Json& value, const std::string& where) {
    if (OptionTable& table = holder(name); &table != this) return table.set(name, value, where);
    const Option& option = find(name, where);
    check_value(where, option, value);
    option.assign(value);
    if (!given(name)) given_.emplace_back(name);
}

void OptionTable::set_from_text(std::string_view name, const std::string& text) {
    if (OptionTable& table = holder(name); &table != this) return table.set_from_text(name, text);
    const Option& option = find(name, {});
    switch (option.kind) {
        case OptionKind::kFlag:
            if (text != "true" && text != "false")
                refuse({}, option, "'" + text + "'", "true or false");
            set(name, text == "true");
            return;
        case OptionKind::kInteger:
        case OptionKind::kNumber:
            set(name, parse_number(option, text));
            return;
        case OptionKind::kText:
            set(name, text);
            return;
        case OptionKind::kTextList:
            set(name, Json(split(text, ',')));
            return;
    }
}

bool OptionTable::given(std::string_view name) const {
    return std::find(given_.begin(), given_.end(), name) != given_.end();
}

Json OptionTable::to_json() const {
    Json json = Json::object();
    for (const Option& option : options_) json[option.name] = option.get();
    return json;
}

void OptionTable::from_json(const Json& json, const std::string& where) {
    for (const auto& [name, value] : json.items())
        if (!value.is_null()) set(name, value, where);
}

void OptionTable::from_toml_file(const std::string& path) {
    toml::table table;
    try {
        table = toml::parse_file(path);
    } catch (const toml::parse_error& e) {
        throw Error(ErrorKind::kUsage, std::string(e.description()),
                    fmt::format("{}:{}", path, e.source().begin.line),
                    "see https://toml.io for the format");
    }
    for (const auto& [key, node] : table)
        set(key.str(), toml_to_json(node), fmt::format("{}:{}", path, node.source().begin.line));
}

void OptionTable::from_file(const std::string& path) {
    if (!path.ends_with(".json")) return from_toml_file(path);
    const auto json = read_json_file(path);
    if (!json) {
        Error error = json.error();
        error.kind = ErrorKind::kUsage;
        throw error;
    }
    if (!json.value().is_object())
        throw Error(ErrorKind::kUsage, "got JSON of another sort, expected an object of options",
                    path);
    from_json(json.value(), path);
}

}  // namespace symphony::base
