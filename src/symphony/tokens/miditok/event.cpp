#include "symphony/tokens/miditok/event.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace symphony::tokens::miditok {
namespace {

// Walks spans forward; the last one never ends.
class SpanCursor {
  public:
    explicit SpanCursor(const std::vector<BeatSpan>& spans) : spans_(spans) {}

    const BeatSpan& at(std::int64_t time) {
        while (time >= spans_[index_].end && index_ + 1 < spans_.size()) ++index_;
        return spans_[index_];
    }

  private:
    const std::vector<BeatSpan>& spans_;
    std::size_t index_ = 0;
};

// Lengths were brought to the durations before; where a metre changed in between, to the nearest.
int duration_of(std::int64_t ticks, std::int64_t time, SpanCursor& cursor, const Values& values) {
    const std::int64_t beat = cursor.at(time).ticks_per_beat;
    const int index = values.duration_index(ticks, beat);
    if (index >= 0) return index;
    return values.duration_index(closest(values.duration_ticks(beat), static_cast<double>(ticks)),
                                 beat);
}

// The first of the durations nearest to `ticks`.
int nearest_duration(std::int64_t ticks, const Values& values) {
    int best = 0;
    std::int64_t best_distance = INT64_MAX;
    for (std::size_t i = 0; i < values.durations.size(); ++i) {
        const BeatTime& time = values.durations[i];
        const std::int64_t distance =
            std::abs(std::int64_t{time.beats} * time.resolution + time.steps - ticks);
        if (distance < best_distance) {
            best_distance = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

class TrackEvents {
  public:
    TrackEvents(const PieceTrack& track, const std::vector<BeatSpan>& spans, const Config& config,
                const Values& values)
        : track_(track),
          spans_(spans),
          config_(config),
          values_(values),
          program_(track.program_token()) {}

    std::vector<Event> make() {
        if (config_.use_sustain_pedals) pedals();
        if (config_.use_pitch_bends) bends();
        if (config_.use_chords && !track_.is_drum) chords();
        notes();
        return std::move(events_);
    }

  private:
    Event& add(Type type, int value, std::int64_t time) {
        Event event;
        event.word = {type, value};
        event.time = time;
        event.program = program_;
        return events_.emplace_back(event);
    }
    bool announces_program() const { return config_.use_programs && !config_.program_changes; }

    void pedals() {
        SpanCursor cursor(spans_);
        for (const Pedal& pedal : track_.pedals) {
            add(Type::kPedal, program_, pedal.time);
            if (config_.sustain_pedal_duration)
                add(Type::kDuration, duration_of(pedal.duration, pedal.time, cursor, values_),
                    pedal.time)
                    .announces = Announces::kPedal;
            else
                add(Type::kPedalOff, program_, pedal.end());
        }
    }

    void bends() {
        for (const Bend& bend : track_.bends) {
            if (announces_program())
                add(Type::kProgram, program_, bend.time).announces = Announces::kBend;
            add(Type::kPitchBend, static_cast<int>(bend.value), bend.time);
        }
    }

    void chords() {
        for (const Chord& chord :
             detect_chords(track_.notes, spans_, config_, values_.first_beat_res)) {
            if (announces_program())
                add(Type::kProgram, program_, chord.time).announces = Announces::kChord;
            add(Type::kChord, chord.value, chord.time);
        }
    }

    void notes() {
        SpanCursor cursor(spans_);
        const bool uses_durations = config_.uses_duration(program_);
        events_.reserve(events_.size() + track_.notes.size() * 6);
        begin_intervals();
        for (const PieceNote& note : track_.notes) {
            const std::size_t first = events_.size();
            if (announces_program()) add(Type::kProgram, program_, note.time);
            if (!interval(note)) {
                const bool as_drum = config_.use_pitchdrum_tokens && track_.is_drum;
                add(config_.note_on_off() ? (as_drum ? Type::kDrumOn : Type::kNoteOn)
                                          : (as_drum ? Type::kPitchDrum : Type::kPitch),
                    note.pitch, note.time);
            }
            if (config_.use_velocities) add(Type::kVelocity, note.velocity, note.time);
            if (uses_durations && config_.note_on_off()) {
                if (announces_program())
                    add(Type::kProgram, program_, note.end()).announces = Announces::kRelease;
                add(config_.use_pitchdrum_tokens && track_.is_drum ? Type::kDrumOff
                                                                   : Type::kNoteOff,
                    note.pitch, note.end());
            } else if (uses_durations) {
                add(Type::kDuration,
                    config_.scheme == Scheme::kPerTok
                        ? nearest_duration(note.duration, values_)
                        : duration_of(note.duration, note.time, cursor, values_),
                    note.time);
            }
            for (std::size_t i = first; i < events_.size(); ++i) {
                events_[i].note_end = note.end();
                events_[i].source = {note.part, note.note};
            }
        }
    }

    void begin_intervals() {
        if (config_.use_pitch_intervals) furthest_ = furthest_at(0);
        last_onset_ = -furthest_ - 1;
    }

    std::int64_t furthest_at(std::size_t span) const {
        return static_cast<std::int64_t>(
            round_half_even(static_cast<double>(spans_[span].ticks_per_beat) *
                            config_.pitch_intervals_max_time_dist));
    }

    // Spells the note's pitch as a distance to the one before, if it is near enough.
    bool interval(const PieceNote& note) {
        if (!config_.use_pitch_intervals || track_.is_drum) return false;
        // One step at most for each note, as in MidiTok.
        if (note.time >= spans_[interval_span_].end && interval_span_ + 1 < spans_.size())
            furthest_ = furthest_at(++interval_span_);
        const auto is_near = [&](int pitch) {
            return std::abs(note.pitch - pitch) <= config_.max_pitch_interval;
        };
        bool spelled = false;
        if (note.time != last_onset_) {
            if (note.time - last_onset_ <= furthest_ && is_near(last_onset_pitch_)) {
                add(Type::kPitchIntervalTime, note.pitch - last_onset_pitch_, note.time);
                spelled = true;
            }
            last_onset_pitch_ = last_chord_pitch_ = note.pitch;
        } else {
            if (is_near(last_chord_pitch_)) {
                add(Type::kPitchIntervalChord, note.pitch - last_chord_pitch_, note.time);
                spelled = true;
            } else {
                last_onset_pitch_ = note.pitch;
            }
            last_chord_pitch_ = note.pitch;
        }
        last_onset_ = note.time;
        return spelled;
    }

    const PieceTrack& track_;
    const std::vector<BeatSpan>& spans_;
    const Config& config_;
    const Values& values_;
    const int program_;
    std::vector<Event> events_;
    std::size_t interval_span_ = 0;
    std::int64_t furthest_ = 0, last_onset_ = -1;  // ticks
    int last_onset_pitch_ = -128, last_chord_pitch_ = -128;
};

// What comes first at one time where chords are spelled.
int rank(const Event& event) {
    switch (event.word.type) {
        case Type::kTempo:
        case Type::kTimeSig:
            return 0;
        case Type::kNoteOff:
        case Type::kDrumOff:
            return 1;
        case Type::kPedal:
        case Type::kPedalOff:
            return 2;
        case Type::kPitchBend:
            return 3;
        case Type::kProgram:
            if (event.announces == Announces::kRelease) return 1;
            return event.announces == Announces::kBend ? 3 : 10;
        case Type::kDuration:
            return event.announces == Announces::kPedal ? 2 : 10;
        default:
            return 10;
    }
}

}  // namespace

std::vector<Event> global_events(const Piece& piece, const Config& config) {
    std::vector<Event> events;
    const auto add = [&](Type type, int value, std::int64_t time) {
        Event event;
        event.word = {type, value};
        event.time = time;
        events.push_back(event);
    };
    if (config.use_time_signatures)
        for (const PieceMeter& change : piece.meters)
            add(Type::kTimeSig, meter_value(change.meter), change.time);
    if (config.use_tempos)
        for (const PieceTempo& tempo : piece.tempos)
            add(Type::kTempo, static_cast<int>(round_half_even(tempo.quarters_per_minute() * 100)),
                tempo.time);
    return events;
}

std::vector<Event> track_events(const PieceTrack& track, const std::vector<BeatSpan>& spans,
                                const Config& config, const Values& values) {
    return TrackEvents(track, spans, config, values).make();
}

void sort_events(std::vector<Event>& events, const Config& config) {
    if (config.note_on_off() && config.use_chords)
        std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
            return a.time != b.time ? a.time < b.time : rank(a) < rank(b);
        });
    else
        std::stable_sort(events.begin(), events.end(),
                         [](const Event& a, const Event& b) { return a.time < b.time; });
}

void insert_program_changes(std::vector<Event>& events) {
    std::vector<Event> with_changes;
    with_changes.reserve(events.size() * 5 / 4);
    int program = kNone;
    Type before = Type::kSpecial;
    for (const Event& event : events) {
        const Type type = event.word.type;
        const bool is_neutral = type == Type::kPedal || type == Type::kPedalOff ||
                                type == Type::kTimeSig || type == Type::kTempo ||
                                (type == Type::kDuration && before == Type::kPedal);
        if (event.program != program && !is_neutral) {
            program = event.program;
            Event change;
            change.word = {Type::kProgram, program};
            change.time = event.time;
            with_changes.push_back(change);
        }
        before = type;
        with_changes.push_back(event);
    }
    events = std::move(with_changes);
}

std::vector<Chord> detect_chords(const std::vector<PieceNote>& notes,
                                 const std::vector<BeatSpan>& spans, const Config& config,
                                 int first_beat_res) {
    constexpr std::size_t kMostAtOnce = 10, kFewest = 3, kMost = 5;
    constexpr int kWidest = 24;
    std::vector<Chord> chords;
    SpanCursor cursor(spans);
    std::int64_t last = -1;
    std::size_t count = 0;
    while (count < notes.size()) {
        const PieceNote& lowest = notes[count];
        if (lowest.time == last) {
            ++count;
            continue;
        }
        const std::int64_t beat = cursor.at(lowest.time).ticks_per_beat;
        const std::int64_t half = beat / 2;
        const double spread = static_cast<double>(beat) / first_beat_res;
        std::vector<const PieceNote*> together;
        for (std::size_t i = count; i < std::min(count + kMostAtOnce, notes.size()); ++i)
            if (static_cast<double>(notes[i].time - lowest.time) <= spread)
                together.push_back(&notes[i]);
        const bool ends_apart = std::any_of(
            together.begin(), together.end(),
            [&](const PieceNote* note) { return std::abs(note->end() - lowest.end()) > half; });
        if (ends_apart) {
            count += together.size();
            continue;
        }
        if (lowest.duration <= half)
            std::erase_if(together,
                          [&](const PieceNote* note) { return note->time != lowest.time; });
        std::vector<int> intervals;
        std::int64_t begin = lowest.time, latest = lowest.time;
        for (const PieceNote* note : together) {
            latest = std::max(latest, note->time);
            if (note->end() - lowest.end() > half) continue;
            intervals.push_back(note->pitch - lowest.pitch);
            begin = std::min(begin, note->time);
        }
        if (kFewest <= intervals.size() && intervals.size() <= kMost &&
            intervals.back() <= kWidest) {
            const auto& maps = config.chord_maps;
            const auto known = std::find_if(
                maps.begin(), maps.end(), [&](const auto& map) { return map.second == intervals; });
            const int root = lowest.pitch % 12;
            if (known != maps.end())
                chords.push_back(
                    {chord_value(config, static_cast<int>(known - maps.begin()), false, root),
                     begin});
            else if (config.chord_unknown)
                chords.push_back(
                    {chord_value(config, static_cast<int>(intervals.size()), true, root), begin});
        }
        last = latest;
        count += together.size();
    }
    return chords;
}

}  // namespace symphony::tokens::miditok
