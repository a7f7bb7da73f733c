#include "symphony/tokens/miditok/words.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::tokens::miditok {
namespace {

constexpr std::array<std::string_view, kTypes> kTypeNames{"",
                                                          "Bar",
                                                          "Position",
                                                          "Pitch",
                                                          "PitchDrum",
                                                          "NoteOn",
                                                          "NoteOff",
                                                          "DrumOn",
                                                          "DrumOff",
                                                          "Velocity",
                                                          "Duration",
                                                          "TimeShift",
                                                          "Rest",
                                                          "PitchIntervalTime",
                                                          "PitchIntervalChord",
                                                          "Chord",
                                                          "Tempo",
                                                          "Program",
                                                          "TimeSig",
                                                          "Pedal",
                                                          "PedalOff",
                                                          "PitchBend",
                                                          "MicroTiming",
                                                          "Family",
                                                          "Ignore",
                                                          "BarPosEnc",
                                                          "PositionPosEnc",
                                                          ""};

constexpr std::array<std::string_view, 12> kPitchClasses{"C",  "C#", "D",  "D#", "E",  "F",
                                                         "F#", "G",  "G#", "A",  "A#", "B"};

}  // namespace

bool starts_note(Type type) {
    switch (type) {
        case Type::kPitch:
        case Type::kPitchDrum:
        case Type::kNoteOn:
        case Type::kDrumOn:
        case Type::kPitchIntervalTime:
        case Type::kPitchIntervalChord:
            return true;
        default:
            return false;
    }
}

std::string_view type_name(Type type) { return kTypeNames[static_cast<std::size_t>(type)]; }

int chord_value(const Config& config, int map_or_notes, bool is_unknown, int root) {
    const int kind =
        is_unknown ? static_cast<int>(config.chord_maps.size()) + map_or_notes : map_or_notes;
    return config.chord_tokens_with_root_note ? kind * 12 + root : kind;
}

Words::Words(const Config& config, const Values& values) : config_(&config), values_(&values) {
    switch (config.scheme) {
        case Scheme::kCpWord:
            build_cpword();
            break;
        case Scheme::kOctuple:
            build_octuple();
            break;
        case Scheme::kMuMidi:
            build_mumidi();
            break;
        default:
            build_stream();
    }
    config_ = nullptr;
    values_ = nullptr;
}

int Words::find(const std::string& name, int column) const {
    const auto& by_name = columns_[at(column)].by_name;
    const auto found = by_name.find(name);
    return found == by_name.end() ? -1 : found->second;
}

std::vector<int> Words::ids_of(Type type, int column) const {
    std::vector<int> ids;
    const auto& words = columns_[at(column)].words;
    for (std::size_t id = 0; id < words.size(); ++id)
        if (words[id].type == type) ids.push_back(static_cast<int>(id));
    return ids;
}

int Words::begin_column() {
    columns_.emplace_back();
    const int column = columns() - 1;
    for (std::size_t i = 0; i < config_->special_tokens.size(); ++i) {
        Column& c = columns_.back();
        c.ids[static_cast<std::size_t>(Type::kSpecial)].emplace(static_cast<int>(i), size(column));
        c.by_name.emplace(config_->special_tokens[i], size(column));
        c.names.push_back(config_->special_tokens[i]);
        c.words.push_back({Type::kSpecial, static_cast<int>(i)});
    }
    return column;
}

void Words::add(int column, Type type, int value, std::string value_text) {
    std::string name = fmt::format("{}_{}", type_name(type), value_text);
    Column& c = columns_[at(column)];
    const auto [known, is_new] = c.by_name.emplace(name, size(column));
    c.ids[static_cast<std::size_t>(type)].emplace(value, known->second);
    if (!is_new) return;  // MidiTok keeps the first of equal names
    c.names.push_back(std::move(name));
    c.words.push_back({type, value});
}

void Words::add_range(int column, Type type, int first, int last) {
    for (int value = first; value <= last; ++value) add_number(column, type, value);
}

void Words::add_times(int column, Type type, const std::vector<BeatTime>& times) {
    for (std::size_t i = 0; i < times.size(); ++i)
        add(column, type, static_cast<int>(i), times[i].text());
}

void Words::add_velocities(int column) {
    for (const int velocity : values_->velocities) add_number(column, Type::kVelocity, velocity);
}

