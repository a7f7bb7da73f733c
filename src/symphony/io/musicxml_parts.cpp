// Part list, instruments and titles. Sources: MusicXML 4.0 (score.mod, identity.mod), General MIDI
// level 1 program list; drum places after N. Weinberg, "Guidelines for drumset notation" (1994).
#include "symphony/io/musicxml_parts.h"

#include "symphony/base/text.h"
#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

struct NamedProgram {
    const char* word;  // lower case, found anywhere in the name
    std::uint8_t program;
};

// More special names stand before those they contain.
constexpr NamedProgram kNamedPrograms[] = {
    {"contrabassoon", 70},
    {"bassoon", 70},
    {"fagott", 70},
    {"basson", 70},
    {"english horn", 69},
    {"cor anglais", 69},
    {"english-horn", 69},
    {"contrabass", 43},
    {"double bass", 43},
    {"kontrabass", 43},
    {"string bass", 43},
    {"violoncello", 42},
    {"cello", 42},
    {"viola da", 42},
    {"viola", 41},
    {"bratsche", 41},
    {"violin", 40},
    {"violon", 40},
    {"vln", 40},
    {"fiddle", 40},
    {"harpsichord", 6},
    {"cembalo", 6},
    {"clavecin", 6},
    {"clavichord", 7},
    {"celesta", 8},
    {"glockenspiel", 9},
    {"vibraphone", 11},
    {"marimba", 12},
    {"xylophone", 13},
    {"electric piano", 4},
    {"piano", 0},
    {"klavier", 0},
    {"keyboard", 0},
    {"harmonium", 20},
    {"accordion", 21},
    {"harmonica", 22},
    {"organ", 19},
    {"orgel", 19},
    {"electric bass", 33},
    {"bass guitar", 33},
    {"electric guitar", 27},
    {"guitar", 24},
    {"lute", 24},
    {"mandolin", 24},
    {"harp", 46},
    {"timpani", 47},
    {"trombone", 57},
    {"posaune", 57},
    {"trumpet", 56},
    {"trompete", 56},
    {"cornet", 56},
    {"tuba", 58},
    {"french horn", 60},
    {"horn", 60},
    {"saxophone", 65},
    {"sax", 65},
    {"clarinet", 71},
    {"klarinette", 71},
    {"oboe", 68},
    {"piccolo", 72},
    {"recorder", 74},
    {"flute", 73},
    {"flöte", 73},
    {"soprano", 52},
    {"alto", 52},
    {"tenor", 52},
    {"baritone", 52},
    {"bass", 52},
    {"sopran", 52},
    {"singstimme", 52},
    {"gesang", 52},
    {"voice", 52},
    {"voix", 52},
    {"vocal", 52},
    {"canto", 52},
    {"chant", 52},
    {"choir", 52},
    {"chorus", 52},
    {"strings", 48},
};

std::optional<std::uint8_t> byte_within(std::string_view text, long first, long last) {
    const auto value = parse_integer(text);
    if (!value || *value < first || *value > last) return std::nullopt;
    return static_cast<std::uint8_t>(*value - first);
}

// <volume> in percent as CC7.
std::optional<std::uint8_t> controller_of_volume(std::string_view text) {
    const auto percent = parse_decimal(text);
    if (!percent) return std::nullopt;
    return static_cast<std::uint8_t>(std::lround(std::clamp(*percent, 0.0, 100.0) * 1.27));
}

// <pan>: degrees, -90 is hard left, 90 hard right, beyond is behind the listener.
std::optional<std::uint8_t> controller_of_pan(std::string_view text) {
    const auto degrees = parse_decimal(text);
    if (!degrees) return std::nullopt;
    const double side = std::clamp(*degrees / 90.0, -1.0, 1.0);
    return static_cast<std::uint8_t>(std::lround(side < 0 ? 64 + side * 64 : 64 + side * 63));
}

void read_midi_instrument(const pugi::xml_node& node, Instrument& instrument) {
    for (const auto child : node.children()) {
        const std::string_view name = child.name();
        const std::string_view text = text_of(child);
        if (name == "midi-channel") instrument.channel = byte_within(text, 1, 16);
        if (name == "midi-program") instrument.program = byte_within(text, 1, 128);
        if (name == "midi-unpitched") instrument.drum_key = byte_within(text, 1, 128);
        if (name == "volume") instrument.volume = controller_of_volume(text);
        if (name == "pan") instrument.pan = controller_of_pan(text);
        if (name == "midi-bank")
            if (const auto bank = parse_integer(text); bank && *bank >= 1 && *bank <= 16384)
                instrument.bank = static_cast<std::uint16_t>(*bank - 1);
    }
}

