// Pitches by name, middle C being C4; black keys as C#, Eb, F#, Ab and Bb.
#pragma once

#include <string>
#include <string_view>

namespace symphony::score {

// 0 is C. Precondition: 0 <= pitch_class < 12.
std::string_view pitch_class_name(int pitch_class);
// "F#3" for 54. Precondition: 0 <= pitch < 128.
std::string pitch_name(int pitch);

}  // namespace symphony::score
