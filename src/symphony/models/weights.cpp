#include "symphony/models/weights.h"

#include "symphony/base/error.h"
#include "symphony/nn/bf16.h"

#include <cmath>

namespace symphony::models {

namespace {

[[noreturn]] void fail(const std::string& message) {
    throw base::Error(base::ErrorKind::kModel, message);
}

const base::Json& field(const base::Json& config, const std::string& key) {
    if (!config.is_object() || !config.contains(key)) fail("config.json lacks \"" + key + "\"");
    return config[key];
}

}  // namespace

Weights read_weights(const std::filesystem::path& path) {
    const nn::SafetensorsFile file(path);
    file.check_all_finite();
    Weights weights;
    for (const auto& [name, view] : file.tensors()) {
        weights[name] = {view.shape, file.floats(name, view.shape)};
    }
    return weights;
}

void write_weights(const std::filesystem::path& path, const Weights& weights) {
    nn::SafetensorsWriter writer;
    writer.set_metadata("format", "pt");  // transformers asks for it
    for (const auto& [name, tensor] : weights) {
        writer.add(name, tensor.shape, std::span<const float>(tensor.values));
    }
    writer.write(path);
}

void add_weight(nn::SafetensorsWriter& writer, const std::string& name, const Tensor& tensor,
                bool as_bf16) {
    if (!as_bf16) {
        writer.add(name, tensor.shape, std::span<const float>(tensor.values));
        return;
    }
    std::vector<nn::Bf16> rounded(tensor.values.size());
    nn::to_bf16(tensor.values.data(), static_cast<std::int64_t>(rounded.size()), rounded.data());
    writer.add_bf16(name, tensor.shape, rounded);
}

void write_weights_bf16(const std::filesystem::path& path, const Weights& weights) {
    nn::SafetensorsWriter writer;
    writer.set_metadata("format", "pt");
    for (const auto& [name, tensor] : weights)
        add_weight(writer, name, tensor, tensor.shape.size() >= 2);
    writer.write(path);
}

void write_weights(const std::filesystem::path& path, Weights&& weights, bool as_bf16) {
    nn::SafetensorsWriter writer;
    writer.set_metadata("format", "pt");
    while (!weights.empty()) {
        const auto node = weights.extract(weights.begin());
        add_weight(writer, node.key(), node.mapped(), as_bf16);
    }
    writer.write(path);
}

std::vector<float> take(Weights& weights, const std::string& name, const nn::Shape& shape) {
    const auto found = weights.find(name);
    if (found == weights.end()) fail("the weights lack \"" + name + "\"");
    if (found->second.shape != shape) {
        fail("weights \"" + name + "\" have the shape " + nn::format_shape(found->second.shape) +
             ", expected " + nn::format_shape(shape));
    }
    std::vector<float> values = std::move(found->second.values);
    weights.erase(found);
    return values;
}

void expect_all_taken(const Weights& weights) {
    if (!weights.empty()) fail("unknown weights \"" + weights.begin()->first + "\"");
}

int config_integer(const base::Json& config, const std::string& key, int low, int high) {
    const base::Json& value = field(config, key);
    const bool in_range =
        value.is_number_integer() && value.get<double>() >= low && value.get<double>() <= high;
    if (!in_range) {
        fail("config.json: \"" + key + "\" is " + value.dump() + ", expected an integer from " +
             std::to_string(low) + " to " + std::to_string(high));
    }
    return value.get<int>();
}

double config_number(const base::Json& config, const std::string& key, double low, double high) {
    const base::Json& value = field(config, key);
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high)) {
        fail("config.json: \"" + key + "\" is " + value.dump() + ", expected a number from " +
             base::Json(low).dump() + " to " + base::Json(high).dump());
    }
    return value.get<double>();
}

bool config_flag(const base::Json& config, const std::string& key) {
    const base::Json& value = field(config, key);
    if (!value.is_boolean()) {
        fail("config.json: \"" + key + "\" is " + value.dump() + ", expected true or false");
    }
    return value.get<bool>();
}

}  // namespace symphony::models
