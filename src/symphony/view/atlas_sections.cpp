#include "symphony/view/atlas_sections.h"

#include "symphony/base/parallel.h"
#include "symphony/corpus/atlas/form.h"
#include "symphony/view/chart.h"
#include "symphony/view/matrix_picture.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

constexpr std::size_t kRowsShown = 12;
constexpr std::size_t kMatrixBars = 240;
constexpr int kOutlierBars = 12;

std::string charts_of(const corpus::Atlas& atlas, std::initializer_list<const char*> names,
                      const Drawing& drawing) {
    std::vector<const corpus::Distribution*> wanted;
    for (const char* name : names) wanted.push_back(atlas.distribution(name));
    std::erase(wanted, nullptr);
    return charts_html(wanted, drawing.figures, drawing.threads, *drawing.progress);
}

std::string places_text(const std::vector<corpus::Place>& places) {
    std::string text;
    for (const corpus::Place& place : places)
        text += fmt::format("{}{} bar {} ({})", text.empty() ? "" : ", ", place.id, place.bar,
                            place.times == 1 ? "once" : fmt::format("{} times", place.times));
    return text;
}

std::string progression_table(const corpus::Atlas& atlas, bool minor, int length) {
    Table table{
        .headers = {fmt::format("{} chords", length), "times", "share", "pieces", "most often in"},
        .numeric = {false, true, true, true, false}};
    for (const corpus::ProgressionRow& row : atlas.progressions) {
        if (row.minor != minor || row.length != length || table.rows_html.size() == kRowsShown)
            continue;
        table.rows_html.push_back(
            {escape(row.chords), thousands(row.count), percent(row.share), thousands(row.pieces),
             fmt::format("<small>{}</small>", escape(places_text(row.places)))});
    }
    if (table.rows_html.empty()) return {};
    return format_table(table);
}

std::string sized(double value) {
    return fmt::format("{:.{}f}", value,
                       std::abs(value) >= 100  ? 0
                       : std::abs(value) >= 10 ? 1
                                               : 2);
}

// Groups as points with whiskers: the median of one measure and how sure it is.
Chart group_chart(const corpus::Comparison& comparison, const corpus::MeasureRow& measure) {
    Chart chart;
    chart.title = measure.title;
    chart.y.label = measure.unit;
    chart.width = 560;
    chart.height = 340;
    chart.x.slanted = true;
    Series series{.mark = Mark::kIntervals};
    double at = 0;
    for (const corpus::GroupRow& group : comparison.rows)
        for (const corpus::GroupMeasure& value : group.measures)
            if (value.name == measure.name) {
                chart.x.ticks.emplace_back(at, group.name.substr(0, 22));
                series.x.push_back(at);
                series.y.push_back(value.median);
                series.low.push_back(value.low);
                series.high.push_back(value.high);
                ++at;
            }
    chart.x.low = -0.6;
    chart.x.high = at - 0.4;
    chart.references.push_back({"all pieces", measure.median, "axis"});
    chart.description = fmt::format(
        "{}: the median of each group with its 95 % interval; the line "
        "is the median of all pieces, {}.",
        measure.title, sized(measure.median));
    chart.series.push_back(std::move(series));
    return chart;
}

// The measures in which groups differ most, by their largest effect that is no chance.
std::vector<const corpus::MeasureRow*> telling_measures(const corpus::Atlas& atlas,
                                                        std::size_t most) {
    std::vector<std::pair<double, const corpus::MeasureRow*>> effects;
    for (const corpus::MeasureRow& measure : atlas.measures) {
        double effect = 0;
        for (const corpus::GroupRow& group : atlas.comparison.rows)
            for (const corpus::GroupMeasure& value : group.measures)
                if (value.name == measure.name && !group.too_small &&
                    (value.difference_low > 0 || value.difference_high < 0))
                    effect = std::max(effect, std::abs(value.effect));
        if (effect > 0) effects.emplace_back(-effect, &measure);
    }
    std::stable_sort(effects.begin(), effects.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const corpus::MeasureRow*> measures;
    for (const auto& [minus, measure] : effects)
        if (measures.size() < most) measures.push_back(measure);
    return measures;
}

std::string differences_text(const corpus::GroupRow& group, const corpus::Atlas& atlas) {
    std::vector<const corpus::GroupMeasure*> sure;
    for (const corpus::GroupMeasure& value : group.measures)
        if (value.difference_low > 0 || value.difference_high < 0) sure.push_back(&value);
    std::stable_sort(sure.begin(), sure.end(), [](const auto* a, const auto* b) {
        return std::abs(a->effect) > std::abs(b->effect);
    });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, sure.size()); ++i)
        for (const corpus::MeasureRow& measure : atlas.measures)
            if (measure.name == sure[i]->name)
                text += fmt::format("{}{} {} ({} {})", i == 0 ? "" : "; ", measure.title,
                                    sized(sure[i]->median), sure[i]->difference > 0 ? "+" : "−",
                                    sized(std::abs(sure[i]->difference)));
    return text;
}

}  // namespace

