#include "symphony/io/note_pairing.h"

#include <algorithm>

namespace symphony::io {
namespace {

void end_note(score::Note& note, std::int64_t at) {
    note.duration = score::Ticks(at - note.onset.value);
}

}  // namespace

void NotePairing::strike_again(const std::vector<score::Note>& notes, std::int64_t at,
                               std::uint8_t pitch, std::uint32_t index) {
    if (stretches_.empty()) stretches_.resize(score::kPitches);
    Stretch& stretch = stretches_[pitch];
    const std::uint32_t first = slots_[pitch].note;
    if (stretch.empty()) stretch.push_back({notes[first].onset.value, first});
    stretch.push_back({at, index});
}

void NotePairing::release_in_stretch(std::vector<score::Note>& notes, std::int64_t at,
                                     std::uint8_t pitch) {
    Stretch& stretch = stretches_[pitch];
    stretch.push_back({at, kOff});
    if (slots_[pitch].sounding > 0) return;
    pair_in_order(notes, stretch);
    stretch.clear();
}

void NotePairing::release_all(std::vector<score::Note>& notes, std::int64_t at) {
    for (int pitch = 0; pitch < score::kPitches && sounding_ > 0; ++pitch)
        while (release(notes, at, static_cast<std::uint8_t>(pitch))) continue;
}

void NotePairing::pair_in_order(std::vector<score::Note>& notes, const Stretch& stretch) {
    auto strike = stretch.begin();
    for (const Strike& release : stretch) {
        if (release.note != kOff) continue;
        while (strike->note == kOff) ++strike;
        end_note(notes[strike->note], release.at);
        ++strike;
    }
}

void NotePairing::pair_by_restrikes(std::vector<score::Note>& notes, const Stretch& stretch,
                                    std::int64_t at, std::int64_t longest) {
    std::vector<std::uint32_t> sounding;  // all struck at one tick
    const auto end_all = [&](std::int64_t end) {
        for (const std::uint32_t note : sounding) end_note(notes[note], end);
        sounding.clear();
    };
    for (const Strike& event : stretch) {
        if (!sounding.empty()) {
            const std::int64_t onset = notes[sounding.front()].onset.value;
            if (event.note == kOff)
                end_all(event.at);
            else if (event.at > onset)
                end_all(std::min(event.at, onset + longest));
        }
        if (event.note != kOff) sounding.push_back(event.note);
    }
    if (!sounding.empty()) end_all(std::min(at, notes[sounding.front()].onset.value + longest));
}

NotePairing::Mended NotePairing::finish(std::vector<score::Note>& notes, std::int64_t at,
                                        std::int64_t longest) {
    Mended mended;
    for (int pitch = 0; pitch < score::kPitches && sounding_ > 0; ++pitch) {
        const Slot& slot = slots_[static_cast<std::size_t>(pitch)];
        if (slot.sounding == 0) continue;
        mended.never_closed += slot.sounding;
        sounding_ -= slot.sounding;
        if (has_stretch(static_cast<std::uint8_t>(pitch)))
            pair_by_restrikes(notes, stretches_[static_cast<std::size_t>(pitch)], at, longest);
        else
            end_note(notes[slot.note], std::min(at, notes[slot.note].onset.value + longest));
    }
    slots_.fill({});
    stretches_.clear();
    for (score::Note& note : notes) {
        if (note.duration.value > 0) continue;
        ++mended.zero_length;
        note.duration = score::Ticks(1);
    }
    return mended;
}

}  // namespace symphony::io
