// The table of drums. Source: as in the header; names of General MIDI Level 1 (RP-003).
#include "symphony/io/musicxml_drum_places.h"

#include <array>

namespace symphony::io::musicxml {
namespace {

struct Drum {
    std::string_view name;
    DrumPlace place;
};

constexpr int kFirst = 35;
constexpr std::array kDrums{
    Drum{"Acoustic Bass Drum", {'E', 4, ""}},
    Drum{"Bass Drum", {'F', 4, ""}},
    Drum{"Side Stick", {'C', 5, "x"}},
    Drum{"Acoustic Snare", {'C', 5, ""}},
    Drum{"Hand Clap", {'C', 5, "triangle"}},
    Drum{"Electric Snare", {'C', 5, "diamond"}},
    Drum{"Low Floor Tom", {'G', 4, ""}},
    Drum{"Closed Hi-Hat", {'G', 5, "x"}},
    Drum{"High Floor Tom", {'A', 4, ""}},
    Drum{"Pedal Hi-Hat", {'D', 4, "x"}},
    Drum{"Low Tom", {'B', 4, ""}},
    Drum{"Open Hi-Hat", {'G', 5, "circle-x"}},
    Drum{"Low-Mid Tom", {'D', 5, ""}},
    Drum{"High-Mid Tom", {'E', 5, ""}},
    Drum{"Crash Cymbal 1", {'A', 5, "x"}},
    Drum{"High Tom", {'F', 5, ""}},
    Drum{"Ride Cymbal 1", {'F', 5, "x"}},
    Drum{"Chinese Cymbal", {'C', 6, "x"}},
    Drum{"Ride Bell", {'F', 5, "diamond"}},
    Drum{"Tambourine", {'B', 4, "triangle"}},
    Drum{"Splash Cymbal", {'B', 5, "diamond"}},
    Drum{"Cowbell", {'E', 5, "triangle"}},
    Drum{"Crash Cymbal 2", {'B', 5, "x"}},
    Drum{"Vibraslap", {'D', 5, "x"}},
    Drum{"Ride Cymbal 2", {'F', 5, "circle-x"}},
    Drum{"High Bongo", {'D', 5, "diamond"}},
    Drum{"Low Bongo", {'B', 4, "diamond"}},
    Drum{"Mute High Conga", {'E', 5, "x"}},
    Drum{"Open High Conga", {'E', 5, "diamond"}},
    Drum{"Low Conga", {'A', 4, "diamond"}},
    Drum{"High Timbale", {'E', 5, "circle-x"}},
    Drum{"Low Timbale", {'D', 5, "circle-x"}},
    Drum{"High Agogo", {'F', 5, "triangle"}},
    Drum{"Low Agogo", {'D', 5, "triangle"}},
    Drum{"Cabasa", {'A', 5, "triangle"}},
    Drum{"Maracas", {'A', 5, "diamond"}},
    Drum{"Short Whistle", {'B', 5, "triangle"}},
    Drum{"Long Whistle", {'B', 5, "circle-x"}},
    Drum{"Short Guiro", {'G', 4, "x"}},
    Drum{"Long Guiro", {'G', 4, "circle-x"}},
    Drum{"Claves", {'G', 5, "diamond"}},
    Drum{"High Wood Block", {'F', 4, "triangle"}},
    Drum{"Low Wood Block", {'E', 4, "triangle"}},
    Drum{"Mute Cuica", {'A', 4, "x"}},
    Drum{"Open Cuica", {'A', 4, "circle-x"}},
    Drum{"Mute Triangle", {'G', 5, "triangle"}},
    Drum{"Open Triangle", {'A', 5, "circle-x"}},
};

bool is_known(int key) { return key >= kFirst && key < kFirst + static_cast<int>(kDrums.size()); }

}  // namespace

DrumPlace drum_place(int key) {
    if (!is_known(key)) return {'B', 4, "x"};
    return kDrums[static_cast<std::size_t>(key - kFirst)].place;
}

std::string_view drum_name(int key) {
    return is_known(key) ? kDrums[static_cast<std::size_t>(key - kFirst)].name : "Percussion";
}

}  // namespace symphony::io::musicxml