Instrument& instrument_of(std::vector<Instrument>& instruments, const std::string& id) {
    for (Instrument& instrument : instruments)
        if (instrument.id == id) return instrument;
    instruments.emplace_back();
    instruments.back().id = id;
    return instruments.back();
}

PartHead read_part_head(const pugi::xml_node& node) {
    PartHead head;
    head.part.id = node.attribute("id").value();
    head.part.name = line_of(node.child_value("part-name"));
    for (const auto child : node.children()) {
        const std::string_view name = child.name();
        if (name == "score-instrument") {
            Instrument& instrument = instrument_of(head.instruments, child.attribute("id").value());
            instrument.name = line_of(child.child_value("instrument-name"));
            instrument.sound = line_of(child.child_value("instrument-sound"));
        } else if (name == "midi-instrument") {
            read_midi_instrument(child,
                                 instrument_of(head.instruments, child.attribute("id").value()));
        }
    }
    if (head.part.name.empty() && !head.instruments.empty())
        head.part.name = head.instruments.front().name;

    std::optional<std::uint8_t> program;
    if (!head.instruments.empty()) {
        const Instrument& first = head.instruments.front();
        head.part.channel = first.channel;
        head.part.bank = first.bank;
        head.part.volume = first.volume;
        head.part.pan = first.pan;
        head.part.is_drums = first.channel == std::uint8_t{9};
        program = first.program;
        if (!program) program = program_from_name(first.sound);
        if (!program) program = program_from_name(first.name);
    }
    // Program 1 (piano) is also what stands there when nobody chose one; then the name knows
    // better.
    if (program.value_or(0) == 0)
        if (const auto named = program_from_name(head.part.name)) program = named;
    head.part.program = program.value_or(0);
    return head;
}

// Some programs write the file's name where the title belongs.
std::string title_line(std::string_view text) {
    std::string title = line_of(text);
    for (const std::string_view ending : {".mxl", ".xml", ".musicxml"})
        if (title.size() > ending.size() &&
            base::to_lower(std::string_view(title).substr(title.size() - ending.size())) == ending)
            title.resize(title.size() - ending.size());
    return title;
}

}  // namespace

std::vector<PartHead> read_part_list(const pugi::xml_node& score) {
    std::vector<PartHead> heads;
    for (const auto node : score.child("part-list").children("score-part"))
        heads.push_back(read_part_head(node));
    return heads;
}

void read_titles(const pugi::xml_node& score, RawScore& raw) {
    const std::string work = title_line(score.child("work").child_value("work-title"));
    const std::string movement = title_line(score.child_value("movement-title"));
    raw.title = work;
    if (raw.title.empty() || movement.find(work) != std::string::npos)
        raw.title = movement;
    else if (!movement.empty() && work.find(movement) == std::string::npos)
        raw.title = work + ": " + movement;
    for (const auto creator : score.child("identification").children("creator")) {
        const std::string_view type = creator.attribute("type").value();
        if (type != "composer") continue;
        if (!raw.composer.empty()) raw.composer += ", ";
        raw.composer += line_of(creator.child_value());
    }
    for (const auto credit : score.children("credit")) {
        const std::string_view type = text_of(credit.child("credit-type"));
        const std::string words = line_of(credit.child_value("credit-words"));
        if (type == "title" && raw.title.empty()) raw.title = words;
        if (type == "composer" && raw.composer.empty()) raw.composer = words;
    }
}

std::optional<std::uint8_t> program_from_name(std::string_view name) {
    const std::string lower = base::to_lower(name);
    for (const NamedProgram& named : kNamedPrograms)
        if (lower.find(named.word) != std::string::npos) return named.program;
    return std::nullopt;
}

std::uint8_t drum_key_from_staff_place(char step, int octave) {
    struct Place {
        char step;
        int octave;
        std::uint8_t key;
    };
    constexpr Place kPlaces[] = {
        {'D', 4, 44},  // pedal hi-hat
        {'E', 4, 35},  // acoustic bass drum
        {'F', 4, 36},  // bass drum
        {'G', 4, 41},  // low floor tom
        {'A', 4, 43},  // high floor tom
        {'B', 4, 45},  // low tom
        {'C', 5, 38},  // snare
        {'D', 5, 47},  // low-mid tom
        {'E', 5, 48},  // high-mid tom
        {'F', 5, 51},  // ride
        {'G', 5, 42},  // closed hi-hat
        {'A', 5, 49},  // crash
        {'B', 5, 57},  // crash 2
    };
    for (const Place& place : kPlaces)
        if (place.step == step && place.octave == octave) return place.key;
    return 38;
}

}  // namespace symphony::io::musicxml
