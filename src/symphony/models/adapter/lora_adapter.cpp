#include "symphony/models/adapter/lora_adapter.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace symphony::models {

namespace {

constexpr const char* kWeight = ".weight";

[[noreturn]] void fail(const std::string& message) {
    throw base::Error(base::ErrorKind::kModel, message, {},
                      "an adapter fits only the model that it was made for");
}

// The module of a weight that can have an adapter: "model.layers.0.mlp.up_proj".
std::optional<std::string> projection_of(const std::string& weight) {
    if (!weight.starts_with("model.layers.") || !weight.ends_with(kWeight)) return std::nullopt;
    std::string module = weight.substr(0, weight.size() - std::string(kWeight).size());
    const std::string last = module.substr(module.rfind('.') + 1);
    if (std::find(kLoraTargets.begin(), kLoraTargets.end(), last) == kLoraTargets.end())
        return std::nullopt;
    return module;
}

// As PEFT matches: the whole name, or its end after a dot.
bool is_target(const LoraConfig& config, const std::string& module) {
    return std::any_of(config.targets.begin(), config.targets.end(), [&](const std::string& name) {
        return module == name || module.ends_with("." + name);
    });
}

// W (out,in) += scale B (out,r) A (r,in).
void add_product(double scale, const std::vector<float>& a, const std::vector<float>& b,
                 std::size_t rank, Tensor& weight, const std::string& module) {
    const auto in = static_cast<std::size_t>(weight.shape[1]);
    std::vector<double> sum(in);
    for (std::size_t row = 0; row < b.size() / rank; ++row) {
        std::fill(sum.begin(), sum.end(), 0.0);
        for (std::size_t k = 0; k < rank; ++k) {
            const double factor = scale * double{b[row * rank + k]};
            const float* narrow = a.data() + k * in;
            for (std::size_t i = 0; i < in; ++i) sum[i] += factor * double{narrow[i]};
        }
        float* out = weight.values.data() + row * in;
        for (std::size_t i = 0; i < in; ++i) {
            out[i] = static_cast<float>(double{out[i]} + sum[i]);
            if (!std::isfinite(out[i])) fail("the sum of " + module + " is not finite");
        }
    }
}

}  // namespace

void merge_adapter(const LoraAdapter& adapter, Weights& weights) {
    const LoraConfig& config = adapter.config;
    Weights factors = adapter.factors;
    bool merged = false;
    for (auto& [name, weight] : weights) {
        const auto module = projection_of(name);
        if (!module || !is_target(config, *module)) continue;
        if (weight.shape.size() != 2) fail("\"" + name + "\" is no matrix");
        const std::string a_name = *module + ".lora_A.weight", b_name = *module + ".lora_B.weight";
        for (const std::string& factor : {a_name, b_name})
            if (!factors.contains(factor))
                fail(
                    fmt::format("the adapter lacks \"{}\", which its target_modules name", factor));
        const std::int64_t out = weight.shape[0], in = weight.shape[1];
        const auto a = take(factors, a_name, {config.rank, in});
        const auto b = take(factors, b_name, {out, config.rank});
        add_product(config.scale(), a, b, static_cast<std::size_t>(config.rank), weight, *module);
        merged = true;
    }
    if (!factors.empty())
        fail(
            fmt::format("the adapter has \"{}\", which adapts no projection that its "
                        "target_modules name and the model has",
                        factors.begin()->first));
    if (!merged) fail("target_modules name no projection that the model has");
}

}  // namespace symphony::models
