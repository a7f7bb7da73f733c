// Notes of one part. Source: MusicXML 4.0 (note.mod).
#include "symphony/io/musicxml_measure.h"
#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

struct NoteType {
    std::string_view name;
    double quarters;
};
constexpr NoteType kNoteTypes[] = {
    {"quarter", 1},      {"eighth", 0.5},      {"16th", 0.25},        {"half", 2},
    {"whole", 4},        {"32nd", 1.0 / 8},    {"64th", 1.0 / 16},    {"128th", 1.0 / 32},
    {"256th", 1.0 / 64}, {"512th", 1.0 / 128}, {"1024th", 1.0 / 256}, {"breve", 8},
    {"long", 16},        {"maxima", 32},
};

int pitch_class_of(char step) {
    constexpr int kClasses[] = {9, 11, 0, 2, 4, 5, 7};  // A B C D E F G
    return step >= 'A' && step <= 'G' ? kClasses[step - 'A'] : -1;
}

struct WrittenPitch {
    long semitones;   // middle C is 60
    bool is_rounded;  // from a microtone
};

// None where step or octave are missing or senseless.
std::optional<WrittenPitch> written_pitch(const pugi::xml_node& node) {
    const std::string_view step = text_of(node.child("step"));
    const auto octave = parse_integer(text_of(node.child("octave")));
    const int pitch_class = step.size() == 1 ? pitch_class_of(step.front()) : -1;
    if (!octave || pitch_class < 0 || std::abs(*octave) > 20) return std::nullopt;
    const double alter = parse_decimal(text_of(node.child("alter"))).value_or(0);
    const double semitones = std::clamp(alter, -120.0, 120.0);
    return WrittenPitch{12 * (*octave + 1) + pitch_class + std::lround(semitones),
                        semitones != std::floor(semitones)};
}

// What <note> says, gathered in one walk over its children.
struct NoteElements {
    pugi::xml_node pitch, unpitched, rest, duration, notations[4], lyric;
    int notations_count = 0;
    std::string_view voice, instrument;
    long staff = 1;
    bool is_grace = false, is_cue = false, is_chord = false;
    bool tie_start = false, tie_stop = false;
};

NoteElements elements_of(const pugi::xml_node& node) {
    NoteElements found;
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        if (name.empty()) continue;
        switch (name.front()) {
            case 'p':
                if (name == "pitch") found.pitch = child;
                break;
            case 'u':
                if (name == "unpitched") found.unpitched = child;
                break;
            case 'r':
                if (name == "rest") found.rest = child;
                break;
            case 'd':
                if (name == "duration") found.duration = child;
                break;
            case 'n':
                if (name == "notations" && found.notations_count < 4)
                    found.notations[found.notations_count++] = child;
                break;
            case 'l':
                if (name == "lyric" && !found.lyric) found.lyric = child;
                break;
            case 'v':
                if (name == "voice") found.voice = text_of(child);
                break;
            case 's':
                if (name == "staff") found.staff = parse_integer(text_of(child)).value_or(1);
                break;
            case 'i':
                if (name == "instrument") found.instrument = child.attribute("id").value();
                break;
            case 'g':
                if (name == "grace") found.is_grace = true;
                break;
            case 'c':
                if (name == "chord") found.is_chord = true;
                if (name == "cue") found.is_cue = true;
                break;
            case 't':
                if (name == "tie") {
                    const std::string_view type = child.attribute("type").value();
                    if (type == "start") found.tie_start = true;
                    if (type == "stop") found.tie_stop = true;
                }
                break;
            default:
                break;
        }
    }
    return found;
}

}  // namespace

std::int64_t PartReader::length_of_note(const pugi::xml_node& node,
                                        const pugi::xml_node& duration) {
    if (duration) {
        const auto divisions = parse_decimal(text_of(duration));
        if (divisions && *divisions >= 0) return units_of(*divisions);
        log_.add(Issue::kBadNumber, duration, part_);
    }
    const std::string_view type = text_of(node.child("type"));
    for (const NoteType& known : kNoteTypes) {
        if (known.name != type) continue;
        double quarters = known.quarters;
        double dot = quarters / 2;
        for (auto d = node.child("dot"); d; d = d.next_sibling("dot")) {
            quarters += dot;
            dot /= 2;
        }
        const auto tuplet = node.child("time-modification");
        const auto actual = parse_decimal(text_of(tuplet.child("actual-notes")));
        const auto normal = parse_decimal(text_of(tuplet.child("normal-notes")));
        if (actual && normal && *actual > 0 && *normal > 0) quarters *= *normal / *actual;
        log_.add(Issue::kLengthFromType, node, part_);
        return std::llround(std::min(quarters, double{kMaxMeasureQuarters}) *
                            static_cast<double>(raw_.resolution));
    }
    return -1;
}

const Instrument* PartReader::find_instrument(std::string_view id) const {
    for (const Instrument& instrument : instruments_)
        if (instrument.id == id) return &instrument;
    return instruments_.empty() ? nullptr : &instruments_.front();
}

