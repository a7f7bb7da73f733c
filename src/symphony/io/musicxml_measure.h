// Reads the measures of one part: notes, rests, directions, bar lines. Keeps the state that
// MusicXML spreads over a part (divisions, transposition, cursor) and forgets it with the part.
#pragma once

#include "symphony/io/musicxml_issues.h"
#include "symphony/io/musicxml_model.h"
#include "symphony/io/musicxml_parts.h"

#include <pugixml.hpp>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::io::musicxml {

inline constexpr int kMaxStaves = 16;
inline constexpr int kMaxMeasureQuarters = 4096;
inline constexpr double kAssumedDivisions = 1;  // until a file gives them

class PartReader {
  public:
    // `raw` must hold as many measures as will be read; the music goes to raw.parts[part].
    PartReader(RawScore& raw, int part, const std::vector<Instrument>& instruments, IssueLog& log);

    void read_measure(const pugi::xml_node& measure, int index);

    // Notes read by this reader so far, for the cap.
    std::uint64_t notes_read() const { return notes_read_; }

  private:
    void read_attributes(const pugi::xml_node& node);
    void read_key(const pugi::xml_node& node);
    void read_time(const pugi::xml_node& node);
    void read_transpose(const pugi::xml_node& node);
    void read_note(const pugi::xml_node& node);
    void read_notations(const pugi::xml_node& node, RawNote& note);
    void read_lyric(const pugi::xml_node& node, Position at);
    void read_direction(const pugi::xml_node& node);
    void read_dynamics(const pugi::xml_node& node, Position at, double sound_velocity);
    void read_wedge(const pugi::xml_node& node, Position at);
    void read_sound(const pugi::xml_node& node, Position at);
    void read_barline(const pugi::xml_node& node);
    void move_cursor(std::int64_t by, const pugi::xml_node& node);

    std::int64_t units_of(double divisions) const;
    // The length in units of <duration>; without one, of <type> and its dots. -1: neither is there.
    std::int64_t length_of_note(const pugi::xml_node& node, const pugi::xml_node& duration);
    const Instrument* find_instrument(std::string_view id) const;
    std::uint8_t voice_number(std::string_view name);
    Position here() const { return {index_, cursor_}; }
    RawPart& part() { return raw_.parts[static_cast<std::size_t>(part_)]; }
    RawMeasure& measure() { return raw_.measures[static_cast<std::size_t>(index_)]; }

    RawScore& raw_;
    int part_;
    const std::vector<Instrument>& instruments_;
    IssueLog& log_;
    double divisions_ = 0;                             // per quarter; 0: none read yet
    std::array<int, kMaxStaves + 1> transposition_{};  // semitones to add, by staff
    std::vector<std::string> voices_;                  // names that are not numbers
    int index_ = 0;
    std::int64_t cursor_ = 0;
    std::int64_t chord_onset_ = -1;  // of the note a <chord/> joins, -1: none
    // Voices and written pitches of the measure whose next note a grace note is tied to.
    std::set<std::pair<std::uint8_t, long>> tied_graces_;
    std::uint64_t notes_read_ = 0;
};

}  // namespace symphony::io::musicxml
