// Tallies of pieces added up and given names, units and bins.
#include "symphony/corpus/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace symphony::corpus {
namespace {

constexpr std::array<const char*, 12> kPitchClasses{"C",  "C#", "D",  "Eb", "E",  "F",
                                                    "F#", "G",  "Ab", "A",  "Bb", "B"};
constexpr int kMostBins = 24;
constexpr std::size_t kMostCategories = 24;  // the rarest go into "others"

using Label = std::function<std::string(double)>;

std::string number_label(double value) { return fmt::format("{:g}", value); }
std::string pitch_label(double pitch) {
    const int p = static_cast<int>(pitch);
    return fmt::format("{}{}", kPitchClasses[static_cast<std::size_t>(p % 12)], p / 12 - 1);
}
std::string pitch_class_label(double pc) { return kPitchClasses[static_cast<std::size_t>(pc)]; }
std::string signed_label(double value) { return fmt::format("{:+g}", value); }

void add(Tally& sum, const Tally& tally) {
    for (const auto& [value, count] : tally) sum[value] += count;
}
void add(NameTally& sum, const NameTally& tally) {
    for (const auto& [name, count] : tally) sum[name] += count;
}

// The smallest value that at least `share` of all counts do not exceed.
double percentile(const Tally& tally, std::int64_t total, double share) {
    std::int64_t seen = 0;
    for (const auto& [value, count] : tally) {
        seen += count;
        if (static_cast<double>(seen) >= share * static_cast<double>(total)) return value;
    }
    return 0;
}

void summarise(const Tally& tally, Distribution& d) {
    double sum = 0;
    for (const auto& [value, count] : tally) {
        d.total += count;
        sum += value * static_cast<double>(count);
    }
    if (d.total == 0) return;
    d.mean = sum / static_cast<double>(d.total);
    d.median = percentile(tally, d.total, 0.5);
    d.percentile5 = percentile(tally, d.total, 0.05);
    d.percentile95 = percentile(tally, d.total, 0.95);
    d.minimum = tally.begin()->first;
    d.maximum = tally.rbegin()->first;
}

// A width of 1, 2 or 5 times a power of ten that covers `range` in at most kMostBins bins.
double nice_width(double range) {
    double width = std::pow(10, std::floor(std::log10(std::max(range, 1e-9) / kMostBins)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (range / (width * factor) < kMostBins) return width * factor;
    return width * 10;
}

Distribution each_value(Distribution d, const Tally& tally, const Label& label) {
    d.numeric = true;
    summarise(tally, d);
    for (const auto& [value, count] : tally)
        d.bins.push_back({.label = label(value), .value = value, .count = count});
    return d;
}

// Values rounded down to bins of equal width; empty bins in between are listed too.
Distribution binned(Distribution d, const Tally& tally) {
    d.numeric = true;
    summarise(tally, d);
    if (tally.empty()) return d;
    // The few values far out do not flatten the rest: they join the last bin.
    const double top = std::max(percentile(tally, d.total, 0.99), d.minimum);
    const double width = nice_width(top - d.minimum);
    const double first = std::floor(d.minimum / width);
    const auto bins = static_cast<std::size_t>(std::floor(top / width) - first) + 1;
    for (std::size_t i = 0; i < bins; ++i) {
        const double low = (first + static_cast<double>(i)) * width;
        const bool open = i + 1 == bins && d.maximum >= low + width;
        d.bins.push_back({.label = fmt::format("{:g}{}", low, open ? "+" : ""), .value = low});
    }
    for (const auto& [value, count] : tally) {
        const auto bin = static_cast<std::size_t>(std::floor(value / width) - first);
        d.bins[std::min(bin, bins - 1)].count += count;
    }
    return d;
}

Distribution categories(Distribution d, const NameTally& tally) {
    std::vector<std::pair<std::string, std::int64_t>> sorted(tally.begin(), tally.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::int64_t others = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        d.total += sorted[i].second;
        if (i + 1 < kMostCategories || sorted.size() <= kMostCategories)
            d.bins.push_back({.label = sorted[i].first,
                              .value = static_cast<double>(i),
                              .count = sorted[i].second});
        else
            others += sorted[i].second;
    }
    if (others > 0)
        d.bins.push_back(
            {.label = "others", .value = static_cast<double>(d.bins.size()), .count = others});
    return d;
}

}  // namespace

std::vector<Distribution> distributions_of(const std::vector<PieceStatistics>& pieces) {
    PieceStatistics sum;
    Tally bars, seconds;
    NameTally given, estimated;
    for (const PieceStatistics& piece : pieces) {
        add(sum.pitch, piece.pitch);
        add(sum.pitch_class, piece.pitch_class);
        add(sum.duration, piece.duration);
        add(sum.bar_position, piece.bar_position);
        add(sum.velocity, piece.velocity);
        add(sum.polyphony, piece.polyphony);
        add(sum.density, piece.density);
        add(sum.interval, piece.interval);
        add(sum.tempo, piece.tempo);
        add(sum.meters, piece.meters);
        add(sum.programs, piece.programs);
        add(sum.roles, piece.roles);
        add(sum.chords, piece.chords);
        ++bars[static_cast<double>(piece.summary.bars)];
        ++seconds[std::round(piece.summary.seconds)];
        ++(piece.summary.key_given ? given : estimated)[piece.summary.key.name()];
    }
    return {
        each_value({"pitch", "Pitch", "MIDI pitch", "notes"}, sum.pitch, pitch_label),
        each_value({"pitch-class", "Pitch class", "semitones above C", "notes"}, sum.pitch_class,
                   pitch_class_label),
        each_value({"duration", "Length of notes", "quarters", "notes"}, sum.duration,
                   number_label),
        each_value({"bar-position", "Place in the bar", "quarters after the bar line", "notes"},
                   sum.bar_position, number_label),
        each_value({"velocity", "Velocity", "MIDI velocity", "notes"}, sum.velocity, number_label),
        each_value({"polyphony", "Notes sounding together", "notes", "sixteenths of time"},
                   sum.polyphony, number_label),
        binned({"density", "Notes per quarter", "notes per quarter", "bars"}, sum.density),
        each_value({"interval", "Steps of melody in each part", "semitones", "steps"}, sum.interval,
                   signed_label),
        categories({"key-given", "Keys as given", "", "pieces"}, given),
        categories({"key-estimated", "Keys as estimated, where none is given", "", "pieces"},
                   estimated),
        categories({"meter", "Metres", "", "bars"}, sum.meters),
        binned({"tempo", "Tempo", "quarters per minute", "tempo marks"}, sum.tempo),
        categories({"program", "Instruments", "", "notes"}, sum.programs),
        categories({"role", "Roles", "", "notes"}, sum.roles),
        binned({"length-bars", "Length of pieces in bars", "bars", "pieces"}, bars),
        binned({"length-seconds", "Length of pieces in time", "seconds", "pieces"}, seconds),
        categories({"chord-quality", "Chords, beat by beat", "", "beats"}, sum.chords),
    };
}

}  // namespace symphony::corpus
