// Directions of one part: dynamics, wedges, tempo, words, jumps. Source: MusicXML 4.0
// (direction.mod); the velocities of dynamic marks are those that notation programs write.
#include "symphony/io/musicxml_measure.h"
#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace symphony::io::musicxml {
namespace {

struct Mark {
    std::string_view name;
    double velocity;     // at the onset
    double level_after;  // 0: the level before stays
};
constexpr Mark kMarks[] = {
    {"pppppp", 3, 3},    {"ppppp", 6, 6},      {"pppp", 10, 10},  {"ppp", 16, 16},
    {"pp", 33, 33},      {"p", 49, 49},        {"mp", 64, 64},    {"mf", 80, 80},
    {"f", 96, 96},       {"ff", 112, 112},     {"fff", 124, 124}, {"ffff", 126, 126},
    {"fffff", 127, 127}, {"ffffff", 127, 127}, {"sf", 112, 0},    {"sfz", 112, 0},
    {"fz", 112, 0},      {"rf", 104, 0},       {"rfz", 104, 0},   {"sffz", 124, 0},
    {"fp", 96, 49},      {"sfp", 112, 49},     {"sfpp", 112, 33}, {"sfzp", 112, 49},
    {"pf", 49, 96},      {"n", 1, 1},
};

// A <sound dynamics> of 100 is MIDI velocity 90.
double velocity_of_percent(double percent) { return std::clamp(percent * 0.9, 1.0, 127.0); }

double quarters_of_beat_unit(std::string_view unit) {
    if (unit == "whole") return 4;
    if (unit == "half") return 2;
    if (unit == "eighth") return 0.5;
    if (unit == "16th") return 0.25;
    if (unit == "32nd") return 0.125;
    if (unit == "breve") return 8;
    return unit == "quarter" ? 1 : 0;
}

// "120", "c. 96", "60-72" (the mean): the first number or range in the text.
std::optional<double> tempo_number(std::string_view text) {
    double found[2] = {0, 0};
    int count = 0;
    for (std::size_t i = 0; i < text.size() && count < 2;) {
        if (text[i] < '0' || text[i] > '9') {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.'))
            ++end;
        std::string_view number = text.substr(i, end - i);
        while (!number.empty() && number.back() == '.') number.remove_suffix(1);
        if (const auto value = parse_decimal(number)) found[count++] = *value;
        i = end;
    }
    if (count == 0) return std::nullopt;
    return count == 1 ? found[0] : (found[0] + found[1]) / 2;
}

// Quarters per minute of a <metronome> with a number; none for metric modulations.
std::optional<double> tempo_of_metronome(const pugi::xml_node& node) {
    const auto unit = node.child("beat-unit");
    double quarters = quarters_of_beat_unit(text_of(unit));
    double dot = quarters / 2;
    for (auto next = unit.next_sibling(); next && std::string_view(next.name()) == "beat-unit-dot";
         next = next.next_sibling()) {
        quarters += dot;
        dot /= 2;
    }
    const auto number = tempo_number(text_of(node.child("per-minute")));
    if (!number || quarters <= 0) return std::nullopt;
    return *number * quarters;
}

bool is_playable_tempo(double quarters_per_minute) {
    return quarters_per_minute >= 1 && quarters_per_minute <= 2000;
}

}  // namespace

void PartReader::read_direction(const pugi::xml_node& node) {
    const auto sound = node.child("sound");
    Position at = here();
    for (const auto& offset : {node.child("offset"), sound.child("offset")}) {
        const std::string_view counts = offset.attribute("sound").value();
        const bool is_of_sound = offset && offset.parent() == sound;
        if (!is_of_sound && counts != "yes") continue;
        if (const auto divisions = parse_decimal(text_of(offset)))
            at.offset = std::max<std::int64_t>(0, at.offset + units_of(*divisions));
    }
    const auto percent = parse_decimal(sound.attribute("dynamics").value());
    const double sound_velocity = percent ? velocity_of_percent(*percent) : 0;
    bool has_mark = false;
    for (auto type = node.child("direction-type"); type; type = type.next_sibling("direction-type"))
        for (auto child = type.first_child(); child; child = child.next_sibling()) {
            const std::string_view name = child.name();
            if (name == "dynamics") {
                read_dynamics(child, at, sound_velocity);
                has_mark = true;
            } else if (name == "wedge") {
                read_wedge(child, at);
            } else if (name == "metronome" && !sound.attribute("tempo")) {
                if (const auto tempo = tempo_of_metronome(child)) {
                    if (is_playable_tempo(*tempo))
                        raw_.tempos.push_back({at, *tempo});
                    else
                        log_.add(Issue::kBadTempo, child, part_);
                }
            } else if (name == "words" || name == "rehearsal") {
                std::string text = line_of(child.child_value());
                if (text.empty()) continue;
                const auto kind =
                    name == "rehearsal" ? score::TextKind::kMarker : score::TextKind::kText;
                raw_.texts.push_back({at, kind, std::move(text)});
            } else if (name == "segno") {
                measure().segno = true;
            } else if (name == "coda") {
                measure().coda = true;
            }
        }
    if (!has_mark && sound_velocity > 0)
        part().dynamics.push_back({at, DynamicKind::kLevel, sound_velocity, 1});
    if (sound) read_sound(sound, at);
}

void PartReader::read_dynamics(const pugi::xml_node& node, Position at, double sound_velocity) {
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        const auto* mark = std::find_if(std::begin(kMarks), std::end(kMarks),
                                        [&](const Mark& m) { return m.name == name; });
        if (mark == std::end(kMarks)) continue;
        const bool holds = mark->level_after == mark->velocity;
        if (!holds) {
            const double peak = sound_velocity > 0 ? sound_velocity : mark->velocity;
            part().dynamics.push_back({at, DynamicKind::kAccent, peak, 1});
        }
        if (mark->level_after > 0) {
            const bool sound_counts = holds && sound_velocity > 0;
            part().dynamics.push_back(
                {at, DynamicKind::kLevel, sound_counts ? sound_velocity : mark->level_after, 1});
        }
    }
}

