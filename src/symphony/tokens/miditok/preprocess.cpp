// Resampling, quantising and cleaning, in the order and with the rounding of MidiTok's
// MusicTokenizer.preprocess_score. Where its array code takes ticks for indices the result is
// reproduced here, as ids must agree; such places say so.
#include "symphony/tokens/miditok/piece.h"
#include "symphony/tokens/miditok/time_factors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

namespace symphony::tokens::miditok {
namespace {

class Preprocessor {
  public:
    Preprocessor(Piece& piece, const Config& config, const Values& values, Losses& losses)
        : piece_(piece), config_(config), values_(values), losses_(losses) {}

    void run() {
        resample();
        if (config_.use_programs && config_.one_token_stream_for_programs) merge_programs();
        if (config_.use_time_signatures && !piece_.meters.empty()) settle_meters();
        const bool needs_spans = !config_.note_on_off() ||
                                 (config_.use_sustain_pedals && config_.sustain_pedal_duration);
        if (needs_spans) spans_ = beat_spans(piece_, config_, piece_.ticks_per_quarter);
        std::set<int> denominators;
        for (const PieceMeter& meter : piece_.meters) denominators.insert(meter.meter.denominator);
        if (config_.use_time_signatures && denominators.size() > 1) factors_ = factors();
        std::erase_if(piece_.tracks, [&](PieceTrack& track) { return !keep(track); });
        if (config_.use_tempos) settle_tempos();
    }

  private:
    bool is_empty(const PieceTrack& track) const {
        return track.notes.empty() && (!config_.use_sustain_pedals || track.pedals.empty()) &&
               (!config_.use_pitch_bends || track.bends.empty());
    }

    void lose(const char* code, std::int64_t count) {
        if (count > 0) losses_[code] += count;
    }

    void resample() {
        std::int64_t quarter = config_.positions_per_beat();
        std::vector<PieceMeter> meters = piece_.meters;
        if (config_.use_time_signatures) {
            const std::size_t dropped = std::erase_if(meters, [&](const PieceMeter& change) {
                return std::find(values_.meters.begin(), values_.meters.end(), change.meter) ==
                       values_.meters.end();
            });
            if (config_.scheme != Scheme::kPerTok)
                lose("meters-dropped", static_cast<std::int64_t>(dropped));
            if (meters.empty() || meters.front().time != 0) meters.insert(meters.begin(), {0, {}});
            int finest = 0;
            for (const PieceMeter& change : meters)
                finest = std::max(finest, change.meter.denominator);
            quarter = quarter * finest / 4;
        } else {
            meters = {{0, {}}};
        }
        if (config_.scheme == Scheme::kPerTok) {
            quarter = config_.pertok_ticks_per_quarter;
            if (quarter == piece_.ticks_per_quarter) return;
            rescale(quarter);
            for (PieceMeter& change : piece_.meters) change.time = rescaled(change.time);
        } else {
            if (quarter != piece_.ticks_per_quarter) {
                rescale(quarter);
                for (PieceMeter& change : meters)
                    change.time =
                        static_cast<std::int64_t>(static_cast<double>(change.time) * scale_);
            }
            piece_.meters = std::move(meters);
        }
        piece_.ticks_per_quarter = quarter;
    }

    std::int64_t rescaled(std::int64_t time) const {
        return static_cast<std::int64_t>(std::round(static_cast<double>(time) * scale_));
    }

    void rescale(std::int64_t quarter) {
        scale_ = static_cast<double>(quarter) / static_cast<double>(piece_.ticks_per_quarter);
        std::int64_t rounded = 0;
        for (PieceTrack& track : piece_.tracks) {
            for (PieceNote& note : track.notes) {
                rounded += note.time * quarter % piece_.ticks_per_quarter != 0;
                note.time = rescaled(note.time);
                note.duration = std::max<std::int64_t>(1, rescaled(note.duration));
            }
            for (Pedal& pedal : track.pedals) {
                pedal.time = rescaled(pedal.time);
                pedal.duration = std::max<std::int64_t>(1, rescaled(pedal.duration));
            }
            for (Bend& bend : track.bends) bend.time = rescaled(bend.time);
            track.last_control = rescaled(track.last_control);
        }
        for (PieceTempo& tempo : piece_.tempos) tempo.time = rescaled(tempo.time);
        piece_.last_mark = rescaled(piece_.last_mark);
        lose("onset-rounded", rounded);
    }

