// A fidelity report as a table for the terminal and as JSON.
#include "symphony/corpus/fidelity_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

using base::Json;
using tokens::Kept;
using tokens::share;

double mean(double sum, std::int64_t count) {
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

double per_second(std::int64_t tokens, double seconds) {
    return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
}

std::string percent(const Kept& kept) { return in_percent(kept.kept, kept.all); }

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
                     {"moved_ms_mean", mean(f.moved_ms, f.kept)},
                     {"most_moved_ms", f.most_moved_ms}};
    Json& histogram = json["moved"] = Json::array();
    for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin)
        histogram.push_back(
            {{"up_to_ms", bin < tokens::kMovedEdgesMs.size() ? Json(tokens::kMovedEdgesMs[bin])
                                                             : Json(nullptr)},
             {"notes", f.moved[bin]}});
    json["lengths"] = json_of(f.lengths);
    json["velocities"] = json_of(f.velocities);
    json["velocity_difference_mean"] = mean(f.velocity_difference, f.kept);
    json["programs"] = json_of(f.programs);
    json["drums"] = json_of(f.drums);
    json["tempo_at_notes"] = json_of(f.tempos);
    json["tempo_difference_mean"] = mean(f.tempo_difference, f.tempos.all);
    json["metre_at_notes"] = json_of(f.meters);
    json["key_at_notes"] = json_of(f.keys);
    json["pedals"] = json_of(f.pedals);
    json["controls"] = json_of(f.controls);
    json["bends"] = json_of(f.bends);
    json["program_changes"] = json_of(f.program_changes);
    json["parts"] = {{"before", f.parts}, {"after", f.parts_after}};
    json["tokens"] = audit.tokens;
    json["tokens_per_note"] = share(audit.tokens, f.notes);
    json["tokens_per_second"] = per_second(audit.tokens, seconds);
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
        json["most_lost"].push_back({{"piece", loss.piece},
                                     {"lost", loss.lost},
                                     {"notes", loss.notes},
                                     {"first",
                                      {{"bar", loss.first.bar},
                                       {"beat", loss.first.beat},
                                       {"part", loss.first.part},
                                       {"pitch", loss.first.pitch}}}});
    return json;
}

