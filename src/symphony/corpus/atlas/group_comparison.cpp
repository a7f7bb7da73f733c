#include "symphony/corpus/atlas/group_comparison.h"

#include "symphony/base/text.h"
#include "symphony/corpus/atlas/robust.h"

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

constexpr std::size_t kMostRows = 12;
// Groups beyond this many in order of appearance have no distributions, to bound memory.
constexpr std::size_t kMostCounted = 4096;
constexpr int kWidestInterval = 14, kMostTogether = 12;

struct Kind {
    const char *name, *title;
    std::size_t bins;
};
constexpr std::array<Kind, GroupSums::kKinds> kKindTable{{
    {"scale-degree", "Notes above the tonic", 12},
    {"interval", "Steps of melody", 2 * kWidestInterval + 1},
    {"duration", "Length of notes", 24},
    {"chord", "Chords in the key", std::size_t{12} * score::kChordQualities},
    {"polyphony", "Notes sounding together", kMostTogether + 1},
    {"role", "Roles", kRoles},
}};

// Half steps of a logarithmic scale: 1/24 of a quarter, ..., 1/4 is 8, a quarter 12, 4 quarters 16.
std::size_t length_bin(double quarters) {
    const double step = std::round(2 * std::log2(std::max(quarters, 1.0 / 24))) + 12;
    return static_cast<std::size_t>(std::clamp(step, 0.0, 23.0));
}

void count_piece(const PieceStatistics& piece,
                 std::array<std::vector<std::int64_t>, GroupSums::kKinds>& counts) {
    for (std::size_t k = 0; k < counts.size(); ++k) counts[k].resize(kKindTable[k].bins);
    const int tonic = home_key(piece.keys).tonic_pitch_class();
    for (const auto& [pitch_class, count] : piece.pitch_class)
        counts[0][static_cast<std::size_t>((static_cast<int>(pitch_class) - tonic + 12) % 12)] +=
            count;
    for (const auto& [interval, count] : piece.interval)
        counts[1][static_cast<std::size_t>(
            std::clamp(static_cast<int>(interval), -kWidestInterval, kWidestInterval) +
            kWidestInterval)] += count;
    for (const auto& [quarters, count] : piece.duration) counts[2][length_bin(quarters)] += count;
    for (const Progression& progression : piece.progressions)
        for (const RomanChord& chord : progression.chords)
            ++counts[3][static_cast<std::size_t>(chord.degree) * score::kChordQualities +
                        static_cast<std::size_t>(chord.quality)];
    for (const auto& [notes, count] : piece.polyphony)
        counts[4][static_cast<std::size_t>(std::min<double>(notes, kMostTogether))] += count;
    for (std::size_t role = 0; role < kRoles; ++role)
        counts[5][role] += piece.role_figures[role].notes;
}

// "Bach, J." of "Johann Sebastian Bach (1685-1750)" and of "Bach, Johann Sebastian".
std::string surname_first(const std::string& composer) {
    std::string name = composer.substr(0, composer.find_first_of("(0123456789"));
    const std::size_t comma = name.find(',');
    if (comma != std::string::npos) name = name.substr(comma + 1) + " " + name.substr(0, comma);
    std::string given, surname, word;
    for (const char c : name + " ") {
        const bool separates = c == ' ' || c == '\t' || c == '.' || c == '\n';
        if (!separates) {
            word += c;
            continue;
        }
        if (word.empty()) continue;
        if (given.empty()) given = word;
        surname = std::exchange(word, {});
    }
    if (surname.empty()) return "?";
    if (given == surname) return surname;
    // A given name may begin with a letter of several bytes.
    std::size_t letter = 1;
    while (letter < given.size() && (static_cast<unsigned char>(given[letter]) & 0xC0) == 0x80)
        ++letter;
    return surname + ", " + given.substr(0, letter) + ".";
}

std::vector<double> sorted_values(std::span<const PieceMeasures> pieces, std::size_t measure,
                                  std::span<const std::uint32_t> of_piece, std::uint32_t group,
                                  bool inside) {
    std::vector<double> values;
    for (std::size_t p = 0; p < pieces.size(); ++p)
        if ((of_piece[p] == group) == inside && !std::isnan(pieces[p][measure]))
            values.push_back(static_cast<double>(pieces[p][measure]));
    std::sort(values.begin(), values.end());
    return values;
}

