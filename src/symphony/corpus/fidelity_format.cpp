// A fidelity report as a table for the terminal and as JSON.
#include "symphony/corpus/fidelity_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

using base::Json;
using tokens::Kept;

double share(std::int64_t part, std::int64_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

// "99.8", "-" where there is nothing to keep.
std::string percent(std::int64_t part, std::int64_t all) {
    if (all == 0) return "-";
    const double value = 100 * share(part, all);
    // What is not all must not read as all, nor something as nothing.
    if (part < all && value >= 99.95) return "<100";
    if (part > 0 && value < 0.05) return ">0";
    return fmt::format("{:.1f}", value);
}
std::string percent(const Kept& kept) { return percent(kept.kept, kept.all); }

const char* clock_name(tokens::Clock clock) {
    return clock == tokens::Clock::kBeats ? "beats" : "seconds";
}

Json json_of(const Kept& kept) { return {{"all", kept.all}, {"kept", kept.kept}}; }

Json json_of(const SchemeAudit& audit, double seconds) {
    Json json;
    json["scheme"] = audit.scheme;
    json["refused"] = audit.refused;
    if (!audit.refused.empty()) return json;
    const tokens::Fidelity& f = audit.counts;
    json["vocabulary"] = audit.vocabulary;
    json["steps_per_quarter"] = audit.steps_per_quarter;
    json["clock"] = clock_name(audit.clock);
    json["notes"] = {{"all", f.notes},
                     {"kept", f.kept},
                     {"merged", f.merged},
                     {"dropped", f.dropped},
                     {"added", f.added},
                     {"alike", f.alike},
                     {"moved_ms_sum", f.moved_ms},
                     {"most_moved_ms", f.most_moved_ms}};
    Json& histogram = json["moved"] = Json::array();
    for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin)
        histogram.push_back(
            {{"up_to_ms", bin < tokens::kMovedEdgesMs.size() ? Json(tokens::kMovedEdgesMs[bin])
                                                             : Json(nullptr)},
             {"notes", f.moved[bin]}});
    json["lengths"] = json_of(f.lengths);
    json["velocities"] = json_of(f.velocities);
    json["velocity_difference_sum"] = f.velocity_difference;
    json["programs"] = json_of(f.programs);
    json["drums"] = json_of(f.drums);
    json["tempo_at_notes"] = json_of(f.tempos);
    json["metre_at_notes"] = json_of(f.meters);
    json["key_at_notes"] = json_of(f.keys);
    json["pedals"] = json_of(f.pedals);
    json["controls"] = json_of(f.controls);
    json["bends"] = json_of(f.bends);
    json["program_changes"] = json_of(f.program_changes);
    json["parts"] = {{"before", f.parts}, {"after", f.parts_after}};
    json["tokens"] = audit.tokens;
    json["tokens_per_note"] = share(audit.tokens, f.notes);
    json["tokens_per_second"] = seconds > 0 ? static_cast<double>(audit.tokens) / seconds : 0;
    json["sequences"] = audit.sequences;
    json["cut_sequences"] = audit.cut_sequences;
    json["longest_sequence"] = audit.longest;
    json["losses"] = audit.losses;
    json["furthest_moved"] = Json::array();
    for (const Offender& o : audit.offenders)
        json["furthest_moved"].push_back({{"piece", o.piece},
                                          {"bar", o.bar},
                                          {"beat", o.beat},
                                          {"part", o.part},
                                          {"pitch", o.pitch},
                                          {"ms", o.ms}});
    json["most_lost"] = Json::array();
    for (const PieceLoss& loss : audit.lossy_pieces)
        json["most_lost"].push_back(
            {{"piece", loss.piece}, {"lost", loss.lost}, {"notes", loss.notes}});
    return json;
}

// Columns set right but the first; rows of equal length.
std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
    std::string text;
    for (const auto& row : rows) {
        text += fmt::format("{:<{}}", row[0], widths[0]);
        for (std::size_t c = 1; c < row.size(); ++c)
            text += fmt::format("  {:>{}}", row[c], widths[c]);
        text += '\n';
    }
    return text;
}

}  // namespace

