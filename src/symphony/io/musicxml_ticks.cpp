// Resolution of scores read from MusicXML. Source: own.
#include "symphony/io/musicxml_ticks.h"

#include <algorithm>
#include <numeric>

namespace symphony::io::musicxml {
namespace {

using score::Ticks;

constexpr int kUsualTicksPerQuarter = 480;

template <class Body>
void for_each_exact_time(score::Score& score, const Body& body) {
    for (score::Bar& bar : score.bars) {
        body(bar.onset);
        body(bar.length);
    }
    for (score::Part& part : score.parts)
        for (score::Note& note : part.notes) {
            body(note.onset);
            body(note.duration);
        }
}

template <class Body>
void for_each_other_time(score::Score& score, const Body& body) {
    for (auto& mark : score.phrases) body(mark.onset);
    for (auto& change : score.tempos) body(change.onset);
    for (auto& change : score.meters) body(change.onset);
    for (auto& change : score.keys) body(change.onset);
    for (auto& text : score.texts) body(text.onset);
    for (score::Part& part : score.parts) {
        for (auto& change : part.programs) body(change.onset);
        for (auto& text : part.texts) body(text.onset);
    }
}

}  // namespace

std::optional<std::int64_t> common_resolution(const std::vector<std::int64_t>& divisions) {
    std::int64_t common = 1;
    for (const std::int64_t value : divisions) {
        if (value > kMaxResolution) return std::nullopt;
        common = std::lcm(common, value);
        if (common > kMaxResolution) return std::nullopt;
    }
    return common;
}

void to_ticks(score::Score& score, std::int64_t resolution, bool is_exact, IssueLog& log) {
    std::int64_t divisor = resolution;
    for_each_exact_time(score, [&](Ticks& time) { divisor = std::gcd(divisor, time.value); });
    const std::int64_t smallest = resolution / divisor;
    std::int64_t per_quarter = kRoundedTicksPerQuarter;
    bool rounds = !is_exact;
    if (smallest <= kMaxTicksPerQuarter) {
        per_quarter = std::lcm(smallest, std::int64_t{kUsualTicksPerQuarter});
        if (per_quarter > kMaxTicksPerQuarter)
            per_quarter = smallest * std::max<std::int64_t>(1, kUsualTicksPerQuarter / smallest);
    } else {
        rounds = true;
    }
    if (rounds) log.add(Issue::kTimesRounded);

    // Onsets and ends are rounded, not lengths, so that errors do not add up.
    const auto scaled = [&](std::int64_t time) {
        const std::int64_t whole = time / resolution, rest = time % resolution;
        return whole * per_quarter + (rest * per_quarter + resolution / 2) / resolution;
    };
    const auto scale_span = [&](Ticks& onset, Ticks& length) {
        const std::int64_t end = scaled((onset + length).value);
        onset = Ticks(scaled(onset.value));
        length = Ticks(std::max<std::int64_t>(1, end - onset.value));
    };
    // Bars too short for a tick have one each, and those behind them wait.
    std::int64_t bar_line = 0;
    for (score::Bar& bar : score.bars) {
        const std::int64_t end = std::max(bar_line + 1, scaled((bar.onset + bar.length).value));
        bar = {Ticks(bar_line), Ticks(end - bar_line), bar.meter};
        bar_line = end;
    }
    for (score::Part& part : score.parts)
        for (score::Note& note : part.notes) scale_span(note.onset, note.duration);
    for_each_other_time(score, [&](Ticks& time) { time = Ticks(scaled(time.value)); });
    score.ticks_per_quarter = static_cast<int>(per_quarter);
}

}  // namespace symphony::io::musicxml
