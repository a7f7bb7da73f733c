#include "symphony/tokens/pretrained/skytnt_tracks.h"

#include <algorithm>
#include <tuple>

namespace symphony::tokens::skytnt {
namespace {

void append_new(std::vector<int>& list, int value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

}  // namespace

void TrackUse::event(int channel, int track) {
    append_new(channels, channel);
    append_new(tracks[channel], track);
}

void TrackUse::note(int channel, int track) {
    event(channel, track);
    append_new(note_tracks[channel], track);
}

TrackNumbers TrackNumbers::as_they_are(const TrackUse& use) {
    TrackNumbers numbers;
    for (const auto& [channel, tracks] : use.tracks)
        for (const int track : tracks) numbers.places.push_back({channel, track, track});
    numbers.channels = use.channels;
    return numbers;
}

TrackNumbers renumbered(const TrackUse& use, std::vector<Event>& events) {
    const auto is_silent = [&](int channel) { return !use.note_tracks.contains(channel); };
    std::vector<int> order = use.channels;
    std::stable_partition(order.begin(), order.end(),
                          [&](int channel) { return !is_silent(channel); });
    std::map<int, int> channel_of;  // source -> written
    int next = 0;
    for (const int channel : order) {
        if (channel == score::kMidiDrumChannel) {
            channel_of[channel] = channel;
            continue;
        }
        channel_of[channel] = next++;
        if (next == score::kMidiDrumChannel) ++next;
    }
    std::sort(order.begin(), order.end(),
              [&](int a, int b) { return channel_of[a] < channel_of[b]; });

    TrackNumbers numbers;
    std::map<std::pair<int, int>, int> track_of;  // source channel and track -> written track
    for (const bool silent : {false, true}) {
        for (const int channel : order) {
            if (is_silent(channel) != silent) continue;
            for (const int track : use.tracks.at(channel)) {
                const auto notes = use.note_tracks.find(channel);
                if (notes != use.note_tracks.end() &&
                    std::find(notes->second.begin(), notes->second.end(), track) ==
                        notes->second.end())
                    continue;
                const int written = static_cast<int>(track_of.size()) + 1;
                track_of[{channel, track}] = written;
                numbers.places.push_back({channel_of[channel], written, track});
            }
            if (silent) numbers.silent.insert(channel_of[channel]);
        }
    }
    for (const int channel : use.channels) numbers.channels.push_back(channel_of[channel]);
    for (const int channel : use.patched) numbers.patched.insert(channel_of[channel]);

    for (Event& event : events) {
        switch (event.kind) {
            case EventKind::kNote:
            case EventKind::kPatch:
            case EventKind::kControl: {
                const int channel = event.values[0];
                auto place = track_of.find({channel, event.track});
                // A track that has no note of the channel gives its events to the first that has.
                if (place == track_of.end())
                    place = track_of.find({channel, use.note_tracks.at(channel).front()});
                event.track = place->second;
                event.values[0] = channel_of[channel];
                break;
            }
            case EventKind::kTempo:
            case EventKind::kMeter:
                event.track = 0;
                break;
            case EventKind::kKey:
                break;
        }
    }
    return numbers;
}

void add_missing_patches(std::vector<Event>& events, const TrackNumbers& numbers) {
    for (const int channel : numbers.channels) {
        if (numbers.patched.contains(channel)) continue;
        const auto place =
            std::find_if(numbers.places.begin(), numbers.places.end(),
                         [&](const TrackNumbers::Place& p) { return p.channel == channel; });
        events.push_back(
            {.kind = EventKind::kPatch, .track = place->track, .values = {channel, 0}});
    }
}

}  // namespace symphony::tokens::skytnt
