#include "symphony/cli/evaluate_tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::cli {

namespace {

using evaluate::Evaluation;
using evaluate::GeneratedReport;
using evaluate::VoiceLeading;

std::size_t name_width(const Evaluation& evaluation) {
    std::size_t width = 5;
    for (const auto& model : evaluation.models) width = std::max(width, model.name.size());
    return width;
}

std::string voice_leading_line(const std::string& name, const std::optional<VoiceLeading>& result) {
    if (!result) return {};
    std::string line = fmt::format("  {:14}", name);
    for (int f = 0; f < evaluate::kVoiceFaults; ++f)
        line +=
            fmt::format(" {:>16.2f}", result->per_100_chords(static_cast<evaluate::VoiceFault>(f)));
    return line + "\n";
}

// "   4.483 ( 4.310- 4.660)".
std::string mean_words(const evaluate::Sample& sample) {
    return fmt::format("{:8.3f} ({:6.3f}-{:6.3f})", sample.mean, sample.mean_low, sample.mean_high);
}

std::string muspy_table(const evaluate::SetComparison& model) {
    if (model.muspy.empty()) return {};
    std::string text = fmt::format("  {:47} {:>24} {:>24} {:>24}\n", "MusPy's statistics", "takes",
                                   "held-out", "train");
    for (const evaluate::MetricComparison& row : model.muspy)
        text += fmt::format("  {:47} {} {} {}\n", row.title, mean_words(row.generated),
                            mean_words(row.held_out), mean_words(row.train));
    return text + "\n";
}

std::string structure_line(const evaluate::SetComparison& model) {
    if (model.structure.set.empty()) return {};
    const auto words = [](const evaluate::Interval& error) {
        return fmt::format("{:.4f} ({:.4f}-{:.4f})", error.mean, error.low, error.high);
    };
    return fmt::format(
        "Similarity of bars by distance: takes differ from held-out pieces by {}, training pieces "
        "by {}\n\n",
        words(model.structure.error), words(model.train_structure.error));
}

// After Yang and Lerch: see docs/evaluation.md.
std::string distance_table(const evaluate::SetComparison& model) {
    if (model.distances.empty()) return {};
    const auto words = [](double value, const evaluate::Interval& interval) {
        return fmt::format("{:6.3f} ({:5.3f}-{:5.3f})", value, interval.low, interval.high);
    };
    const auto both = [&](const evaluate::FeatureDistances& row) {
        return fmt::format(" {} {}", words(row.density.overlap, row.intervals.overlap),
                           words(row.density.kl, row.intervals.kl));
    };
    std::string text = fmt::format("  {:28} {:>8} {:>8} {:>8} {:>20} {:>20} {:>20} {:>20}\n",
                                   "distances between pieces", "held-out", "takes", "across",
                                   "overlap", "KL", "of train", "KL");
    for (std::size_t i = 0; i < model.distances.size(); ++i) {
        const evaluate::FeatureDistances& row = model.distances[i];
        text += fmt::format("  {:28} {:8.3f} {:8.3f} {:8.3f}", row.title, row.inside_real,
                            row.inside_generated, row.across) +
                both(row);
        if (i < model.train_distances.size()) text += both(model.train_distances[i]);
        text += "\n";
    }
    return text + "\n";
}

}  // namespace

std::string format_table(const Evaluation& evaluation) {
    const std::size_t width = name_width(evaluation);
    std::string text = fmt::format(
        "Bits per note on the {} pieces of {} (fewer is better; 95 % interval)\n\n{:{}}  bits/note"
        "   interval",
        evaluation.split, evaluation.data, "", width);
    for (int k = 0; k < tokens::kTokenKinds; ++k)
        text += fmt::format(" {:>8}", tokens::token_kind_name(static_cast<tokens::TokenKind>(k)));
    text += "  nats/token  top-1  top-5  pitch top-1  top-5\n";
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const auto& model = evaluation.models[m];
        const auto& interval = evaluation.bits_per_note[m];
        text += fmt::format("{:{}}  {:9.3f} {:5.2f}-{:5.2f}", model.name, width,
                            model.bits_per_note(), interval.low, interval.high);
        for (int k = 0; k < tokens::kTokenKinds; ++k)
            text += fmt::format(" {:8.3f}", model.bits_per_note(static_cast<tokens::TokenKind>(k)));
        text += fmt::format(
            "  {:10.4f} {:5.1f}% {:5.1f}% {:11.1f}% {:5.1f}%\n", model.nats_per_token(),
            100 * model.accuracy().top1_share(), 100 * model.accuracy().top5_share(),
            100 * model.pitch_accuracy().top1_share(), 100 * model.pitch_accuracy().top5_share());
    }
    text += "\n";
    for (const auto& model : evaluation.models)
        for (const auto& [code, count] : model.losses)
            text += fmt::format("{}: {} {}\n", model.name, count, code);
    for (const auto& pair : evaluation.pairs) text += pair.sentence() + "\n";
    return text + evaluation.conclusion;
}

std::string format_table(const GeneratedReport& report) {
    std::string text;
    for (const auto& model : report.models) {
        text += fmt::format(
            "{}: {} takes of {} bars beside the last {} bars of {} {} and {} training pieces\n"
            "  {:47} {:>24} {:>24} {:>17} {:>24} {:>9} {:>9}\n",
            model.model, model.takes, model.bars, model.bars, model.held_out_pieces, report.split,
            model.train_pieces, "mean and its 95 % interval", "takes", "held-out", "5..95 % band",
            "train", "distance", "of train");
        for (const auto& row : model.metrics)
            text += fmt::format("{} {:47} {} {} {:8.3f}-{:8.3f} {} {:9.2f} {:9.2f}\n",
                                row.inside ? " " : "!", row.title + " (" + row.unit + ")",
                                mean_words(row.generated), mean_words(row.held_out),
                                row.held_out.low, row.held_out.high, mean_words(row.train),
                                row.generated_distance, row.train_distance);
        text += model.sentence() + "\n\n" + muspy_table(model) + structure_line(model) +
                distance_table(model);
    }
    for (std::size_t m = 0; m < report.copying.size(); ++m)
        text += fmt::format("{}: {}.\n", report.models[m].model, report.copying[m].sentence());
    if (!report.copying.empty()) text += "\n";
    if (report.held_out_voice_leading) {
        text += fmt::format("Voice leading, faults per 100 chords\n  {:14}", "");
        for (int f = 0; f < evaluate::kVoiceFaults; ++f)
            text += fmt::format(" {:>16}",
                                evaluate::voice_fault_name(static_cast<evaluate::VoiceFault>(f)));
        text += "\n";
        for (std::size_t m = 0; m < report.models.size(); ++m)
            text += voice_leading_line(report.models[m].model, report.voice_leading[m]);
        text += voice_leading_line(report.split, report.held_out_voice_leading);
        text += voice_leading_line("train", report.train_voice_leading);
    }
    return text;
}

}  // namespace symphony::cli
