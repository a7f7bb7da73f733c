#include "symphony/tokens/pretrained/skytnt_keys.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace symphony::tokens::skytnt {
namespace {

constexpr int kNoSharps = 7;  // as the parameter counts them
constexpr int kScale = 7;
constexpr double kLeastShare = 0.7;

Event key_event(const Event& like, const TrackNumbers::Place& place) {
    Event key = like;
    key.track = place.track;
    if (place.channel == score::kMidiDrumChannel) key.values[0] = kNoSharps;
    return key;
}

}  // namespace

std::optional<int> guessed_sharps(const std::vector<Event>& events) {
    std::array<int, 12> counts{};
    for (const Event& event : events)
        if (event.kind == EventKind::kNote && event.values[0] != score::kMidiDrumChannel)
            ++counts[static_cast<std::size_t>(event.values[1] % 12)];
    const int total = std::accumulate(counts.begin(), counts.end(), 0);
    if (total == 0) return std::nullopt;
    std::array<int, 12> classes;
    std::iota(classes.begin(), classes.end(), 0);
    std::stable_sort(classes.begin(), classes.end(), [&](int a, int b) {
        return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
    });
    int held = 0;
    for (int i = 0; i < kScale; ++i)
        held += counts[static_cast<std::size_t>(classes[static_cast<std::size_t>(i)])];
    if (static_cast<double>(held) / total < kLeastShare) return std::nullopt;
    std::sort(classes.begin(), classes.begin() + kScale);
    std::vector<int> above_semitones;  // the upper notes of semitone steps, rising
    for (std::size_t i = 0; i < kScale; ++i) {
        const int below = classes[(i + kScale - 1) % kScale];
        if ((classes[i] - below + 12) % 12 == 1) above_semitones.push_back(classes[i]);
    }
    if (above_semitones.size() != 2) return std::nullopt;
    const int distance = above_semitones[1] - above_semitones[0];
    if (distance != 5 && distance != 7) return std::nullopt;
    const int root = above_semitones[distance == 5 ? 0 : 1];
    const int sharps = root * 7 % 12;
    return sharps > 6 ? sharps - 12 : sharps;
}

void place_keys(std::vector<Event>& events, const TrackNumbers& numbers, bool optimise) {
    std::vector<Event> given;
    for (const Event& event : events)
        if (event.kind == EventKind::kKey) given.push_back(event);
    const bool guess = std::all_of(given.begin(), given.end(),
                                   [](const Event& key) { return key.values[0] == kNoSharps; });
    if (!guess && !optimise) return;
    std::erase_if(events, [](const Event& event) { return event.kind == EventKind::kKey; });
    const auto sounds = [&](const TrackNumbers::Place& place) {
        return !numbers.silent.contains(place.channel);
    };
    if (guess) {
        const std::optional<int> sharps = guessed_sharps(events);
        if (!sharps) return;
        const Event key{.kind = EventKind::kKey, .values = {*sharps + kNoSharps, 0}};
        if (!optimise) events.push_back(key);
        std::set<int> done;
        for (const TrackNumbers::Place& place : numbers.places)
            if (sounds(place) && done.insert(place.track).second)
                events.push_back(key_event(key, place));
        return;
    }
    for (const Event& key : given) {
        bool placed = false;
        for (const TrackNumbers::Place& place : numbers.places) {
            if (place.source_track != key.track || !sounds(place)) continue;
            events.push_back(key_event(key, place));
            placed = true;
        }
        if (!placed) {
            events.push_back(key);
            events.back().track = 0;
        }
    }
}

}  // namespace symphony::tokens::skytnt