void Words::add_programs(int column, Type type) {
    for (const int program : config_->programs) add_number(column, type, program);
}

void Words::add_tempos(int column) {
    for (const int tempo : values_->tempos_hundredths)
        add(column, Type::kTempo, tempo, tempo_text(tempo));
}

void Words::add_meters(int column) {
    for (const Meter meter : values_->meters)
        add(column, Type::kTimeSig, meter_value(meter),
            fmt::format("{}/{}", meter.numerator, meter.denominator));
}

void Words::add_chords(int column) {
    const bool with_root = config_->chord_tokens_with_root_note;
    const int roots = with_root ? 12 : 1;
    const auto rooted = [&](int root, const std::string& quality) {
        return with_root ? fmt::format("{}:{}", kPitchClasses[at(root)], quality) : quality;
    };
    for (std::size_t map = 0; map < config_->chord_maps.size(); ++map)
        for (int root = 0; root < roots; ++root)
            add(column, Type::kChord, chord_value(*config_, static_cast<int>(map), false, root),
                rooted(root, config_->chord_maps[map].first));
    if (!config_->chord_unknown) return;
    for (int notes = config_->chord_unknown->first; notes < config_->chord_unknown->second; ++notes)
        for (int root = 0; root < roots; ++root)
            // Without a root MidiTok names the number alone, and no chord is ever spelled so.
            add(column, Type::kChord,
                with_root ? chord_value(*config_, notes, true, root) : -1 - notes,
                with_root ? rooted(root, fmt::format("ukn{}", notes)) : std::to_string(notes));
}

void Words::add_notes() {
    const auto [lowest, highest] = config_->pitch_range;
    if (config_->note_on_off()) {
        add_range(0, Type::kNoteOn, lowest, highest);
        if (config_->uses_durations()) add_range(0, Type::kNoteOff, lowest, highest);
    } else {
        add_range(0, Type::kPitch, lowest, highest);
    }
    add_velocities(0);
    if ((!config_->note_on_off() && config_->uses_durations()) || config_->sustain_pedal_duration)
        add_times(0, Type::kDuration, values_->durations);
}

void Words::add_further() {
    if (config_->use_pitch_intervals)
        for (const Type type : {Type::kPitchIntervalTime, Type::kPitchIntervalChord})
            add_range(0, type, -config_->max_pitch_interval, config_->max_pitch_interval);
    if (config_->use_pitchdrum_tokens) {
        const auto [lowest, highest] = config_->drums_pitch_range;
        add_range(0, config_->note_on_off() ? Type::kDrumOn : Type::kPitchDrum, lowest, highest);
        if (config_->note_on_off()) add_range(0, Type::kDrumOff, lowest, highest);
    }
    if (config_->use_chords) add_chords(0);
    if (config_->use_rests) add_times(0, Type::kRest, values_->rests);
    if (config_->use_tempos) add_tempos(0);
    if (config_->use_programs) add_programs(0, Type::kProgram);
    if (config_->use_time_signatures) add_meters(0);
    if (config_->use_sustain_pedals) {
        for (const Type type : {Type::kPedal, Type::kPedalOff}) {
            if (type == Type::kPedalOff && config_->sustain_pedal_duration) continue;
            if (config_->use_programs)
                add_programs(0, type);
            else
                add_number(0, type, 0);
        }
    }
    for (const std::int64_t bend : values_->bends)
        add_number(0, Type::kPitchBend, static_cast<int>(bend));
}

void Words::add_control(std::string name) {
    Column& c = columns_.front();
    if (!c.by_name.emplace(name, size(0)).second) return;
    c.ids[static_cast<std::size_t>(Type::kAttributeControl)].emplace(controls_, size(0));
    c.names.push_back(std::move(name));
    c.words.push_back({Type::kAttributeControl, controls_++});
}

