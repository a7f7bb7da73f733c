#include "symphony/models/adapter/adapter_folder.h"

#include "symphony/base/error.h"
#include "symphony/models/import/foreign_config.h"

#include <fmt/format.h>

namespace symphony::models {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::ErrorKind;
using base::Json;

constexpr const char* kConfigFile = "adapter_config.json";
constexpr const char* kWeightsFile = "adapter_model.safetensors";
constexpr const char* kPrefix = "base_model.model.";
constexpr const char* kBaseHash = "base_sha256";
constexpr const char* kOnlyPlain = "only plain LoRA can be merged: docs/tuning.md";
constexpr int kMostRank = 65536;
constexpr double kMostAlpha = 1e6;

// A null in a file of PEFT says that a part is not used, whatever it would do.
Json without_nulls(const Json& json) {
    if (!json.is_object()) return json;
    Json kept = Json::object();
    for (const auto& [key, value] : json.items())
        if (!value.is_null()) kept[key] = value;
    return kept;
}

std::vector<std::string> targets_of(const Json& json, const ForeignConfig& config) {
    const Json list = json.value("target_modules", Json());
    if (!list.is_array() || list.empty())
        config.fail(fmt::format("\"target_modules\" is {}, expected a list of names", list.dump()),
                    kOnlyPlain);
    std::vector<std::string> targets;
    for (const Json& name : list) {
        if (!name.is_string())
            config.fail(fmt::format("\"target_modules\" has {}, expected a name", name.dump()));
        targets.push_back(name.get<std::string>());
    }
    return targets;
}

// Fields of peft 0.21's LoraConfig and PeftConfig; any other is refused by name.
LoraAdapter read_config(const fs::path& path) {
    const auto read = base::read_json_file(path);
    if (!read.ok())
        throw Error(ErrorKind::kModel, read.error().message, path,
                    "an adapter has adapter_config.json and adapter_model.safetensors");
    const Json json = without_nulls(read.value());
    ForeignConfig config(json, path.string());
    if (const std::string type = config.text("peft_type"); type != "LORA")
        config.fail(fmt::format("\"peft_type\" is \"{}\", expected \"LORA\"", type), kOnlyPlain);
    config.expect("task_type", "CAUSAL_LM");
    for (const char* other_sum : {"use_dora", "use_rslora", "use_qalora", "lora_bias",
                                  "fan_in_fan_out", "ensure_weight_tying"})
        config.expect(other_sum, false);
    for (const char* per_layer : {"rank_pattern", "alpha_pattern", "loftq_config"})
        config.expect(per_layer, Json::object());
    config.expect("modules_to_save", Json::array());
    config.expect("bias", "none");
    // What else it may say, PiSSA and OLoRA among it, changes the base's weights.
    if (const std::string drawn = json.value("init_lora_weights", Json(true)).dump();
        drawn != "true" && drawn != "false" && drawn != "\"gaussian\"")
        config.fail(fmt::format("\"init_lora_weights\" is {}, which is not supported", drawn),
                    kOnlyPlain);
    // Of training and of where the file came from; `qalora_group_size` is of use_qalora.
    config.ignore({"auto_mapping", "base_model_name_or_path", "inference_mode", "init_lora_weights",
                   "lora_dropout", "megatron_core", "peft_version", "qalora_group_size", "revision",
                   "runtime_config", "target_modules"});
    LoraAdapter adapter;
    adapter.config.rank = config.integer("r", 1, kMostRank);
    adapter.config.alpha = config.number("lora_alpha", 0, kMostAlpha);
    adapter.config.targets = targets_of(json, config);
    adapter.base.name = config.text("base_model_name_or_path", "");
    config.finish();
    return adapter;
}

}  // namespace

void write_adapter(const fs::path& folder, const LoraAdapter& adapter) {
    const LoraConfig& config = adapter.config;
    // PEFT's alpha is an integer; a whole number is written as one.
    const Json alpha = config.alpha == static_cast<double>(static_cast<std::int64_t>(config.alpha))
                           ? Json(static_cast<std::int64_t>(config.alpha))
                           : Json(config.alpha);
    Json json{{"alpha_pattern", Json::object()},
              {"auto_mapping", nullptr},
              {"base_model_name_or_path", adapter.base.name},
              {"bias", "none"},
              {"fan_in_fan_out", false},
              {"inference_mode", true},
              {"init_lora_weights", true},
              {"layers_pattern", nullptr},
              {"layers_to_transform", nullptr},
              {"lora_alpha", alpha},
              {"lora_dropout", 0.0},
              {"modules_to_save", nullptr},
              {"peft_type", "LORA"},
              {"r", config.rank},
              {"rank_pattern", Json::object()},
              {"revision", nullptr},
              {"target_modules", config.targets},
              {"task_type", "CAUSAL_LM"},
              {"use_dora", false},
              {"use_rslora", false}};
    base::write_json_file(folder / kConfigFile, json);
    nn::SafetensorsWriter writer;
    writer.set_metadata("format", "pt");
    if (!adapter.base.weights_sha256.empty())
        writer.set_metadata(kBaseHash, adapter.base.weights_sha256);
    for (const auto& [name, tensor] : adapter.factors)
        add_weight(writer, kPrefix + name, tensor, /*as_bf16=*/false);
    writer.write(folder / kWeightsFile);
}

LoraAdapter read_adapter(const fs::path& folder) {
    LoraAdapter adapter = read_config(folder / kConfigFile);
    const fs::path path = folder / kWeightsFile;
    if (!fs::exists(path))
        throw Error(ErrorKind::kModel, "no adapter here: adapter_model.safetensors is missing",
                    folder, "only safetensors are read: a .bin may run code when it is opened");
    const nn::SafetensorsFile file(path);
    file.check_all_finite();
    for (const auto& [name, view] : file.tensors()) {
        const bool is_factor = name.ends_with(".lora_A.weight") || name.ends_with(".lora_B.weight");
        if (!name.starts_with(kPrefix) || !is_factor)
            throw Error(ErrorKind::kModel,
                        fmt::format("\"{}\" is no factor of an adapter, expected {}*.lora_A.weight "
                                    "or .lora_B.weight",
                                    name, kPrefix),
                        path, kOnlyPlain);
        adapter.factors[name.substr(std::string(kPrefix).size())] = {view.shape,
                                                                     file.floats(name, view.shape)};
    }
    if (const auto hash = file.metadata().find(kBaseHash); hash != file.metadata().end())
        adapter.base.weights_sha256 = hash->second;
    return adapter;
}

}  // namespace symphony::models