std::uint8_t PartReader::voice_number(std::string_view name) {
    if (name.empty()) return 0;
    if (const auto number = parse_integer(name); number && *number >= 1 && *number <= 255)
        return static_cast<std::uint8_t>(*number);
    for (std::size_t i = 0; i < voices_.size(); ++i)
        if (voices_[i] == name) return static_cast<std::uint8_t>(200 + i);
    if (voices_.size() >= 55) return 255;
    voices_.emplace_back(name);
    return static_cast<std::uint8_t>(199 + voices_.size());
}

void PartReader::read_note(const pugi::xml_node& node) {
    const NoteElements found = elements_of(node);
    if (found.is_grace) {
        log_.add(Issue::kGraceSkipped, node, part_);
        const auto pitch = written_pitch(found.pitch);
        if (pitch && found.tie_start)
            tied_graces_.insert({voice_number(found.voice), pitch->semitones});
        return;
    }
    if (divisions_ <= 0 && found.duration) {
        log_.add(Issue::kDivisionsMissing, node, part_);
        divisions_ = kAssumedDivisions;
    }
    const std::int64_t length = length_of_note(node, found.duration);
    if (length < 0) {
        log_.add(Issue::kNoteWithoutLength, node, part_);
        return;
    }

    std::int64_t onset = cursor_;
    if (found.is_chord && chord_onset_ >= 0) {
        onset = chord_onset_;
    } else {
        if (found.is_chord) log_.add(Issue::kChordWithoutNote, node, part_);
        chord_onset_ = cursor_;
        move_cursor(length, node);
        const std::string_view whole_measure = found.rest.attribute("measure").value();
        std::int64_t& end = whole_measure == "yes" ? measure().rest_end : measure().notes_end;
        end = std::max(end, cursor_);
    }
    if (found.is_cue) {
        log_.add(Issue::kCueSkipped, node, part_);
        return;
    }

    RawNote note;
    note.at = {index_, onset};
    note.duration = length;
    for (int i = 0; i < found.notations_count; ++i) read_notations(found.notations[i], note);
    if (found.rest) {
        if (note.ends_phrase) raw_.phrases.push_back({note.at, length});
        return;
    }
    if (length == 0) {
        log_.add(Issue::kNoteWithoutLength, node, part_);
        return;
    }
    note.staff = static_cast<std::uint8_t>(std::clamp<long>(found.staff, 1, kMaxStaves));
    part().staves = std::max(part().staves, static_cast<int>(note.staff));
    note.voice = voice_number(found.voice);
    if (found.tie_start || found.tie_stop) {  // what sounds outranks what is drawn
        note.tie_start = found.tie_start;
        note.tie_stop = found.tie_stop;
    }
    if (const auto dynamics = parse_decimal(node.attribute("dynamics").value()))
        note.velocity =
            static_cast<std::uint8_t>(std::clamp(std::lround(*dynamics * 0.9), 1L, 127L));

    const Instrument* instrument = find_instrument(found.instrument);
    if (found.unpitched || (found.pitch && instrument != nullptr && instrument->drum_key &&
                            instrument->channel == std::uint8_t{9})) {
        note.is_drum = true;
        if (instrument != nullptr && instrument->drum_key) {
            note.pitch = *instrument->drum_key;
        } else {
            const std::string_view step = text_of(found.unpitched.child("display-step"));
            const auto octave = parse_integer(text_of(found.unpitched.child("display-octave")));
            note.pitch = drum_key_from_staff_place(step.empty() ? 'C' : step.front(),
                                                   static_cast<int>(octave.value_or(5)));
            log_.add(Issue::kDrumGuessed, node, part_);
        }
    } else {
        const auto written = written_pitch(found.pitch);
        if (!written) {
            log_.add(Issue::kPitchMissing, node, part_);
            return;
        }
        if (written->is_rounded) log_.add(Issue::kMicrotoneRounded, node, part_);
        // A tie from a grace note leads from one that is not read.
        if (tied_graces_.erase({note.voice, written->semitones}) > 0) note.tie_stop = false;
        const long pitch = written->semitones + transposition_[note.staff];
        if (pitch < 0 || pitch > 127) {
            log_.add(Issue::kPitchOutOfRange, node, part_);
            return;
        }
        note.pitch = static_cast<std::uint8_t>(pitch);
    }
    if (found.lyric) read_lyric(found.lyric, note.at);
    part().notes.push_back(note);
    ++notes_read_;
}

void PartReader::read_notations(const pugi::xml_node& node, RawNote& note) {
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        if (name == "tied") {
            const std::string_view type = child.attribute("type").value();
            if (type == "start") note.tie_start = true;
            if (type == "stop") note.tie_stop = true;
        } else if (name == "fermata") {
            note.ends_phrase = true;
        } else if (name == "articulations") {
            for (auto mark = child.first_child(); mark; mark = mark.next_sibling()) {
                const std::string_view kind = mark.name();
                if (kind == "breath-mark" || kind == "caesura") note.ends_phrase = true;
                if (kind == "accent") note.accent = 16;
                if (kind == "strong-accent") note.accent = 24;
            }
        }
    }
}

void PartReader::read_lyric(const pugi::xml_node& node, Position at) {
    std::string text = line_of(node.child_value("text"));
    if (text.empty()) return;
    const std::string_view syllabic = text_of(node.child("syllabic"));
    if (syllabic == "begin" || syllabic == "middle") text += '-';
    part().lyrics.push_back({at, score::TextKind::kLyric, std::move(text)});
}

}  // namespace symphony::io::musicxml
