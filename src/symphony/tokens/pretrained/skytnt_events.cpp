#include "symphony/tokens/pretrained/skytnt_events.h"

#include "symphony/tokens/pretrained/skytnt_keys.h"
#include "symphony/tokens/pretrained/skytnt_tracks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <tuple>

namespace symphony::tokens::skytnt {
namespace {

using score::MessageKind;
using score::MidiMessage;
using score::Ticks;

constexpr int kStepsPerQuarter = 16;
constexpr std::size_t kMostTracks = 128;
constexpr int kSmallestChange = 4;  // of a controller or a tempo

// A note or another message of a track, in the order that the reference takes them: notes at their
// ends, those that never end at the end of the track.
struct TrackEvent {
    MidiMessage message;  // kNoteOn for a note
    Ticks duration;
};

std::vector<TrackEvent> track_events(const score::MidiTrack& track) {
    std::vector<TrackEvent> events;
    std::map<std::pair<int, int>, std::size_t> slot_of;  // channel, pitch
    std::vector<std::deque<MidiMessage>> open;           // by slot, in the order of first strikes
    Ticks end = track.end;
    for (const MidiMessage& message : track.messages) {
        end = std::max(end, message.at);
        const bool on = message.kind == MessageKind::kNoteOn;
        if (!on && message.kind != MessageKind::kNoteOff) {
            events.push_back({message, Ticks(0)});
            continue;
        }
        const auto [slot, is_new] = slot_of.try_emplace({message.channel, message.a}, open.size());
        if (is_new) open.emplace_back();
        std::deque<MidiMessage>& strikes = open[slot->second];
        if (on) {
            strikes.push_back(message);
        } else if (!strikes.empty()) {
            events.push_back({strikes.front(), message.at - strikes.front().at});
            strikes.pop_front();
        }
    }
    for (const auto& strikes : open)
        for (const MidiMessage& strike : strikes) events.push_back({strike, end - strike.at});
    return events;
}

// Events by what tells them apart, in the order in which each was first put in.
using Key = std::array<int, 7>;

class EventSet {
  public:
    std::list<Event>::iterator put(const Key& key, const Event& event) {
        const auto [place, is_new] = places_.try_emplace(key, events_.end());
        if (is_new)
            place->second = events_.insert(events_.end(), event);
        else
            *place->second = event;
        return place->second;
    }
    void remove(const Key& key) {
        const auto place = places_.find(key);
        if (place == places_.end()) return;
        events_.erase(place->second);
        places_.erase(place);
    }
    std::vector<Event> take() { return {events_.begin(), events_.end()}; }

  private:
    std::list<Event> events_;
    std::map<Key, std::list<Event>::iterator> places_;
};

int channel_of(const Event& event) { return event.values[0]; }

bool has_channel(EventKind kind) {
    return kind == EventKind::kNote || kind == EventKind::kPatch || kind == EventKind::kControl;
}

Key key_of(const Event& event) {
    Key key{static_cast<int>(event.kind), event.time1, event.time2, event.track, -1, -1, -1};
    if (has_channel(event.kind)) key[4] = event.values[0];
    if (event.kind == EventKind::kNote || event.kind == EventKind::kControl)
        key[5] = event.values[1];
    return key;
}

class Collector {
  public:
    Collector(int ticks_per_quarter, int version)
        : ticks_per_quarter_(ticks_per_quarter), layout_(layout(version)) {}

    void take_track(const score::MidiTrack& track, int index) {
        track_ = index;
        last_notes_.clear();
        patches_.clear();
        controls_.clear();
        last_tempo_ = 0;
        for (const TrackEvent& event : track_events(track)) take(event);
    }

    std::vector<Event> take_events() { return events_.take(); }
    TrackUse& use() { return use_; }

  private:
    int sixteenths(Ticks at) const {
        return static_cast<int>(
            std::nearbyint(static_cast<double>(kStepsPerQuarter * at.value) / ticks_per_quarter_));
    }

