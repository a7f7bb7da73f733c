#include "symphony/training/train_report.h"

namespace symphony::training {

base::Json TrainReport::to_json() const {
    base::Json json;
    json["model"] = model;
    json["parameters"] = parameters;
    json["steps"] = steps;
    json["tokens"] = tokens;
    json["epochs"] = epochs;
    json["minutes"] = minutes;
    json["best_step"] = best_step;
    json["valid_loss"] = best_valid.loss;
    json["valid_accuracy"] = best_valid.accuracy;
    json["valid_tokens"] = best_valid.tokens;
    if (test.tokens > 0) {
        json["test_loss"] = test.loss;
        json["test_accuracy"] = test.accuracy;
        json["test_tokens"] = test.tokens;
    }
    json["stop_reason"] = stop_reason;
    json["warnings"] = warnings;
    return json;
}

TrainReport TrainReport::from_json(const base::Json& json) {
    TrainReport r;
    r.model = json.at("model").get<std::string>();
    r.parameters = json.at("parameters").get<std::int64_t>();
    r.steps = json.at("steps").get<std::int64_t>();
    r.tokens = json.at("tokens").get<std::int64_t>();
    r.epochs = json.at("epochs").get<double>();
    r.minutes = json.at("minutes").get<double>();
    r.best_step = json.at("best_step").get<std::int64_t>();
    r.best_valid = {json.at("valid_loss").get<double>(), json.at("valid_accuracy").get<double>(),
                    json.at("valid_tokens").get<std::int64_t>()};
    if (json.contains("test_loss"))
        r.test = {json.at("test_loss").get<double>(), json.at("test_accuracy").get<double>(),
                  json.at("test_tokens").get<std::int64_t>()};
    r.stop_reason = json.at("stop_reason").get<std::string>();
    r.warnings = json.at("warnings").get<std::vector<std::string>>();
    return r;
}

}  // namespace symphony::training