// The note that moved furthest and the piece that lost most, for each scheme; schemes of one fault
// share a line.
std::string worst(const FidelityReport& report) {
    std::vector<std::pair<std::string, std::string>> lines;  // fault, schemes
    const auto add = [&](const std::string& scheme, const std::string& fault) {
        const auto same = std::find_if(lines.begin(), lines.end(),
                                       [&](const auto& line) { return line.first == fault; });
        if (same == lines.end())
            lines.emplace_back(fault, scheme);
        else
            same->second += ", " + scheme;
    };
    for (const SchemeAudit& audit : report.schemes) {
        if (!audit.offenders.empty()) {
            const Offender& o = audit.offenders.front();
            add(audit.scheme,
                fmt::format("moves most: {}, bar {} beat {:.4g}, {} of {}, by {:.0f} ms", o.piece,
                            o.bar, o.beat, o.pitch, o.part, o.ms));
        }
        if (!audit.lossy_pieces.empty()) {
            const PieceLoss& loss = audit.lossy_pieces.front();
            add(audit.scheme,
                fmt::format("loses most: {}, {} of {} notes, the first in bar {}: {} of {}",
                            loss.piece, loss.lost, loss.notes, loss.first.bar, loss.first.pitch,
                            loss.first.part));
        }
    }
    std::string text;
    for (const auto& [fault, schemes] : lines) text += fault + " (" + schemes + ")\n";
    return text;
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

std::string in_percent(std::int64_t part, std::int64_t all) {
    if (all == 0) return "-";
    const double value = 100 * share(part, all);
    if (part < all && value >= 99.95) return "<100";
    if (part > 0 && value < 0.05) return ">0";
    return fmt::format("{:.1f}", value);
}

std::string grid_of(const SchemeAudit& audit) {
    // Schemes that count seconds give their steps at the tempo that they decode to.
    constexpr double kQuarterMs = 60'000 / score::kDefaultTempoBpm;
    return audit.clock == tokens::Clock::kBeats
               ? fmt::format("{} a quarter", audit.steps_per_quarter)
               : fmt::format("{:.3g} ms", kQuarterMs / audit.steps_per_quarter);
}

Json to_json(const FidelityReport& report) {
    Json json;
    json["folder"] = report.root;
    json["account"] = report.account.sentence();
    json["pieces"] = report.facts.pieces;
    json["pieces_there"] = report.pieces_there;
    json["notes"] = report.facts.notes;
    json["seconds"] = report.seconds();
    json["context"] = report.context;
    Json& grids = json["onsets_on_grid"] = Json::object();
    const TimingFacts& facts = report.facts;
    for (const int steps : kGrids)
        grids[std::to_string(steps)] = share(facts.on(steps), facts.notes);
    json["onsets_on_first_third"] = share(facts.on_first_third, facts.notes);
    json["onsets_on_last_third"] = share(facts.on_last_third, facts.notes);
    json["velocities"] = facts.different_velocities();
    json["tempo_changes"] = facts.tempo_changes;
    json["pieces_with_drums"] = facts.pieces_with_drums;
    json["pieces_with_pedal"] = facts.pieces_with_pedal;
    json["pieces_with_controls"] = facts.pieces_with_controls;
    json["pieces_with_upbeat"] = facts.pieces_with_upbeat;
    json["schemes"] = Json::array();
    for (const SchemeAudit& audit : report.schemes)
        json["schemes"].push_back(json_of(audit, report.seconds()));
    json["most_faithful"] = report.most_faithful;
    json["advice"] = report.advice;
    return json;
}

std::string to_text(const FidelityReport& report) {
    std::vector<std::vector<std::string>> notes{{"% of notes", "kept", "merged", "dropped", "added",
                                                 "moved", ">10 ms", "length", "velocity", "program",
                                                 "drums", "alike"}};
    std::vector<std::vector<std::string>> rest{
        {"% of what there is", "tempo", "metre", "key", "pedal", "controls", "bends", "programs"}};
    std::vector<std::vector<std::string>> costs{
        {"", "tokens/note", "tokens/s", "vocabulary", "longest", "cut", "grid"}};
    for (const SchemeAudit& audit : report.schemes) {
        if (!audit.refused.empty()) continue;
        const tokens::Fidelity& f = audit.counts;
        notes.push_back({audit.scheme, in_percent(f.kept, f.notes), in_percent(f.merged, f.notes),
                         in_percent(f.dropped, f.notes), in_percent(f.added, f.notes),
                         in_percent(f.kept - f.moved[0], f.notes),
                         in_percent(far_moved(f), f.notes), percent(f.lengths),
                         percent(f.velocities), percent(f.programs), percent(f.drums),
                         in_percent(f.alike, f.notes)});
        rest.push_back({audit.scheme, percent(f.tempos), percent(f.meters), percent(f.keys),
                        percent(f.pedals), percent(f.controls), percent(f.bends),
                        percent(f.program_changes)});
        costs.push_back({audit.scheme, fmt::format("{:.2f}", share(audit.tokens, f.notes)),
                         fmt::format("{:.1f}", per_second(audit.tokens, report.seconds())),
                         std::to_string(audit.vocabulary), std::to_string(audit.longest),
                         fmt::format("{}/{}", audit.cut_sequences, audit.sequences),
                         grid_of(audit)});
    }
    std::string text = report.account.sentence() + '\n';
    if (report.facts.pieces < report.pieces_there)
        text += fmt::format("{} of {} pieces, drawn at random\n", report.facts.pieces,
                            report.pieces_there);
    text += fmt::format("{} notes, {:.1f} min; what comes back, in % of what was there\n\n",
                        report.facts.notes, report.seconds() / 60);
    text += table(notes) + '\n' + table(rest) + '\n' + table(costs);
    text += fmt::format("cut: pieces longer than a context of {} tokens\n\n", report.context);
    text += worst(report) + '\n';
    for (const std::string& line : report.advice) text += "- " + line + '\n';
    return text;
}

}  // namespace symphony::corpus
