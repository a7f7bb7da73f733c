#include "symphony/tokens/miditok/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace symphony::tokens::miditok {
namespace {

constexpr double kMicrosecondsPerMinute = 60'000'000;

// As numpy.linspace adds up, which decides the last bit.
std::vector<double> even_steps(double first, double last, int count) {
    std::vector<double> values(static_cast<std::size_t>(count));
    const double step = count > 1 ? (last - first) / (count - 1) : 0;
    for (int i = 0; i < count; ++i) values[static_cast<std::size_t>(i)] = i * step + first;
    if (count > 1) values.back() = last;
    return values;
}

std::vector<BeatTime> beat_times(const std::vector<BeatRange>& ranges) {
    std::vector<BeatTime> times;
    for (const BeatRange& range : ranges)
        for (int beat = range.first; beat < range.last; ++beat)
            for (int step = 0; step < range.resolution; ++step)
                times.push_back({beat, step, range.resolution});
    const auto longest = std::max_element(ranges.begin(), ranges.end());
    times.push_back({longest->last, 0, longest->resolution});
    times.erase(times.begin());  // nothing lasts no time
    return times;
}

// PerTok spells steps in its own ticks and leaves out only the time of no length.
std::vector<BeatTime> pertok_times(const Config& config) {
    std::vector<BeatTime> times;
    const int quarter = config.pertok_ticks_per_quarter;
    for (const BeatRange& range : config.beat_res)
        for (int beat = range.first; beat < range.last; ++beat)
            for (int step = 0; step < range.resolution; ++step)
                if (beat != 0 || step != 0)
                    times.push_back({beat, quarter / range.resolution * step, quarter});
    return times;
}

std::vector<int> tempo_classes(const Config& config) {
    const auto [slowest, fastest] = config.tempo_range;
    std::vector<double> tempos =
        config.log_tempos ? even_steps(std::log10(slowest), std::log10(fastest), config.num_tempos)
                          : even_steps(slowest, fastest, config.num_tempos);
    if (config.log_tempos) {
        for (double& tempo : tempos) tempo = std::pow(10.0, tempo);
        tempos.front() = slowest;
        if (tempos.size() > 1) tempos.back() = fastest;
    }
    std::vector<int> hundredths;
    for (const double tempo : tempos)
        hundredths.push_back(static_cast<int>(round_half_even(tempo * 100)));
    return hundredths;
}

}  // namespace

double round_half_even(double value) {
    const double below = std::floor(value);
    const double part = value - below;
    if (part != 0.5) return part < 0.5 ? below : below + 1;
    return std::fmod(below, 2) == 0 ? below : below + 1;
}

std::string BeatTime::text() const { return fmt::format("{}.{}.{}", beats, steps, resolution); }

std::string tempo_text(int hundredths) {
    std::string text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
    if (text.back() == '0') text.pop_back();
    return text;
}