    void take(const TrackEvent& source) {
        const MidiMessage& message = source.message;
        const int at = sixteenths(message.at);
        Event event{.time1 = at / kStepsPerQuarter,
                    .time2 = at % kStepsPerQuarter,
                    .track = track_,
                    .source = {message.part, message.note}};
        switch (message.kind) {
            case MessageKind::kNoteOn:
                event.kind = EventKind::kNote;
                event.values = {message.channel, message.a, message.b,
                                std::max(1, sixteenths(source.duration))};
                use_.note(message.channel, track_);
                take_note(event);
                return;
            case MessageKind::kProgram: {
                event.kind = EventKind::kPatch;
                event.values = {message.channel, message.a};
                const auto [patch, is_new] = patches_.try_emplace(message.channel, message.a);
                if (!is_new && patch->second == message.a) return;
                patch->second = message.a;
                use_.event(message.channel, track_);
                use_.patched.insert(message.channel);
                break;
            }
            case MessageKind::kControl: {
                event.kind = EventKind::kControl;
                event.values = {message.channel, message.a, message.b};
                int& value = controls_[{message.channel, message.a}];
                if (std::abs(value - message.b) < kSmallestChange) return;
                value = message.b;
                use_.event(message.channel, track_);
                break;
            }
            case MessageKind::kTempo: {
                if (message.a == 0) return;
                event.kind = EventKind::kTempo;
                const int bpm = static_cast<int>(
                    std::min<double>(60 / (message.a / 1e6), layout_.largest_bpm()));
                event.values = {bpm};
                if (std::abs(last_tempo_ - bpm) < kSmallestChange) return;
                last_tempo_ = bpm;
                break;
            }
            case MessageKind::kMeter:
                if (layout_.version() == 1 || message.a < 1 || message.a > 16 || message.b < 1 ||
                    message.b > 4)
                    return;
                event.kind = EventKind::kMeter;
                event.values = {message.a - 1, message.b - 1};
                break;
            case MessageKind::kKey:
                if (layout_.version() == 1 || message.a < -7 || message.a > 7 || message.b < 0 ||
                    message.b > 1)
                    return;
                event.kind = EventKind::kKey;
                event.values = {message.a + 7, message.b};
                break;
            default:
                return;
        }
        events_.put(key_of(event), event);
    }

    // A pitch struck again cuts the note before, which goes where nothing is left of it.
    void take_note(const Event& event) {
        const std::pair pitch(channel_of(event), event.values[1]);
        if (const auto last = last_notes_.find(pitch); last != last_notes_.end()) {
            const auto& [key, sixteenths_before, note] = last->second;
            note->values[3] =
                std::max(0, std::min(note->values[3], event.sixteenths() - sixteenths_before));
            if (note->values[3] == 0) events_.remove(key);
        }
        const Key key = key_of(event);
        last_notes_[pitch] = {key, event.sixteenths(), events_.put(key, event)};
    }

    struct LastNote {
        Key key;
        int sixteenths = 0;
        std::list<Event>::iterator note;
    };

    int ticks_per_quarter_;
    const Layout& layout_;
    EventSet events_;
    TrackUse use_;
    int track_ = 0, last_tempo_ = 0;
    std::map<std::pair<int, int>, LastNote> last_notes_;
    std::map<int, int> patches_;
    std::map<std::pair<int, int>, int> controls_;
};

// At one time and track, what sets up comes before what sounds.
int rank(EventKind kind) {
    switch (kind) {
        case EventKind::kMeter:
            return 0;
        case EventKind::kKey:
            return 1;
        case EventKind::kTempo:
            return 2;
        case EventKind::kPatch:
            return 3;
        case EventKind::kControl:
            return 4;
        case EventKind::kNote:
            return 5;
    }
    return 5;
}

void sort(std::vector<Event>& events) {
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::tuple(a.time1, a.time2, a.track, rank(a.kind)) <
               std::tuple(b.time1, b.time2, b.track, rank(b.kind));
    });
}

