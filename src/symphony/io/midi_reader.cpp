#include "symphony/io/midi_reader.h"

#include "symphony/io/midi_assembler.h"
#include "symphony/io/midi_chunks.h"
#include "symphony/io/midi_mended_tracks.h"
#include "symphony/io/track_event_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::io {
namespace {

class MidiFile {
  public:
    MidiFile(Bytes bytes, const std::string& name, const ReadOptions& options)
        : options_(options), log_(options, name) {
        const std::optional<MidiExtent> extent = find_midi(bytes, &log_);
        if (extent) {
            bytes_ = bytes.first(extent->end);
            header_ = read_header(bytes_, extent->begin, log_);
            declared_format_ = header_.format;
            if (header_.format == 0 && header_.declared_tracks > 1) header_.format = 1;
            return;
        }
        // Without a header only salvage goes on, from the first track.
        const std::string_view other = other_kind_of(bytes);
        const std::optional<MidiHeader> guessed = guess_header(bytes);
        if (!guessed || !log_.salvage() || !other.empty())
            log_.add(MidiTrouble::kNotMidi, 0, -1,
                     other.empty() ? std::string() : "this is " + std::string(other));
        log_.add(MidiTrouble::kHeaderMissing, 0, -1);
        bytes_ = bytes;
        header_ = *guessed;
    }

    ScoreFile read() {
        const MidiClock clock = read_division(header_.division, header_.offset + 12, log_);
        MidiAssembler assembler(bytes_, header_, clock, options_, log_);
        read_chunks(assembler);
        check_tracks();
        ScoreFile file;
        file.score = assembler.finish();
        text_encoding_ = assembler.text_encoding();
        file.grade = log_.grade();
        file.diagnostics = log_.take();
        return file;
    }

    // After read(): what texts are in that are not UTF-8.
    const std::string& text_encoding() const { return text_encoding_; }

    // Every sound event, as a file of its own. Instead of read().
    std::string mend(const std::string& text_encoding) {
        const MidiClock clock = read_division(header_.division, header_.offset + 12, log_);
        MendedTracks mended(bytes_, header_, clock, text_encoding);
        mended_ = &mended;
        MidiAssembler assembler(bytes_, header_, clock, options_, log_);
        read_chunks(assembler);
        return mended.take_file();
    }

  private:
    void read_chunks(MidiAssembler& assembler) {
        std::size_t at = header_.next;
        while (at < bytes_.size() && !full_) {
            if (is_track(at))
                at = read_track(assembler, at);
            else
                at = skip(at);
        }
    }

    bool is_track(std::size_t at) {
        if (has_text_at(bytes_, "MTrk", at)) return bytes_.size() - at >= 8;
        if (!damaged_track_at(bytes_, at)) return false;
        log_.add(MidiTrouble::kTrackNameDamaged, at, tracks_,
                 std::string(as_text(bytes_.subspan(at, 4))));
        return true;
    }

    std::size_t read_track(MidiAssembler& assembler, std::size_t at) {
        const std::size_t begin = at + 8;
        const std::uint64_t declared_end = std::uint64_t{begin} + big_endian_32(bytes_, at + 4);
        TrackEventReader reader(bytes_, begin, declared_end, tracks_, log_);
        assembler.begin_track(tracks_++);
        if (mended_) mended_->begin_track();
        const auto take = [&](ChannelMessage message) {
            ++events_;
            return assembler.take(message);
        };
        MidiEvent event;
        while (!full_) {
            if (!mended_) full_ = !reader.take_plain(take);
            if (full_ || !reader.next(event)) break;
            full_ = !(event.is_channel() ? assembler.take(event.message()) : assembler.take(event));
            events_ += !event.is_end_of_track();
            if (mended_ && !full_) mended_->take(event);
        }
        if (mended_) mended_->end_track();
        assembler.end_track(reader.position());
        skipped_bytes_ += reader.skipped_bytes();
        track_bytes_ += reader.position() - begin;
        return reader.position();
    }

    // Passes over what is no track; returns where to look next.
    std::size_t skip(std::size_t at) {
        const bool is_second_header = has_text_at(bytes_, "MThd", at);
        if (!is_second_header && chunk_header_at(bytes_, at) && !has_text_at(bytes_, "MTrk", at)) {
            const std::size_t end = at + 8 + big_endian_32(bytes_, at + 4);
            if (end == bytes_.size() || chunk_header_at(bytes_, end)) {
                log_.add(MidiTrouble::kForeignChunk, at, -1,
                         std::string(as_text(bytes_.subspan(at, 4))));
                if (mended_) mended_->keep_chunk(bytes_.subspan(at, end - at));
                return end;
            }
        }
        const std::size_t next_track =
            is_second_header ? bytes_.size() : find_text(bytes_, "MTrk", at + 1);
        if (next_track == bytes_.size()) {
            log_.add(MidiTrouble::kTrailingBytes, at, -1,
                     fmt::format("{} bytes", bytes_.size() - at));
            return bytes_.size();
        }
        log_.add(MidiTrouble::kJunkBetweenChunks, at, -1, fmt::format("{} bytes", next_track - at));
        return next_track;
    }

    void check_tracks() {
        if (tracks_ == 0) log_.add(MidiTrouble::kNoTrack, header_.offset, -1);
        if (events_ == 0 && skipped_bytes_ > 0)
            log_.add(MidiTrouble::kNotMidi, header_.next, -1, "no track holds a single event");
        if (skipped_bytes_ * 2 > track_bytes_)
            log_.add(
                MidiTrouble::kMostlyDamage, header_.offset, -1,
                fmt::format("{} of {} track bytes make no sense", skipped_bytes_, track_bytes_));
        if (full_) return;
        if (header_.has_declared_tracks && header_.declared_tracks != tracks_)
            log_.add(MidiTrouble::kTrackCountWrong, header_.offset + 10, -1,
                     fmt::format("{} declared, {} there", header_.declared_tracks, tracks_));
        if (declared_format_ == 0 && tracks_ > 1)
            log_.add(MidiTrouble::kFormat0ManyTracks, header_.offset + 8, -1,
                     fmt::format("{} tracks", tracks_));
        if (header_.format == 2) log_.add(MidiTrouble::kFormat2, header_.offset + 8, -1);
    }

    ReadOptions options_;
    DiagnosticLog log_;
    Bytes bytes_;
    MidiHeader header_;
    int declared_format_ = 1;
    std::string text_encoding_;
    MendedTracks* mended_ = nullptr;  // filled beside the score by mend()
    int tracks_ = 0;
    std::uint64_t events_ = 0;
    bool full_ = false;
    std::uint64_t skipped_bytes_ = 0;
    std::uint64_t track_bytes_ = 0;
};

}  // namespace

bool looks_like_midi(std::string_view bytes) {
    return find_midi(as_bytes(bytes), nullptr).has_value();
}

base::Result<MendedMidi> mend_midi(std::string_view bytes, const std::string& name,
                                   const ReadOptions& options) {
    try {
        MidiFile file(as_bytes(bytes), name, options);
        ScoreFile music = file.read();
        MidiFile again(as_bytes(bytes), name, options);
        return MendedMidi{std::move(music), again.mend(file.text_encoding())};
    } catch (const base::Error& error) {
        return error;
    }
}

base::Result<ScoreFile> parse_midi(std::string_view bytes, const std::string& name,
                                   const ReadOptions& options) {
    try {
        return MidiFile(as_bytes(bytes), name, options).read();
    } catch (const base::Error& error) {
        return error;
    }
}

}  // namespace symphony::io