GroupMeasure compare_measure(const std::vector<double>& here, const std::vector<double>& others,
                             const MeasureRow& row, std::uint64_t draw, bool with_intervals) {
    GroupMeasure measure{.name = row.name, .pieces = static_cast<std::int64_t>(here.size())};
    measure.median = measure.low = measure.high = robust_scale(here).median;
    measure.difference = measure.median - robust_scale(others).median;
    measure.difference_low = measure.difference_high = measure.difference;
    measure.effect = row.spread > 0 ? measure.difference / row.spread : 0;
    if (!with_intervals) return measure;
    const auto medians = MedianBootstrap(here.size(), 1, "group median", draw).medians(here);
    auto differences = MedianBootstrap(others.size(), 1, "others' median", draw).medians(others);
    for (std::size_t i = 0; i < medians.size(); ++i) differences[i] = medians[i] - differences[i];
    const Range of_median = middle95(medians), of_difference = middle95(std::move(differences));
    measure.low = of_median.low;
    measure.high = of_median.high;
    measure.difference_low = of_difference.low;
    measure.difference_high = of_difference.high;
    return measure;
}

}  // namespace

std::string group_of(const PieceSummary& piece, GroupBy by) {
    if (by == GroupBy::kComposer) return surname_first(piece.composer);
    const std::size_t slash = piece.id.find('/');
    return slash == std::string::npos ? "." : piece.id.substr(0, slash);
}

void GroupSums::add(const PieceStatistics& piece) {
    if (by_ == GroupBy::kNone) return;
    const auto [it, is_new] = numbers_.try_emplace(group_of(piece.summary, by_),
                                                   static_cast<std::uint32_t>(groups_.size()));
    if (is_new) groups_.emplace_back();
    Group& group = groups_[it->second];
    ++group.pieces;
    group.notes += piece.summary.notes;
    of_piece_.push_back(it->second);
    if (it->second < kMostCounted) count_piece(piece, group.counts);
    count_piece(piece, all_);
}

void GroupSums::compare_counts(const Group& group, GroupRow& row) const {
    if (group.counts[0].empty()) return;
    for (std::size_t k = 0; k < kKinds; ++k) {
        std::vector<std::int64_t> others = all_[k];
        for (std::size_t b = 0; b < others.size(); ++b) others[b] -= group.counts[k][b];
        const double distance = jensen_shannon_distance(group.counts[k], others);
        if (!std::isnan(distance))
            row.distances.push_back({kKindTable[k].name, kKindTable[k].title, distance});
    }
}

Comparison GroupSums::compare(std::span<const PieceMeasures> pieces,
                              std::span<const MeasureRow> rows) const {
    Comparison comparison{
        .by = by_, .groups = static_cast<std::int64_t>(groups_.size()), .rows = {}};
    std::vector<std::pair<std::string, std::uint32_t>> order(numbers_.begin(), numbers_.end());
    std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        return groups_[a.second].pieces > groups_[b.second].pieces;
    });
    order.resize(std::min(order.size(), kMostRows));
    for (const auto& [name, number] : order) {
        const Group& group = groups_[number];
        GroupRow row{.name = name, .pieces = group.pieces, .notes = group.notes};
        const auto outside = static_cast<std::int64_t>(pieces.size()) - group.pieces;
        row.too_small = group.pieces < kLeastGroup || outside < kLeastGroup;
        for (std::size_t m = 0; m < kMeasures; ++m) {
            const auto here = sorted_values(pieces, m, of_piece_, number, true);
            const auto others = sorted_values(pieces, m, of_piece_, number, false);
            if (here.empty() || others.empty()) continue;
            const bool enough =
                static_cast<std::int64_t>(std::min(here.size(), others.size())) >= kLeastGroup;
            row.measures.push_back(compare_measure(here, others, rows[m],
                                                   std::uint64_t{number} * kMeasures + m, enough));
        }
        compare_counts(group, row);
        comparison.rows.push_back(std::move(row));
    }
    return comparison;
}

}  // namespace symphony::corpus
