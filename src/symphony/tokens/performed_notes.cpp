#include "symphony/tokens/performed_notes.h"

#include "symphony/score/time_map.h"

#include <algorithm>
#include <tuple>

namespace symphony::tokens {
namespace {

constexpr int kSustain = 64, kPedalDown = 64;

// At one time the pedal acts before the notes, and strikes come before ends.
enum class Act : std::uint8_t { kDown, kUp, kStrike, kEnd };

struct Moment {
    double at;
    Act act;
    std::size_t note;  // of kStrike and kEnd
};

void hold_by_pedal(std::vector<PerformedNote>& notes, const score::Part& part,
                   const score::TimeMap& time) {
    std::vector<Moment> moments;
    for (const score::ControlChange& control : part.controls)
        if (control.controller == kSustain)
            moments.push_back({time.seconds(control.onset).value,
                               control.value >= kPedalDown ? Act::kDown : Act::kUp, 0});
    if (moments.empty()) return;
    for (std::size_t n = 0; n < notes.size(); ++n) {
        moments.push_back({notes[n].onset, Act::kStrike, n});
        moments.push_back({notes[n].end, Act::kEnd, n});
    }
    std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
        return std::tuple(a.at, a.act) < std::tuple(b.at, b.act);
    });
    bool down = false;
    std::vector<std::size_t> active;  // held by the finger or the pedal
    std::vector<bool> gone(notes.size(), false);
    double last = 0;
    for (const Moment& moment : moments) {
        last = moment.at;
        switch (moment.act) {
            case Act::kDown:
                down = true;
                break;
            case Act::kUp:
                down = false;
                std::erase_if(active, [&](std::size_t n) {
                    const bool by_pedal = notes[n].end < moment.at;
                    if (by_pedal) notes[n].end = moment.at;
                    return by_pedal;
                });
                break;
            case Act::kStrike:
                if (down)
                    std::erase_if(active, [&](std::size_t n) {
                        if (notes[n].pitch != notes[moment.note].pitch) return false;
                        notes[n].end = moment.at;
                        gone[n] = notes[n].end <= notes[n].onset;
                        return true;
                    });
                active.push_back(moment.note);
                break;
            case Act::kEnd:
                if (!down) std::erase(active, moment.note);
                break;
        }
    }
    for (const std::size_t n : active) notes[n].end = last;
    std::vector<PerformedNote> kept;
    for (std::size_t n = 0; n < notes.size(); ++n)
        if (!gone[n]) kept.push_back(notes[n]);
    notes = std::move(kept);
}

}  // namespace

std::vector<PerformedNote> performed_notes(const score::Score& score) {
    const score::TimeMap time(score);
    std::vector<PerformedNote> all;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        if (part.is_drums) continue;
        std::vector<PerformedNote> notes;
        for (std::size_t n = 0; n < part.notes.size(); ++n)
            notes.push_back({time.seconds(part.notes[n].onset).value,
                             time.seconds(part.notes[n].end()).value,
                             part.notes[n].pitch,
                             part.notes[n].velocity,
                             {static_cast<int>(p), static_cast<int>(n)}});
        hold_by_pedal(notes, part, time);
        all.insert(all.end(), notes.begin(), notes.end());
    }
    std::stable_sort(all.begin(), all.end(), [](const PerformedNote& a, const PerformedNote& b) {
        return std::tuple(a.onset, a.pitch) < std::tuple(b.onset, b.pitch);
    });
    return all;
}

}  // namespace symphony::tokens
