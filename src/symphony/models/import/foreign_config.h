// A published model's config.json. Every field must be read, or be known not to touch the logits:
// what is left over is refused by name, since it may change what the model computes.
#pragma once

#include "symphony/base/json.h"

#include <initializer_list>
#include <optional>
#include <set>
#include <string>

namespace symphony::models {

class ForeignConfig {
  public:
    // `path` is for messages. Throws Error (kModel) if it is no object.
    ForeignConfig(base::Json json, std::string path);

    // Fields, read. null counts as absent. Throw Error (kModel) if the field is of another type,
    // out of range, or absent and no value stands for that.
    int integer(const std::string& key, int low, int high, std::optional<int> absent = {});
    double number(const std::string& key, double low, double high,
                  std::optional<double> absent = {});
    bool flag(const std::string& key, std::optional<bool> absent = {});
    std::string text(const std::string& key, const std::optional<std::string>& absent = {});
    // An object, as a config of its own; nothing if absent.
    std::optional<ForeignConfig> part(const std::string& key);
    // The first of these keys that is there, else the first.
    std::string first_of(std::initializer_list<const char*> keys) const;
    bool has(const std::string& key) const;
    // Is it there, be it null?
    bool states(const std::string& key) const { return json_.contains(key); }

    // Throws Error (kModel) unless the field is absent or says this.
    void expect(const std::string& key, const base::Json& value);
    // Fields that may say anything.
    void ignore(std::initializer_list<const char*> keys);
    // Those that Hugging Face writes for any model and that do not touch its logits: names, dtypes,
    // dropout, what generation and classification heads want.
    void ignore_bookkeeping();
    // Throws Error (kModel) naming a field that nobody read.
    void finish() const;

    [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const;

  private:
    const base::Json* find(const std::string& key);

    base::Json json_;
    std::string path_;
    std::set<std::string> read_;
};

}  // namespace symphony::models
