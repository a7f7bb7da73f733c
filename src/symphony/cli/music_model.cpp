#include "symphony/cli/music_model.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

#include <set>

namespace symphony::cli {

namespace fs = std::filesystem;

namespace {

std::string short_name(const fs::path& given) {
    fs::path path = fs::absolute(given).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return path.filename() == "model" ? path.parent_path().filename() : path.filename();
}

std::vector<std::uint8_t> unseen_ids(const base::Json& provenance, int vocabulary_size,
                                     const fs::path& folder) {
    const auto list = provenance.is_object() ? provenance.find("unseen_tokens") : provenance.end();
    if (list == provenance.end()) return {};
    std::vector<std::uint8_t> unseen(static_cast<std::size_t>(vocabulary_size), 0);
    for (const base::Json& id : *list) {
        if (!id.is_number_integer() || id < 0 || id >= vocabulary_size)
            throw base::Error(base::ErrorKind::kModel,
                              "unseen_tokens: got " + id.dump() + ", expected token ids",
                              folder / "symphony.json");
        unseen[id.get<std::size_t>()] = 1;
    }
    return unseen;
}

}  // namespace

std::unique_ptr<models::LanguageModel> MusicModel::another() const {
    auto model = loaded.model->copy();
    model->reset();
    return model;
}

MusicModel open_music_model(const fs::path& path, nn::WeightPrecision precision) {
    MusicModel model;
    model.name = short_name(path);
    model.run = path;
    model.loaded = models::load_model(path, precision);
    model.tokenizer =
        tokens::tokenizer_from_json(model.loaded.tokenizer, model.loaded.folder / "tokenizer.json");
    const int size = model.tokenizer->vocabulary().size();
    if (model.loaded.model->vocabulary_size() != size)
        throw base::Error(base::ErrorKind::kModel,
                          fmt::format("the model has {} tokens, its tokenizer.json {}",
                                      model.loaded.model->vocabulary_size(), size),
                          model.loaded.folder, "the tokenizer belongs to another model");
    const base::Json& made_from = model.loaded.provenance;
    if (made_from.is_object() && made_from.contains("default_tempo") &&
        made_from["default_tempo"].is_number())
        model.default_tempo_bpm = made_from["default_tempo"].get<double>();
    model.unseen = unseen_ids(model.loaded.provenance, size, model.loaded.folder);
    return model;
}

generate::SamplerOptions sampling_for(const MusicModel& model,
                                      const generate::SamplerOptions& asked,
                                      const base::OptionTable& options) {
    const base::Json& made_from = model.loaded.provenance;
    if (!made_from.is_object() || !made_from.contains("sampling")) return asked;
    const base::Json& own = made_from["sampling"];
    generate::SamplerOptions sampling;
    const auto choose = [&](const char* name, auto& value, auto asked_value) {
        if (options.given(name))
            value = asked_value;
        else if (own.contains(name))
            own[name].get_to(value);
    };
    try {
        choose("temperature", sampling.temperature, asked.temperature);
        choose("top-k", sampling.top_k, asked.top_k);
        choose("top-p", sampling.top_p, asked.top_p);
        choose("min-p", sampling.min_p, asked.min_p);
    } catch (const nlohmann::json::exception&) {
        throw base::Error(base::ErrorKind::kModel,
                          "sampling: got " + own.dump() + ", expected numbers",
                          model.loaded.folder / "symphony.json");
    }
    return sampling;
}

std::vector<MusicModel> open_music_models(const std::vector<std::string>& paths,
                                          nn::WeightPrecision precision) {
    std::vector<MusicModel> models;
    std::set<std::string> names;
    for (const std::string& path : paths) {
        models.push_back(open_music_model(path, precision));
        names.insert(models.back().name);
    }
    if (names.size() < models.size())
        for (MusicModel& model : models) model.name = model.run.string();
    return models;
}

}  // namespace symphony::cli