    // Tracks of one program become one, at the place of the first.
    void merge_programs() {
        std::vector<PieceTrack> merged;
        std::set<std::size_t> changed;
        for (PieceTrack& track : piece_.tracks) {
            const auto same = std::find_if(merged.begin(), merged.end(), [&](const PieceTrack& t) {
                return t.program_token() == track.program_token();
            });
            if (same == merged.end()) {
                merged.push_back(std::move(track));
                continue;
            }
            changed.insert(static_cast<std::size_t>(same - merged.begin()));
            same->notes.insert(same->notes.end(), track.notes.begin(), track.notes.end());
            same->pedals.insert(same->pedals.end(), track.pedals.begin(), track.pedals.end());
            same->bends.insert(same->bends.end(), track.bends.begin(), track.bends.end());
            same->last_control = std::max(same->last_control, track.last_control);
        }
        for (const std::size_t t : changed) {
            std::stable_sort(merged[t].notes.begin(), merged[t].notes.end(),
                             [](const PieceNote& a, const PieceNote& b) {
                                 return std::tie(a.time, a.duration, a.pitch, a.velocity) <
                                        std::tie(b.time, b.duration, b.pitch, b.velocity);
                             });
            std::stable_sort(merged[t].pedals.begin(), merged[t].pedals.end(),
                             [](const Pedal& a, const Pedal& b) {
                                 return std::tie(a.time, a.duration) < std::tie(b.time, b.duration);
                             });
            std::stable_sort(merged[t].bends.begin(), merged[t].bends.end(),
                             [](const Bend& a, const Bend& b) { return a.time < b.time; });
        }
        piece_.tracks = std::move(merged);
    }

    // Metres change at bar lines only; equal ones in a row are one.
    void settle_meters() {
        std::vector<PieceMeter>& m = piece_.meters;
        const std::int64_t quarter = piece_.ticks_per_quarter;
        std::int64_t bar = ticks_per_bar(m[0].meter, quarter), before = 0;
        std::size_t i = 0;
        const auto erase = [&](std::size_t at) {
            m.erase(m.begin() + static_cast<std::ptrdiff_t>(at));
        };
        while (i < m.size()) {
            if (i >= 1 && m[i].meter == m[i - 1].meter) {
                erase(i);
                continue;
            }
            if (i >= 1) m[i].time = std::max(m[i].time, m[i - 1].time);
            const std::int64_t since = m[i].time - before;
            if (bar > 0 && since % bar > 0) m[i].time = before + (since / bar + 1) * bar;
            bar = ticks_per_bar(m[i].meter, quarter);
            before = m[i].time;
            if (i >= 1 && m[i].time == m[i - 1].time) {
                erase(i - 1);
                if (i >= 2 && m[i - 1].meter == m[i - 2].meter) {
                    erase(i - 1);
                    bar = ticks_per_bar(m[i - 2].meter, quarter);
                    before = m[i - 2].time;
                    --i;
                }
                continue;
            }
            ++i;
        }
        if (config_.delete_equal_successive_time_sig_changes && m[0].meter == Meter{})
            m[0].time = 0;
        else if (m[0].time != 0)
            m.insert(m.begin(), {0, {}});
    }

    Factors factors() const {
        Factors factors;
        for (std::size_t i = 0; i < piece_.meters.size(); ++i) {
            const std::int64_t end =
                i + 1 < piece_.meters.size() ? piece_.meters[i + 1].time : piece_.end() + 1;
            const double position =
                config_.positions_per_beat() * (piece_.meters[i].meter.denominator / 4.0);
            const auto factor = static_cast<std::int64_t>(
                std::floor(static_cast<double>(piece_.ticks_per_quarter) / position));
            if (!factors.empty() && factors.back().factor == factor)
                factors.back().end = end;
            else
                factors.push_back({end, factor});
        }
        return factors;
    }

    // False if nothing is left of the track.
    bool keep(PieceTrack& track) {
        if (is_empty(track)) return false;
        if (config_.use_programs && !config_.has_program(track.program_token())) {
            lose("notes-dropped", static_cast<std::int64_t>(track.notes.size()));
            return false;
        }
        if (!track.notes.empty()) settle_notes(track);
        if (config_.use_pitch_bends && !track.bends.empty()) settle_bends(track.bends);
        if (config_.use_sustain_pedals && !track.pedals.empty()) settle_pedals(track.pedals);
        return !is_empty(track);
    }

    void settle_notes(PieceTrack& track) {
        const auto [lowest, highest] = track.is_drum && config_.use_pitchdrum_tokens
                                           ? config_.drums_pitch_range
                                           : config_.pitch_range;
        lose("notes-dropped",
             static_cast<std::int64_t>(
                 std::erase_if(track.notes, [low = lowest, high = highest](const PieceNote& note) {
                     return note.pitch < low || note.pitch > high;
                 })));
        if (track.notes.empty()) return;
        if (config_.use_velocities)
            for (PieceNote& note : track.notes)
                note.velocity = closest(values_.velocities, note.velocity);
        Factors factors;
        if (!factors_.empty()) {
            std::vector<std::int64_t> times = times_of(track.notes);
            factors = by_index(factors_, times);
            round_to_factors(times, factors);
            set_times(track.notes, times);
        }
        if (config_.uses_duration(track.program_token())) {
            if (!config_.note_on_off() && !spans_.empty()) {
                if (config_.scheme != Scheme::kPerTok) settle_durations(track.notes);
            } else if (!factors.empty()) {
                round_durations(track.notes, factors);
            }
        }
        if (!config_.remove_duplicated_notes) return;
        std::stable_sort(track.notes.begin(), track.notes.end(),
                         [](const PieceNote& a, const PieceNote& b) {
                             return std::tie(a.time, a.pitch, a.duration, a.velocity) <
                                    std::tie(b.time, b.pitch, b.duration, b.velocity);
                         });
        const auto repeated = std::unique(track.notes.begin(), track.notes.end(),
                                          [](const PieceNote& a, const PieceNote& b) {
                                              return a.time == b.time && a.pitch == b.pitch;
                                          });
        lose("unison-merged", track.notes.end() - repeated);
        track.notes.erase(repeated, track.notes.end());
    }

