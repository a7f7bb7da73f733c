#include "symphony/tokens/miditok/timing.h"

#include <algorithm>
#include <tuple>

namespace symphony::tokens::miditok {
namespace {

bool is_pitch(Type type) { return type == Type::kPitch || type == Type::kPitchDrum; }

// What a note's events say after its pitch; `at` is the pitch.
int value_after(const std::vector<Event>& events, std::size_t at, Type type) {
    for (std::size_t i = at + 1; i < std::min(at + 3, events.size()); ++i)
        if (events[i].word.type == type) return events[i].word.value;
    return kNone;
}

class CpWordSpeller {
  public:
    CpWordSpeller(const std::vector<Event>& events, std::int64_t quarter, const Config& config,
                  const Values& values)
        : events_(events),
          config_(config),
          values_(values),
          clock_(first_meter(), quarter, config.positions_per_beat()),
          tempo_(first_tempo()) {
        columns_ = 3;
        for (const Type type : {Type::kVelocity, Type::kDuration, Type::kProgram, Type::kChord,
                                Type::kRest, Type::kTempo, Type::kTimeSig})
            columns_ += column_of(type, config) >= 0;
    }

    std::vector<Row> spell() {
        std::int64_t last = -1, busy = 0;
        int program = kNone;
        // A pitch with no events behind it for velocity and duration is left out, as in MidiTok.
        const std::size_t behind =
            (config_.use_velocities ? 1U : 0U) + (config_.uses_durations() ? 1U : 0U);
        for (std::size_t e = 0; e < events_.size(); ++e) {
            const Event& event = events_[e];
            const Type type = event.word.type;
            if (type == Type::kTempo) {
                tempo_ = event.word.value;
            } else if (type == Type::kProgram) {
                program = event.word.value;
                continue;
            }
            if (event.time != last) {
                if (config_.use_rests &&
                    event.time - busy >= values_.rest_ticks(clock_.beat).front())
                    rest(busy, event.time);
                new_bars(event);
                if (type != Type::kTimeSig) position(event);
                last = event.time;
            }
            if (type == Type::kTimeSig) {
                clock_.change(meter_of(event.word.value), event.time);
                --last;
            }
            if (is_pitch(type) && e + behind < events_.size()) {
                note(e, program);
                busy = std::max(busy, event.note_end);
            } else if (type == Type::kTempo || type == Type::kTimeSig || type == Type::kChord) {
                busy = std::max(busy, event.time);
            }
        }
        return std::move(rows_);
    }

  private:
    Meter first_meter() const {
        if (config_.use_time_signatures)
            for (const Event& event : events_)
                if (event.word.type == Type::kTimeSig) return meter_of(event.word.value);
        return {};
    }

    int first_tempo() const {
        for (const Event& event : events_) {
            if (event.word.type == Type::kTempo) return event.word.value;
            if (is_pitch(event.word.type)) break;
        }
        return static_cast<int>(round_half_even(values_.default_tempo * 100));
    }

    Row& add(int family, std::int64_t time) {
        Row row;
        row.words.assign(static_cast<std::size_t>(columns_), {Type::kIgnore, kNone});
        row.words[0] = {Type::kFamily, family};
        row.time = time;
        return rows_.emplace_back(std::move(row));
    }

    void set(Row& row, Type type, int value) {
        const int column = column_of(type, config_);
        if (column >= 0) row.words[static_cast<std::size_t>(column)] = {type, value};
    }

    void rest(std::int64_t from, std::int64_t to) {
        for (const int rest : values_.split(to - from, clock_.beat, /*rest=*/true)) {
            set(add(kMetric, from), Type::kRest, rest);
            from += values_.rest_ticks(clock_.beat)[static_cast<std::size_t>(rest)];
        }
        const std::int64_t bar = clock_.bar_at(from);
        if (bar <= bar_) return;
        if (bar_ == -1) bar_ = 0;
        bar_tick_ += (bar - bar_) * clock_.bar;
        bar_ = bar;
    }