Values::Values(const Config& config) : positions_per_beat_(config.positions_per_beat()) {
    const bool pertok = config.scheme == Scheme::kPerTok;
    durations = pertok ? pertok_times(config) : beat_times(config.beat_res);
    if (config.use_rests) rests = beat_times(config.beat_res_rest);
    if (config.use_velocities)
        for (const double velocity : even_steps(0, 127, config.num_velocities + 1))
            velocities.push_back(static_cast<int>(std::floor(velocity)));
    if (!velocities.empty()) velocities.erase(velocities.begin());
    if (config.use_pitch_bends)
        for (const double bend : even_steps(config.pitch_bend_lowest, config.pitch_bend_highest,
                                            config.pitch_bend_count))
            bends.push_back(static_cast<std::int64_t>(std::floor(bend)));
    if (config.use_tempos) {
        tempos_hundredths = tempo_classes(config);
        int nearest = tempos_hundredths.front();
        for (const int tempo : tempos_hundredths) {
            tempos_mspq.push_back(kMicrosecondsPerMinute / (tempo / 100.0));
            if (std::abs(tempo - 12000) < std::abs(nearest - 12000)) nearest = tempo;
        }
        std::sort(tempos_mspq.begin(), tempos_mspq.end());
        default_tempo = nearest / 100.0;
    }
    if (config.use_time_signatures) {
        for (const auto& [denominator, numerators] : config.time_signature_range)
            for (const int numerator : numerators) meters.push_back({numerator, denominator});
    } else {
        meters.push_back({});
    }
    max_denominator = max_beats = 0;
    std::set<int> denominators{4};
    for (const Meter& meter : meters) {
        max_denominator = std::max(max_denominator, meter.denominator);
        max_beats = std::max(max_beats, meter.numerator);
        denominators.insert(meter.denominator);
    }
    first_beat_res = config.beat_res.front().resolution;
    for (const BeatRange& range : config.beat_res)
        if (range.first == 0 || range.last == 0) {
            first_beat_res = range.resolution;
            break;
        }
    time_division = positions_per_beat_ * std::max(1, max_denominator / 4);
    ticks_per_quarter = pertok ? config.pertok_ticks_per_quarter : time_division;
    // Every resolution that a score may get: its finest metre decides the ticks of its quarters.
    std::set<std::int64_t> resolutions{ticks_per_quarter, time_division};
    for (const int finest : denominators)
        for (const int denominator : denominators) {
            const std::int64_t quarter =
                pertok ? config.pertok_ticks_per_quarter : positions_per_beat_ * finest / 4;
            resolutions.insert(quarter * 4 / denominator);
        }
    for (const int denominator : denominators) resolutions.insert(ticks_per_beat(denominator));
    for (const std::int64_t resolution : resolutions) {
        Table& table = tables_[resolution];
        for (std::size_t i = 0; i < durations.size(); ++i) {
            table.durations.push_back(durations[i].ticks(resolution));
            table.index_of[table.durations.back()] = static_cast<int>(i);
        }
        for (const BeatTime& rest : rests) table.rests.push_back(rest.ticks(resolution));
    }
    if (!pertok) return;
    if (config.use_microtiming) {
        const double furthest = config.max_microtiming_shift * ticks_per_quarter;
        for (const double shift : even_steps(-furthest, furthest, config.num_microtiming_bins + 1))
            microtimings.push_back(static_cast<std::int64_t>(std::floor(shift)));
    }
    std::set<std::int64_t> places{0};
    std::int64_t shortest = INT64_MAX;
    for (const BeatTime& time : durations) {
        places.insert(time.ticks(ticks_per_quarter));
        shortest = std::min(shortest, time.ticks(ticks_per_quarter));
    }
    positions.assign(places.begin(), places.end());
    min_timeshift = shortest / 2;
}

const Values::Table& Values::table(std::int64_t ticks_per_beat) const {
    return tables_.at(ticks_per_beat);
}

const std::vector<std::int64_t>& Values::duration_ticks(std::int64_t ticks_per_beat) const {
    return table(ticks_per_beat).durations;
}

const std::vector<std::int64_t>& Values::rest_ticks(std::int64_t ticks_per_beat) const {
    return table(ticks_per_beat).rests;
}

int Values::duration_index(std::int64_t ticks, std::int64_t ticks_per_beat) const {
    const auto& index_of = table(ticks_per_beat).index_of;
    const auto found = index_of.find(ticks);
    return found == index_of.end() ? -1 : found->second;
}

std::vector<int> Values::split(std::int64_t ticks, std::int64_t ticks_per_beat, bool rest) const {
    const auto& bins = rest ? rest_ticks(ticks_per_beat) : duration_ticks(ticks_per_beat);
    std::vector<int> indices;
    // A bin of no length would never use the time up.
    while (ticks >= bins.front() && ticks > 0) {
        const auto next = std::find_if(bins.rbegin(), bins.rend(),
                                       [&](std::int64_t bin) { return bin <= ticks; });
        if (*next == 0) break;
        indices.push_back(static_cast<int>(bins.rend() - next) - 1);
        ticks -= *next;
    }
    return indices;
}

std::int64_t Values::ticks_per_beat(int denominator) const {
    return std::int64_t{ticks_per_quarter} * 4 / denominator;
}

}  // namespace symphony::tokens::miditok
