// Which tracks play which channels, and how midi-model numbers both afresh. Source: see
// skytnt_events.h.
#pragma once

#include "symphony/tokens/pretrained/skytnt_events.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace symphony::tokens::skytnt {

// Channels in the order in which each was first heard of, and their tracks likewise.
struct TrackUse {
    std::vector<int> channels;
    std::map<int, std::vector<int>> tracks;       // of a channel: with any event of it
    std::map<int, std::vector<int>> note_tracks;  // of a channel: with notes of it
    std::set<int> patched;                        // channels that are given a patch

    void event(int channel, int track);
    void note(int channel, int track);
};

// Channels and tracks as they are written.
struct TrackNumbers {
    struct Place {
        int channel = 0, track = 0;  // as written
        int source_track = 0;
    };
    std::vector<Place> places;  // every channel of every track
    std::set<int> silent;       // written channels without notes
    std::set<int> patched;      // written channels that are given a patch
    std::vector<int> channels;  // written channels

    static TrackNumbers as_they_are(const TrackUse& use);
};

// Numbers channels in the order of their appearance, those without notes last and drums where they
// are, and tracks in the order of channels; changes `events`, whose tempos and metres go to track
// 0. Keys keep the track of their source.
TrackNumbers renumbered(const TrackUse& use, std::vector<Event>& events);

// Patch 0 at the start for each channel that has none.
void add_missing_patches(std::vector<Event>& events, const TrackNumbers& numbers);

}  // namespace symphony::tokens::skytnt
