#include "symphony/training/loop_state.h"

namespace symphony::training {

base::Json LoopState::to_json() const {
    base::Json json;
    json["step"] = step;
    json["evaluated_step"] = evaluated_step;
    json["tokens"] = tokens;
    json["seconds"] = seconds;
    json["best_step"] = best_step;
    if (best_step >= 0)
        json["best_valid"] = {best_valid.loss, best_valid.accuracy, best_valid.tokens};
    json["evaluations_without_gain"] = evaluations_without_gain;
    json["rate_factor"] = rate_factor;
    json["stop_reason"] = stop_reason;
    json["sums"] = {sums.loss, sums.gradient_norm, sums.tokens, sums.steps};
    json["log"] = {{"metrics_bytes", log.metrics_bytes},
                   {"events_file", log.events_file},
                   {"events_bytes", log.events_bytes}};
    return json;
}

LoopState LoopState::from_json(const base::Json& json) {
    LoopState s;
    s.step = json.at("step").get<std::int64_t>();
    s.evaluated_step = json.at("evaluated_step").get<std::int64_t>();
    s.tokens = json.at("tokens").get<std::int64_t>();
    s.seconds = json.at("seconds").get<double>();
    s.best_step = json.at("best_step").get<std::int64_t>();
    if (s.best_step >= 0) {
        const base::Json& best = json.at("best_valid");
        s.best_valid = {best.at(0).get<double>(), best.at(1).get<double>(),
                        best.at(2).get<std::int64_t>()};
    }
    s.evaluations_without_gain = json.at("evaluations_without_gain").get<int>();
    s.rate_factor = json.value("rate_factor", 1.0);  // older checkpoints have none
    s.stop_reason = json.at("stop_reason").get<std::string>();
    const base::Json& sums = json.at("sums");
    s.sums = {sums.at(0).get<double>(), sums.at(1).get<double>(), sums.at(2).get<std::int64_t>(),
              sums.at(3).get<std::int64_t>()};
    const base::Json& log = json.at("log");
    s.log.metrics_bytes = log.at("metrics_bytes").get<std::uint64_t>();
    s.log.events_file = log.at("events_file").get<std::string>();
    s.log.events_bytes = log.at("events_bytes").get<std::uint64_t>();
    return s;
}

}  // namespace symphony::training
