#include "symphony/tokens/miditok/encode.h"

#include <algorithm>

namespace symphony::tokens::miditok {
namespace {

Stream stream_of(const std::vector<Event>& events) {
    Stream stream;
    stream.words.reserve(events.size());
    stream.times.reserve(events.size());
    stream.sources.reserve(events.size());
    for (const Event& event : events) {
        stream.words.push_back(event.word);
        stream.times.push_back(event.time);
        stream.sources.push_back(event.source);
    }
    return stream;
}

Stream stream_of(const std::vector<Row>& rows) {
    Stream stream;
    for (const Row& row : rows) {
        stream.row_sizes.push_back(static_cast<int>(row.words.size()));
        stream.words.insert(stream.words.end(), row.words.begin(), row.words.end());
        stream.times.insert(stream.times.end(), row.words.size(), row.time);
        stream.sources.insert(stream.sources.end(), row.words.size(), row.source);
    }
    return stream;
}

class Encoder {
  public:
    Encoder(Piece piece, const Config& config, const Values& values)
        : piece_(std::move(piece)), config_(config), values_(values) {}

    std::vector<Stream> encode() {
        if (config_.scheme == Scheme::kOctuple || config_.scheme == Scheme::kMuMidi) {
            const std::vector<std::int64_t> bars = bar_ticks(piece_);
            const auto most = static_cast<std::size_t>(*config_.max_bar_embedding);
            if (most < bars.size()) clip(piece_, bars[most]);
        }
        if (config_.scheme == Scheme::kMuMidi)
            return {stream_of(spell_mumidi(piece_, config_, values_))};
        spans_ = beat_spans(piece_, config_, values_.time_division);
        std::vector<Stream> streams;
        if (config_.one_token_stream_for_programs) {
            std::vector<Event> events = global_events(piece_, config_);
            for (const PieceTrack& track : piece_.tracks) append_track(events, track);
            sort_events(events, config_);
            if (config_.program_changes) insert_program_changes(events);
            return {spell(events)};
        }
        for (const PieceTrack& track : piece_.tracks) {
            std::vector<Event> events = global_events(piece_, config_);
            append_track(events, track);
            sort_events(events, config_);
            streams.push_back(spell(events, &track));
        }
        if (piece_.tracks.empty()) {
            std::vector<Event> events = global_events(piece_, config_);
            sort_events(events, config_);
            streams.push_back(spell(events));
        }
        return streams;
    }

  private:
    void append_track(std::vector<Event>& events, const PieceTrack& track) const {
        std::vector<Event> of_track = track_events(track, spans_, config_, values_);
        events.insert(events.end(), of_track.begin(), of_track.end());
    }

    // `track` is the one that the events are of, where each has a stream.
    Stream spell(const std::vector<Event>& events, const PieceTrack* track = nullptr) const {
        const std::int64_t quarter = piece_.ticks_per_quarter;
        switch (config_.scheme) {
            case Scheme::kCpWord:
                return stream_of(spell_cpword(events, quarter, config_, values_));
            case Scheme::kOctuple:
            case Scheme::kMuMidi:
                return stream_of(spell_octuple(events, quarter, config_, values_));
            default:
                break;
        }
        std::vector<Event> spelled = spell_time(events, quarter);
        if (track && config_.program_changes) {
            Event program;
            program.word = {Type::kProgram, track->program_token()};
            spelled.insert(spelled.begin(), program);
        }
        if (config_.scheme == Scheme::kMmm) {
            Event start, end;
            start.word = {Type::kSpecial, special("Track_Start")};
            end.word = {Type::kSpecial, special("Track_End")};
            end.time = spelled.empty() ? 0 : spelled.back().time + 1;
            spelled.insert(spelled.begin(), start);
            spelled.push_back(end);
        }
        return stream_of(spelled);
    }

    std::vector<Event> spell_time(const std::vector<Event>& events, std::int64_t quarter) const {
        const bool mmm = config_.scheme == Scheme::kMmm;
        if (mmm && events.size() < 2) return events;
        switch (mmm ? config_.base_scheme : config_.scheme) {
            case Scheme::kRemi:
                return spell_bars(events, quarter, config_, values_);
            case Scheme::kStructured:
                return spell_structured(events, quarter, config_.one_token_stream_for_programs,
                                        values_);
            case Scheme::kPerTok:
                return spell_pertok(events, config_, values_);
            default:
                return spell_shifts(events, quarter, config_, values_);
        }
    }

    int special(const char* name) const {
        const auto& tokens = config_.special_tokens;
        return static_cast<int>(std::find(tokens.begin(), tokens.end(), name) - tokens.begin());
    }

    Piece piece_;
    const Config& config_;
    const Values& values_;
    std::vector<BeatSpan> spans_;
};

}  // namespace

Streams encode_streams(Piece piece, const Config& config, const Values& values, bool join_tracks) {
    Streams result;
    preprocess(piece, config, values, result.losses);
    result.bar_ticks = bar_ticks(piece);
    result.beat_ticks = beat_ticks(piece);
    result.streams = Encoder(std::move(piece), config, values).encode();
    if (config.scheme == Scheme::kMmm && join_tracks) {
        Stream joined;
        for (const Stream& stream : result.streams) {
            joined.words.insert(joined.words.end(), stream.words.begin(), stream.words.end());
            joined.times.insert(joined.times.end(), stream.times.begin(), stream.times.end());
            joined.sources.insert(joined.sources.end(), stream.sources.begin(),
                                  stream.sources.end());
        }
        result.streams = {std::move(joined)};
    }
    return result;
}

}  // namespace symphony::tokens::miditok
