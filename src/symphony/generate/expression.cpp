#include "symphony/generate/expression.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/score/beat.h"
#include "symphony/score/part_figures.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace symphony::generate {

namespace {

using score::Ticks;

// Where neither the music, the user nor the corpus says one.
constexpr double kStatedTempo = 90;

// Velocities of the gentle rule, in MIDI steps.
constexpr int kBase = 68;
constexpr int kDownbeat = 6, kStrongBeat = 3, kOffBeat = -3;
constexpr double kArch = 8;  // highest point of a phrase above its ends
constexpr int kMelody = 8;
constexpr int kJitter = 2;
constexpr int kSoftest = 30, kLoudest = 110;
constexpr std::size_t kBarsPerPhrase = 4;  // where no phrase ends are marked

// The last beats before the last chord, and the chord itself, are this much slower.
constexpr std::array<double, 4> kRitardando = {0.95, 0.89, 0.82, 0.74};

bool is_flat(const score::Score& score) {
    std::optional<int> velocity;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            if (velocity && *velocity != note.velocity) return false;
            velocity = note.velocity;
        }
    return velocity.has_value();
}

// Which part leads: the one marked as melody, else the highest pitched one.
std::size_t leading_part(const score::Score& score) {
    std::size_t best = 0;
    double highest = -1;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        if (score.parts[p].role == score::Role::kMelody) return p;
        const double pitch = score.parts[p].is_drums ? -1 : score::mean_pitch(score.parts[p].notes);
        if (pitch > highest) {
            highest = pitch;
            best = p;
        }
    }
    return best;
}

int metric_accent(const score::Bar& bar, Ticks onset, int ticks_per_quarter) {
    const std::int64_t beat = score::beat_length(bar.meter, ticks_per_quarter).value;
    const std::int64_t full_bar =
        4 * std::int64_t{ticks_per_quarter} * bar.meter.numerator / bar.meter.denominator;
    const std::int64_t at = (onset - bar.onset).value;
    // An upbeat's first note is not a downbeat.
    if (at == 0 && bar.length.value >= full_bar) return kDownbeat;
    if (at % beat != 0) return kOffBeat;
    const std::int64_t beats = full_bar / beat, group = beats % 3 == 0 ? 3 : 2;
    return beats > 3 && at > 0 && (at / beat) % group == 0 ? kStrongBeat : 0;
}

// Ends of phrases, the piece's end included.
std::vector<Ticks> phrase_ends(const score::Score& score, const std::vector<score::Bar>& bars) {
    std::vector<Ticks> ends;
    for (const score::PhraseMark& mark : score.phrases) ends.push_back(mark.onset);
    if (ends.empty())
        for (std::size_t b = kBarsPerPhrase; b < bars.size(); b += kBarsPerPhrase)
            ends.push_back(bars[b].onset);
    ends.push_back(score.end());
    std::sort(ends.begin(), ends.end());
    return ends;
}

// 0 at the ends of the phrase around `at`, 1 in its middle.
double arch(const std::vector<Ticks>& ends, Ticks at) {
    const auto end = std::upper_bound(ends.begin(), ends.end(), at);
    if (end == ends.end()) return 0;
    const Ticks begin = end == ends.begin() ? Ticks(0) : *std::prev(end);
    const double x = static_cast<double>((at - begin).value) /
                     static_cast<double>(std::max<std::int64_t>(1, (*end - begin).value));
    return std::sin(std::numbers::pi * x);
}

void shape_velocities(score::Score& score, const ExpressionOptions& options) {
    const auto bars = score::bars_of(score);
    const auto ends = phrase_ends(score, bars);
    const std::size_t leader = leading_part(score);
    base::Rng rng(options.seed, "expression", options.take);
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (score::Note& note : score.parts[p].notes) {
            const bool leads = note.role == score::Role::kMelody || p == leader;
            const double velocity = kBase +
                                    metric_accent(bars[score::bar_index(bars, note.onset)],
                                                  note.onset, score.ticks_per_quarter) +
                                    kArch * (arch(ends, note.onset) - 0.5) + (leads ? kMelody : 0) +
                                    static_cast<double>(rng.below(2 * kJitter + 1)) - kJitter;
            note.velocity = static_cast<std::uint8_t>(
                std::clamp(static_cast<int>(std::lround(velocity)), kSoftest, kLoudest));
        }
}

void add_ritardando(score::Score& score) {
    Ticks last_chord;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) last_chord = std::max(last_chord, note.onset);
    const double tempo = score.tempos.front().quarters_per_minute;
    const std::int64_t quarter = score.ticks_per_quarter;
    for (std::size_t i = 0; i < kRitardando.size(); ++i) {
        const auto before = static_cast<std::int64_t>(kRitardando.size() - 1 - i);
        const Ticks at(last_chord.value - before * quarter);
        if (at.value > 0) score.tempos.push_back({at, tempo * kRitardando[i]});
    }
}

}  // namespace

Expression expression_from_name(const std::string& name) {
    if (name == "plain") return Expression::kPlain;
    if (name == "gentle") return Expression::kGentle;
    throw base::Error(base::ErrorKind::kUsage,
                      "unknown expression \"" + name + "\", expected gentle or plain");
}

namespace {

Performance expressed(const score::Score& score, const ExpressionOptions& options) {
    Performance performance;
    performance.score = score;
    score::Score& played = performance.score;
    // One tempo throughout was not composed: it is the corpus's only one, or the asked one rounded.
    if (options.asked.tempo_bpm && played.tempos.size() == 1) played.tempos.clear();
    if (!played.tempos.empty()) {
        performance.tempo_rule = "as composed";
    } else {
        const auto [tempo, why] = options.asked.tempo_bpm
                                      ? std::pair(*options.asked.tempo_bpm, "asked for")
                                  : options.corpus_tempo_bpm
                                      ? std::pair(*options.corpus_tempo_bpm, "the corpus's default")
                                      : std::pair(kStatedTempo, "assumed: the corpus has none");
        played.tempos.push_back({Ticks(0), tempo});
        performance.tempo_rule = fmt::format("{:g} quarters a minute, {}", tempo, why);
    }
    performance.velocity_rule = "as composed";
    if (options.rule == Expression::kPlain || played.note_count() == 0) return performance;
    if (is_flat(played)) {
        shape_velocities(played, options);
        performance.velocity_rule = fmt::format(
            "gentle: base {}, downbeat +{}, strong beat +{}, off the beat {}, phrase arch {:g}, "
            "melody +{}, random +-{} (seed {}, take {})",
            kBase, kDownbeat, kStrongBeat, kOffBeat, kArch, kMelody, kJitter, options.seed,
            options.take + 1);
    }
    if (played.tempos.size() == 1) {
        add_ritardando(played);
        performance.tempo_rule += fmt::format("; final ritardando to {:g}", kRitardando.back());
    }
    return performance;
}

// Changes all tempos by one factor.
void make_last(double seconds, Performance& performance) {
    const double factor = score::duration_of(performance.score).value / seconds;
    if (factor <= 0) return;  // no notes: nothing lasts
    for (score::TempoChange& change : performance.score.tempos)
        change.quarters_per_minute *= factor;
    performance.tempo_rule += fmt::format("; times {:.3f}, to last {:g} s", factor, seconds);
}

}  // namespace

Performance perform(const score::Score& score, const ExpressionOptions& options) {
    Performance performance = expressed(score, options);
    if (options.asked.seconds) make_last(*options.asked.seconds, performance);
    return performance;
}

}  // namespace symphony::generate
