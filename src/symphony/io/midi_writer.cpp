#include "symphony/io/midi_writer.h"

#include "symphony/base/file.h"
#include "symphony/io/midi_event.h"
#include "symphony/io/midi_layout.h"
#include "symphony/io/midi_meta.h"
#include "symphony/io/midi_meters_out.h"
#include "symphony/io/midi_track_out.h"
#include "symphony/score/beat.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace symphony::io {
namespace {

using score::Note;
using score::Part;
using score::Score;
using score::Ticks;

constexpr double kMicrosecondsPerMinute = 6e7;
constexpr double kSlowest = kMicrosecondsPerMinute / 0xFFFFFF;
constexpr std::size_t kMostTracks = 0xFFFF;

// The first thing a MIDI file cannot hold, or nothing.
std::string flaw_of(const Part& part) {
    for (const Note& note : part.notes)
        if (note.onset.value < 0 || note.duration.value <= 0 || note.pitch > 127 ||
            note.velocity < 1 || note.velocity > 127)
            return fmt::format("note with onset {}, length {}, pitch {}, velocity {}",
                               note.onset.value, note.duration.value, note.pitch, note.velocity);
    for (const score::ControlChange& control : part.controls)
        if (control.onset.value < 0 || control.controller > 127 || control.value > 127)
            return fmt::format("control {} with value {}", control.controller, control.value);
    for (const score::PitchBend& bend : part.bends)
        if (bend.onset.value < 0 || bend.value < -8192 || bend.value > 8191)
            return fmt::format("pitch bend of {}", bend.value);
    const auto fits = [](int program, int bank) { return program <= 127 && bank < 128 * 128; };
    for (const score::ProgramChange& change : part.programs)
        if (change.onset.value < 0 || !fits(change.program, change.bank))
            return fmt::format("program {} of bank {}", change.program, change.bank);
    if (!fits(part.program, part.bank))
        return fmt::format("program {} of bank {}", part.program, part.bank);
    for (const score::Text& text : part.texts)
        if (text.onset.value < 0 || text.text.size() > kMaxVlq) return "a text out of range";
    return {};
}

std::string flaw_of(const Score& score) {
    if (score.ticks_per_quarter < 1 || score.ticks_per_quarter > 0x7FFF)
        return fmt::format("{} ticks per quarter", score.ticks_per_quarter);
    if (score.parts.size() >= kMostTracks) return fmt::format("{} parts", score.parts.size());
    for (const score::TempoChange& tempo : score.tempos)
        if (tempo.onset.value < 0 || !(tempo.quarters_per_minute >= kSlowest) ||
            !(tempo.quarters_per_minute <= kMicrosecondsPerMinute))
            return fmt::format("a tempo of {}", tempo.quarters_per_minute);
    for (const score::KeyChange& key : score.keys)
        if (key.onset.value < 0 || key.key.sharps < -7 || key.key.sharps > 7)
            return fmt::format("a key of {} sharps", key.key.sharps);
    for (const score::Text& text : score.texts)
        if (text.onset.value < 0 || text.text.size() > kMaxVlq) return "a text out of range";
    const auto is_sound = [](score::Meter meter) {
        return meter.numerator > 0 && std::has_single_bit(meter.denominator) &&
               meter.denominator <= 128;
    };
    for (const score::MeterChange& change : score.meters)
        if (change.onset.value < 0 || !is_sound(change.meter))
            return fmt::format("a metre of {}/{}", change.meter.numerator,
                               change.meter.denominator);
    for (const score::Bar& bar : score.bars)
        if (bar.onset.value < 0 || bar.length.value <= 0 || !is_sound(bar.meter))
            return fmt::format("a bar of {} ticks", bar.length.value);
    for (const Part& part : score.parts)
        if (std::string flaw = flaw_of(part); !flaw.empty()) return flaw;
    return {};
}

void write_texts(MidiTrackOut& track, const std::vector<score::Text>& texts) {
    for (const score::Text& text : texts)
        track.meta(text.onset, meta::text_type(text.kind), text.text);
}

char power_of_two(std::uint8_t denominator) {
    return static_cast<char>(std::countr_zero(denominator));
}

void write_meter(MidiTrackOut& track, const TimeSignature& signature) {
    const auto [meter, notated] = signature.value;
    constexpr int kClocksPerQuarter = 24;
    const auto click = score::beat_length(meter, kClocksPerQuarter).value;  // of the metronome
    constexpr char k32ndsPerQuarter = 8;
    const std::array<char, 4> payload{static_cast<char>(meter.numerator),
                                      power_of_two(meter.denominator), static_cast<char>(click),
                                      k32ndsPerQuarter};
    track.meta(signature.onset, meta::kTimeSignature, {payload.data(), payload.size()});
    if (!notated) return;
    std::string irregular(meta::kIrregularBar);
    irregular += static_cast<char>(notated->numerator);
    irregular += power_of_two(notated->denominator);
    track.meta(signature.onset, meta::kSequencerSpecific, irregular);
}

// Title, texts, metre, key and tempo: what belongs to no part.
std::string conductor_chunk(const Score& score) {
    MidiTrackOut track;
    if (!score.title.empty()) track.meta(Ticks(0), meta::kTrackName, score.title);
    if (!score.composer.empty())
        track.meta(Ticks(0), meta::kText, std::string(meta::kComposerPrefix) + score.composer);
    write_texts(track, score.texts);
    const std::vector<TimeSignature> signatures = time_signatures_of(score);
    for (const TimeSignature& signature : signatures) write_meter(track, signature);
    for (const score::KeyChange& change : score.keys) {
        const std::array<char, 2> payload{static_cast<char>(change.key.sharps),
                                          static_cast<char>(change.key.minor)};
        track.meta(change.onset, meta::kKeySignature, {payload.data(), payload.size()});
    }
    for (const score::TempoChange& tempo : score.tempos) {
        std::string payload;
        append_big_endian(payload,
                          static_cast<std::uint32_t>(
                              std::llround(kMicrosecondsPerMinute / tempo.quarters_per_minute)),
                          3);
        track.meta(tempo.onset, meta::kTempo, payload);
    }
    const Ticks last_bar =
        score.bars.empty() ? Ticks(0) : score.bars.back().onset + score.bars.back().length;
    return track.take_chunk(std::max(score.end(), last_bar));
}

// A channel can sound a pitch once: a pitch struck again ends the note before, and of notes struck
// together the longest and loudest stands for all.
std::vector<Note> one_at_a_time(std::vector<Note> notes) {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::stable_sort(notes.begin(), notes.end(),
                     [](const Note& a, const Note& b) { return a.onset < b.onset; });
    std::array<std::size_t, score::kPitches> last;
    last.fill(kNone);
    std::size_t kept = 0;
    for (const Note& note : notes) {
        std::size_t& before = last[note.pitch];
        if (before != kNone && notes[before].onset == note.onset) {
            notes[before].duration = std::max(notes[before].duration, note.duration);
            notes[before].velocity = std::max(notes[before].velocity, note.velocity);
            continue;
        }
        if (before != kNone && notes[before].end() > note.onset)
            notes[before].duration = note.onset - notes[before].onset;
        before = kept;
        notes[kept++] = note;
    }
    notes.resize(kept);
    return notes;
}

void write_program(MidiTrackOut& track, Ticks at, std::uint8_t channel, std::uint8_t program,
                   std::uint16_t bank) {
    constexpr std::uint8_t kBankMsb = 0, kBankLsb = 32;
    const auto control = static_cast<std::uint8_t>(0xB0 | channel);
    track.message(at, WriteOrder::kProgram, control, kBankMsb,
                  static_cast<std::uint8_t>(bank / 128));
    track.message(at, WriteOrder::kProgram, control, kBankLsb,
                  static_cast<std::uint8_t>(bank % 128));
    track.message(at, WriteOrder::kProgram, static_cast<std::uint8_t>(0xC0 | channel), program);
}

// Volume, pan and expression at tick 0, and the part's other controls.
void write_controls(MidiTrackOut& track, const Part& part, const PartPlace& place, Mix mix) {
    const auto status = static_cast<std::uint8_t>(0xB0 | place.channel);
    constexpr std::uint8_t kVolume = 7, kPan = 10, kExpression = 11;
    constexpr std::uint8_t kDefaultVolume = 100, kDefaultExpression = 127;
    const auto initial = [&](std::uint8_t controller, std::uint8_t otherwise) {
        const int own = initial_control(part, controller);
        track.message(Ticks(0), WriteOrder::kControl, status, controller,
                      own < 0 ? otherwise : static_cast<std::uint8_t>(own));
    };
    if (mix == Mix::kComplete) {
        initial(kVolume, kDefaultVolume);
        initial(kPan, place.pan);
        initial(kExpression, kDefaultExpression);
    }
    for (const score::ControlChange& control : part.controls) {
        const bool is_written = mix == Mix::kComplete && control.onset.value == 0 &&
                                (control.controller == kVolume || control.controller == kPan ||
                                 control.controller == kExpression);
        if (!is_written)
            track.message(control.onset, WriteOrder::kControl, status, control.controller,
                          control.value);
    }
}

std::string part_chunk(const Part& part, const PartPlace& place, bool with_port, Mix mix) {
    constexpr std::uint8_t kReleaseVelocity = 64;
    MidiTrackOut track;
    const std::uint8_t channel = place.channel;
    if (with_port) {
        const char port = static_cast<char>(place.port);
        track.meta(Ticks(0), meta::kPort, {&port, 1});
    }
    if (!part.name.empty()) track.meta(Ticks(0), meta::kTrackName, part.name);
    write_texts(track, part.texts);
    write_program(track, Ticks(0), channel, part.program, part.bank);
    for (const score::ProgramChange& change : part.programs)
        write_program(track, change.onset, channel, change.program, change.bank);
    write_controls(track, part, place, mix);
    for (const score::PitchBend& bend : part.bends) {
        const int value = bend.value + 8192;
        track.message(bend.onset, WriteOrder::kBend, static_cast<std::uint8_t>(0xE0 | channel),
                      static_cast<std::uint8_t>(value % 128),
                      static_cast<std::uint8_t>(value / 128));
    }
    for (const Note& note : one_at_a_time(part.notes)) {
        track.message(note.onset, WriteOrder::kNoteOn, static_cast<std::uint8_t>(0x90 | channel),
                      note.pitch, note.velocity);
        track.message(note.end(), WriteOrder::kNoteOff, static_cast<std::uint8_t>(0x80 | channel),
                      note.pitch, kReleaseVelocity);
    }
    return track.take_chunk(Ticks(0));
}

}  // namespace

