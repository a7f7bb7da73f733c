// Names for General MIDI percussion keys (GM level 1 percussion map), and one line that
// says what a piece is in.
#include "symphony/view/piano_roll.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {

std::string drum_name(int key) {
    static constexpr std::array<const char*, 47> kFrom35 = {
        "bass drum 2",   "bass drum",     "side stick",    "snare",        "clap",
        "snare 2",       "low floor tom", "closed hi-hat", "floor tom",    "pedal hi-hat",
        "low tom",       "open hi-hat",   "low-mid tom",   "high-mid tom", "crash",
        "high tom",      "ride",          "china",         "ride bell",    "tambourine",
        "splash",        "cowbell",       "crash 2",       "vibraslap",    "ride 2",
        "high bongo",    "low bongo",     "mute conga",    "open conga",   "low conga",
        "high timbale",  "low timbale",   "high agogo",    "low agogo",    "cabasa",
        "maracas",       "short whistle", "long whistle",  "short guiro",  "long guiro",
        "claves",        "high block",    "low block",     "mute cuica",   "open cuica",
        "mute triangle", "open triangle"};
    const int index = key - 35;
    if (index < 0 || index >= static_cast<int>(kFrom35.size())) return fmt::format("drum {}", key);
    return kFrom35[static_cast<std::size_t>(index)];
}

std::string describe_signature(const score::Score& score) {
    std::string text;
    const auto add = [&](const std::string& piece) {
        if (!text.empty()) text += " · ";
        text += piece;
    };
    if (!score.keys.empty()) add(score.keys[0].key.name());
    if (!score.meters.empty())
        add(fmt::format("{}/{}", score.meters[0].meter.numerator,
                        score.meters[0].meter.denominator));
    if (!score.tempos.empty())
        add(fmt::format("\u2669 = {:.0f}", score.tempos[0].quarters_per_minute));
    return text;
}

}  // namespace symphony::view
