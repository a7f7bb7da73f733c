#include "symphony/evaluate/held_out.h"

#include "symphony/base/error.h"

namespace symphony::evaluate {

namespace {

namespace fs = std::filesystem;
using base::Json;

std::vector<int> ids_of(const corpus::Dataset& dataset, corpus::Split split, int sequence) {
    const auto& info = dataset.sequences(split)[static_cast<std::size_t>(sequence)];
    const auto ids = dataset.ids(split, info);
    return {ids.begin(), ids.end()};
}

bool belongs_to_a_model(const Json& result) {
    const auto is_text = [&](const char* key) {
        return result.contains(key) && result[key].is_string();
    };
    return result.is_object() && is_text("weights_sha256") && is_text("data_hash");
}

// Results kept in RUN/test.json; an unreadable file holds none, it is only a memory.
Json stored_results(const fs::path& run) {
    const auto json = base::read_json_file(run / "test.json");
    Json kept = Json::array();
    if (!json.ok() || !json.value().is_object() || !json.value().contains("results")) return kept;
    for (const Json& result : json.value()["results"])
        if (belongs_to_a_model(result)) kept.push_back(result);
    return kept;
}

}  // namespace

std::vector<ScoredPiece> pieces_of(const corpus::Dataset& dataset, corpus::Split split) {
    std::vector<ScoredPiece> pieces;
    for (const int index : dataset.pieces_of(split)) {
        const auto& info = dataset.pieces()[static_cast<std::size_t>(index)];
        if (info.sequences.empty()) continue;
        pieces.push_back({info.id, info.group, info.notes,
                          ids_of(dataset, split, info.sequences.front()), info.losses});
    }
    if (pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "there are no " + std::string(corpus::split_name(split)) + " pieces",
                          dataset.folder());
    return pieces;
}

std::vector<score::Score> scores_of(const corpus::Dataset& dataset, corpus::Split split,
                                    const tokens::Tokenizer& tokenizer) {
    std::vector<score::Score> scores;
    for (const ScoredPiece& piece : pieces_of(dataset, split))
        scores.push_back(tokenizer.decode(piece.ids));
    return scores;
}

fs::path run_of(const fs::path& model) {
    fs::path path = fs::absolute(model).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    const bool is_part = path.filename() == "model" && !fs::exists(path / "run.toml") &&
                         fs::exists(path.parent_path() / "run.toml");
    return is_part ? path.parent_path() : model;
}

void require_finished(const fs::path& run) {
    if (!fs::exists(run / "run.toml") || fs::exists(run / "result.json")) return;
    throw base::Error(base::ErrorKind::kUsage,
                      "the run is not finished, expected one whose model is chosen", run,
                      "test pieces are looked at once, at the end: go on training, or use "
                      "--split valid");
}

std::optional<ModelLikelihood> stored_test(const fs::path& run, const std::string& weights_sha256,
                                           const std::string& data_hash) {
    for (const Json& result : stored_results(run)) {
        if (result["weights_sha256"] != weights_sha256 || result["data_hash"] != data_hash)
            continue;
        try {
            return likelihood_from_json(result);
        } catch (const base::Error&) {
            return std::nullopt;  // damaged: it is made again
        }
    }
    return std::nullopt;
}

void store_test(const fs::path& run, const ModelLikelihood& result) {
    if (!fs::exists(run / "run.toml")) return;
    Json kept = Json::array();
    for (const Json& old : stored_results(run))
        if (old["weights_sha256"] == result.weights_sha256 && old["data_hash"] != result.data_hash)
            kept.push_back(old);
    kept.push_back(to_json(result));
    base::write_json_file(run / "test.json", {{"results", kept}});
}

}  // namespace symphony::evaluate
