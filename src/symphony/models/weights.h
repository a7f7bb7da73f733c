// A model's weights by name, as they lie in model.safetensors: what trainers hand to the torch-free
// models, and what both read and write.
#pragma once

#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/nn/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace symphony::models {

struct Tensor {
    nn::Shape shape;
    std::vector<float> values;
};
using Weights = std::map<std::string, Tensor>;

// Reads a safetensors file of float tensors. Throws Error (kModel) if it is damaged, or holds
// integers, NaN or infinity.
Weights read_weights(const std::filesystem::path& path);
void write_weights(const std::filesystem::path& path, const Weights& weights);
// Matrices rounded to bf16, half the bytes; vectors (norms) stay float32.
void write_weights_bf16(const std::filesystem::path& path, const Weights& weights);
// In float32 or bf16, norms too, freeing each tensor as it is copied into the file.
void write_weights(const std::filesystem::path& path, Weights&& weights, bool as_bf16);
// One tensor, in float32 or rounded to bfloat16.
void add_weight(nn::SafetensorsWriter& writer, const std::string& name, const Tensor& tensor,
                bool as_bf16);

// Moves the tensor `name` out of `weights`. Throws Error (kModel) if it is missing or has another
// shape.
std::vector<float> take(Weights& weights, const std::string& name, const nn::Shape& shape);
// Throws Error (kModel) naming a tensor that nobody took.
void expect_all_taken(const Weights& weights);

// Fields of config.json. Throw Error (kModel) if missing, of another type or out of range.
int config_integer(const base::Json& config, const std::string& key, int low, int high);
double config_number(const base::Json& config, const std::string& key, double low, double high);
bool config_flag(const base::Json& config, const std::string& key);

// Opens a model folder's config.json and model.safetensors as a Model, made with `options`. Throws
// Error (kModel) naming the folder.
template <class Model, class Config, class... Options>
std::unique_ptr<Model> load_from(const std::filesystem::path& folder, const Options&... options) {
    auto json = base::read_json_file(folder / "config.json");
    try {
        const Config config = Config::from_json(json.value());
        return std::make_unique<Model>(config, read_weights(folder / "model.safetensors"),
                                       options...);
    } catch (base::Error& error) {
        error.kind = base::ErrorKind::kModel;
        if (error.path.empty()) error.path = folder.string();
        throw;
    }
}

}  // namespace symphony::models
