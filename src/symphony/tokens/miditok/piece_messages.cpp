// The messages of a MIDI file as symusic 0.6.0 turns them into tracks. Its habits decide MidiTok's
// ids: a note belongs to the program that is in force when it is struck, a strike pairs with the
// next end of its pitch, notes without an end are left out, and what comes on a channel before its
// first note (or after a change of program) waits for the track that the next note makes.
#include "symphony/tokens/miditok/piece.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace symphony::tokens::miditok {
namespace {

using score::MessageKind;
using score::MidiMessage;

constexpr int kChannels = 16;
constexpr int kSustain = 64, kPedalDown = 64;
constexpr int kLargestDenominatorPower = 7;
constexpr std::int64_t kSounding = -1;  // length of a note whose end has not come

class TrackReader {
  public:
    TrackReader() { pedal_down_.front() = kPedalUp; }

    void take(const MidiMessage& message) {
        const std::size_t channel = message.channel % kChannels;
        const std::int64_t time = message.at.value;
        switch (message.kind) {
            case MessageKind::kNoteOn: {
                PieceTrack& track = track_struck(channel);
                open_[{channel, message.a}].push_back({&track, track.notes.size()});
                track.notes.push_back(
                    {time, kSounding, message.a, message.b, message.part, message.note});
                break;
            }
            case MessageKind::kNoteOff:
                end_note(channel, message);
                break;
            case MessageKind::kProgram:
                programs_[channel] = message.a;
                break;
            case MessageKind::kControl:
                take_control(channel, message);
                break;
            case MessageKind::kBend:
                track_or_waiting(channel).bends.push_back({time, message.a});
                break;
            default:
                break;
        }
    }

    void finish(Piece& piece) {
        for (auto& [key, track] : tracks_) {
            std::erase_if(track.notes,
                          [](const PieceNote& note) { return note.duration == kSounding; });
            std::stable_sort(track.pedals.begin(), track.pedals.end(),
                             [](const Pedal& a, const Pedal& b) {
                                 return std::tie(a.time, a.duration) < std::tie(b.time, b.duration);
                             });
            piece.tracks.push_back(std::move(track));
        }
    }

  private:
    static constexpr std::int64_t kPedalUp = -1;

    PieceTrack& track_struck(std::size_t channel) {
        const int program = programs_[channel];
        const auto [found, is_new] = tracks_.try_emplace({channel, program});
        PieceTrack& track = found->second;
        if (is_new) {
            track = std::exchange(waiting_[channel], {});
            track.program = program;
            track.is_drum = channel == score::kMidiDrumChannel;
        }
        return track;
    }

    PieceTrack& track_or_waiting(std::size_t channel) {
        const auto found = tracks_.find({channel, programs_[channel]});
        return found == tracks_.end() ? waiting_[channel] : found->second;
    }

    void end_note(std::size_t channel, const MidiMessage& message) {
        const auto found = open_.find({channel, message.a});
        if (found == open_.end() || found->second.empty()) return;
        const auto [track, index] = found->second.front();
        found->second.pop_front();
        PieceNote& note = track->notes[index];
        note.duration = message.at.value - note.time;
    }

    void take_control(std::size_t channel, const MidiMessage& message) {
        const std::int64_t time = message.at.value;
        PieceTrack& track = track_or_waiting(channel);
        track.last_control = time;
        if (message.a != kSustain) return;
        std::int64_t& down = pedal_down_[channel];
        if (message.b >= kPedalDown) {
            if (down == kPedalUp) down = time;
        } else if (down != kPedalUp) {
            track.pedals.push_back({down, time - down});
            down = kPedalUp;
        }
    }

    struct Open {
        PieceTrack* track;  // of the map, whose elements stay where they are
        std::size_t index;
    };

    std::map<std::pair<std::size_t, int>, PieceTrack> tracks_;      // by channel and program
    std::map<std::pair<std::size_t, int>, std::deque<Open>> open_;  // by channel and pitch
    std::array<PieceTrack, kChannels> waiting_;
    std::array<int, kChannels> programs_{};
    // On all channels but the first the pedal counts as down from the beginning.
    std::array<std::int64_t, kChannels> pedal_down_{};
};

void take_meta(const MidiMessage& message, Piece& piece) {
    const std::int64_t time = message.at.value;
    switch (message.kind) {
        case MessageKind::kTempo:
            if (message.a > 0) piece.tempos.push_back({time, static_cast<double>(message.a)});
            break;
        case MessageKind::kMeter:
            if (message.a > 0 && message.b >= 0 && message.b <= kLargestDenominatorPower)
                piece.meters.push_back({time, {message.a, 1 << message.b}});
            break;
        case MessageKind::kKey:
        case MessageKind::kMarker:
            piece.last_mark = std::max(piece.last_mark, time);
            break;
        default:
            break;
    }
}

}  // namespace

Piece piece_of(const score::MidiMessages& messages) {
    Piece piece;
    piece.ticks_per_quarter = messages.ticks_per_quarter;
    for (const score::MidiTrack& track : messages.tracks) {
        TrackReader reader;
        for (const MidiMessage& message : track.messages) {
            reader.take(message);
            take_meta(message, piece);
        }
        reader.finish(piece);
    }
    const auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };
    std::stable_sort(piece.tempos.begin(), piece.tempos.end(), by_time);
    std::stable_sort(piece.meters.begin(), piece.meters.end(), by_time);
    return piece;
}

}  // namespace symphony::tokens::miditok
