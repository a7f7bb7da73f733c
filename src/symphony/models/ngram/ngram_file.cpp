// The n-gram's tables as safetensors arrays, in as few bytes as they need: of the long contexts
// nearly all were seen once, before one token, so begins are kept as numbers of children and
// entries, and every array has the narrowest type that holds it. Own.
#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/models/ngram/ngram_model.h"
#include "symphony/nn/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

namespace symphony::models::ngram {
namespace fs = std::filesystem;
namespace {

// Counts of so much and more are kept in an array of their own, in order.
constexpr std::uint32_t kLargeCount = 255;

void add_narrow(nn::SafetensorsWriter& writer, const std::string& name, const auto& values) {
    const nn::Shape shape{static_cast<std::int64_t>(values.size())};
    const auto highest =
        values.empty() ? 0u : std::uint32_t{*std::max_element(values.begin(), values.end())};
    const auto add_as = [&]<class T>(T) {
        const std::vector<T> narrow(values.begin(), values.end());
        writer.add(name, shape, std::span<const T>(narrow));
    };
    if (highest <= std::numeric_limits<std::uint8_t>::max())
        add_as(std::uint8_t{});
    else if (highest <= std::numeric_limits<std::uint16_t>::max())
        add_as(std::uint16_t{});
    else
        add_as(std::uint32_t{});
}

// How many items each node has, from where they begin.
std::vector<std::uint32_t> sizes_of(const std::vector<std::uint32_t>& begins) {
    std::vector<std::uint32_t> sizes(begins.size() - 1);
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] = begins[i + 1] - begins[i];
    return sizes;
}

class TableReader {
  public:
    explicit TableReader(fs::path path) : path_(std::move(path)), file_(path_) {}

    template <class T>
    std::vector<T> integers(const std::string& name) const {
        const auto wide = file_.integers(name, file_.at(name).shape);
        std::vector<T> narrow(wide.size());
        for (std::size_t i = 0; i < wide.size(); ++i) {
            if (wide[i] < 0 || wide[i] > std::numeric_limits<T>::max()) fail(name, i);
            narrow[i] = static_cast<T>(wide[i]);
        }
        return narrow;
    }

    // Where each node's items begin if the first node's begin at `first`, with a closing end.
    std::vector<std::uint32_t> begins(const std::string& name, std::uint32_t first) const {
        const auto sizes = integers<std::uint32_t>(name);
        std::vector<std::uint32_t> begins{first};
        begins.reserve(sizes.size() + 1);
        std::uint64_t end = first;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            end += sizes[i];
            if (end > std::numeric_limits<std::uint32_t>::max()) fail(name, i);
            begins.push_back(static_cast<std::uint32_t>(end));
        }
        return begins;
    }

    std::vector<std::uint32_t> counts() const {
        auto counts = integers<std::uint32_t>("counts");
        const auto large = integers<std::uint32_t>("large_counts");
        auto next = large.begin();
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] < kLargeCount) continue;
            if (next == large.end()) fail("large_counts", large.size());
            counts[i] = *next++;
        }
        if (next != large.end()) fail("large_counts", large.size());
        return counts;
    }

    const nn::SafetensorsFile& file() const { return file_; }

    [[noreturn]] void fail(const std::string& name, std::size_t index) const {
        throw base::Error(base::ErrorKind::kModel,
                          fmt::format("n-gram table {} is inconsistent at {}", name, index), path_,
                          "the file is damaged; train again");
    }

  private:
    fs::path path_;
    nn::SafetensorsFile file_;
};

class TableChecker {
  public:
    TableChecker(const NgramTables& tables, const TableReader& reader)
        : tables_(tables), reader_(reader) {}

    // Every index that next() follows must lie inside its array, every count be positive.
    void check() const {
        const std::size_t nodes = tables_.keys.size(), entries = tables_.tokens.size();
        if (nodes == 0) reader_.fail("keys", 0);
        if (tables_.counts.size() != entries) reader_.fail("counts", entries);
        check_end("children", tables_.child_begin, nodes);
        check_end("entries", tables_.entry_begin, entries);
        for (std::size_t i = 0; i < nodes; ++i) {
            // Children stand behind their parents, so that no walk can go in a circle.
            if (tables_.child_begin[i] <= i && tables_.child_begin[i + 1] > tables_.child_begin[i])
                reader_.fail("children", i);
            if (tables_.keys[i] >= tables_.vocabulary_size) reader_.fail("keys", i);
        }
        for (std::size_t i = 0; i < entries; ++i) {
            if (tables_.tokens[i] >= tables_.vocabulary_size) reader_.fail("tokens", i);
            if (tables_.counts[i] == 0) reader_.fail("counts", i);
        }
        for (std::size_t level = 0; level < tables_.discounts.size(); ++level)
            for (std::size_t k = 0; k < 3; ++k) {
                const float d = tables_.discounts[level][k];
                // Positive, so that every token keeps some probability.
                if (!(d > 0 && d <= static_cast<float>(k + 1))) reader_.fail("discounts", level);
            }
    }

  private:
    void check_end(const char* name, const std::vector<std::uint32_t>& begins,
                   std::size_t size) const {
        if (begins.size() != tables_.keys.size() + 1 || begins.back() != size)
            reader_.fail(name, begins.size());
    }

    const NgramTables& tables_;
    const TableReader& reader_;
};

}  // namespace

void save_ngram(const NgramTables& tables, const fs::path& folder) {
    base::Json config;
    config["model_type"] = "symphony-ngram";
    config["vocab_size"] = tables.vocabulary_size;
    config["end_token_id"] = tables.end_token;
    config["order"] = tables.order();
    base::write_json_file(folder / "config.json", config);

    nn::SafetensorsWriter writer;
    std::vector<std::uint32_t> counts = tables.counts, large;
    for (std::uint32_t& count : counts)
        if (count >= kLargeCount) {
            large.push_back(count);
            count = kLargeCount;
        }
    add_narrow(writer, "keys", tables.keys);
    add_narrow(writer, "children", sizes_of(tables.child_begin));
    add_narrow(writer, "entries", sizes_of(tables.entry_begin));
    add_narrow(writer, "tokens", tables.tokens);
    add_narrow(writer, "counts", counts);
    add_narrow(writer, "large_counts", large);
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
    const TableReader reader(folder / "model.safetensors");
    tables->keys = reader.integers<std::uint16_t>("keys");
    tables->child_begin = reader.begins("children", 1);  // node 0 is the root, its children follow
    tables->entry_begin = reader.begins("entries", 0);
    tables->tokens = reader.integers<std::uint16_t>("tokens");
    tables->counts = reader.counts();
    const std::vector<float> discounts = reader.file().floats("discounts", {order, 3});
    for (std::size_t level = 0; level < static_cast<std::size_t>(order); ++level)
        tables->discounts.push_back(
            {discounts[3 * level], discounts[3 * level + 1], discounts[3 * level + 2]});
    TableChecker(*tables, reader).check();
    return std::make_unique<NgramModel>(std::move(tables));
}

}  // namespace symphony::models::ngram