void Words::add_attribute_controls() {
    const auto range = [&](const std::string& name, int first, int last) {
        for (int value = first; value <= last; ++value)
            add_control(fmt::format("{}_{}", name, value));
    };
    const auto lengths = [&](const std::string& place) {
        for (const char* length :
             {"Whole", "Half", "Quarter", "Eight", "Sixteenth", "ThirtySecond"})
            range(fmt::format("AC{}NoteDuration{}", place, length), 0, 1);
    };
    const auto polyphony = [&](const std::string& place) {
        for (const char* bound : {"Min", "Max"})
            range(fmt::format("AC{}OnsetPolyphony{}", place, bound), config_->ac_polyphony_min,
                  config_->ac_polyphony_max);
    };
    if (config_->ac_polyphony_track) polyphony("Track");
    if (config_->ac_polyphony_bar) polyphony("Bar");
    if (config_->ac_pitch_class_bar) range("ACBarPitchClass", 0, 11);
    if (config_->ac_note_density_track) {
        for (const char* bound : {"Min", "Max"})
            range(fmt::format("ACTrackNoteDensity{}", bound), config_->ac_note_density_track_min,
                  config_->ac_note_density_track_max - 1);
        for (const char* bound : {"Min", "Max"})
            add_control(
                fmt::format("ACTrackNoteDensity{}_{}+", bound, config_->ac_note_density_track_max));
    }
    if (config_->ac_note_density_bar) {
        range("ACBarNoteDensity", 0, config_->ac_note_density_bar_max - 1);
        add_control(fmt::format("ACBarNoteDensity_{}+", config_->ac_note_density_bar_max));
    }
    if (config_->ac_note_duration_bar) lengths("Bar");
    if (config_->ac_note_duration_track) lengths("Track");
    const int bins = config_->ac_repetition_track_num_bins;
    for (int i = 0; config_->ac_repetition_track && i < bins; ++i)
        add_control(fmt::format("ACTrackRepetition_{:.2f}", i * (1.0 / (bins - 1))));
}

// The one vocabulary of remi, tsd, midilike, structured, mmm and pertok.
void Words::build_stream() {
    const int c = begin_column();
    const Scheme scheme = config_->scheme == Scheme::kMmm ? config_->base_scheme : config_->scheme;
    if (scheme == Scheme::kRemi) {
        if (config_->max_bar_embedding)
            add_range(c, Type::kBar, 0, *config_->max_bar_embedding - 1);
        else
            add(c, Type::kBar, kNone, "None");
        if (config_->use_bar_end_tokens) add(c, Type::kBar, kBarEnd, "End");
    }
    if (scheme == Scheme::kPerTok) add(c, Type::kBar, kNone, "None");
    add_notes();
    if (scheme == Scheme::kRemi) {
        add_range(c, Type::kPosition, 0, positions() - 1);
    } else if (scheme == Scheme::kPerTok && config_->use_position_toks) {
        for (const std::int64_t position : values_->positions)
            add_number(c, Type::kPosition, static_cast<int>(position));
    } else {
        if (scheme == Scheme::kStructured) add(c, Type::kTimeShift, kNone, "0.0.1");
        add_times(c, Type::kTimeShift, values_->durations);
    }
    if (scheme == Scheme::kPerTok) {
        const auto& programs = config_->use_note_duration_programs;
        if (std::any_of(programs.begin(), programs.end(), [](int p) { return p != 0; }))
            add_times(c, Type::kDuration, values_->durations);
        for (const std::int64_t shift : values_->microtimings)
            add_number(c, Type::kMicroTiming, static_cast<int>(shift));
    }
    add_further();
    if (scheme == Scheme::kMidiLike && config_->sustain_pedal_duration)
        add_times(c, Type::kDuration, values_->durations);
    if (config_->has_attribute_controls()) add_attribute_controls();
}

void Words::build_cpword() {
    const auto begin_ignorable = [&] {
        const int column = begin_column();
        add(column, Type::kIgnore, kNone, "None");
        return column;
    };
    const int family = begin_column();
    add(family, Type::kFamily, kMetric, "Metric");
    add(family, Type::kFamily, kNote, "Note");
    const int place = begin_ignorable();
    add(place, Type::kBar, kNone, "None");
    add_range(place, Type::kPosition, 0, positions() - 1);
    const int pitch = begin_ignorable();
    add_range(pitch, Type::kPitch, config_->pitch_range.first, config_->pitch_range.second);
    if (config_->use_pitchdrum_tokens)
        add_range(pitch, Type::kPitchDrum, config_->drums_pitch_range.first,
                  config_->drums_pitch_range.second);
    if (config_->use_velocities) add_velocities(begin_ignorable());
    if (config_->uses_durations())
        add_times(begin_ignorable(), Type::kDuration, values_->durations);
    if (config_->use_programs) add_programs(begin_ignorable(), Type::kProgram);
    if (config_->use_chords) add_chords(begin_ignorable());
    if (config_->use_rests) add_times(begin_ignorable(), Type::kRest, values_->rests);
    if (config_->use_tempos) add_tempos(begin_ignorable());
    if (config_->use_time_signatures) add_meters(begin_ignorable());
}

