#include "symphony/models/import/import_model.h"

#include "symphony/base/error.h"
#include "symphony/models/anticipation_model.h"
#include "symphony/models/import/aria.h"
#include "symphony/models/import/foreign_config.h"
#include "symphony/models/import/foreign_weights.h"
#include "symphony/models/import/gpt2.h"
#include "symphony/models/import/llama.h"
#include "symphony/models/import/skytnt.h"

#include <fmt/format.h>

namespace symphony::models {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSupported =
    "GPT2LMHeadModel, LlamaForCausalLM or MistralForCausalLM with a MidiTok tokenizer.json, the "
    "Anticipatory Music Transformer, Aria, and SkyTNT's midi-model";

// Of the Anticipatory Music Transformer: its ids, those of them that are times, and the one that
// begins a sequence without controls. See tokens/pretrained/anticipation_events.h.
constexpr int kAnticipationTokens = 55028, kAnticipationTimes = 10000, kAutoregress = 55026;

// MidiTok's tokenizer beside the model; empty if there is none.
fs::path miditok_file_of(const fs::path& folder) {
    for (const char* name : {"tokenizer.json", "tokenizer.conf"}) {
        const fs::path path = folder / name;
        if (!fs::exists(path)) continue;
        const base::Json json = base::read_json_file(path).value();
        if (json.is_object() && json.contains("config") && json.contains("tokenization"))
            return path;
    }
    return {};
}

[[noreturn]] void refuse(const fs::path& folder, const std::string& what) {
    throw base::Error(base::ErrorKind::kModel, what, folder.string(),
                      std::string("what can be imported: ") + kSupported);
}

std::string architecture_of(const base::Json& config) {
    const auto list = config.find("architectures");
    if (list != config.end() && list->is_array() && list->size() == 1 && list->front().is_string())
        return list->front().get<std::string>();
    return "";
}

ImportedModel import_aria(ForeignConfig config, ForeignWeights& weights) {
    const TransformerConfig ours = aria_config(config, weights);
    ImportedModel model{.family = "Aria", .licence = "Apache-2.0", .scheme = "aria"};
    model.weights = take_aria(weights, ours);
    model.config = ours.to_json();
    model.sampling = {{"temperature", 0.98}, {"min-p", 0.035}, {"top-p", 1.0}};
    return model;
}

ImportedModel import_skytnt(ForeignConfig config, ForeignWeights& weights) {
    const SkytntModel read = skytnt_config(config);
    ImportedModel model{
        .family = "midi-model (SkyTNT)", .licence = "Apache-2.0", .scheme = read.scheme};
    model.weights = take_skytnt(weights, read.config);
    model.config = read.config.to_json();
    model.sampling = {{"temperature", 1.0}, {"top-p", 0.94}, {"top-k", 20}};
    return model;
}

ImportedModel import_anticipation(ForeignConfig config, ForeignWeights& weights) {
    ImportedModel model{
        .family = "Anticipatory Music Transformer",
        .licence = "its code is Apache-2.0; of the weights see where they come from",
        .scheme = "anticipation"};
    if (!config.states("scale_attn_by_inverse_layer_idx"))
        model.remarks.push_back(
            "config.json does not say scale_attn_by_inverse_layer_idx, which the published "
            "training "
            "settings have: without it, as transformers takes it, the music may be wrong");
    TransformerConfig network = gpt2_config(config);
    network.start_token = kAutoregress;
    model.weights = take_gpt2(weights, network);
    model.config = anticipation_config(network, kAnticipationTimes);
    model.sampling = {{"temperature", 1.0}, {"top-p", 0.98}};
    return model;
}

// A model of Hugging Face's architectures, with the tokens of MidiTok.
ImportedModel import_with_miditok(const std::string& architecture, ForeignConfig config,
                                  ForeignWeights& weights) {
    ImportedModel model{.family = architecture, .licence = "see where it comes from"};
    TransformerConfig ours;
    if (architecture == "GPT2LMHeadModel") {
        ours = gpt2_config(config);
        model.weights = take_gpt2(weights, ours);
    } else {
        ours = llama_config(config, architecture == "MistralForCausalLM");
        model.weights = take_llama(weights, ours);
    }
    model.config = ours.to_json();
    return model;
}

}  // namespace

ImportedModel import_model(const fs::path& folder) {
    if (!fs::is_directory(folder))
        throw base::Error(base::ErrorKind::kInput, "got no folder", folder.string(),
                          "give the folder of a model as it was published");
    ForeignWeights weights(folder);
    if (weights.metadata().contains("encoder_config"))
        refuse(folder, "Metacreation's MIDI-GPT is not supported: its tokens are not");
    const fs::path config_path = folder / "config.json";
    const base::Json json = base::read_json_file(config_path).value();
    const std::string architecture = architecture_of(json);
    const std::string type =
        json.is_object() && json.contains("model_type") && json["model_type"].is_string()
            ? json["model_type"].get<std::string>()
            : "";
    ForeignConfig config(json, config_path.string());
    const fs::path miditok = miditok_file_of(folder);
    ImportedModel model;
    if (is_aria(weights)) {
        model = import_aria(std::move(config), weights);
    } else if (type == "midi_model") {
        model = import_skytnt(std::move(config), weights);
    } else if (architecture != "GPT2LMHeadModel" && architecture != "LlamaForCausalLM" &&
               architecture != "MistralForCausalLM") {
        refuse(folder, fmt::format("the architecture \"{}\" (model_type \"{}\") is not supported",
                                   architecture, type));
    } else if (architecture == "GPT2LMHeadModel" && miditok.empty() &&
               json.value("vocab_size", base::Json()) == kAnticipationTokens) {
        model = import_anticipation(std::move(config), weights);
    } else if (miditok.empty()) {
        refuse(folder, "a " + architecture +
                           " whose tokens are not known: no tokenizer.json of "
                           "MidiTok is here");
    } else {
        model = import_with_miditok(architecture, std::move(config), weights);
        model.miditok_file = miditok;
    }
    model.bf16 = weights.took_only_bf16();
    model.sources = weights.paths();
    return model;
}

}  // namespace symphony::models
