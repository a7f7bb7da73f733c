// Spelling of time: sorted events -> events with the tokens between them that say when. One
// function for each way; schemes that write rows make their rows here. Source: MidiTok 3.0.6
// (_add_time_events of each class).
#pragma once

#include "symphony/tokens/miditok/event.h"

#include <algorithm>
#include <vector>

namespace symphony::tokens::miditok {

// Bars, positions in them and rests: remi.
std::vector<Event> spell_bars(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                              const Config& config, const Values& values);

// Time shifts and rests: tsd, midilike.
std::vector<Event> spell_shifts(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                                const Config& config, const Values& values);

// One shift before each note: structured. `one_stream`: before its program.
std::vector<Event> spell_structured(const std::vector<Event>& events,
                                    std::int64_t ticks_per_quarter, bool one_stream,
                                    const Values& values);

// Bars, positions or shifts, and what is left as micro-timing: pertok.
std::vector<Event> spell_pertok(const std::vector<Event>& events, const Config& config,
                                const Values& values);

// A token of several columns.
struct Row {
    std::vector<Word> words;
    std::int64_t time = 0;
    TokenSource source;
};

std::vector<Row> spell_cpword(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                              const Config& config, const Values& values);
std::vector<Row> spell_octuple(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                               const Config& config, const Values& values);
// From the piece itself, as mumidi orders by program.
std::vector<Row> spell_mumidi(const Piece& piece, const Config& config, const Values& values);

// Which column of cpword and octuple holds a type; -1: none.
int column_of(Type type, const Config& config);

// Where bars lie under one metre after another.
struct BarClock {
    BarClock(Meter first, std::int64_t ticks_per_quarter, int positions_per_beat)
        : quarter(ticks_per_quarter), positions(positions_per_beat) {
        set(first);
    }
    void set(Meter next) {
        meter = next;
        beat = ticks_per_beat(next, quarter);
        bar = beat * next.numerator;
        position = std::max<std::int64_t>(1, beat / positions);
    }
    // The bar at `time`, counted over all metres.
    std::int64_t bar_at(std::int64_t time) const { return change_bar + (time - change_tick) / bar; }
    // A metre begins at `time`.
    void change(Meter next, std::int64_t time) {
        change_bar = bar_at(time);
        change_tick = time;
        set(next);
    }

    std::int64_t quarter;
    int positions;
    Meter meter;
    std::int64_t beat = 8, bar = 32, position = 1;  // ticks
    std::int64_t change_bar = 0, change_tick = 0;   // of the last change of metre
};

}  // namespace symphony::tokens::miditok
