// The events that the tokenizers of midi-model make of a MIDI file, in the order in which they are
// written. Its order of messages, its way of dropping small changes and its habit of folding the
// opening to time 0 are reproduced, as they decide the ids. Source: SkyTNT/midi-model (Apache-2.0).
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/tokens/pretrained/skytnt_layout.h"
#include "symphony/tokens/tokenizer.h"

#include <array>
#include <vector>

namespace symphony::tokens::skytnt {

struct Event {
    EventKind kind = EventKind::kNote;
    int time1 = 0, time2 = 0;  // quarters from the start, and sixteenths of one
    int track = 0;
    // note: channel, pitch, velocity, duration; patch: channel, patch; control: channel,
    // controller, value; tempo: bpm; metre: numerator - 1, power - 1; key: sharps + 7, minor.
    std::array<int, 4> values{};
    TokenSource source;

    int sixteenths() const { return time1 * 16 + time2; }
};

struct Options {
    int version = 2;
    // Tracks and channels numbered afresh, a patch for every channel, channels without notes out.
    bool optimise = true;
};

struct Events {
    std::vector<Event> list;
    std::array<bool, 16> silent_channel{};  // with optimise: has events but no note
};
Events events_of(const score::MidiMessages& messages, const Options& options);

// The ids of each event without padding, time1 as the difference to the event written before, and
// where each came from. An event with a value that has no id is left out, and so is all that comes
// more than 127 quarters after the last one written. `unwritten_notes` counts notes among them.
struct Written {
    std::vector<std::vector<TokenId>> rows;
    std::vector<TokenSource> sources;
    std::int64_t unwritten_notes = 0;
};
Written written(const Events& events, const Options& options);

// As the model takes them: rows of eight, padded, between a begin and an end row.
std::vector<Row> padded_rows(const Written& written);

}  // namespace symphony::tokens::skytnt
