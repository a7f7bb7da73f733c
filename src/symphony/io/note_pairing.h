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

// What one channel of one track sounds. Notes are appended to `notes` when struck, so that they are
// in the order of their onsets; their lengths are filled in when they end.
class NotePairing {
  public:
    // True if the pitch was sounding already.
    bool strike(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch,
                std::uint8_t velocity);
    // False if the pitch was not sounding.
    bool release(std::vector<score::Note>& notes, std::int64_t at, std::uint8_t pitch);
    void release_all(std::vector<score::Note>& notes, std::int64_t at);

    struct Mended {
        std::size_t never_closed = 0;
        std::size_t zero_length = 0;
    };
    // Ends what still sounds at `at`, at the latest `longest` ticks after its onset; drops notes
    // that had no end and were struck again at once; makes notes of no length one tick long.
    // Afterwards the object is as new.
    Mended finish(std::vector<score::Note>& notes, std::int64_t at, std::int64_t longest);

  private:
    static constexpr std::uint32_t kOff = 0xFFFFFFFF;
    // A stretch in which a pitch sounds more than once: its strikes (index of the note) and
    // releases (kOff) in order, kept until the number of both tells how to pair them.
    struct Strike {
        std::int64_t at;
        std::uint32_t note;
    };
    struct Slot {
        std::uint32_t sounding = 0;
        std::uint32_t note = 0;       // the one that sounds, while it is the only one
        std::vector<Strike> stretch;  // empty unless two or more sounded since the last silence
    };

    static void pair_in_order(std::vector<score::Note>& notes, const std::vector<Strike>& stretch);
    static void pair_by_restrikes(std::vector<score::Note>& notes,
                                  const std::vector<Strike>& stretch, std::int64_t at,
                                  std::int64_t longest);

    std::array<Slot, score::kPitches> slots_;
    std::size_t sounding_ = 0;  // over all pitches
};

}  // namespace symphony::io