Json to_json(const FidelityReport& report) {
    Json json;
    json["folder"] = report.root;
    json["account"] = report.account.sentence();
    json["pieces"] = report.pieces;
    json["notes"] = report.notes;
    json["seconds"] = report.seconds;
    json["context"] = report.context;
    Json& grids = json["onsets_on_grid"] = Json::object();
    for (const auto& [steps, count] : report.timing.on_grid)
        grids[std::to_string(steps)] = share(count, report.timing.onsets);
    json["velocities"] = report.timing.velocities;
    json["tempo_changes"] = report.timing.tempo_changes;
    json["pieces_with_drums"] = report.timing.pieces_with_drums;
    json["pieces_with_pedal"] = report.timing.pieces_with_pedal;
    json["pieces_with_upbeat"] = report.timing.pieces_with_upbeat;
    json["schemes"] = Json::array();
    for (const SchemeAudit& audit : report.schemes)
        json["schemes"].push_back(json_of(audit, report.seconds));
    json["advice"] = report.advice;
    return json;
}

std::string to_text(const FidelityReport& report) {
    std::vector<std::vector<std::string>> notes{{"% of notes", "kept", "merged", "dropped", "moved",
                                                 ">10 ms", "length", "velocity", "program", "drums",
                                                 "alike"}};
    std::vector<std::vector<std::string>> rest{{"", "tempo %", "metre %", "key %", "pedal %",
                                                "control %", "tokens/note", "tokens/s",
                                                "vocabulary", "cut", "clock"}};
    for (const SchemeAudit& audit : report.schemes) {
        if (!audit.refused.empty()) continue;
        const tokens::Fidelity& f = audit.counts;
        std::int64_t far = 0;
        for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin)
            if (bin == tokens::kMovedEdgesMs.size() || tokens::kMovedEdgesMs[bin] > 10)
                far += f.moved[bin];
        notes.push_back({audit.scheme, percent(f.kept, f.notes), percent(f.merged, f.notes),
                         percent(f.dropped, f.notes), percent(f.kept - f.moved[0], f.notes),
                         percent(far, f.notes), percent(f.lengths), percent(f.velocities),
                         percent(f.programs), percent(f.drums), percent(f.alike, f.notes)});
        rest.push_back(
            {audit.scheme, percent(f.tempos), percent(f.meters), percent(f.keys), percent(f.pedals),
             percent(f.controls), fmt::format("{:.2f}", share(audit.tokens, f.notes)),
             fmt::format("{:.1f}", report.seconds > 0
                                       ? static_cast<double>(audit.tokens) / report.seconds
                                       : 0),
             std::to_string(audit.vocabulary),
             fmt::format("{}/{}", audit.cut_sequences, audit.sequences), clock_name(audit.clock)});
    }
    std::string text = report.account.sentence() + '\n';
    text += fmt::format("{} notes, {:.1f} min; what comes back, in % of what was there\n\n",
                        report.notes, report.seconds / 60);
    text += table(notes) + '\n' + table(rest);
    text += fmt::format("cut: pieces longer than a context of {} tokens\n\n", report.context);
    for (const SchemeAudit& audit : report.schemes) {
        if (!audit.offenders.empty()) {
            const Offender& o = audit.offenders.front();
            text += fmt::format("{} moves most: {}, bar {} beat {:.4g}, {} of {}, by {:.0f} ms\n",
                                audit.scheme, o.piece, o.bar, o.beat, o.pitch, o.part, o.ms);
        }
        if (!audit.lossy_pieces.empty()) {
            const PieceLoss& loss = audit.lossy_pieces.front();
            text += fmt::format("{} loses most: {}, {} of {} notes\n", audit.scheme, loss.piece,
                                loss.lost, loss.notes);
        }
    }
    text += '\n';
    for (const std::string& line : report.advice) text += "- " + line + '\n';
    return text;
}

}  // namespace symphony::corpus