base::Result<std::string> format_midi(const score::Score& score, Mix mix) {
    if (const std::string flaw = flaw_of(score); !flaw.empty())
        return base::Error(base::ErrorKind::kInput, "a MIDI file cannot hold " + flaw);
    const base::Result<std::vector<PartPlace>> places = place_in_midi(score);
    if (!places.ok()) return places.error();

    std::string bytes = "MThd";
    append_big_endian(bytes, 6, 4);
    append_big_endian(bytes, 1, 2);  // format
    append_big_endian(bytes, static_cast<std::uint32_t>(score.parts.size() + 1), 2);
    append_big_endian(bytes, static_cast<std::uint32_t>(score.ticks_per_quarter), 2);
    bytes += conductor_chunk(score);
    const bool with_ports = std::any_of(places.value().begin(), places.value().end(),
                                        [](const PartPlace& place) { return place.port > 0; });
    for (std::size_t i = 0; i < score.parts.size(); ++i)
        bytes += part_chunk(score.parts[i], places.value()[i], with_ports, mix);
    return bytes;
}

void write_midi_file(const std::filesystem::path& path, const score::Score& score, Mix mix) {
    base::Result<std::string> bytes = format_midi(score, mix);
    if (!bytes.ok()) {
        base::Error error = bytes.error();
        error.path = path.string();
        throw error;
    }
    base::write_file_atomically(path, bytes.value());
}

}  // namespace symphony::io
