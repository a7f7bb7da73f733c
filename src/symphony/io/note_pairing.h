// Note on and note off -> notes with a length. First struck is first ended, so that two voices in
// unison keep their lengths; where a note off is missing this would shift every later note of the
// pitch, so there a pitch struck again ends the note before it. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace symphony::io {

// A note without an end is held no longer than this.
inline constexpr std::int64_t kLongestUnclosedQuarters = 16;

// What one channel of one track sounds. Notes are appended to `notes` when struck, so that they are
// in the order of their onsets; their lengths are filled in when they end.
class NotePairing {
  public:
    // True if the pitch was sounding already.
    bool strike(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch,
                std::uint8_t velocity) {
        Slot& slot = slots_[pitch];
        const auto index = static_cast<std::uint32_t>(notes.size());
        notes.push_back({.onset = score::Ticks(at), .pitch = pitch, .velocity = velocity});
        ++sounding_;
        if (slot.sounding++ == 0) {
            slot.note = index;
            return false;
        }
        strike_again(notes, at, pitch, index);
        return true;
    }
    // False if the pitch was not sounding.
    bool release(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch) {
        Slot& slot = slots_[pitch];
        if (slot.sounding == 0) return false;
        --slot.sounding;
        --sounding_;
        if (has_stretch(pitch))
            release_in_stretch(notes, at, pitch);
        else
            notes[slot.note].duration = score::Ticks(at - notes[slot.note].onset.value);
        return true;
    }
    void release_all(std::vector<score::Note>& notes, std::int64_t at);

    struct Mended {
        std::size_t never_closed = 0;
        std::size_t zero_length = 0;
    };
    // Ends what still sounds at `at`, at the latest `longest` ticks after its onset; notes struck
    // at one tick then end together; makes notes of no length one tick long. Afterwards the object
    // is as new.
    Mended finish(std::vector<score::Note>& notes, std::int64_t at, std::int64_t longest);

  private:
    static constexpr std::uint32_t kOff = 0xFFFFFFFF;
    // A stretch in which a pitch sounds more than once: its strikes (index of the note) and
    // releases (kOff) in order, kept until the number of both tells how to pair them.
    struct Strike {
        std::int64_t at;
        std::uint32_t note;
    };
    using Stretch = std::vector<Strike>;
    struct Slot {
        std::uint32_t sounding = 0;
        std::uint32_t note = 0;  // the one that sounds, while it is the only one
    };

    bool has_stretch(std::uint8_t pitch) const {
        return !stretches_.empty() && !stretches_[pitch].empty();
    }
    void strike_again(const std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch,
                      std::uint32_t index);
    void release_in_stretch(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch);
    static void pair_in_order(std::vector<score::Note>& notes, const Stretch& stretch);
    static void pair_by_restrikes(std::vector<score::Note>& notes, const Stretch& stretch,
                                  std::int64_t at, std::int64_t longest);

    std::array<Slot, score::kPitches> slots_;
    // By pitch; empty unless two or more sounded since the last silence. No list at all until a
    // pitch first sounds twice, which in most channels it never does.
    std::vector<Stretch> stretches_;
    std::size_t sounding_ = 0;  // over all pitches
};

}  // namespace symphony::io
