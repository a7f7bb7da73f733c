// MidiTok's tokens: what each says, and which ids they have. A row scheme (cpword, octuple, mumidi)
// has a vocabulary for each column. Source: MidiTok 3.0.6 (_create_base_vocabulary of each class).
#pragma once

#include "symphony/tokens/miditok/config.h"
#include "symphony/tokens/miditok/values.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symphony::tokens::miditok {

enum class Type : std::uint8_t {
    kSpecial,  // value: its place among the special tokens
    kBar,      // kNone, kBarEnd or the bar's number
    kPosition,
    kPitch,
    kPitchDrum,
    kNoteOn,
    kNoteOff,
    kDrumOn,
    kDrumOff,
    kVelocity,
    kDuration,   // index of Values::durations
    kTimeShift,  // index of Values::durations, kNone: 0.0.1, no time at all (structured)
    kRest,       // index of Values::rests
    kPitchIntervalTime,
    kPitchIntervalChord,
    kChord,    // see chord_value
    kTempo,    // hundredths of quarters a minute
    kProgram,  // -1: drums
    kTimeSig,  // see meter_value
    kPedal,    // program, 0 without programs
    kPedalOff,
    kPitchBend,
    kMicroTiming,
    kFamily,  // kMetric or kNote
    kIgnore,  // kNone
    kBarPosEnc,
    kPositionPosEnc,    // kNone: no position
    kAttributeControl,  // its place among them
};
inline constexpr int kTypes = 28;

// What is written before the underscore of a token's name.
std::string_view type_name(Type type);
// Does a word of this type begin a note, by its pitch or by its interval to another?
bool starts_note(Type type);

inline constexpr int kNone = -1'000'000;
inline constexpr int kBarEnd = kNone + 1;
inline constexpr int kMetric = 0, kNote = 1;  // values of kFamily

constexpr int meter_value(Meter meter) { return meter.numerator * 256 + meter.denominator; }
constexpr Meter meter_of(int value) { return {value / 256, value % 256}; }

// A chord map's index, or behind them the number of notes of an unknown chord; with the root where
// the options spell it.
int chord_value(const Config& config, int map_or_notes, bool is_unknown, int root);

struct Word {
    Type type = Type::kSpecial;
    int value = 0;
    auto operator<=>(const Word&) const = default;
};

class Words {
  public:
    // The vocabulary that MidiTok builds from the options.
    Words(const Config& config, const Values& values);

    int columns() const { return static_cast<int>(columns_.size()); }
    int size(int column) const { return static_cast<int>(columns_[at(column)].words.size()); }
    // -1 if it has no token.
    int id(Word word, int column = 0) const {
        const Ids& ids = columns_[at(column)].ids[static_cast<std::size_t>(word.type)];
        const auto found = ids.find(word.value);
        return found == ids.end() ? -1 : found->second;
    }
    Word word(int id, int column = 0) const {
        return columns_[at(column)].words[static_cast<std::size_t>(id)];
    }
    const std::string& name(int id, int column = 0) const {
        return columns_[at(column)].names[static_cast<std::size_t>(id)];
    }
    // -1 if there is no such token.
    int find(const std::string& name, int column = 0) const;
    // Which types a column has.
    bool has_type(Type type, int column = 0) const {
        return !columns_[at(column)].ids[static_cast<std::size_t>(type)].empty();
    }
    // In the order of their ids.
    std::vector<int> ids_of(Type type, int column = 0) const;

    // Takes the ids of `_vocab_base`. Error (kModel) unless it has exactly these tokens and ids
    // without gaps.
    void renumber(const nlohmann::ordered_json& vocab_base, const std::string& path);
    nlohmann::ordered_json to_json() const;  // column 0: name -> id

  private:
    using Ids = std::unordered_map<int, int>;
    struct Column {
        std::vector<std::string> names;
        std::vector<Word> words;
        std::array<Ids, kTypes> ids;
        std::unordered_map<std::string, int> by_name;
    };
    static std::size_t at(int column) { return static_cast<std::size_t>(column); }
    void add(int column, Type type, int value, std::string value_text);
    void add_number(int column, Type type, int value) {
        add(column, type, value, std::to_string(value));
    }
    void add_range(int column, Type type, int first, int last);  // last is included
    void add_times(int column, Type type, const std::vector<BeatTime>& times);
    void add_velocities(int column);
    void add_programs(int column, Type type);
    void add_tempos(int column);
    void add_meters(int column);
    void add_chords(int column);
    void add_notes();
    void add_further();
    void add_attribute_controls();
    void add_control(std::string name);
    void build_stream();
    void build_cpword();
    void build_octuple();
    void build_mumidi();
    int begin_column();
    int positions() const { return config_->positions_per_beat() * values_->max_beats; }

    const Config* config_;  // these two only while it is built
    const Values* values_;
    std::vector<Column> columns_;
    int controls_ = 0;
};

}  // namespace symphony::tokens::miditok
