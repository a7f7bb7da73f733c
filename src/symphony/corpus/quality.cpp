#include "symphony/corpus/quality.h"

#include "symphony/corpus/free_timing.h"
#include "symphony/score/note_measures.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <limits>

namespace symphony::corpus {
namespace {

struct Filter {
    const char* name;
    const char* code;
    // What is wrong, in words; empty if nothing is.
    std::string (*fault)(const QualityMeasures&, const QualityFilters&);
};

std::string too_short(const QualityMeasures& q, const QualityFilters& f) {
    if (q.notes >= f.fewest_notes && q.seconds >= f.shortest_seconds) return {};
    return fmt::format("{} notes in {:.1f} s, expected at least {} notes and {:g} s", q.notes,
                       q.seconds, f.fewest_notes, f.shortest_seconds);
}

std::string one_pitch(const QualityMeasures& q, const QualityFilters& f) {
    if (q.pitches == 0 || q.pitches >= f.fewest_pitches) return {};
    return fmt::format("{} pitch{} in {} notes, expected at least {}", q.pitches,
                       q.pitches == 1 ? "" : "es", q.notes, f.fewest_pitches);
}

std::string off_grid(const QualityMeasures& q, const QualityFilters& f) {
    if (q.on_grid_share >= f.least_on_grid) return {};
    return fmt::format("{:.0f} % of onsets follow the beats, expected at least {:.0f} %",
                       100 * q.on_grid_share, 100 * f.least_on_grid);
}

std::string black_midi(const QualityMeasures& q, const QualityFilters& f) {
    if (q.peak_notes_a_second <= f.most_notes_a_second) return {};
    return fmt::format("{} notes within a second, expected at most {}", q.peak_notes_a_second,
                       f.most_notes_a_second);
}

std::string silence(const QualityMeasures& q, const QualityFilters& f) {
    if (q.longest_silence <= f.longest_silence) return {};
    return fmt::format("{:.1f} s without a note, expected at most {:g} s", q.longest_silence,
                       f.longest_silence);
}

const std::vector<Filter>& filters() {
    static const std::vector<Filter> kFilters{{"too-short", "COR020", too_short},
                                              {"one-pitch", "COR021", one_pitch},
                                              {"off-grid", "COR022", off_grid},
                                              {"black-midi", "COR023", black_midi},
                                              {"silence", "COR024", silence}};
    return kFilters;
}

}  // namespace

QualityMeasures measure_quality(const score::Score& score) {
    QualityMeasures quality;
    const score::TimeMap time(score);
    std::bitset<score::kPitches> pitches;
    for (const score::Part& part : score.parts)
        if (!part.is_drums)
            for (const score::Note& note : part.notes) pitches.set(note.pitch);
    std::vector<std::pair<double, double>> sounding;  // seconds
    for (const score::Note& note : score::notes_by_onset(score, score::Which::kAll))
        sounding.emplace_back(time.seconds(note.onset).value, time.seconds(note.end()).value);
    quality.notes = static_cast<std::int64_t>(sounding.size());
    quality.pitches = static_cast<int>(pitches.count());
    quality.on_grid_share = on_grid_share(score);
    std::size_t first = 0;  // of the notes within the last second
    for (std::size_t n = 0; n < sounding.size(); ++n) {
        const auto [onset, end] = sounding[n];
        quality.longest_silence = std::max(quality.longest_silence, onset - quality.seconds);
        quality.seconds = std::max(quality.seconds, end);
        while (sounding[first].first <= onset - 1) ++first;
        quality.peak_notes_a_second =
            std::max(quality.peak_notes_a_second, static_cast<std::int64_t>(n - first + 1));
    }
    return quality;
}

void QualityFilters::describe(base::OptionTable& table) {
    std::vector<std::string> names = filter_names();
    names.insert(names.end(), {"all", "none"});
    table.group("Filters");
    table.add("filter", filter, "leave such files out, by reason; the account lists them", names);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    table.add("fewest-notes", fewest_notes, "too-short: fewer notes", {0, 1e9});
    table.add("shortest-seconds", shortest_seconds, "too-short: less music", {0, kInfinity});
    table.add("fewest-pitches", fewest_pitches, "one-pitch: fewer different pitches", {0, 128});
    table.add("least-on-grid", least_on_grid,
              "off-grid: a smaller share of onsets on 24ths or 16ths of a quarter", {0, 1});
    table.add("most-notes-a-second", most_notes_a_second, "black-midi: more notes in a second",
              {0, 1e9});
    table.add("longest-silence", longest_silence, "silence: more seconds without a note",
              {0, kInfinity});
}

bool QualityFilters::is_on(const std::string& name) const {
    const auto asked = [&](const std::string& word) {
        return std::find(filter.begin(), filter.end(), word) != filter.end();
    };
    return !asked("none") && (asked("all") || asked(name));
}

const std::vector<std::string>& filter_names() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const Filter& filter : filters()) names.emplace_back(filter.name);
        return names;
    }();
    return kNames;
}

std::optional<FilterReason> reason_to_leave_out(const QualityMeasures& quality,
                                                const QualityFilters& asked) {
    for (const Filter& filter : filters()) {
        if (!asked.is_on(filter.name)) continue;
        const std::string fault = filter.fault(quality, asked);
        if (!fault.empty())
            return FilterReason{filter.code, fmt::format("{}: {}", filter.name, fault)};
    }
    return std::nullopt;
}

}  // namespace symphony::corpus
