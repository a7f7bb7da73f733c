// One table of options per verb, each option listed once (name, place of its value, help, range):
// the command line, TOML, JSON, checkpoints and completions all read this table, so that no option
// is spelled twice.
#pragma once

#include "symphony/base/json.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::base {

enum class OptionKind { kFlag, kInteger, kNumber, kText, kTextList };

// Inclusive bounds of a number.
struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
};

struct Option {
    std::string
        name;  // "hidden-size": --hidden-size on the command line, hidden-size in TOML and JSON
    OptionKind kind = OptionKind::kText;
    std::string help;
    std::string group;        // heading in --help
    bool positional = false;  // given without --name
    bool required = false;    // only for positionals
    std::string value_name;   // "DIR", "N" in --help
    Range range;
    std::vector<std::string> choices;  // allowed texts; empty: any
    Json default_value;
    std::function<Json()> get;
    std::function<void(const Json&)> assign;  // value is already checked
};

class OptionTable {
  public:
    // Each adds one option whose current value is its default; `value` must outlive the table.
    // Returned for refinement.
    Option& add(std::string name, bool& value, std::string help);
    Option& add(std::string name, int& value, std::string help, Range range = {});
    Option& add(std::string name, std::int64_t& value, std::string help, Range range = {});
    Option& add(std::string name, double& value, std::string help, Range range = {});
    Option& add(std::string name, std::string& value, std::string help,
                std::vector<std::string> choices = {});
    Option& add(std::string name, std::vector<std::string>& value, std::string help,
                std::vector<std::string> choices = {});
    // Not set until given.
    Option& add(std::string name, std::optional<double>& value, std::string help, Range range = {});
    Option& add(std::string name, std::optional<int>& value, std::string help, Range range = {});
    Option& add(std::string name, std::optional<std::string>& value, std::string help,
                std::vector<std::string> choices = {});
    // Heading for the options added from here on.
    void group(std::string heading) { heading_ = std::move(heading); }

    // Names that are not in this table are looked for in `other`, which must outlive it.
    void fall_back_on(OptionTable& other) { other_ = &other; }

    const std::vector<Option>& options() const { return options_; }

    // Checks kind, range and choices, then assigns. Throws Error (kUsage) naming option, value and
    // what was expected; an unknown name comes with the nearest known one. `where` ("file.toml:3")
    // heads the message.
    void set(std::string_view name, const Json& value, const std::string& where = {});
    // Text from the command line, read as the option's kind.
    void set_from_text(std::string_view name, const std::string& text);
    // Was this option given (by any road)?
    bool given(std::string_view name) const;

    // {name: value} of every option.
    Json to_json() const;
    // Assigns every key. Throws as set().
    void from_json(const Json& json, const std::string& where = {});
    // Assigns every key of a TOML file. Throws Error (kUsage) with path:line.
    void from_toml_file(const std::string& path);
    // As from_toml_file, or an object of JSON where the name ends in .json.
    void from_file(const std::string& path);

  private:
    Option& add_option(std::string name, OptionKind kind, std::string help);
    const Option* look_up(std::string_view name) const;
    const Option& find(std::string_view name, const std::string& where) const;
    // The table that has the name: this one, or the one it falls back on.
    OptionTable& holder(std::string_view name);

    std::vector<Option> options_;
    std::vector<std::string> given_;
    OptionTable* other_ = nullptr;
    std::string heading_;
};

}  // namespace symphony::base