    void new_bars(const Event& event) {
        const std::int64_t count = clock_.bar_at(event.time) - bar_;
        for (std::int64_t i = 0; i < count; ++i) {
            Row& row = add(kMetric, (bar_ + i + 1) * clock_.bar);
            set(row, Type::kBar, kNone);
            if (config_.use_time_signatures)
                set(row, Type::kTimeSig,
                    i + 1 == count && event.word.type == Type::kTimeSig
                        ? event.word.value
                        : meter_value(clock_.meter));
        }
        if (count < 1) return;
        bar_ += count;
        bar_tick_ = clock_.change_tick + (bar_ - clock_.change_bar) * clock_.bar;
    }

    void position(const Event& event) {
        Row& row = add(kMetric, event.time);
        row.source = event.source;
        set(row, Type::kPosition, static_cast<int>((event.time - bar_tick_) / clock_.position));
        if (event.word.type == Type::kChord) set(row, Type::kChord, event.word.value);
        if (config_.use_tempos) set(row, Type::kTempo, tempo_);
    }

    void note(std::size_t e, int program) {
        const Event& event = events_[e];
        Row& row = add(kNote, event.time);
        row.source = event.source;
        row.words[2] = event.word;
        set(row, Type::kVelocity, value_after(events_, e, Type::kVelocity));
        set(row, Type::kDuration, value_after(events_, e, Type::kDuration));
        if (program != kNone) set(row, Type::kProgram, program);
    }