void PartReader::read_wedge(const pugi::xml_node& node, Position at) {
    const std::string_view type = node.attribute("type").value();
    RawDynamic wedge;
    wedge.at = at;
    wedge.number = static_cast<int>(
        std::clamp<long>(parse_integer(node.attribute("number").value()).value_or(1), 1, 16));
    if (type == "crescendo")
        wedge.kind = DynamicKind::kCrescendo;
    else if (type == "diminuendo")
        wedge.kind = DynamicKind::kDiminuendo;
    else if (type == "stop")
        wedge.kind = DynamicKind::kWedgeEnd;
    else
        return;
    part().dynamics.push_back(wedge);
}

void PartReader::read_sound(const pugi::xml_node& node, Position at) {
    if (const auto attribute = node.attribute("tempo")) {
        const auto tempo = parse_decimal(attribute.value());
        if (tempo && is_playable_tempo(*tempo))
            raw_.tempos.push_back({at, *tempo});
        else
            log_.add(Issue::kBadTempo, node, part_);
    }
    const std::string_view parent = node.parent().name();
    if (parent == "measure")
        if (const auto percent = parse_decimal(node.attribute("dynamics").value()))
            part().dynamics.push_back({at, DynamicKind::kLevel, velocity_of_percent(*percent), 1});
    const std::string_view da_capo = node.attribute("dacapo").value();
    if (da_capo == "yes") measure().da_capo = true;
    if (node.attribute("dalsegno")) measure().dal_segno = true;
    if (node.attribute("tocoda")) measure().to_coda = true;
    if (node.attribute("segno")) measure().segno = true;
    if (node.attribute("coda")) measure().coda = true;
    if (node.attribute("fine")) measure().fine = true;
    for (auto child = node.child("midi-instrument"); child;
         child = child.next_sibling("midi-instrument")) {
        const auto program = parse_integer(text_of(child.child("midi-program")));
        if (!program || *program < 1 || *program > 128) continue;
        const auto bank = parse_integer(text_of(child.child("midi-bank"))).value_or(1);
        RawProgram change{at, static_cast<std::uint8_t>(*program - 1), 0};
        if (bank >= 1 && bank <= 16384) change.bank = static_cast<std::uint16_t>(bank - 1);
        part().programs.push_back(change);
    }
}

}  // namespace symphony::io::musicxml
