// The head of a MusicXML score: title, composer, and the part list with its MIDI instruments.
#pragma once

#include "symphony/io/musicxml_issues.h"
#include "symphony/io/musicxml_model.h"

#include <pugixml.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::musicxml {

// One <score-instrument> with its <midi-instrument>.
struct Instrument {
    std::string id, name, sound;
    std::optional<std::uint8_t> channel;   // 0..15
    std::optional<std::uint8_t> program;   // 0..127
    std::optional<std::uint8_t> drum_key;  // 0..127, <midi-unpitched>
    std::optional<std::uint8_t> volume, pan;
    std::uint16_t bank = 0;
};

struct PartHead {
    RawPart part;  // without music yet
    std::vector<Instrument> instruments;
};

std::vector<PartHead> read_part_list(const pugi::xml_node& score);

// Title ("work: movement" where both are given) and composer into `raw`.
void read_titles(const pugi::xml_node& score, RawScore& raw);

// The General MIDI program (0..127) that an instrument's name says ("Violoncello", "Soprano",
// "keyboard.piano"), if any.
std::optional<std::uint8_t> program_from_name(std::string_view name);

// The General MIDI drum key for a notehead of unpitched percussion at a written step and octave
// (five-line staff, as drum kits are usually notated).
std::uint8_t drum_key_from_staff_place(char step, int octave);

}  // namespace symphony::io::musicxml
