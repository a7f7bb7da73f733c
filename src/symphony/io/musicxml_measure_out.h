// Writes the measures of one notated part as XML. Source: W3C MusicXML 4.0 (note.mod,
// attributes.mod, direction.mod), whose order of elements it keeps.
#pragma once

#include "symphony/io/musicxml_marks.h"
#include "symphony/io/musicxml_notation.h"

#include <pugixml.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::io::musicxml {

// Pieces of one layer by bar; a bar in which a layer is silent has none, but for the
// first where the whole staff is.
using WrittenLayer = std::vector<std::vector<Piece>>;

struct WrittenPart {
    const NotatedPart* part = nullptr;
    std::string id;                                 // "P1"
    std::vector<std::vector<WrittenLayer>> staves;  // by staff and layer
    std::vector<Mark> marks;                        // by onset
    std::map<std::size_t, Syllable> syllables;      // of the first staff, by note
};

// What all parts share.
struct Page {
    const score::Score* score = nullptr;  // at kUnits per quarter, with bars and keys
    std::int64_t units_per_division = 1;
};

// The id of the instrument that plays `pitch` of a part, in the part list as in the notes.
std::string instrument_id(const WrittenPart& part, int pitch);

void write_measures(const Page& page, const WrittenPart& part, pugi::xml_node node);

}  // namespace symphony::io::musicxml
