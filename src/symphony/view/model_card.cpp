#include "symphony/view/model_card.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

using base::Json;

std::string thousands(std::int64_t value) {
    std::string text = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string data_table(const Json& data) {
    std::string text =
        "| part | pieces | works and groups | notes | tokens, in every key "
        "|\n|---|---|---|---|---|\n";
    for (const char* split : {"train", "valid", "test"}) {
        const Json& counts = data.at("splits").at(split);
        text += fmt::format("| {} | {} | {} | {} | {} |\n", split,
                            thousands(counts.at("pieces").get<std::int64_t>()),
                            thousands(counts.at("groups").get<std::int64_t>()),
                            thousands(counts.at("notes").get<std::int64_t>()),
                            thousands(counts.at("ids").get<std::int64_t>()));
    }
    return text;
}

// Lists are folded: they can be long.
std::string folded(const std::string& summary, const Json& list) {
    if (list.empty()) return "";
    std::string text = fmt::format("\n<details><summary>{}</summary>\n\n", summary);
    for (const Json& item : list) text += fmt::format("- `{}`\n", item.get<std::string>());
    return text + "\n</details>\n";
}

std::string runs_table(const std::vector<RunLog>& runs) {
    std::string text =
        "| run | steps | tokens | minutes | held out, nats a token: first, best "
        "|\n|---|---|---|---|---|\n";
    for (const RunLog& run : runs) {
        const auto best = run.best_valid_loss();
        text += fmt::format("| {} | {} | {} | {:.0f} | {} |\n", run.name, thousands(run.steps),
                            thousands(run.tokens), run.seconds / 60,
                            run.valid.empty() || !best
                                ? "none"
                                : fmt::format("{:.3f}, {:.3f}", run.valid.front().loss, *best));
    }
    return text;
}

std::string settings(const std::vector<RunLog>& runs) {
    std::string text;
    for (const RunLog& run : runs)
        text += fmt::format(
            "\n<details><summary>settings of {}</summary>\n\n```\n{}```\n\n</details>\n", run.name,
            run.settings);
    return text;
}

std::string evaluation_table(const std::vector<Json>& evaluations) {
    std::string text =
        "| model | part | pieces | bits per note | 95 % interval | pitch right "
        "|\n|---|---|---|---|---|---|\n";
    for (const Json& evaluation : evaluations)
        for (const Json& model : evaluation.at("models")) {
            const Json& interval = model.at("bits_per_note_interval");
            text += fmt::format("| {} | {} of {} | {} | {:.3f} | {:.3f} to {:.3f} | {:.1f} % |\n",
                                model.at("name").get<std::string>(),
                                model.at("split").get<std::string>(),
                                evaluation.value("data", std::string("the data")),
                                model.at("pieces").size(), model.at("bits_per_note").get<double>(),
                                interval.at("low").get<double>(), interval.at("high").get<double>(),
                                100 * model.at("pitch_accuracy").at("top1_share").get<double>());
        }
    return text;
}

}  // namespace

Chart learning_curve(const std::vector<RunLog>& runs) {
    Chart chart;
    chart.title = "Held-out loss while learning";
    chart.description =
        "Nats per token on held-out pieces, falling as more tokens are learned from.";
    chart.x.label = "millions of tokens";
    chart.y.label = "nats per token";
    std::int64_t before = 0;
    for (const RunLog& run : runs) {
        Series series{.name = run.name, .mark = Mark::kLinePoints};
        series.color = chart.series.empty() ? "transformer" : "lstm";
        const double tokens_per_step =
            run.steps > 0 ? static_cast<double>(run.tokens) / static_cast<double>(run.steps) : 0;
        for (const CurvePoint& point : run.valid) {
            series.x.push_back(
                (static_cast<double>(before) + tokens_per_step * static_cast<double>(point.step)) /
                1e6);
            series.y.push_back(point.loss);
        }
        before += run.tokens;
        chart.series.push_back(std::move(series));
    }
    return chart;
}

std::string format_model_card(const ModelCard& card) {
    const RunLog& last = card.runs.back();
    std::string text = fmt::format("# {}\n\n{}\n", card.title, card.about);
    text += fmt::format(
        "\n## What it is\n\nA {} of {} parameters over `{}` tokens ({} of them), which sees {} "
        "tokens at once. Weights: `model.safetensors`, {:.1f} MB, SHA-256 `{}`.\n",
        last.family, thousands(last.parameters), card.scheme, card.vocabulary_size,
        card.context_length, static_cast<double>(card.weights_bytes) / 1e6, card.weights_sha256);
    text += "\n## What it learned from\n\n" + data_table(card.data);
    if (const auto account = card.data.find("account"); account != card.data.end())
        text += fmt::format("\n{}\n", account->at("sentence").get<std::string>());
    for (const Json& remark : card.data.value("remarks", Json::array()))
        text += fmt::format("\n- {}", remark.get<std::string>());
    text += "\n" + folded("pieces left out as relatives of other music",
                          card.data.value("kept_apart", Json::array()));
    text += fmt::format(
        "\nFingerprints of the {} training pieces, without their notes: `fingerprints.bin`, {:.1f} "
        "MB. By them `symphony copying TAKES --model FOLDER` finds every match of {} notes or more "
        "in pitch and rhythm, in any key, and `generate --max-copy` keeps clear of it.\n",
        thousands(static_cast<std::int64_t>(card.printed_pieces)),
        static_cast<double>(card.prints_bytes) / 1e6, card.prints.sure_notes());
    text += "\n## How it learned\n\n" + runs_table(card.runs);
    text += fmt::format("\nOn {}.\n", card.machine);
    if (card.has_curve) text += "\n![Held-out loss over tokens](curve.svg)\n";
    text += settings(card.runs);
    if (!card.evaluations.empty())
        text += "\n## How well it predicts music that it never saw\n\n" +
                evaluation_table(card.evaluations);
    return text;
}

}  // namespace symphony::view
