// Evaluation <-> JSON: what `evaluate --json` prints and the report reads.
#include "symphony/base/error.h"
#include "symphony/evaluate/comparison.h"

namespace symphony::evaluate {

using base::Json;

namespace {

Json to_json(const Interval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

Interval interval_from_json(const Json& json) {
    return {json.at("mean").get<double>(), json.at("low").get<double>(),
            json.at("high").get<double>()};
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
    Json json = {{"split", evaluation.split},
                 {"data", evaluation.data},
                 {"conclusion", evaluation.conclusion},
                 {"models", Json::array()},
                 {"pairs", Json::array()}};
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        Json model = to_json(evaluation.models[m]);
        model["bits_per_note_interval"] = to_json(evaluation.bits_per_note[m]);
        json["models"].push_back(std::move(model));
    }
    for (const PairComparison& pair : evaluation.pairs)
        json["pairs"].push_back({{"first", pair.first},
                                 {"second", pair.second},
                                 {"measure", pair.measure},
                                 {"difference", to_json(pair.difference)},
                                 {"verdict", verdict_name(pair.verdict)},
                                 {"reason", pair.reason},
                                 {"remark", pair.remark},
                                 {"sentence", pair.sentence()}});
    return json;
}

Evaluation evaluation_from_json(const Json& json) {
    try {
        Evaluation evaluation;
        evaluation.split = json.at("split").get<std::string>();
        evaluation.data = json.at("data").get<std::string>();
        evaluation.conclusion = json.at("conclusion").get<std::string>();
        for (const Json& model : json.at("models")) {
            evaluation.models.push_back(likelihood_from_json(model));
            evaluation.bits_per_note.push_back(
                interval_from_json(model.at("bits_per_note_interval")));
        }
        for (const Json& pair : json.at("pairs")) {
            PairComparison result;
            result.first = pair.at("first").get<std::string>();
            result.second = pair.at("second").get<std::string>();
            result.measure = pair.at("measure").get<std::string>();
            result.difference = interval_from_json(pair.at("difference"));
            result.verdict = verdict_from_name(pair.at("verdict").get<std::string>());
            result.reason = pair.at("reason").get<std::string>();
            result.remark = pair.value("remark", "");  // absent in those written before it was
            evaluation.pairs.push_back(std::move(result));
        }
        return evaluation;
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput, std::string("not an evaluation: ") + e.what());
    }
}

}  // namespace symphony::evaluate