    const std::vector<Event>& events_;
    const Config& config_;
    const Values& values_;
    BarClock clock_;
    int tempo_ = 0, columns_ = 0;
    std::vector<Row> rows_;
    std::int64_t bar_ = -1, bar_tick_ = 0;
};

// Rows of mumidi, sorted by time and program: notes and the chords before them.
struct MuMidiItem {
    std::int64_t time = 0;
    int program = 0;
    std::vector<Word> words;  // the first, then velocity and duration
    TokenSource source;
};

std::vector<MuMidiItem> mumidi_items(const Piece& piece, const Config& config,
                                     const Values& values) {
    std::vector<MuMidiItem> items;
    const std::vector<BeatSpan> spans = beat_spans(piece, config, piece.ticks_per_quarter);
    for (const PieceTrack& track : piece.tracks) {
        if (!config.has_program(track.program)) continue;
        if (config.use_chords && !track.is_drum)
            for (const Chord& chord :
                 detect_chords(track.notes, spans, config, values.first_beat_res))
                items.push_back({chord.time, track.program, {{Type::kChord, chord.value}}, {}});
        for (const PieceNote& note : track.notes) {
            MuMidiItem item{note.time,
                            track.program_token(),
                            {{track.is_drum ? Type::kPitchDrum : Type::kPitch, note.pitch}},
                            {note.part, note.note}};
            if (config.use_velocities) item.words.push_back({Type::kVelocity, note.velocity});
            if (config.uses_durations())
                item.words.push_back(
                    {Type::kDuration,
                     values.duration_index(note.duration, values.ticks_per_quarter)});
            items.push_back(std::move(item));
        }
    }
    std::stable_sort(items.begin(), items.end(), [](const MuMidiItem& a, const MuMidiItem& b) {
        return std::tie(a.time, a.program) < std::tie(b.time, b.program);
    });
    return items;
}

}  // namespace

int column_of(Type type, const Config& config) {
    const bool cp = config.scheme == Scheme::kCpWord;
    switch (type) {
        case Type::kFamily:
            return cp ? 0 : -1;
        case Type::kBar:
            return cp ? 1 : 2;
        case Type::kPosition:
            return 1;
        case Type::kPitch:
        case Type::kPitchDrum:
            return cp ? 2 : 0;
        default:
            break;
    }
    int column = 3;
    for (const auto& [held, is_used] : {std::pair{Type::kVelocity, config.use_velocities},
                                        std::pair{Type::kDuration, config.uses_durations()},
                                        std::pair{Type::kProgram, config.use_programs},
                                        std::pair{Type::kChord, cp && config.use_chords},
                                        std::pair{Type::kRest, cp && config.use_rests},
                                        std::pair{Type::kTempo, config.use_tempos},
                                        std::pair{Type::kTimeSig, config.use_time_signatures}}) {
        if (held == type) return is_used ? column : -1;
        column += is_used;
    }
    return -1;
}

std::vector<Row> spell_cpword(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                              const Config& config, const Values& values) {
    return CpWordSpeller(events, ticks_per_quarter, config, values).spell();
}

std::vector<Row> spell_octuple(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                               const Config& config, const Values& values) {
    BarClock clock({}, ticks_per_quarter, config.positions_per_beat());
    std::vector<Row> rows;
    std::int64_t last = 0, bar = 0, position = 0;
    int program = 0;
    int tempo = static_cast<int>(round_half_even(values.default_tempo * 100));
    const std::size_t behind =
        (config.use_velocities ? 1U : 0U) + (config.uses_durations() ? 1U : 0U);
    for (std::size_t e = 0; e < events.size(); ++e) {
        const Event& event = events[e];
        if (event.time != last) {
            bar = clock.bar_at(event.time);
            const std::int64_t bar_tick = clock.change_tick + (bar - clock.change_bar) * clock.bar;
            position = (event.time - bar_tick) / clock.position;
            last = event.time;
        }
        if (event.word.type == Type::kTimeSig) {
            clock.change_bar = bar;
            clock.change_tick = last;
            clock.set(meter_of(event.word.value));
        } else if (event.word.type == Type::kTempo) {
            tempo = event.word.value;
        } else if (event.word.type == Type::kProgram) {
            program = event.word.value;
        } else if (is_pitch(event.word.type) && e + behind < events.size()) {
            Row row;
            row.time = event.time;
            row.source = event.source;
            row.words = {event.word,
                         {Type::kPosition, static_cast<int>(position)},
                         {Type::kBar, static_cast<int>(bar)}};
            if (config.use_velocities)
                row.words.push_back({Type::kVelocity, value_after(events, e, Type::kVelocity)});
            if (config.uses_durations())
                row.words.push_back({Type::kDuration, value_after(events, e, Type::kDuration)});
            if (config.use_programs) row.words.push_back({Type::kProgram, program});
            if (config.use_tempos) row.words.push_back({Type::kTempo, tempo});
            if (config.use_time_signatures)
                row.words.push_back({Type::kTimeSig, meter_value(clock.meter)});
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::vector<Row> spell_mumidi(const Piece& piece, const Config& config, const Values& values) {
    const std::int64_t bar_ticks = piece.ticks_per_quarter * 4;
    const std::int64_t step =
        std::max<std::int64_t>(1, piece.ticks_per_quarter / config.positions_per_beat());
    std::vector<Row> rows;
    std::int64_t tick = -1, bar = -1;
    int position = -1, program = -2;
    std::size_t tempo_index = 0;
    const auto tempo_at = [&](std::size_t index) {
        return static_cast<int>(round_half_even(piece.tempos[index].quarters_per_minute() * 100));
    };
    int tempo = config.use_tempos && !piece.tempos.empty() ? tempo_at(0) : 0;
    const auto add = [&](std::vector<Word> words, std::int64_t bar_number, int place,
                         const MuMidiItem& item) {
        Row row;
        row.time = item.time;
        row.source = item.source;
        row.words = {words.front(),
                     {Type::kBarPosEnc, static_cast<int>(bar_number)},
                     {Type::kPositionPosEnc, place}};
        if (config.use_tempos) row.words.push_back({Type::kTempo, tempo});
        row.words.insert(row.words.end(), words.begin() + 1, words.end());
        rows.push_back(std::move(row));
    };
    for (const MuMidiItem& item : mumidi_items(piece, config, values)) {
        while (config.use_tempos && tempo_index + 1 < piece.tempos.size() &&
               piece.tempos[tempo_index + 1].time <= item.time)
            tempo = tempo_at(++tempo_index);
        if (item.time != tick) {
            tick = item.time;
            position = static_cast<int>(tick % bar_ticks / step);
            program = -2;
            for (; bar < tick / bar_ticks; ++bar) add({{Type::kBar, kNone}}, bar + 1, kNone, item);
            add({{Type::kPosition, position}}, bar, position, item);
        }
        if (item.program != program) {
            program = item.program;
            add({{Type::kProgram, program}}, bar, position, item);
        }
        add(item.words, bar, position, item);
    }
    return rows;
}

}  // namespace symphony::tokens::miditok
