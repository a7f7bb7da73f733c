// One tune of an ABC file -> the measures and parts of notation (musicxml_model.h), which are laid
// out in time as those of MusicXML are: ties, repeats, upbeats. Source: the ABC music standard 2.1,
// sections 3 to 7, as abc2midi reads it.
#pragma once

#include "symphony/io/abc_accompaniment.h"
#include "symphony/io/abc_fields.h"
#include "symphony/io/musicxml_issues.h"
#include "symphony/io/musicxml_model.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::abc {

// Units per quarter: 512th notes, triplets, nonuplets, quintuplets and septuplets are whole.
inline constexpr std::int64_t kResolution = std::int64_t{128} * 9 * 5 * 7;
inline constexpr int kMostMeasures = 200'000;  // of a book

// What goes beyond one of these is left out, and said (ABC103).
inline constexpr std::size_t kMostChordNotes = 128;
inline constexpr int kMostRestMeasures = 1000;
inline constexpr std::size_t kMostEndingNumbers = 64;
inline constexpr std::size_t kMostHeaderDirectives = 100;

// What the tunes of a book share beside their measures.
struct Book {
    ChordKinds chord_kinds;
    std::vector<AccompanimentParts> accompaniments;  // by voice
};

class TuneReader {
  public:
    // Measures and notes are added behind those that `raw` has; voice i goes to part i, and what
    // accompanies it to accompaniment i of `book`.
    TuneReader(musicxml::RawScore& raw, Book& book, musicxml::IssueLog& log,
               std::uint64_t max_notes);

    // One line of the tune, without its end; `offset` is its first byte. Comments may be in it.
    void read_line(std::string_view line, std::uint64_t offset);
    // Closes the last measures. False if the tune had no K: field: nothing of it was read.
    bool finish();

    std::uint64_t notes_read() const { return notes_; }
    // Has it as many notes, or the book as many measures, as are read?
    bool is_full() const { return notes_ >= max_notes_ || has_all_measures_; }

  private:
    struct Tie {
        int letter, octave;
        std::uint8_t pitch;
        bool is_tied;  // to the next note of this pitch
    };
    struct Voice {
        std::string id;
        std::size_t part = 0;
        int measure = 0;
        std::int64_t at = 0;   // in the measure
        std::int64_t end = 0;  // of the longest overlay of the measure
        int overlay = 0;
        Fraction unit;
        Key key;
        std::array<std::optional<int>, 7> accidentals;  // of the measure, by letter
        int transposition = 0;                          // of key, clef and voice field
        int directed_transposition = 0;                 // of %%MIDI transpose
        int octaves = 0;        // of `transposition`, in semitones: chords keep their place
        bool is_drums = false;  // %%MIDI channel 10
        Accompaniment accompaniment;
        std::vector<std::uint64_t> unknown_chords;  // where they stand in the file
        // Of a tuplet: notes left, and how long each is.
        int tuplet_left = 0;
        Fraction tuplet;
        Fraction broken;  // what the note before makes of the next one
        std::vector<std::size_t>
            last;                      // notes of the last onset, none if it is a rest, for > and <
        std::int64_t last_length = 0;  // 0: nothing that they could change
        std::vector<Tie> ties;
        bool in_ending = false;
        bool fermata = false;
        std::vector<musicxml::Position> sung;  // onsets that the next w: line may name
    };

    void read_field(char name, std::string_view value, bool is_inline);
    void read_header_field(char name, std::string_view value);
    void read_directives(std::string_view text);
    void read_directive(const std::vector<std::string>& words);
    void accompany(const std::vector<std::string>& words);
    void set_chord_transposition(Voice& now);
    void read_part_order(std::string_view text);
    void begin_part(char label);
    void read_music(std::string_view text, std::uint64_t offset);
    void read_lyrics(std::string_view text);
    std::size_t read_bar_line(std::string_view text, std::size_t at);
    std::size_t read_ending(std::string_view text, std::size_t at);
    std::size_t read_note(std::string_view text, std::size_t at);
    std::size_t read_chord(std::string_view text, std::size_t at);
    std::size_t read_rest(std::string_view text, std::size_t at);
    std::size_t read_tuplet(std::string_view text, std::size_t at);
    std::size_t read_broken(std::string_view text, std::size_t at);
    std::size_t read_quoted(std::string_view text, std::size_t at);
    std::size_t read_decoration(std::string_view text, std::size_t at);

    // A pitch with its accidental; false if there is none at `at`, which is moved past it.
    bool read_pitch(std::string_view text, std::size_t& at, Tie& pitch);
    // The factor behind a note: "3/2", "/", "//"; `at` is moved past it.
    static Fraction read_length(std::string_view text, std::size_t& at);
    std::int64_t length_of(Fraction factor, bool counts_for_tuplet);
    void sound(const std::vector<Tie>& pitches, std::int64_t length);
    void advance(std::int64_t length);
    void end_measure();

    void use_voice(std::string_view text);
    void add_voice(const std::string& id);
    void set_up(Voice& made, const std::map<std::string, std::string>& settings);
    Voice& voice() { return voices_[current_]; }
    const Meter& meter();  // of the voice's measure
    void play_accompaniments();
    void order_spans(int last);
    musicxml::RawMeasure& measure(int index);
    musicxml::RawMeasure& here() { return measure(voice().measure); }
    void cut() { log_.add(musicxml::Issue::kAbcCut, offset_); }
    void bad_field() { log_.add(musicxml::Issue::kAbcBadField, offset_); }

    musicxml::RawScore& raw_;
    Book& book_;
    musicxml::IssueLog& log_;
    std::uint64_t max_notes_;
    std::uint64_t notes_ = 0;
    int first_measure_;
    bool has_all_measures_ = false;
    // How many of each the tunes before have.
    std::size_t tempos_before_, texts_before_;
    std::vector<std::pair<std::size_t, std::size_t>> keys_and_programs_before_;  // by part
    std::uint64_t offset_ = 0;
    bool in_body_ = false;
    std::string tempo_text_;
    Meter header_meter_{{}, true};
    std::map<int, Meter> meters_;  // by the measure where they begin, the first that of the tune
    std::optional<Fraction> unit_;
    Key key_;
    int transposition_ = 0;
    int octaves_ = 0;
    int directed_transposition_ = 0;
    int program_ = -1;
    bool is_drums_ = false;
    std::vector<std::vector<std::string>> header_directives_;  // of the accompaniment
    std::map<int, int> drum_keys_;     // %%MIDI drummap: what a written pitch strikes on channel 10
    std::string part_order_;           // labels as played
    std::map<char, int> part_begins_;  // measure, by label; the last counts
    std::vector<int> part_bounds_;     // measures where any part begins
    std::vector<std::pair<std::string, std::string>> declared_;  // V: fields of the header
    std::vector<Voice> voices_;
    std::size_t current_ = 0;
};

}  // namespace symphony::io::abc
