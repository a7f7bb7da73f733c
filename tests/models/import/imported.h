// A foreign model through the whole road: its files, the import, our folder, the model that opens.
#pragma once

#include "symphony/models/import/import_model.h"
#include "symphony/models/model_folder.h"

#include "models/import/foreign_models.h"
#include "models/import/reference.h"
#include "models/random_weights.h"
#include "temporary_folder.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace symphony::models {

// Enough of a MidiTok tokenizer for the import, which only looks whether there is one.
inline void write_miditok_mark(const std::filesystem::path& folder) {
    base::write_json_file(folder / "tokenizer.json",
                          {{"config", base::Json::object()}, {"tokenization", "REMI"}});
}

// Imports the folder, writes ours beside it as the verb does, and opens that.
inline std::unique_ptr<LanguageModel> opened(
    const std::filesystem::path& folder,
    nn::WeightPrecision precision = nn::WeightPrecision::kFloat32) {
    ImportedModel imported = import_model(folder);
    const auto ours = folder / "ours";
    base::write_json_file(ours / "config.json", imported.config);
    base::write_json_file(ours / "tokenizer.json", base::Json::object());
    write_weights(ours / "model.safetensors", std::move(imported.weights), imported.bf16);
    return load_model(ours, precision).model;
}

inline std::unique_ptr<LanguageModel> imported(const ForeignModel& model) {
    const test_support::TemporaryFolder made;
    write_foreign(model, made.path);
    write_miditok_mark(made.path);
    return opened(made.path);
}

// After the model's start token and ids[1 ...], of which ids[0] is that token: our logits after
// each.
inline Rows after_each(LanguageModel& model, const std::vector<int>& ids, bool at_once) {
    std::vector<int> predicted(ids.begin() + 1, ids.end());
    predicted.push_back(0);
    return at_once ? whole_piece(model, predicted) : step_by_step(model, predicted);
}

// Largest difference, in units of the largest logit where that is above 1.
inline double off(const Rows& ours, const Logits& reference) {
    double most = 0, largest = 1;
    if (ours.size() != reference.size()) return INFINITY;
    for (std::size_t t = 0; t < ours.size(); ++t)
        for (std::size_t i = 0; i < ours[t].size(); ++i) {
            largest = std::max(largest, std::abs(reference[t][i]));
            most = std::max(most, std::abs(double{ours[t][i]} - reference[t][i]));
        }
    return most / largest;
}

}  // namespace symphony::models
