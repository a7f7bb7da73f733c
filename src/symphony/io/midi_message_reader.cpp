#include "symphony/io/midi_message_reader.h"

#include "symphony/io/midi_chunks.h"
#include "symphony/io/midi_meta.h"
#include "symphony/io/midi_time.h"
#include "symphony/io/track_event_reader.h"

#include <algorithm>

namespace symphony::io {
namespace {

using score::MessageKind;
using score::MidiMessage;

constexpr int kIndependentSequences = 2;
constexpr int kBendCentre = 8192;
constexpr std::uint16_t kSmpte = 0x8000;

MidiMessage channel_message(const MidiEvent& event) {
    MidiMessage message;
    message.channel = event.status & 0x0F;
    message.a = event.data[0];
    message.b = event.data[1];
    switch (event.status & 0xF0) {
        case 0x80:
            message.kind = MessageKind::kNoteOff;
            break;
        case 0x90:
            message.kind = event.data[1] > 0 ? MessageKind::kNoteOn : MessageKind::kNoteOff;
            break;
        case 0xB0:
            message.kind = MessageKind::kControl;
            break;
        case 0xC0:
            message.kind = MessageKind::kProgram;
            break;
        case 0xE0:
            message.kind = MessageKind::kBend;
            message.a = (event.data[1] << 7 | event.data[0]) - kBendCentre;
            break;
        default:
            message.kind = MessageKind::kOther;
    }
    return message;
}

MidiMessage meta_message(Bytes bytes, const MidiEvent& event) {
    const auto payload = bytes.subspan(event.payload, event.payload_size);
    MidiMessage message;
    if (event.meta_type == meta::kTempo && payload.size() >= 3) {
        message.kind = MessageKind::kTempo;
        message.a = payload[0] << 16 | payload[1] << 8 | payload[2];
    } else if (event.meta_type == meta::kTimeSignature && payload.size() >= 2) {
        message.kind = MessageKind::kMeter;
        message.a = payload[0];
        message.b = payload[1];
    } else if (event.meta_type == meta::kKeySignature && payload.size() >= 2) {
        message.kind = MessageKind::kKey;
        message.a = static_cast<std::int8_t>(payload[0]);
        message.b = payload[1];
    } else if (event.meta_type == meta::kMarker && !payload.empty()) {
        message.kind = MessageKind::kMarker;
    }
    return message;
}

score::MidiMessages read(Bytes file, const std::string& name, const ReadOptions& options) {
    DiagnosticLog log(options, name);
    const std::optional<MidiExtent> extent = find_midi(file, &log);
    if (!extent) log.add(MidiTrouble::kNotMidi, 0, -1);
    const Bytes bytes = file.first(extent->end);
    const MidiHeader header = read_header(bytes, extent->begin, log);
    if (header.format == kIndependentSequences || (header.division & kSmpte) != 0 ||
        header.division == 0)
        throw base::Error(base::ErrorKind::kInput,
                          "the file has no quarters that all its tracks share (format 2 or SMPTE "
                          "time), expected format 0 or 1 in ticks per quarter",
                          name);
    score::MidiMessages result;
    result.ticks_per_quarter = header.division;
    const std::int64_t latest = kMaxQuarters * header.division;
    std::uint64_t notes = 0;
    for (std::size_t at = header.next; at < bytes.size();) {
        at = find_text(bytes, "MTrk", at);
        if (bytes.size() - at < 8) break;
        const std::size_t begin = at + 8;
        TrackEventReader reader(bytes, begin, std::uint64_t{begin} + big_endian_32(bytes, at + 4),
                                static_cast<int>(result.tracks.size()), log);
        score::MidiTrack& track = result.tracks.emplace_back();
        MidiEvent event;
        while (reader.next(event)) {
            track.end.value = std::min(track.end.value + event.delta, latest);
            if (event.is_end_of_track()) continue;
            MidiMessage message;
            if (event.is_channel())
                message = channel_message(event);
            else if (event.status == kMeta)
                message = meta_message(bytes, event);
            message.at = track.end;
            notes += message.kind == MessageKind::kNoteOn;
            if (notes > options.max_notes) {
                log.add(MidiTrouble::kTooManyNotes, event.offset, -1);
                return result;
            }
            track.messages.push_back(message);
        }
        at = std::max(reader.position(), begin);
    }
    if (result.tracks.empty()) log.add(MidiTrouble::kNoTrack, header.offset, -1);
    return result;
}

}  // namespace

base::Result<score::MidiMessages> parse_midi_messages(std::string_view bytes,
                                                      const std::string& name,
                                                      const ReadOptions& options) {
    try {
        return read(as_bytes(bytes), name, options);
    } catch (const base::Error& error) {
        return error;
    }
}

}  // namespace symphony::io
