#include "symphony/corpus/atlas/atlas_sums.h"

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

constexpr std::size_t kMostPlanSteps = 6;
constexpr std::size_t kMostProfiles = 4;

// "I V I", cut after a few keys.
std::string plan_text(const KeyPlan& plan, score::Key home) {
    std::string text;
    for (std::size_t r = 0; r < plan.regions.size(); ++r) {
        if (r == kMostPlanSteps) return text + " …";
        text += (r == 0 ? "" : " ") + std::string(degree_of_key(plan.regions[r].key, home));
    }
    return text;
}

Distribution of_measure(Distribution frame, std::span<const PieceMeasures> pieces, Measure measure,
                        double scale) {
    Tally tally;
    for (const PieceMeasures& piece : pieces) {
        const float value = piece[static_cast<std::size_t>(measure)];
        // Rounded, so that the tally stays small.
        if (!std::isnan(value)) ++tally[std::round(static_cast<double>(value) * scale * 100) / 100];
    }
    return binned(std::move(frame), tally);
}

}  // namespace

void AtlasSums::add(const PieceStatistics& piece) {
    const auto& regions = piece.keys.regions;
    if (!regions.empty()) {
        const score::Key home = home_key(piece.keys);
        for (const KeyRegion& region : regions)
            key_degrees[degree_of_key(region.key, home)] += region.bars;
        for (std::size_t r = 1; r < regions.size(); ++r)
            ++modulations[std::string(degree_of_key(regions[r - 1].key, home)) + " to " +
                          degree_of_key(regions[r].key, home)];
        ++key_plans[plan_text(piece.keys, home)];
    }
    add_tally(cadences, piece.cadences);
    for (const auto& [meter, profile] : piece.rhythm.onset_profile)
        add_tally(onset_profiles[meter], profile);
    add_tally(swing, piece.rhythm.swing_ratio);
    add_tally(section_bars, piece.form.section_bars());
    add_tally(passage_bars, piece.form.passage_bars);
    for (std::size_t role = 0; role < kRoles; ++role) {
        add_figures(roles[role], piece.role_figures[role]);
        pieces_with_role[role] += piece.role_figures[role].notes > 0 ? 1 : 0;
    }
}

std::vector<Distribution> AtlasSums::distributions(std::span<const PieceMeasures> pieces) const {
    std::vector<Distribution> all{
        categories({"key-degree", "Keys visited, seen from the home key", "", "bars"}, key_degrees),
        categories({"modulation", "Changes of key", "", "changes"}, modulations),
        categories({"key-plan", "Key plans", "", "pieces"}, key_plans),
        of_measure({"key-changes", "Changes of key per 100 bars", "per 100 bars", "pieces"}, pieces,
                   Measure::kKeyChanges, 1),
        categories({"cadence", "Cadences at phrase and piece ends", "", "cadences"}, cadences),
        of_measure({"syncopation", "Syncopation", "levels per 100 onsets", "pieces"}, pieces,
                   Measure::kSyncopation, 100),
        each_value({"swing", "How beats are divided", "first part to second", "divided beats"},
                   swing, number_label),
        binned({"section-bars", "Length of sections", "bars", "sections"}, section_bars),
        binned({"passage-bars", "Length of repeated passages", "bars", "passages"}, passage_bars),
        of_measure({"repeated-bars", "Bars in repeated passages", "% of a piece's bars", "pieces"},
                   pieces, Measure::kRepeatedBars, 100),
    };
    std::vector<std::pair<std::int64_t, std::string>> meters;  // onsets below zero
    for (const auto& [meter, profile] : onset_profiles)
        meters.emplace_back(-total_of(profile), meter);
    std::sort(meters.begin(), meters.end());
    meters.resize(std::min(meters.size(), kMostProfiles));
    for (const auto& [minus, meter] : meters)
        all.push_back(each_value({"onsets-" + meter, "Onsets in a bar of " + meter,
                                  "quarters after the bar line", "onsets"},
                                 onset_profiles.at(meter), number_label));
    return all;
}

std::vector<RoleRow> AtlasSums::role_rows() const {
    std::vector<RoleRow> rows;
    for (const score::Role role : {score::Role::kMelody, score::Role::kHarmony, score::Role::kBass,
                                   score::Role::kDrums, score::Role::kUnknown}) {
        const RoleFigures& figures = roles[static_cast<std::size_t>(role)];
        if (figures.notes == 0) continue;
        const std::string name(score::role_name(role));
        RoleRow row{.role = name,
                    .notes = figures.notes,
                    .pieces = pieces_with_role[static_cast<std::size_t>(role)],
                    .low = percentile_of(figures.pitch, 0.05),
                    .middle = percentile_of(figures.pitch, 0.5),
                    .high = percentile_of(figures.pitch, 0.95),
                    .density = figures.density(),
                    .polyphony = figures.polyphony(),
                    .rest_share = figures.rest_share()};
        const auto steps =
            static_cast<double>(std::max<std::int64_t>(1, total_of(figures.interval)));
        for (const auto& [interval, count] : figures.interval) {
            const double away = std::abs(interval);
            (away == 0   ? row.repeats
             : away <= 2 ? row.steps
                         : row.leaps) += static_cast<double>(count) / steps;
        }
        row.pitch = each_value({"pitch-" + name, "Pitch: " + name, "MIDI pitch", "notes"},
                               figures.pitch, pitch_label);
        row.interval = each_value({"interval-" + name, "Steps: " + name, "semitones", "steps"},
                                  figures.interval, signed_label);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace symphony::corpus
