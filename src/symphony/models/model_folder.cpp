#include "symphony/models/model_folder.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/models/anticipation_model.h"
#include "symphony/models/event_rows_model.h"
#include "symphony/models/lstm.h"
#include "symphony/models/ngram/ngram_model.h"
#include "symphony/models/rnn/rnn_model.h"
#include "symphony/models/transformer.h"

#include <fmt/format.h>

#include <future>

namespace symphony::models {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::ErrorKind;

// A model folder's JSON file; what is missing or malformed there is a damaged model.
base::Json read_json(const fs::path& path) {
    auto json = base::read_json_file(path);
    if (!json.ok())
        throw Error(ErrorKind::kModel, json.error().message, path,
                    "a model folder has config.json, model.safetensors and tokenizer.json");
    if (!json.value().is_object())
        throw Error(ErrorKind::kModel, "got JSON of another sort, expected an object", path);
    return std::move(json).value();
}

// A loader per model_type, as config.json spells it.
struct Family {
    const char* model_type;
    std::unique_ptr<LanguageModel> (*load)(const fs::path& folder, nn::WeightPrecision precision);
};

constexpr Family kFamilies[] = {
    {"symphony-ngram",
     [](const fs::path& folder, nn::WeightPrecision) -> std::unique_ptr<LanguageModel> {
         return ngram::load_ngram(folder);
     }},
    {"symphony-rnn",
     [](const fs::path& folder, nn::WeightPrecision) -> std::unique_ptr<LanguageModel> {
         return rnn::load_rnn(folder);
     }},
    {"symphony-lstm",
     [](const fs::path& folder, nn::WeightPrecision) { return load_lstm(folder); }},
    {"llama", load_transformer},
    {"mistral", load_transformer},
    {"symphony-transformer", load_transformer},
    {"symphony-anticipation", load_anticipation},
    {"symphony-event-rows", load_event_rows},
};

std::unique_ptr<LanguageModel> load_family(const base::Json& config, const fs::path& folder,
                                           nn::WeightPrecision precision) {
    std::string known;
    const auto entry = config.find("model_type");
    const std::string type =
        entry != config.end() && entry->is_string() ? entry->get<std::string>() : "";
    for (const Family& family : kFamilies) {
        if (type == family.model_type) return family.load(folder, precision);
        known += (known.empty() ? "" : ", ") + std::string(family.model_type);
    }
    throw Error(ErrorKind::kModel,
                fmt::format("model_type: got '{}', expected one of {}", type, known),
                folder / "config.json");
}

}  // namespace

LoadedModel load_model(const fs::path& given, nn::WeightPrecision precision) {
    LoadedModel loaded;
    loaded.folder = fs::exists(given / "model" / "config.json") ? given / "model" : given;
    if (!fs::exists(loaded.folder / "config.json"))
        throw Error(ErrorKind::kModel, "no model here: config.json is missing", given,
                    "give the folder that `symphony train -o` wrote");
    if (!fs::exists(loaded.folder / "model.safetensors"))
        throw Error(ErrorKind::kModel, "no weights here: model.safetensors is missing",
                    loaded.folder, "copy it beside config.json, or train again");
    loaded.config = read_json(loaded.folder / "config.json");
    loaded.tokenizer = read_json(loaded.folder / "tokenizer.json");
    // Weights from elsewhere have no symphony.json.
    if (fs::exists(loaded.folder / "symphony.json"))
        loaded.provenance = read_json(loaded.folder / "symphony.json");
    // On another core while the weights are read.
    auto hash = std::async(std::launch::async, base::sha256_hex_of_file,
                           loaded.folder / "model.safetensors");
    try {
        loaded.model = load_family(loaded.config, loaded.folder, precision);
    } catch (const nlohmann::json::exception& e) {
        throw Error(ErrorKind::kModel, e.what(), loaded.folder / "config.json",
                    "the file is damaged; train again");
    }
    loaded.weights_sha256 = hash.get();
    return loaded;
}

}  // namespace symphony::models
