#include "symphony/view/report/arms.h"

#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

const Arm* arm_of(std::span<const Arm> arms, const std::string& run) {
    const auto found =
        std::find_if(arms.begin(), arms.end(), [&](const Arm& arm) { return run == arm.run; });
    return found == arms.end() ? nullptr : &*found;
}

evaluate::PairComparison turned_round(evaluate::PairComparison pair) {
    using evaluate::Verdict;
    std::swap(pair.first, pair.second);
    const evaluate::Interval was = pair.difference;
    pair.difference = {-was.mean, -was.high, -was.low};
    if (pair.verdict == Verdict::kFirstWon)
        pair.verdict = Verdict::kSecondWon;
    else if (pair.verdict == Verdict::kSecondWon)
        pair.verdict = Verdict::kFirstWon;
    return pair;
}

}  // namespace

std::optional<evaluate::PairComparison> pair_of(const evaluate::Evaluation& evaluation,
                                                const std::string& first,
                                                const std::string& second) {
    for (const evaluate::PairComparison& pair : evaluation.pairs) {
        if (pair.first == first && pair.second == second) return pair;
        if (pair.first == second && pair.second == first) return turned_round(pair);
    }
    return std::nullopt;
}

evaluate::Evaluation with_arm_names(evaluate::Evaluation evaluation, std::span<const Arm> arms) {
    for (evaluate::ModelLikelihood& model : evaluation.models)
        if (const Arm* arm = arm_of(arms, model.name)) model.name = arm->name;
    return evaluation;
}

std::string arms_table(const evaluate::Evaluation& evaluation, std::span<const Arm> arms,
                       const std::vector<RunLog>& runs, const std::string& measure) {
    Table table{.headers = {"arm", "what it is", "steps", "minutes", measure, "pitch right"},
                .numeric = {false, false, true, true, true, true}};
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::ModelLikelihood& model = evaluation.models[m];
        const Arm* arm = arm_of(arms, model.name);
        const auto run = std::find_if(runs.begin(), runs.end(),
                                      [&](const RunLog& one) { return one.name == model.name; });
        const bool trained = run != runs.end();
        const evaluate::Interval& bits = evaluation.bits_per_note[m];
        table.rows_html.push_back({escape(arm ? arm->name : model.name),
                                   escape(arm ? arm->what : ""),
                                   trained && run->steps ? thousands(run->steps) : "–",
                                   trained && run->seconds > 0 ? fixed(run->seconds / 60, 1) : "–",
                                   fmt::format("{} <small>{} to {}</small>", fixed(bits.mean, 3),
                                               fixed(bits.low, 3), fixed(bits.high, 3)),
                                   percent(model.pitch_accuracy().top1_share())});
    }
    return format_table(table);
}

}  // namespace symphony::view
