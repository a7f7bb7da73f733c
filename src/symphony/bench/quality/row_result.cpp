#include "symphony/bench/quality/row_result.h"

#include <fmt/format.h>

namespace symphony::bench {
namespace {

base::Json to_json(const SplitNats& nats, bool has_frames) {
    base::Json json{{"nats", nats.all}};
    if (has_frames) json["nats_after_first_frames"] = nats.after_first;
    return json;
}

std::string to_text(const SplitNats& nats, bool has_frames) {
    return has_frames
               ? fmt::format("{:.3f} ({:.3f} without first frames)", nats.all, nats.after_first)
               : fmt::format("{:.4f}", nats.all);
}

}  // namespace

std::optional<double> RowResult::ours(const PublishedFigure& figure) const {
    const std::optional<SplitNats> nats = row.on_valid ? valid : test;
    if (!nats) return std::nullopt;
    return figure.after_first ? nats->after_first : nats->all;
}

base::Json RowResult::to_json() const {
    const bool has_frames = row.set != QualitySet::kChorales16;
    base::Json json{{"row", row.name},
                    {"model", model},
                    {"unit", has_frames ? "nats per frame" : "nats per pitch"},
                    {"parameters", parameters},
                    {"steps", steps},
                    {"epochs", epochs},
                    {"minutes", minutes},
                    {"seed", seed},
                    {"stop_reason", stop_reason},
                    {"valid", bench::to_json(valid, has_frames)},
                    {"command", command}};
    if (test) json["test"] = bench::to_json(*test, has_frames);
    for (const PublishedFigure& figure : row.published) {
        base::Json published{{"nats", figure.nats},
                             {"model", figure.model},
                             {"source", figure.source},
                             {"recalled", figure.is_recalled},
                             {"split", row.on_valid ? "valid" : "test"}};
        if (has_frames) published["without_first_frames"] = figure.after_first;
        if (const auto nats = ours(figure)) published["ours"] = *nats;
        json["published"].push_back(std::move(published));
    }
    return json;
}

std::string RowResult::to_text() const {
    const bool has_frames = row.set != QualitySet::kChorales16;
    std::string text =
        fmt::format("{}: {}, {} parameters, {} steps ({:.1f} epochs), {:.1f} min, seed {}{}\n",
                    row.name, model, parameters, steps, epochs, minutes, seed,
                    stop_reason == "max-minutes" ? ": STOPPED EARLY by --minutes-per-row" : "");
    text += fmt::format("    nats per {}: valid {}", has_frames ? "frame" : "pitch",
                        bench::to_text(valid, has_frames));
    if (test) text += fmt::format(", test {}", bench::to_text(*test, has_frames));
    text += '\n';
    for (const PublishedFigure& figure : row.published) {
        const auto nats = ours(figure);
        text +=
            fmt::format("    {:6.3f}  {}, {}{}, {}{}", figure.nats, figure.model, figure.source,
                        figure.is_recalled ? " (recalled)" : "", row.on_valid ? "valid" : "test",
                        figure.after_first ? " without first frames" : "");
        if (nats)
            text += fmt::format(": ours {:.3f}, {}", *nats,
                                *nats <= figure.nats ? "reached" : "not reached");
        text += '\n';
    }
    return text + "    " + command;
}

}  // namespace symphony::bench
