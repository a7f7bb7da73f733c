// Chord symbols ("Am7", "G/B") as abc2midi sounds them. Source: the guide of abc2midi, "Guitar
// chords" and "%%MIDI chordname"; pitches as heard in what it plays.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::abc {

struct ChordSymbol {
    std::int8_t root = 0;        // semitones above C, -1 (Cb) to 12 (B#)
    std::int8_t bass = -1;       // of "G/B", 0 to 11; -1: the root
    bool is_root_alone = false;  // a small letter
    std::uint16_t kind = 0;      // index in ChordKinds
    bool has_known_kind = true;  // an unknown one counts as a major triad
};

// The kinds of chords by name, of a whole book: "%%MIDI chordname" adds to them.
class ChordKinds {
  public:
    static constexpr std::size_t kMostNotes = 6;
    static constexpr std::size_t kMostKinds = 1000;

    ChordKinds();
    std::optional<std::uint16_t> find(std::string_view name) const;
    // Semitones above the root, at most kMostNotes. False if there are too many kinds.
    bool define(const std::string& name, std::vector<int> intervals);
    const std::vector<int>& intervals(std::uint16_t kind) const { return intervals_[kind]; }

  private:
    std::map<std::string, std::uint16_t, std::less<>> index_;
    std::vector<std::vector<int>> intervals_;
};

// The first chord of the text between quotes, whose terms semicolons part. Nothing for a
// placed annotation ("^slowly") or text that does not begin with the name of a note.
std::optional<ChordSymbol> parse_chord_symbol(std::string_view text, const ChordKinds& kinds);

// MIDI pitches: the bass between 35 and 48, and the notes of the chord from 47 on in the order that
// the patterns' letters g, h, i and j count them; those below a bass of the chord are an octave up.
int bass_pitch(const ChordSymbol& chord);
std::vector<int> chord_pitches(const ChordSymbol& chord, const ChordKinds& kinds);

}  // namespace symphony::io::abc
