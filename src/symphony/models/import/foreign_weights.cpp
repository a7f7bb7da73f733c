#include "symphony/models/import/foreign_weights.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::models {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

[[noreturn]] void fail(const std::string& message, const fs::path& path,
                       const std::string& hint = {}) {
    throw base::Error(base::ErrorKind::kModel, message, path.string(), hint);
}

// Tensor -> file, of an index. A name with a folder in it could lead anywhere.
std::map<std::string, std::string> weight_map_of(const fs::path& path) {
    const base::Json index = base::read_json_file(path).value();
    const base::Json map = index.is_object() ? index.value("weight_map", base::Json()) : index;
    if (!map.is_object() || map.empty()) fail("the index has no weight_map", path);
    std::map<std::string, std::string> files;
    for (const auto& [name, file] : map.items()) {
        const std::string text = file.is_string() ? file.get<std::string>() : "";
        if (!text.ends_with(".safetensors") || fs::path(text).filename() != text)
            fail(fmt::format("weight_map: \"{}\" is in {}, expected a safetensors file beside it",
                             name, file.dump()),
                 path);
        files[name] = text;
    }
    return files;
}

// (rows, columns) to (columns, rows).
std::vector<float> transposed(const std::vector<float>& values, std::int64_t rows,
                              std::int64_t columns) {
    std::vector<float> turned(values.size());
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            turned[static_cast<std::size_t>(c * rows + r)] =
                values[static_cast<std::size_t>(r * columns + c)];
    return turned;
}

}  // namespace

ForeignWeights::ForeignWeights(const fs::path& folder) : folder_(folder) {
    if (fs::exists(folder / kSingle)) {
        add_file(folder / kSingle);
        return;
    }
    if (fs::exists(folder / kIndex)) {
        const auto files = weight_map_of(folder / kIndex);
        std::set<std::string> names;
        for (const auto& [tensor, file] : files) names.insert(file);
        for (const std::string& name : names) add_file(folder / name);
        for (const auto& [tensor, file] : files)
            if (!has(tensor) || paths_[files_of_[tensor]].filename() != file)
                fail(fmt::format("weight_map says that \"{}\" is in {}, which lacks it", tensor,
                                 file),
                     folder / kIndex);
        return;
    }
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".safetensors") others.push_back(entry.path());
    if (others.size() != 1)
        fail("no weights here: model.safetensors is missing", folder,
             "only safetensors are read: a .bin, .pt or .ckpt may run code when it is opened; "
             "convert it where it comes from");
    add_file(others.front());
}

void ForeignWeights::add_file(const fs::path& path) {
    files_.emplace_back(path);
    files_.back().check_all_finite();
    paths_.push_back(path);
    for (const auto& [name, view] : files_.back().tensors()) {
        if (!files_of_.emplace(name, files_.size() - 1).second)
            fail(fmt::format("tensor \"{}\" is in another file, too", name), path);
        left_.insert(name);
    }
    metadata_.insert(files_.back().metadata().begin(), files_.back().metadata().end());
}

const nn::Shape& ForeignWeights::shape_of(const std::string& name) const {
    return files_[files_of_.at(name)].at(name).shape;
}

std::vector<float> ForeignWeights::take(const std::string& name, const nn::Shape& shape) {
    const auto found = files_of_.find(name);
    if (found == files_of_.end()) fail("the weights lack \"" + name + "\"", folder_);
    const nn::SafetensorsFile& file = files_[found->second];
    std::vector<float> values = file.floats(name, shape);
    only_bf16_ = only_bf16_ && file.at(name).dtype == nn::DType::kBF16;
    left_.erase(name);
    return values;
}

Weights ForeignWeights::take_all(const std::vector<Move>& moves) {
    Weights weights;
    for (const Move& move : moves) {
        std::vector<float> values = take(move.from, move.shape);
        nn::Shape shape = move.shape;
        if (move.transposed) {
            values = transposed(values, shape[0], shape[1]);
            std::swap(shape[0], shape[1]);
        }
        shape[0] /= static_cast<std::int64_t>(move.to.size());
        if (move.to.size() == 1) {
            weights[move.to.front()] = {shape, std::move(values)};
            continue;
        }
        const auto share = static_cast<std::ptrdiff_t>(nn::element_count(shape));
        for (std::size_t i = 0; i < move.to.size(); ++i) {
            const auto from = values.begin() + static_cast<std::ptrdiff_t>(i) * share;
            weights[move.to[i]] = {shape, {from, from + share}};
        }
    }
    return weights;
}

void ForeignWeights::ignore(const std::function<bool(const std::string&)>& is_buffer) {
    std::erase_if(left_, is_buffer);
}

void ForeignWeights::expect_all_taken() const {
    if (!left_.empty())
        fail("\"" + *left_.begin() + "\" is no tensor of this architecture",
             paths_[files_of_.at(*left_.begin())],
             "a model with parts of its own cannot be imported");
}

}  // namespace symphony::models