void Words::build_octuple() {
    const int pitch = begin_column();
    add_range(pitch, Type::kPitch, config_->pitch_range.first, config_->pitch_range.second);
    if (config_->use_pitchdrum_tokens)
        add_range(pitch, Type::kPitchDrum, config_->drums_pitch_range.first,
                  config_->drums_pitch_range.second);
    add_range(begin_column(), Type::kPosition, 0, positions() - 1);
    add_range(begin_column(), Type::kBar, 0, config_->max_bar_embedding.value_or(1) - 1);
    if (config_->use_velocities) add_velocities(begin_column());
    if (config_->uses_durations()) add_times(begin_column(), Type::kDuration, values_->durations);
    if (config_->use_programs) add_programs(begin_column(), Type::kProgram);
    if (config_->use_tempos) add_tempos(begin_column());
    if (config_->use_time_signatures) add_meters(begin_column());
}

void Words::build_mumidi() {
    const int c = begin_column();
    add_range(c, Type::kPitch, config_->pitch_range.first, config_->pitch_range.second);
    add_range(c, Type::kPitchDrum, config_->drums_pitch_range.first,
              config_->drums_pitch_range.second);
    add(c, Type::kBar, kNone, "None");
    add_range(c, Type::kPosition, 0, positions() - 1);
    add_programs(c, Type::kProgram);
    if (config_->use_chords) add_chords(c);
    add_range(begin_column(), Type::kBarPosEnc, 0, config_->max_bar_embedding.value_or(1) - 1);
    const int position = begin_column();
    add(position, Type::kPositionPosEnc, kNone, "None");
    add_range(position, Type::kPositionPosEnc, 0, positions() - 1);
    if (config_->use_tempos) add_tempos(begin_column());
    if (config_->use_velocities) add_velocities(begin_column());
    if (config_->uses_durations()) add_times(begin_column(), Type::kDuration, values_->durations);
}

void Words::renumber(const base::Json& vocab_base, const std::string& path) {
    const auto damaged = [&](const std::string& what) {
        return base::Error(base::ErrorKind::kModel,
                           "MidiTok tokenizer.json is damaged: _vocab_base: " + what, path);
    };
    if (!vocab_base.is_object()) throw damaged("it is no object");
    Column& old = columns_.front();
    std::vector<std::string> names(vocab_base.size());
    std::vector<Word> words(names.size());
    std::vector<bool> seen(names.size(), false);
    for (const auto& [name, json] : vocab_base.items()) {
        const std::int64_t given = json.is_number_integer() ? json.get<std::int64_t>() : -1;
        if (given < 0 || given >= static_cast<std::int64_t>(names.size()))
            throw damaged("the id of '" + name.substr(0, 40) + "' is out of range");
        const auto id = static_cast<std::size_t>(given);
        if (seen[id]) throw damaged("two tokens have the id " + std::to_string(id));
        seen[id] = true;
        const auto known = old.by_name.find(name);
        if (known == old.by_name.end())
            throw damaged("'" + name.substr(0, 40) + "' is not among the tokens of its options");
        words[id] = old.words[at(known->second)];
        names[id] = name;
    }
    if (names.size() < old.names.size()) throw damaged("tokens of its options are missing");
    Column renumbered;
    renumbered.names = names;
    renumbered.words = words;
    for (std::size_t id = 0; id < names.size(); ++id) {
        renumbered.by_name.emplace(names[id], static_cast<int>(id));
        renumbered.ids[static_cast<std::size_t>(words[id].type)].emplace(words[id].value,
                                                                         static_cast<int>(id));
    }
    old = std::move(renumbered);
}

base::Json Words::to_json() const {
    base::Json json = base::Json::object();
    for (int id = 0; id < size(0); ++id) json[name(id)] = id;
    return json;
}

}  // namespace symphony::tokens::miditok