std::string harmony_section(const corpus::Atlas& atlas, const Drawing& drawing) {
    std::string out = charts_of(
        atlas, {"key-degree", "modulation", "key-plan", "key-changes", "cadence"}, drawing);
    out +=
        "<h3>Chord progressions</h3><p>Chords as steps of the key they stand in: capitals have a "
        "major third, o is diminished, h half-diminished, b and # stand against the scale.</p>";
    for (const bool minor : {false, true}) {
        std::string tables;
        for (const int length : {2, 3, 4}) {
            const std::string table = progression_table(atlas, minor, length);
            tables += length == 2 || table.empty()
                          ? table
                          : folded(fmt::format("{} chords in a row", length), table);
        }
        if (!tables.empty())
            out += fmt::format("<h3>In {} keys</h3>{}", minor ? "minor" : "major", tables);
    }
    if (atlas.progressions_missed > 0)
        out += fmt::format(
            "<p class=\"soft\">Rare progressions were forgotten on the way: each count "
            "may miss up to {}.</p>",
            thousands(atlas.progressions_missed));
    return out;
}

std::string metre_section(const corpus::Atlas& atlas, const Drawing& drawing) {
    std::vector<const corpus::Distribution*> wanted;
    for (const corpus::Distribution& one : atlas.distributions)
        if (one.name.starts_with("onsets-")) wanted.push_back(&one);
    for (const char* name : {"syncopation", "swing"})
        if (const corpus::Distribution* one = atlas.distribution(name)) wanted.push_back(one);
    return charts_html(wanted, drawing.figures, drawing.threads, *drawing.progress);
}

std::string form_section(const corpus::Atlas& atlas, std::span<const ExamplePiece> examples,
                         const Drawing& drawing) {
    std::string out = charts_of(atlas, {"repeated-bars", "passage-bars", "section-bars"}, drawing);
    std::string pictures;
    for (const ExamplePiece& example : examples) {
        auto bars = corpus::bar_features_of(example.score);
        bars.resize(std::min(bars.size(), kMatrixBars));
        if (bars.empty()) continue;
        std::vector<float> likeness;
        for (const auto& a : bars)
            for (const auto& b : bars) likeness.push_back(corpus::similarity(a, b));
        const auto form = corpus::form_of(bars);
        const std::string caption =
            fmt::format("{}: {} of {} bars come again; sections by novelty begin at bar 1{}.",
                        example.id, form.repeated_bars, form.bars, [&] {
                            std::string borders;
                            for (const auto border : form.borders)
                                borders += fmt::format(", {}", border + 1);
                            return borders;
                        }());
        pictures += figure(matrix_picture_html(bars.size(), likeness, form.borders,
                                               "Self-similarity of " + caption),
                           escape(caption));
    }
    if (!pictures.empty())
        out +=
            "<h3>Pieces against themselves</h3><p>Each bar against each other one: the darker, the "
            "more alike in pitch classes and rhythm. Lines beside the diagonal are passages that "
            "come again; the strip below shows sections.</p><div class=\"grid\">" +
            pictures + "</div>";
    return out;
}

std::string roles_section(const corpus::Atlas& atlas, const Drawing& drawing) {
    Table table{.headers = {"role", "notes", "pieces", "range (5 to 95 %)", "notes per quarter",
                            "together", "rests", "repeated", "by step", "by leap"},
                .numeric = {false, true, true, false, true, true, true, true, true, true}};
    std::vector<const corpus::Distribution*> charts;
    for (const corpus::RoleRow& row : atlas.roles) {
        const bool drums = row.role == "drums";
        table.rows_html.push_back(
            {escape(row.role), thousands(row.notes), thousands(row.pieces),
             drums ? ""
                   : escape(corpus::pitch_label(row.low) + " to " + corpus::pitch_label(row.high)),
             sized(row.density), sized(row.polyphony), percent(row.rest_share, 0),
             drums ? "" : percent(row.repeats, 0), drums ? "" : percent(row.steps, 0),
             drums ? "" : percent(row.leaps, 0)});
        if (drums) continue;
        charts.push_back(&row.pitch);
        if (row.interval.total > 0) charts.push_back(&row.interval);
    }
    return format_table(table) +
           charts_html(charts, drawing.figures, drawing.threads, *drawing.progress);
}

