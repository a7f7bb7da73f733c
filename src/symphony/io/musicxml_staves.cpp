// Notated parts and hands. Source: own.
#include "symphony/io/musicxml_staves.h"

#include "symphony/io/musicxml_clefs.h"
#include "symphony/io/musicxml_voices.h"
#include "symphony/score/general_midi.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace symphony::io::musicxml {
namespace {

constexpr int kMiddleC = 60;
constexpr int kReachOfOneLine = 30;  // semitones
constexpr int kReach = 7;            // semitones about middle C in which either hand may play

bool is_keyboard(int program) {
    return program < 9 || (program >= 16 && program <= 20) || program == 46;  // 46: harp
}

bool is_foot(int drum_key) { return drum_key == 35 || drum_key == 36 || drum_key == 44; }

StaffNote staff_note(const score::Note& note) {
    StaffNote made;
    made.onset = note.onset.value;
    made.end = note.end().value;
    made.pitch = note.pitch;
    made.velocity = note.velocity;
    made.voice = note.voice;
    return made;
}

// One line, not two hands: no two notes sound at once, within what a voice or a hand reaches.
bool is_one_line(const score::Part& part) {
    int lowest = score::kPitches, highest = 0;
    score::Ticks end;
    for (const score::Note& note : part.notes) {
        if (note.onset < end) return false;
        end = note.end();
        lowest = std::min<int>(lowest, note.pitch);
        highest = std::max<int>(highest, note.pitch);
    }
    return highest - lowest < kReachOfOneLine;
}

bool needs_two_staves(const score::Part& part) {
    if (part.is_drums || part.staff != 0 || !is_keyboard(part.program)) return false;
    if (is_one_line(part)) return false;
    std::size_t low = 0, high = 0;
    for (const score::Note& note : part.notes) {
        low += note.pitch < kMiddleC - kReach + 2;
        high += note.pitch > kMiddleC + kReach - 2;
    }
    // A few notes across do not make a second hand.
    const std::size_t few = std::max<std::size_t>(2, part.notes.size() / 20);
    return low >= few && high >= few;
}

// Notes near middle C go to the hand that lies nearer at that time.
void share_between_hands(const score::Part& part, Staff& right, Staff& left) {
    double right_at = 69, left_at = 50;
    for (const score::Note& note : part.notes) {
        const bool is_open = std::abs(note.pitch - kMiddleC) < kReach;
        const bool to_right =
            is_open ? std::abs(note.pitch - right_at) <= std::abs(note.pitch - left_at)
                    : note.pitch >= kMiddleC;
        double& at = to_right ? right_at : left_at;
        at += 0.25 * (note.pitch - at);
        (to_right ? right : left).notes.push_back(staff_note(note));
    }
}

// The lengths of drum notes say little: a stroke is drawn until the next one or its beat ends.
void draw_strokes(const score::Part& part, const score::Score& score, Staff& staff) {
    for (const score::Note& note : part.notes) {
        StaffNote stroke = staff_note(note);
        stroke.voice = is_foot(note.pitch) ? 2 : 1;
        staff.notes.push_back(stroke);
    }
    auto bar = score.bars.begin();
    for (std::size_t i = 0; i < staff.notes.size(); ++i) {
        StaffNote& stroke = staff.notes[i];
        while (bar != score.bars.end() && (bar->onset + bar->length).value <= stroke.onset) ++bar;
        const std::int64_t start = bar != score.bars.end() ? bar->onset.value : 0;
        const std::int64_t inside = stroke.onset - start;
        stroke.end = start + (inside / kUnits + 1) * kUnits;
        if (bar != score.bars.end())
            stroke.end = std::min(stroke.end, (bar->onset + bar->length).value);
        for (std::size_t j = i + 1; j < staff.notes.size(); ++j) {
            const StaffNote& next = staff.notes[j];
            if (next.onset >= stroke.end) break;
            if (next.onset > stroke.onset && next.voice == stroke.voice) stroke.end = next.onset;
        }
    }
    // One stroke of a drum at a time.
    std::stable_sort(staff.notes.begin(), staff.notes.end(), [](const auto& a, const auto& b) {
        return std::pair(a.onset, a.pitch) < std::pair(b.onset, b.pitch);
    });
}

// A voice that crosses the staves of a part is one on each: readers take notes of one voice for one
// melody, whatever staff they stand on.
void tell_voices_apart(NotatedPart& part) {
    std::set<int> given, used;
    for (const Staff& staff : part.staves)
        for (const Layer& layer : staff.layers) given.insert(layer.voice);
    for (std::size_t i = 0; i < part.staves.size(); ++i)
        for (Layer& layer : part.staves[i].layers) {
            if (!used.insert(layer.voice).second) {
                layer.voice = static_cast<int>(i * kMaxLayers) + 1;
                while (given.count(layer.voice) + used.count(layer.voice) > 0) ++layer.voice;
                used.insert(layer.voice);
            }
        }
}

bool continues(const score::Part& before, const score::Part& part) {
    return before.staff > 0 && part.staff > before.staff && part.name == before.name &&
           part.program == before.program && part.bank == before.bank && !part.is_drums &&
           !before.is_drums;
}

}  // namespace

std::vector<NotatedPart> notated_parts(const score::Score& score) {
    std::vector<NotatedPart> parts;
    const score::Part* before = nullptr;
    for (const score::Part& part : score.parts) {
        const bool joins = before != nullptr && continues(*before, part);
        if (!joins) {
            parts.emplace_back();
            parts.back().head = &part;
            parts.back().is_drums = part.is_drums;
            parts.back().name = !part.name.empty() ? part.name
                                : part.is_drums    ? "Drums"
                                                   : std::string(score::program_name(part.program));
        }
        before = &part;
        NotatedPart& notated = parts.back();
        if (needs_two_staves(part)) {
            notated.staves.resize(2);
            share_between_hands(part, notated.staves[0], notated.staves[1]);
            continue;
        }
        const std::size_t wanted = std::max<std::size_t>(1, part.is_drums ? 1 : part.staff);
        notated.staves.resize(std::max(notated.staves.size(), wanted));
        Staff& staff = notated.staves[wanted - 1];
        if (part.is_drums)
            draw_strokes(part, score, staff);
        else
            for (const score::Note& note : part.notes) staff.notes.push_back(staff_note(note));
    }
    for (NotatedPart& part : parts) {
        for (std::size_t i = 0; i < part.staves.size(); ++i) {
            Staff& staff = part.staves[i];
            std::stable_sort(staff.notes.begin(), staff.notes.end(),
                             [](const StaffNote& a, const StaffNote& b) {
                                 return std::pair(a.onset, a.pitch) < std::pair(b.onset, b.pitch);
                             });
            choose_clefs(staff, part, i, score.bars);
            assign_voices(staff, static_cast<int>(i * kMaxLayers) + 1);
        }
        tell_voices_apart(part);
    }
    return parts;
}

}  // namespace symphony::io::musicxml
