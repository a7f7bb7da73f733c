#include "symphony/evaluate/generated_report.h"

#include "symphony/base/error.h"

namespace symphony::evaluate {

namespace {

using base::Json;

std::optional<VoiceLeading> voice_leading_of_all(std::span<const score::Score> scores) {
    std::optional<VoiceLeading> sum;
    for (const score::Score& score : scores)
        if (const auto one = analyse_voice_leading(score)) {
            if (!sum) sum.emplace();
            *sum += *one;
        }
    return sum;
}

Json optional_json(const std::optional<VoiceLeading>& result) {
    return result ? to_json(*result) : Json(nullptr);
}

std::optional<VoiceLeading> optional_from_json(const Json& json) {
    if (json.is_null()) return std::nullopt;
    return voice_leading_from_json(json);
}

}  // namespace

GeneratedReport compare_generated(const std::vector<TakeSet>& sets,
                                  std::span<const score::Score> held_out,
                                  std::span<const score::Score> train, int bars) {
    GeneratedReport report;
    report.bars = bars;
    const auto held_out_excerpts = last_bars_of(held_out, bars);
    const auto train_excerpts = last_bars_of(train, bars);
    if (held_out_excerpts.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no held-out piece has " + std::to_string(bars) + " bars", {},
                          "ask for fewer with --bars");
    for (const TakeSet& set : sets) {
        report.models.push_back(
            compare_sets(set.model, bars, set.takes, held_out_excerpts, train_excerpts));
        report.voice_leading.push_back(voice_leading_of_all(set.takes));
    }
    report.held_out_voice_leading = voice_leading_of_all(held_out_excerpts);
    report.train_voice_leading = voice_leading_of_all(train_excerpts);
    return report;
}

Json to_json(const GeneratedReport& report) {
    Json json = {{"split", report.split},
                 {"data", report.data},
                 {"bars", report.bars},
                 {"models", Json::array()},
                 {"voice_leading", Json::array()},
                 {"copying", Json::array()},
                 {"held_out_voice_leading", optional_json(report.held_out_voice_leading)},
                 {"train_voice_leading", optional_json(report.train_voice_leading)}};
    for (const SetComparison& model : report.models) json["models"].push_back(to_json(model));
    for (const CopyingSummary& summary : report.copying)
        json["copying"].push_back(to_json(summary));
    for (const auto& result : report.voice_leading)
        json["voice_leading"].push_back(optional_json(result));
    return json;
}

GeneratedReport generated_report_from_json(const Json& json) {
    try {
        GeneratedReport report;
        report.split = json.at("split").get<std::string>();
        report.data = json.at("data").get<std::string>();
        report.bars = json.at("bars").get<int>();
        for (const Json& model : json.at("models"))
            report.models.push_back(set_comparison_from_json(model));
        for (const Json& result : json.at("voice_leading"))
            report.voice_leading.push_back(optional_from_json(result));
        report.held_out_voice_leading = optional_from_json(json.at("held_out_voice_leading"));
        report.train_voice_leading = optional_from_json(json.at("train_voice_leading"));
        // Reports of earlier versions have none.
        for (const Json& summary : json.value("copying", Json::array()))
            report.copying.push_back(copying_summary_from_json(summary));
        return report;
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("not a comparison of generated and real music: ") + e.what());
    }
}

}  // namespace symphony::evaluate
