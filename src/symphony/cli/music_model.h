// A model folder with its tokenizer, as the verbs that use models open it.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/generate/sampler.h"
#include "symphony/models/model_folder.h"
#include "symphony/tokens/tokenizer.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symphony::cli {

struct MusicModel {
    std::string name;           // short, for tables: the run's folder name
    std::filesystem::path run;  // as given: a run folder or a model folder
    models::LoadedModel loaded;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
    std::vector<std::uint8_t> unseen;  // unseen[id] = 1: no training piece had it; empty: not known
    std::optional<double>
        default_tempo_bpm;  // of the corpus it learned, where that states no tempo

    // A further instance of the model, for another thread; the weights are shared.
    std::unique_ptr<models::LanguageModel> another() const;
};

// Throws Error (kModel) if the model or its tokenizer is missing, damaged, or of another size.
MusicModel open_music_model(const std::filesystem::path& path,
                            nn::WeightPrecision precision = nn::WeightPrecision::kFloat32);

// `asked` where the user said so, else what the model's family is drawn with (imported ones say
// it); a model that says nothing is drawn as asked.
generate::SamplerOptions sampling_for(const MusicModel& model,
                                      const generate::SamplerOptions& asked,
                                      const base::OptionTable& options);

// Several models; where folder names are equal, the paths as given become the names.
std::vector<MusicModel> open_music_models(
    const std::vector<std::string>& paths,
    nn::WeightPrecision precision = nn::WeightPrecision::kFloat32);

}  // namespace symphony::cli
