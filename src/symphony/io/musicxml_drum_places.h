// Where the General MIDI drums stand on a five-line staff, and their noteheads. Source: N.
// Weinberg, "Guide to Standardized Drumset Notation" (Percussive Arts Society, 1998); the drums
// that it does not know: own.
#pragma once

#include <string_view>

namespace symphony::io::musicxml {

struct DrumPlace {
    char step;
    int octave;
    std::string_view notehead;  // of MusicXML; empty: the normal one
};

// Precondition: 0 <= key < 128.
DrumPlace drum_place(int key);

// "Acoustic Snare" for 38; "Percussion" outside General MIDI's 35..81.
std::string_view drum_name(int key);

}  // namespace symphony::io::musicxml
