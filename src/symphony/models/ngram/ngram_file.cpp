// The n-gram's tables as safetensors arrays.
#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/models/ngram/ngram_model.h"
#include "symphony/nn/safetensors.h"

#include <fmt/format.h>

#include <cmath>

namespace symphony::models::ngram {
namespace fs = std::filesystem;
namespace {

class TableChecker {
  public:
    TableChecker(const NgramTables& tables, fs::path path)
        : tables_(tables), path_(std::move(path)) {}

    // Every index that next() follows must lie inside its array, every count be positive.
    void check() const {
        const std::size_t nodes = tables_.keys.size(), entries = tables_.tokens.size();
        check_begins("child_begin", tables_.child_begin, nodes);
        check_begins("entry_begin", tables_.entry_begin, entries);
        for (std::size_t i = 0; i < nodes; ++i) {
            // Children stand behind their parents, so that no walk can go in a circle.
            if (tables_.child_begin[i] <= i && tables_.child_begin[i + 1] > tables_.child_begin[i])
                fail("child_begin", i);
            if (tables_.keys[i] >= tables_.vocabulary_size) fail("keys", i);
        }
        for (std::size_t i = 0; i < entries; ++i) {
            if (tables_.tokens[i] >= tables_.vocabulary_size) fail("tokens", i);
            if (tables_.counts[i] == 0) fail("counts", i);
        }
        for (std::size_t level = 0; level < tables_.discounts.size(); ++level)
            for (std::size_t k = 0; k < 3; ++k) {
                const float d = tables_.discounts[level][k];
                // Positive, so that every token keeps some probability.
                if (!(d > 0 && d <= static_cast<float>(k + 1))) fail("discounts", level);
            }
    }

  private:
    void check_begins(const char* name, const std::vector<std::uint32_t>& begins,
                      std::size_t size) const {
        for (std::size_t i = 0; i + 1 < begins.size(); ++i)
            if (begins[i] > begins[i + 1]) fail(name, i);
        if (begins.empty() || begins.back() > size) fail(name, begins.size());
    }
    [[noreturn]] void fail(const char* name, std::size_t index) const {
        throw base::Error(base::ErrorKind::kModel,
                          fmt::format("n-gram table {} is inconsistent at {}", name, index), path_,
                          "the file is damaged; train again");
    }

    const NgramTables& tables_;
    fs::path path_;
};

template <class T>
std::vector<T> integers(const nn::SafetensorsFile& file, const std::string& name) {
    const auto wide = file.integers(name, file.at(name).shape);
    std::vector<T> narrow(wide.size());
    for (std::size_t i = 0; i < wide.size(); ++i) narrow[i] = static_cast<T>(wide[i]);
    return narrow;
}

std::int64_t size_of_vector(const auto& values) { return static_cast<std::int64_t>(values.size()); }

}  // namespace

void save_ngram(const NgramTables& tables, const fs::path& folder) {
    base::Json config;
    config["model_type"] = "symphony-ngram";
    config["vocab_size"] = tables.vocabulary_size;
    config["end_token_id"] = tables.end_token;
    config["order"] = tables.order();
    base::write_json_file(folder / "config.json", config);

    nn::SafetensorsWriter writer;
    const auto add = [&](const char* name, const auto& values) {
        writer.add(name, {size_of_vector(values)}, std::span(values));
    };
    add("keys", tables.keys);
    add("child_begin", tables.child_begin);
    add("entry_begin", tables.entry_begin);
    add("tokens", tables.tokens);
    add("counts", tables.counts);
    std::vector<float> discounts;
    for (const Discounts& d : tables.discounts)
        discounts.insert(discounts.end(), d.begin(), d.end());
    writer.add("discounts", {tables.order(), 3}, std::span<const float>(discounts));
    writer.write(folder / "model.safetensors");
}

std::unique_ptr<NgramModel> load_ngram(const fs::path& folder) {
    const base::Json config = base::read_json_file(folder / "config.json").value();
    auto tables = std::make_shared<NgramTables>();
    const int order = config.value("order", 0);
    tables->vocabulary_size = config.value("vocab_size", 0);
    tables->end_token = config.value("end_token_id", -1);
    if (order < 1 || tables->vocabulary_size < 1 || tables->end_token < 0 ||
        tables->end_token >= tables->vocabulary_size)
        throw base::Error(base::ErrorKind::kModel,
                          "got no usable order, vocab_size and end_token_id",
                          folder / "config.json", "the file is damaged; train again");
    const nn::SafetensorsFile file(folder / "model.safetensors");
    tables->keys = integers<std::uint16_t>(file, "keys");
    tables->child_begin = integers<std::uint32_t>(file, "child_begin");
    tables->entry_begin = integers<std::uint32_t>(file, "entry_begin");
    tables->tokens = integers<std::uint16_t>(file, "tokens");
    tables->counts = integers<std::uint32_t>(file, "counts");
    const auto nodes = size_of_vector(tables->keys);
    file.at("child_begin", {nodes + 1});
    file.at("entry_begin", {nodes + 1});
    file.at("counts", {size_of_vector(tables->tokens)});
    file.at("keys", {std::max<std::int64_t>(1, nodes)});
    const std::vector<float> discounts = file.floats("discounts", {order, 3});
    for (std::size_t level = 0; level < static_cast<std::size_t>(order); ++level)
        tables->discounts.push_back(
            {discounts[3 * level], discounts[3 * level + 1], discounts[3 * level + 2]});
    TableChecker(*tables, folder / "model.safetensors").check();
    return std::make_unique<NgramModel>(std::move(tables));
}

}  // namespace symphony::models::ngram