    void round_durations(auto& events, const Factors& factors) {
        std::vector<std::int64_t> durations;
        for (const auto& event : events) durations.push_back(event.duration);
        round_to_factors(durations, factors, 1);
        for (std::size_t i = 0; i < events.size(); ++i) events[i].duration = durations[i];
        round_spanning_ends(events, factors);
    }

    void settle_durations(auto& events) {
        const std::vector<std::int64_t> times = times_of(events);
        std::size_t first = 0;
        for (std::size_t s = 0; s < spans_.size(); ++s) {
            const bool is_last = s + 1 == spans_.size() || spans_[s].end > times.back();
            const std::size_t last =
                is_last ? events.size()
                        : first + static_cast<std::size_t>(first_at_least(
                                      times, static_cast<std::int64_t>(first), spans_[s].end));
            const auto& ticks = values_.duration_ticks(spans_[s].ticks_per_beat);
            for (std::size_t i = first; i < last; ++i)
                events[i].duration = closest(ticks, static_cast<double>(events[i].duration));
            first = last;
            if (is_last) break;
        }
    }

    void settle_bends(std::vector<Bend>& bends) {
        for (Bend& bend : bends)
            bend.value = closest(values_.bends, static_cast<double>(bend.value));
        round_by_ticks(bends);
        // Of several at one time the widest.
        std::vector<Bend> kept;
        for (const Bend& bend : bends) {
            if (kept.empty() || kept.back().time != bend.time)
                kept.push_back(bend);
            else if (std::abs(bend.value) > std::abs(kept.back().value))
                kept.back().value = bend.value;
        }
        bends = std::move(kept);
    }

    // Tempos and bends: MidiTok takes the ticks at which factors end for indices.
    void round_by_ticks(auto& events) {
        if (factors_.empty()) return;
        std::vector<std::int64_t> times = times_of(events);
        round_to_factors(times, factors_);
        set_times(events, times);
    }

    void settle_pedals(std::vector<Pedal>& pedals) {
        if (!factors_.empty()) {
            std::vector<std::int64_t> times = times_of(pedals);
            round_to_factors(times, by_index(factors_, times));
            set_times(pedals, times);
        }
        // Spans that touch are one.
        std::vector<Pedal> joined;
        for (const Pedal& pedal : pedals) {
            if (!joined.empty() && joined.back().end() >= pedal.time)
                joined.back().duration =
                    std::max(joined.back().duration, pedal.end() - joined.back().time);
            else
                joined.push_back(pedal);
        }
        pedals = std::move(joined);
        if (config_.sustain_pedal_duration && !spans_.empty()) {
            if (config_.scheme != Scheme::kPerTok) settle_durations(pedals);
        } else if (!factors_.empty()) {
            round_durations(pedals, by_index(factors_, times_of(pedals)));
        }
    }

    void settle_tempos() {
        std::vector<PieceTempo>& tempos = piece_.tempos;
        const PieceTempo standard{0, std::trunc(60'000'000 / values_.default_tempo)};
        if (tempos.empty()) {
            tempos.push_back(standard);
            return;
        }
        for (PieceTempo& tempo : tempos)
            tempo.mspq = std::trunc(closest(values_.tempos_mspq, tempo.mspq));
        round_by_ticks(tempos);
        // The last of those at one time.
        std::vector<PieceTempo> kept;
        for (const PieceTempo& tempo : tempos) {
            if (!kept.empty() && kept.back().time == tempo.time) kept.pop_back();
            kept.push_back(tempo);
        }
        tempos = std::move(kept);
        if (config_.delete_equal_successive_tempo_changes) {
            const auto repeated = std::unique(
                tempos.begin(), tempos.end(),
                [](const PieceTempo& a, const PieceTempo& b) { return a.mspq == b.mspq; });
            tempos.erase(repeated, tempos.end());
        }
        if (config_.delete_equal_successive_tempo_changes &&
            tempos.front().quarters_per_minute() == values_.default_tempo)
            tempos.front().time = 0;
        else if (tempos.front().time != 0)
            tempos.insert(tempos.begin(), standard);
    }

    Piece& piece_;
    const Config& config_;
    const Values& values_;
    Losses& losses_;
    double scale_ = 1;
    std::vector<BeatSpan> spans_;  // empty where durations are not spelled
    Factors factors_;              // by ticks; empty: one resolution throughout
};

}  // namespace

void preprocess(Piece& piece, const Config& config, const Values& values, Losses& losses) {
    Preprocessor(piece, config, values, losses).run();
}

}  // namespace symphony::tokens::miditok
