#include "symphony/evaluate/copying_summary.h"

#include "symphony/base/quantile.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::evaluate {

CopyingSummary summary_of(std::span<const PieceCopying> takes) {
    CopyingSummary summary;
    std::vector<double> longest;
    for (std::size_t t = 0; t < takes.size(); ++t) {
        if (takes[t].notes == 0) continue;
        ++summary.takes;
        const SenseCopying& one =
            takes[t].senses[static_cast<std::size_t>(corpus::CopySense::kTransposed)];
        longest.push_back(one.longest_notes.value);
        summary.held_out_longest_notes = one.longest_notes.held_out_median;
        summary.unusual += one.longest_notes.percentile > kUnusualPercentile;
        const int notes = static_cast<int>(one.longest_notes.value);
        if (!one.place || notes <= summary.most_notes) continue;
        summary.most_notes = notes;
        summary.most_take = static_cast<int>(t) + 1;
        summary.most = *one.place;
    }
    if (longest.empty()) return summary;
    std::sort(longest.begin(), longest.end());
    summary.longest_notes = base::quantile(longest, 0.5);
    return summary;
}

std::string CopyingSummary::sentence() const {
    std::string text = fmt::format(
        "the longest match with training pieces in pitch and rhythm, in any key, has {:g} notes in "
        "the median take and {:g} in held-out excerpts of as many bars; {} of {} takes have a "
        "longer "
        "one than {:g} % of these",
        longest_notes, held_out_longest_notes, unusual, takes, kUnusualPercentile);
    if (most_notes > 0)
        text +=
            fmt::format("; the longest of all: {} notes in take {} ({} = {} {})", most_notes,
                        most_take, most.bars.in_words(), most.source, most.source_bars.in_words());
    return text;
}

base::Json to_json(const CopyingSummary& summary) {
    return {{"takes", summary.takes},
            {"longest_notes_median", summary.longest_notes},
            {"held_out_longest_notes_median", summary.held_out_longest_notes},
            {"unusual_takes", summary.unusual},
            {"most_notes", summary.most_notes},
            {"most_take", summary.most_take},
            {"most", to_json(summary.most)}};
}

CopyingSummary copying_summary_from_json(const base::Json& json) {
    return {.takes = json.at("takes").get<int>(),
            .longest_notes = json.at("longest_notes_median").get<double>(),
            .held_out_longest_notes = json.at("held_out_longest_notes_median").get<double>(),
            .unusual = json.at("unusual_takes").get<int>(),
            .most_notes = json.at("most_notes").get<int>(),
            .most_take = json.at("most_take").get<int>(),
            .most = copy_place_from_json(json.at("most"))};
}

}  // namespace symphony::evaluate
