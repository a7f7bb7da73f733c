// SetComparison <-> JSON: what generated.json holds.
#include "symphony/base/error.h"
#include "symphony/evaluate/compare_sets.h"

namespace symphony::evaluate {

using base::Json;

namespace {

Json to_json(const Sample& sample) {
    return {{"mean", sample.mean},         {"median", sample.median},
            {"low", sample.low},           {"high", sample.high},
            {"mean_low", sample.mean_low}, {"mean_high", sample.mean_high},
            {"values", sample.values}};
}

Sample sample_from_json(const Json& json) {
    Sample sample;
    sample.mean = json.at("mean").get<double>();
    sample.median = json.at("median").get<double>();
    sample.low = json.at("low").get<double>();
    sample.high = json.at("high").get<double>();
    // Reports of earlier versions say nothing of what follows.
    sample.mean_low = json.value("mean_low", sample.mean);
    sample.mean_high = json.value("mean_high", sample.mean);
    sample.values = json.at("values").get<std::vector<double>>();
    return sample;
}

Json rows_to_json(const std::vector<FeatureDistances>& rows) {
    Json json = Json::array();
    for (const FeatureDistances& row : rows) json.push_back(to_json(row));
    return json;
}

// Reports of earlier versions have none.
std::vector<FeatureDistances> rows_from_json(const Json& json, const char* name) {
    std::vector<FeatureDistances> rows;
    for (const Json& row : json.value(name, Json::array()))
        rows.push_back(feature_distances_from_json(row));
    return rows;
}

Json metrics_to_json(const std::vector<MetricComparison>& rows) {
    Json json = Json::array();
    for (const MetricComparison& row : rows)
        json.push_back({{"metric", row.metric},
                        {"title", row.title},
                        {"unit", row.unit},
                        {"inside", row.inside},
                        {"generated_in_band", row.generated_in_band},
                        {"train_in_band", row.train_in_band},
                        {"generated_distance", row.generated_distance},
                        {"train_distance", row.train_distance},
                        {"generated", to_json(row.generated)},
                        {"held_out", to_json(row.held_out)},
                        {"train", to_json(row.train)}});
    return json;
}

std::vector<MetricComparison> metrics_from_json(const Json& json) {
    std::vector<MetricComparison> rows;
    for (const Json& metric : json) {
        MetricComparison& row = rows.emplace_back();
        row.metric = metric.at("metric").get<std::string>();
        row.title = metric.at("title").get<std::string>();
        row.unit = metric.at("unit").get<std::string>();
        row.inside = metric.at("inside").get<bool>();
        row.generated_in_band = metric.at("generated_in_band").get<double>();
        row.train_in_band = metric.at("train_in_band").get<double>();
        row.generated_distance = metric.at("generated_distance").get<double>();
        row.train_distance = metric.at("train_distance").get<double>();
        row.generated = sample_from_json(metric.at("generated"));
        row.held_out = sample_from_json(metric.at("held_out"));
        row.train = sample_from_json(metric.at("train"));
    }
    return rows;
}

}  // namespace

Json to_json(const SetComparison& comparison) {
    Json json = {{"model", comparison.model},
                 {"bars", comparison.bars},
                 {"takes", comparison.takes},
                 {"held_out_pieces", comparison.held_out_pieces},
                 {"train_pieces", comparison.train_pieces},
                 {"metrics_inside", comparison.metrics_inside()},
                 {"sentence", comparison.sentence()},
                 {"metrics", metrics_to_json(comparison.metrics)},
                 {"muspy", metrics_to_json(comparison.muspy)},
                 {"structure", to_json(comparison.structure)},
                 {"train_structure", to_json(comparison.train_structure)}};
    json["distances"] = rows_to_json(comparison.distances);
    json["train_distances"] = rows_to_json(comparison.train_distances);
    return json;
}

SetComparison set_comparison_from_json(const Json& json) {
    try {
        SetComparison comparison;
        comparison.model = json.at("model").get<std::string>();
        comparison.bars = json.at("bars").get<int>();
        comparison.takes = json.at("takes").get<int>();
        comparison.held_out_pieces = json.at("held_out_pieces").get<int>();
        comparison.train_pieces = json.at("train_pieces").get<int>();
        comparison.metrics = metrics_from_json(json.at("metrics"));
        comparison.muspy = metrics_from_json(json.value("muspy", Json::array()));
        if (json.contains("structure")) {
            comparison.structure = similarity_error_from_json(json["structure"]);
            comparison.train_structure = similarity_error_from_json(json.at("train_structure"));
        }
        comparison.distances = rows_from_json(json, "distances");
        comparison.train_distances = rows_from_json(json, "train_distances");
        return comparison;
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("not a comparison of generated and real music: ") + e.what());
    }
}

}  // namespace symphony::evaluate