// What two events of the opening share if the later one is to replace the earlier.
Key opening_key(const Event& event, int version) {
    Key key{static_cast<int>(event.kind), event.track, -1, -1, -1, -1, -1};
    switch (event.kind) {
        case EventKind::kNote:
            key[2] = event.values[0];
            key[3] = version == 1 ? event.values[3] : event.values[1];
            break;
        case EventKind::kPatch:
            key[2] = event.values[0];
            break;
        case EventKind::kControl:
            key[2] = event.values[0];
            key[3] = event.values[1];
            break;
        case EventKind::kTempo:
        case EventKind::kMeter:
        case EventKind::kKey:
            break;
    }
    return key;
}

// Whatever sets up the opening, up to the first note that sounds alone, moves to time 0. The
// reference compares the sums of both parts of the time, which this keeps.
void fold_opening(std::vector<Event>& events, int version) {
    const auto same_sum = [&](std::size_t a, std::size_t b) {
        return events[a].time1 + events[a].time2 == events[b].time1 + events[b].time2;
    };
    EventSet opening;
    bool any_note = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const bool is_note = events[i].kind == EventKind::kNote;
        const bool with_next = i + 1 < events.size() && same_sum(i, i + 1);
        const bool with_last = any_note && i > 0 && same_sum(i, i - 1);
        if ((is_note && !with_next) || (any_note && !with_last)) {
            std::vector<Event> folded = opening.take();
            sort(folded);
            folded.insert(folded.end(), events.begin() + static_cast<std::ptrdiff_t>(i),
                          events.end());
            events = std::move(folded);
            return;
        }
        any_note |= is_note;
        Event moved = events[i];
        if (!is_note && moved.kind != EventKind::kMeter) moved.time1 = moved.time2 = 0;
        opening.put(opening_key(moved, version), moved);
    }
}

}  // namespace

Events events_of(const score::MidiMessages& messages, const Options& options) {
    Collector collector(messages.ticks_per_quarter, options.version);
    for (std::size_t t = 0; t < std::min(messages.tracks.size(), kMostTracks); ++t)
        collector.take_track(messages.tracks[t], static_cast<int>(t));
    Events events;
    events.list = collector.take_events();
    const TrackUse& use = collector.use();
    TrackNumbers numbers =
        options.optimise ? renumbered(use, events.list) : TrackNumbers::as_they_are(use);
    if (options.version == 2) place_keys(events.list, numbers, options.optimise);
    if (options.optimise) {
        add_missing_patches(events.list, numbers);
        for (const int channel : numbers.silent)
            events.silent_channel[static_cast<std::size_t>(channel)] = true;
    }
    sort(events.list);
    fold_opening(events.list, options.version);
    return events;
}

Written written(const Events& events, const Options& options) {
    const Layout& ids = layout(options.version);
    Written result;
    int time1_before = 0;
    for (const Event& event : events.list) {
        const bool sets_channel =
            event.kind == EventKind::kPatch || event.kind == EventKind::kControl;
        if (sets_channel && events.silent_channel[static_cast<std::size_t>(channel_of(event))])
            continue;
        std::vector<TokenId> row{ids.id_of(event.kind)};
        std::size_t value = 0;
        for (const Parameter parameter : ids.parameters(event.kind)) {
            int number = 0;
            if (parameter == Parameter::kTime1)
                number = event.time1 - time1_before;
            else if (parameter == Parameter::kTime2)
                number = event.time2;
            else if (parameter == Parameter::kTrack)
                number = event.track;
            else if (parameter == Parameter::kDuration)
                number = event.values[3];
            else
                number = event.values[value++];
            const IdSpan span = ids.span(parameter);
            if (number < 0 || number >= span.count) break;
            row.push_back(span.first + number);
        }
        if (row.size() != ids.parameters(event.kind).size() + 1) {
            result.unwritten_notes += event.kind == EventKind::kNote;
            continue;
        }
        time1_before = event.time1;
        result.rows.push_back(std::move(row));
        result.sources.push_back(event.source);
    }
    return result;
}

std::vector<Row> padded_rows(const Written& written) {
    std::vector<Row> rows{{kBegin}};
    for (const std::vector<TokenId>& row : written.rows)
        std::copy(row.begin(), row.end(), rows.emplace_back(Row{}).begin());
    rows.push_back({kEnd});
    return rows;
}

}  // namespace symphony::tokens::skytnt