std::string groups_section(const corpus::Comparison& comparison, const corpus::Atlas& atlas,
                           const Drawing& drawing) {
    if (comparison.by == corpus::GroupBy::kNone) return {};
    Table table{.headers = {corpus::group_by_name(comparison.by), "pieces", "notes"},
                .numeric = {false, true, true}};
    if (!comparison.rows.empty())
        for (const corpus::GroupDistance& distance : comparison.rows.front().distances) {
            table.headers.push_back(distance.title);
            table.numeric.push_back(true);
        }
    table.headers.push_back("differs most in");
    bool small = false;
    for (const corpus::GroupRow& group : comparison.rows) {
        std::vector<std::string> row{escape(group.name), thousands(group.pieces),
                                     thousands(group.notes)};
        for (const corpus::GroupDistance& distance : group.distances)
            row.push_back(fixed(distance.distance, 2));
        row.resize(table.headers.size() - 1);
        row.push_back(group.too_small
                          ? "<small>too few pieces to say</small>"
                          : "<small>" + escape(differences_text(group, atlas)) + "</small>");
        small = small || group.too_small;
        table.rows_html.push_back(std::move(row));
    }
    std::string out = fmt::format(
        "<p>{} in all{}. Columns of figures between 0 and 1 are Jensen-Shannon distances to all "
        "other "
        "pieces: 0 is the same distribution, 1 nothing in common. “Differs most” names medians "
        "whose "
        "difference to the others’ (in brackets) is no chance: its 95 % interval leaves out 0.</p>",
        counted(comparison.groups,
                comparison.by == corpus::GroupBy::kFolder ? "folder" : "composer"),
        comparison.groups > static_cast<std::int64_t>(comparison.rows.size())
            ? fmt::format("; the {} with most pieces are shown", comparison.rows.size())
            : "");
    if (small)
        out += fmt::format(
            "<p class=\"soft\">With fewer than {} pieces, here or outside, no interval "
            "is given.</p>",
            corpus::kLeastGroup);
    out += format_table(table);
    const auto measures = telling_measures(atlas, 6);
    std::vector<std::string> charts(measures.size());
    base::parallel_stage(*drawing.progress, "charts of groups", measures.size(), drawing.threads,
                         [&](std::size_t i) {
                             charts[i] =
                                 figure(inline_chart(group_chart(comparison, *measures[i]),
                                                     drawing.figures, "group-" + measures[i]->name),
                                        "");
                         });
    out += "<div class=\"grid\">";
    for (const std::string& chart : charts) out += chart;
    return out + "</div>\n";
}

std::string outliers_section(const corpus::Atlas& atlas, std::span<const ExamplePiece> examples) {
    if (atlas.outliers.empty())
        return "<p>No piece stands far from the others (or there are too few to say).</p>";
    Table table{.headers = {"piece", "distance", "why"}, .numeric = {false, true, false}};
    for (const corpus::Outlier& outlier : atlas.outliers) {
        std::string why;
        for (const corpus::Reason& reason : outlier.reasons)
            why += (why.empty() ? "" : "<br>") + escape(reason.words);
        table.rows_html.push_back({escape(outlier.id), fixed(outlier.distance, 1), why});
    }
    std::string out =
        "<p>Listen to these first: broken files, other styles and the best finds look "
        "alike from afar. A spread is a robust standard deviation of the corpus.</p>" +
        format_table(table);
    return out + example_rolls_html(examples, kOutlierBars);
}

std::string measures_section(const corpus::Atlas& atlas) {
    Table table{.headers = {"measure", "unit", "pieces", "median", "5 %", "95 %"},
                .numeric = {false, false, true, true, true, true}};
    for (const corpus::MeasureRow& row : atlas.measures)
        if (row.pieces > 0)
            table.rows_html.push_back({escape(row.title), escape(row.unit), thousands(row.pieces),
                                       sized(row.median), sized(row.percentile5),
                                       sized(row.percentile95)});
    return format_table(table);
}

}  // namespace symphony::view
