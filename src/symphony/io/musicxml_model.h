// What a MusicXML file says, measure by measure, before it is laid out in time. Times are integers
// of RawScore::resolution per quarter, counted from the start of the measure as written.
#pragma once

#include "symphony/score/score.h"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace symphony::io::musicxml {

struct Position {
    std::int32_t measure = 0;  // index in written order
    std::int64_t offset = 0;
    auto operator<=>(const Position&) const = default;
};

struct RawNote {
    Position at;
    std::int64_t duration = 0;
    std::uint8_t pitch = 0;
    std::uint8_t voice = 0;
    std::uint8_t staff = 1;
    bool is_drum = false;
    bool tie_start = false;
    bool tie_stop = false;
    bool ends_phrase = false;   // fermata, breath mark or caesura
    std::uint8_t accent = 0;    // added to the velocity
    std::uint8_t velocity = 0;  // 0: from the dynamics in force
};

enum class DynamicKind : std::uint8_t {
    kLevel,      // holds until the next
    kAccent,     // this onset only (sf, sfz, fp)
    kCrescendo,  // the start of a wedge
    kDiminuendo,
    kWedgeEnd,
};

struct RawDynamic {
    Position at;
    DynamicKind kind = DynamicKind::kLevel;
    double velocity = 0;  // of kLevel and kAccent
    int number = 1;       // tells wedges apart
};

struct RawTempo {
    Position at;
    double quarters_per_minute = score::kDefaultTempoBpm;
};

struct RawKey {
    Position at;
    score::Key key;  // as sounding
};

struct RawText {
    Position at;
    score::TextKind kind = score::TextKind::kText;
    std::string text;
};

struct RawProgram {
    Position at;
    std::uint8_t program = 0;
    std::uint16_t bank = 0;
};

// A span [at, end) after which a phrase ends: a rest with a fermata, a fermata on a bar line.
struct RawPhrase {
    Position at;
    std::int64_t duration = 0;
};

struct Barline {
    bool repeat_forward = false;
    bool repeat_backward = false;
    int times = 2;              // how often a repeated section is played in all
    std::vector<int> ending;    // numbers of the ending that starts here
    bool ending_stops = false;  // stop or discontinue
    bool ends_section = false;  // light-light, light-heavy, ...
    bool has_fermata = false;
};

struct RawMeasure {
    std::int64_t notes_end = 0;         // where notes, rests and gaps of the fullest voice end
    std::int64_t rest_end = 0;          // the same for whole-measure rests
    bool implicit = false;              // not counted: an upbeat or the rest of a split bar
    bool meter_is_free = false;         // senza misura
    std::optional<score::Meter> meter;  // a change at this measure
    Barline left, right;
    bool segno = false, coda = false, fine = false;
    bool to_coda = false, da_capo = false, dal_segno = false;
};

struct RawPart {
    std::string id, name;
    bool is_drums = false;
    bool is_transposed = false;  // not by whole octaves
    int staves = 1;
    std::optional<std::uint8_t> channel;
    std::uint8_t program = 0;
    std::uint16_t bank = 0;
    std::optional<std::uint8_t> volume, pan;  // CC7 and CC10
    std::vector<RawNote> notes;
    std::vector<RawDynamic> dynamics;
    std::vector<RawKey> keys;
    std::vector<RawText> lyrics;
    std::vector<RawProgram> programs;
};

// Measures [first, last): a stretch of music whose repeats and jumps stay inside it.
struct Span {
    int first = 0, last = 0;
};

struct RawScore {
    std::int64_t resolution = 1;  // per quarter
    bool is_exact = true;         // resolution is a common multiple of all divisions
    std::string title, composer;
    std::vector<RawPart> parts;
    std::vector<RawMeasure> measures;
    std::vector<Span> spans;  // in the order performed; none: all measures are one
    std::vector<RawTempo> tempos;
    std::vector<RawText> texts;
    std::vector<RawPhrase> phrases;
};

}  // namespace symphony::io::musicxml
