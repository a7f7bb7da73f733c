// What a token says about a part: drums or program, and which kind of player its name means.
// Source: own.
#pragma once

#include "symphony/score/score.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::tokens {

// The kind of player that a part's name means, in any of the languages scores use: "Violin" for
// "Violino II", "Soprano" for "S.". Empty if the name means none we know. A class's own name, also
// with a number behind it, means itself.
std::string name_class(std::string_view part_name);

// Parts of one piece that are of one class are told apart by `ordinal`, 1, 2, ... in their order.
struct PartClass {
    bool is_drums = false;
    int program = 0;   // General MIDI 0..127; of drums, the kit
    std::string name;  // a name class, may be empty
    int ordinal = 1;
    auto operator<=>(const PartClass&) const = default;

    std::string token() const;  // "Part_Violin/40", "Part_Violin/40#2", "Part_drums/0"
};

// The class of each part, in their order.
std::vector<PartClass> part_classes(std::span<const score::Part> parts);

// For each of `wanted` the index of the class in `known` that stands for it, -1 for none: itself
// where known, else the nearest one not yet taken (never drums for pitched parts or the reverse).
std::vector<int> assign_classes(std::span<const PartClass> wanted,
                                std::span<const PartClass> known);

// A name for each part: its class's, numbered where several share it.
std::vector<std::string> display_names(std::span<const PartClass> parts);

}  // namespace symphony::tokens
