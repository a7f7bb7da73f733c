#include "symphony/score/pitch_name.h"

#include <array>

namespace symphony::score {

std::string_view pitch_class_name(int pitch_class) {
    static constexpr std::array<std::string_view, 12> kNames{"C",  "C#", "D",  "Eb", "E",  "F",
                                                             "F#", "G",  "Ab", "A",  "Bb", "B"};
    return kNames[static_cast<std::size_t>(pitch_class)];
}

std::string pitch_name(int pitch) {
    return std::string(pitch_class_name(pitch % 12)) + std::to_string(pitch / 12 - 1);
}

}  // namespace symphony::score
