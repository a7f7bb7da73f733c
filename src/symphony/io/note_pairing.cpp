#include "symphony/io/note_pairing.h"

#include <algorithm>

namespace symphony::io {
namespace {

// Marks a note that was struck again at once and has no end of its own.
constexpr score::Ticks kDoubled(-1);

void end_note(score::Note& note, std::int64_t at) {
    note.duration = score::Ticks(at - note.onset.value);
}

}  // namespace

bool NotePairing::strike(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch,
                         std::uint8_t velocity) {
    Slot& slot = slots_[pitch];
    const auto index = static_cast<std::uint32_t>(notes.size());
    score::Note note;
    note.onset = score::Ticks(at);
    note.pitch = pitch;
    note.velocity = velocity;
    notes.push_back(note);
    ++sounding_;
    if (slot.sounding++ == 0) {
        slot.note = index;
        return false;
    }
    if (slot.stretch.empty()) slot.stretch.push_back({notes[slot.note].onset.value, slot.note});
    slot.stretch.push_back({at, index});
    return true;
}

bool NotePairing::release(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch) {
    Slot& slot = slots_[pitch];
    if (slot.sounding == 0) return false;
    --slot.sounding;
    --sounding_;
    if (slot.stretch.empty()) {
        end_note(notes[slot.note], at);
        return true;
    }
    slot.stretch.push_back({at, kOff});
    if (slot.sounding == 0) {
        pair_in_order(notes, slot.stretch);
        slot.stretch.clear();
    }
    return true;
}

void NotePairing::release_all(std::vector<score::Note>& notes, std::int64_t at) {
    for (int pitch = 0; pitch < score::kPitches && sounding_ > 0; ++pitch)
        while (release(notes, at, static_cast<std::uint8_t>(pitch))) continue;
}

void NotePairing::pair_in_order(std::vector<score::Note>& notes,
                                const std::vector<Strike>& stretch) {
    auto strike = stretch.begin();
    for (const Strike& release : stretch) {
        if (release.note != kOff) continue;
        while (strike->note == kOff) ++strike;
        end_note(notes[strike->note], release.at);
        ++strike;
    }
}

void NotePairing::pair_by_restrikes(std::vector<score::Note>& notes,
                                    const std::vector<Strike>& stretch, std::int64_t at,
                                    std::int64_t longest) {
    std::uint32_t sounding = kOff;
    for (const Strike& event : stretch) {
        if (sounding != kOff) {
            const std::int64_t onset = notes[sounding].onset.value;
            if (event.note == kOff)
                end_note(notes[sounding], event.at);
            else if (event.at == onset)
                notes[sounding].duration = kDoubled;
            else
                end_note(notes[sounding], std::min(event.at, onset + longest));
        }
        sounding = event.note;
    }
    if (sounding != kOff)
        end_note(notes[sounding], std::min(at, notes[sounding].onset.value + longest));
}

NotePairing::Mended NotePairing::finish(std::vector<score::Note>& notes, std::int64_t at,
                                        std::int64_t longest) {
    Mended mended;
    for (Slot& slot : slots_) {
        if (slot.sounding > 0) {
            mended.never_closed += slot.sounding;
            if (slot.stretch.empty())
                slot.stretch.push_back({notes[slot.note].onset.value, slot.note});
            pair_by_restrikes(notes, slot.stretch, at, longest);
        }
        slot = {};
    }
    sounding_ = 0;
    if (mended.never_closed > 0)
        std::erase_if(notes, [](const score::Note& note) { return note.duration == kDoubled; });
    for (score::Note& note : notes) {
        if (note.duration.value > 0) continue;
        ++mended.zero_length;
        note.duration = score::Ticks(1);
    }
    return mended;
}

}  // namespace symphony::io
