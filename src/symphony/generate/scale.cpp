#include "symphony/generate/scale.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace symphony::generate {
namespace {

struct Mode {
    std::string_view name;
    std::vector<int> steps;  // semitones above the tonic
};

const std::vector<Mode>& modes() {
    static const std::vector<Mode> kModes{{"major", {0, 2, 4, 5, 7, 9, 11}},
                                          {"minor", {0, 2, 3, 5, 7, 8, 10}},
                                          {"harmonic minor", {0, 2, 3, 5, 7, 8, 11}},
                                          {"melodic minor", {0, 2, 3, 5, 7, 9, 11}},
                                          {"dorian", {0, 2, 3, 5, 7, 9, 10}},
                                          {"phrygian", {0, 1, 3, 5, 7, 8, 10}},
                                          {"lydian", {0, 2, 4, 6, 7, 9, 11}},
                                          {"mixolydian", {0, 2, 4, 5, 7, 9, 10}},
                                          {"locrian", {0, 1, 3, 5, 6, 8, 10}},
                                          {"major pentatonic", {0, 2, 4, 7, 9}},
                                          {"minor pentatonic", {0, 3, 5, 7, 10}},
                                          {"blues", {0, 3, 5, 6, 7, 10}},
                                          {"whole tone", {0, 2, 4, 6, 8, 10}},
                                          {"chromatic", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}};
    return kModes;
}

std::string mode_names() {
    std::string names;
    for (const Mode& mode : modes()) names += (names.empty() ? "" : ", ") + std::string(mode.name);
    return names;
}

}  // namespace

int parse_pitch_class(std::string_view text, std::size_t& length) {
    constexpr std::string_view kLetters = "cdefgab";
    constexpr std::array kSemitones{0, 2, 4, 5, 7, 9, 11};
    const auto letter =
        text.empty() ? std::string_view::npos : kLetters.find(base::to_lower(text.substr(0, 1)));
    if (letter == std::string_view::npos) return -1;
    int pitch_class = kSemitones[letter];
    for (length = 1; length < text.size(); ++length) {
        if (text[length] == '#')
            ++pitch_class;
        else if (text[length] == 'b')
            --pitch_class;
        else
            break;
    }
    return (pitch_class % 12 + 12) % 12;
}

Scale parse_scale(std::string_view text) {
    const std::string trimmed = base::trim(text);
    std::size_t length = 0;
    const int tonic = parse_pitch_class(trimmed, length);
    std::string mode = tonic < 0 ? "" : base::to_lower(base::trim(trimmed.substr(length)));
    if (mode.starts_with('-')) mode.erase(0, 1);
    if (mode.empty() || mode == "maj") mode = "major";
    if (mode == "m" || mode == "min") mode = "minor";
    const auto found = std::find_if(modes().begin(), modes().end(),
                                    [&](const Mode& known) { return known.name == mode; });
    if (tonic < 0 || found == modes().end())
        throw base::Error(base::ErrorKind::kUsage, "not a scale: \"" + std::string(text) + "\"", {},
                          "write a tonic and a mode, like \"D dorian\"; modes: " + mode_names());
    Scale scale{trimmed.substr(0, length) + " " + mode, {}};
    for (const int step : found->steps)
        scale.pitch_classes.set(static_cast<std::size_t>((tonic + step) % 12));
    return scale;
}

}  // namespace symphony::generate
