#include "symphony/tokens/miditok/piece.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace symphony::tokens::miditok {
namespace {

constexpr int kSustain = 64, kPedalDown = 64, kDrumChannel = 9;

// The part's programs over time.
class Programs {
  public:
    explicit Programs(const score::Part& part) : part_(part) {}

    int at(std::int64_t time) const {
        int program = part_.program;
        for (const score::ProgramChange& change : part_.programs) {
            if (change.onset.value > time) break;
            program = change.program;
        }
        return program;
    }

  private:
    const score::Part& part_;
};

// Where a MIDI channel is known and is not the first, symusic takes the first pedal to be down from
// the beginning of the track.
void add_pedals(const score::Part& part, const Programs& programs,
                std::map<int, PieceTrack>& tracks) {
    std::int64_t down = part.channel.value_or(0) != 0 ? 0 : -1;
    for (const score::ControlChange& control : part.controls) {
        if (control.controller != kSustain) continue;
        const std::int64_t time = control.onset.value;
        if (control.value >= kPedalDown) {
            if (down < 0) down = time;
            continue;
        }
        const auto track = tracks.find(programs.at(time));
        if (down >= 0 && track != tracks.end()) track->second.pedals.push_back({down, time - down});
        down = -1;
    }
    for (auto& [program, track] : tracks)
        std::stable_sort(track.pedals.begin(), track.pedals.end(),
                         [](const Pedal& a, const Pedal& b) {
                             return std::tie(a.time, a.duration) < std::tie(b.time, b.duration);
                         });
}

std::vector<std::int64_t> grid_ticks(const Piece& piece, bool beats) {
    const std::int64_t last = piece.last_onset();
    if (last == 0) return {0};
    std::vector<PieceMeter> meters = piece.meters;
    meters.push_back({last, {}});
    PieceMeter current{0, {}};
    std::size_t next = 0;
    if (meters[0].time == 0) current = meters[0];
    next = meters.size() > 1 ? 1 : 0;
    std::vector<std::int64_t> ticks;
    for (; next < meters.size(); ++next) {
        const std::int64_t unit = beats ? ticks_per_beat(current.meter, piece.ticks_per_quarter)
                                        : ticks_per_bar(current.meter, piece.ticks_per_quarter);
        const std::int64_t span = meters[next].time - current.time;
        for (std::int64_t i = 0; unit > 0 && i < (span + unit - 1) / unit; ++i)
            ticks.push_back(current.time + unit * i);
        current = meters[next];
    }
    return ticks;
}

}  // namespace

std::int64_t Piece::end() const {
    std::int64_t end = last_mark;
    for (const PieceTrack& track : tracks) {
        for (const PieceNote& note : track.notes) end = std::max(end, note.end());
        for (const Pedal& pedal : track.pedals) end = std::max(end, pedal.end());
        if (!track.bends.empty()) end = std::max(end, track.bends.back().time);
        end = std::max(end, track.last_control);
    }
    if (!tempos.empty()) end = std::max(end, tempos.back().time);
    if (!meters.empty()) end = std::max(end, meters.back().time);
    return end;
}

std::int64_t Piece::last_onset() const {
    std::int64_t last = last_mark;
    for (const PieceTrack& track : tracks) {
        if (!track.notes.empty()) last = std::max(last, track.notes.back().time);
        if (!track.bends.empty()) last = std::max(last, track.bends.back().time);
        last = std::max(last, track.last_control);
    }
    if (!tempos.empty()) last = std::max(last, tempos.back().time);
    if (!meters.empty()) last = std::max(last, meters.back().time);
    return last;
}

Piece piece_of(const score::Score& score) {
    Piece piece;
    piece.ticks_per_quarter = score.ticks_per_quarter;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        const Programs programs(part);
        std::map<int, PieceTrack> tracks;
        for (std::size_t n = 0; n < part.notes.size(); ++n) {
            const score::Note& note = part.notes[n];
            PieceTrack& track = tracks[programs.at(note.onset.value)];
            track.notes.push_back({note.onset.value, note.duration.value, note.pitch, note.velocity,
                                   static_cast<int>(p), static_cast<int>(n)});
        }
        if (tracks.empty()) continue;
        for (const score::PitchBend& bend : part.bends) {
            const auto track = tracks.find(programs.at(bend.onset.value));
            if (track != tracks.end())
                track->second.bends.push_back({bend.onset.value, bend.value});
        }
        add_pedals(part, programs, tracks);
        for (auto& [program, track] : tracks) {
            track.program = program;
            track.is_drum = part.channel ? *part.channel == kDrumChannel : part.is_drums;
            if (!part.controls.empty()) track.last_control = part.controls.back().onset.value;
            piece.tracks.push_back(std::move(track));
        }
        for (const score::Text& text : part.texts)
            if (text.kind == score::TextKind::kMarker)
                piece.last_mark = std::max(piece.last_mark, text.onset.value);
    }
    for (const score::TempoChange& tempo : score.tempos)
        piece.tempos.push_back(
            {tempo.onset.value, std::round(60'000'000 / tempo.quarters_per_minute)});
    for (const score::MeterChange& change : score.meters)
        piece.meters.push_back(
            {change.onset.value, {change.meter.numerator, change.meter.denominator}});
    for (const score::KeyChange& key : score.keys)
        piece.last_mark = std::max(piece.last_mark, key.onset.value);
    for (const score::Text& text : score.texts)
        if (text.kind == score::TextKind::kMarker)
            piece.last_mark = std::max(piece.last_mark, text.onset.value);
    return piece;
}

std::int64_t ticks_per_beat(Meter meter, std::int64_t ticks_per_quarter) {
    return ticks_per_quarter * 4 / meter.denominator;
}

std::int64_t ticks_per_bar(Meter meter, std::int64_t ticks_per_quarter) {
    return ticks_per_beat(meter, ticks_per_quarter) * meter.numerator;
}

std::vector<BeatSpan> beat_spans(const Piece& piece, const Config& config,
                                 std::int64_t ticks_per_quarter) {
    if (!config.use_time_signatures || piece.meters.empty())
        return {{piece.end(), ticks_per_quarter}};
    std::vector<BeatSpan> spans;
    for (std::size_t i = 0; i < piece.meters.size(); ++i) {
        const std::int64_t end =
            i + 1 < piece.meters.size() ? piece.meters[i + 1].time : piece.end() + 1;
        const std::int64_t beat = ticks_per_beat(piece.meters[i].meter, piece.ticks_per_quarter);
        if (!spans.empty() && spans.back().ticks_per_beat == beat)
            spans.back().end = end;
        else
            spans.push_back({end, beat});
    }
    return spans;
}

std::vector<std::int64_t> bar_ticks(const Piece& piece) { return grid_ticks(piece, false); }
std::vector<std::int64_t> beat_ticks(const Piece& piece) { return grid_ticks(piece, true); }

void clip(Piece& piece, std::int64_t end) {
    const auto late = [end](const auto& event) { return event.time >= end; };
    for (PieceTrack& track : piece.tracks) {
        std::erase_if(track.notes, late);
        std::erase_if(track.pedals, late);
        std::erase_if(track.bends, late);
    }
    std::erase_if(piece.tempos, late);
    std::erase_if(piece.meters, late);
}

}  // namespace symphony::tokens::miditok
