#include "symphony/io/midi_assembler.h"

#include "symphony/base/text.h"

#include <algorithm>

namespace symphony::io {
namespace {

using score::Ticks;

// What the score of a file of n bytes may take: a fixed part, and a few times n. Vectors may need
// three times as much for a moment while they grow.
constexpr std::uint64_t kFixedBudget = std::uint64_t{16} << 20;
constexpr std::uint64_t kBudgetPerByte = 6;

constexpr std::int64_t kLongestUnclosedQuarters = 16;
constexpr int kDrumChannel = 9;

}  // namespace

MidiAssembler::MidiAssembler(Bytes bytes, const MidiHeader& header, const MidiClock& clock,
                             const ReadOptions& options, DiagnosticLog& log)
    : bytes_(bytes),
      header_(header),
      clock_(clock),
      options_(options),
      log_(log),
      budget_(kFixedBudget + kBudgetPerByte * bytes.size()),
      notes_left_(options.max_notes) {
    score_.ticks_per_quarter = clock.ticks_per_quarter;
    if (clock.fixed_tempo) shared_.tempos.push_back({0, 0, *clock.fixed_tempo});
}

bool MidiAssembler::charge(std::uint64_t bytes, std::uint64_t offset) {
    if (bytes <= budget_) {
        budget_ -= bytes;
        return true;
    }
    log_.add(MidiTrouble::kTooDense, offset, track_);
    budget_ = 0;
    return false;
}

void MidiAssembler::remark(MidiTrouble trouble, std::uint64_t offset) {
    Tally& tally = tallies_[trouble];
    if (tally.times++ == 0) tally.offset = offset;
}

void MidiAssembler::begin_track(int track) {
    track_ = track;
    // Format 2 holds independent sequences: each begins at the whole bar (of 4/4) after the last.
    if (header_.format == 2) {
        const std::int64_t bar = std::int64_t{4} * clock_.ticks_per_quarter;
        base_ = (last_end_ + bar - 1) / bar * bar;
    }
    now_ = base_;
    port_ = 0;
    prefix_.reset();
    first_part_ = parts_.size();
    part_of_channel_.fill(-1);
    name_.clear();
    instrument_.clear();
    channel_names_.clear();
    texts_.clear();
    tallies_.clear();
}

void MidiAssembler::advance(const MidiEvent& event) {
    const std::int64_t latest = kMaxQuarters * clock_.ticks_per_quarter;
    if (now_ + event.delta > latest)
        log_.add(MidiTrouble::kDeltaTooLong, event.offset, track_);
    else
        now_ += event.delta;
}

bool MidiAssembler::take(const MidiEvent& event) {
    advance(event);
    if (event.is_channel()) return take_channel(event);
    if (event.status == kMeta) return take_meta(event);
    take_sysex(event);
    return true;
}

ChannelPart& MidiAssembler::channel_part(int channel) {
    int& index = part_of_channel_[static_cast<std::size_t>(channel)];
    if (index < 0) {
        index = static_cast<int>(parts_.size());
        ChannelPart& made = parts_.emplace_back();
        made.track = track_;
        made.port = port_;
        made.part.channel = static_cast<std::uint8_t>(channel);
        made.part.is_drums = is_drum_channel(channel, made);
    }
    return parts_[static_cast<std::size_t>(index)];
}

bool MidiAssembler::take_channel(const MidiEvent& event) {
    const int channel_number = event.status & 0x0F;
    // A part with its vectors; charged when new, as a few bytes of file can ask for one.
    if (part_of_channel_[static_cast<std::size_t>(channel_number)] < 0 &&
        !charge(sizeof(ChannelPart) + 64, event.offset))
        return false;
    ChannelPart& channel = channel_part(channel_number);
    prefix_.reset();
    switch (event.status & 0xF0) {
        case 0x80:
            take_note_off(event, channel);
            return true;
        case 0x90:
            if (event.data[1] > 0) return take_note_on(event, channel);
            take_note_off(event, channel);
            return true;
        case 0xB0:
            return take_control(event, channel);
        case 0xC0: {
            if (!charge(sizeof(score::ProgramChange), event.offset)) return false;
            const auto bank = static_cast<std::uint16_t>(channel.bank_msb * 128 + channel.bank_lsb);
            channel.part.programs.push_back({Ticks(now_), event.data[0], bank});
            return true;
        }
        case 0xE0: {
            if (!charge(sizeof(score::PitchBend), event.offset)) return false;
            const int value = event.data[0] + event.data[1] * 128 - 8192;
            channel.part.bends.push_back({Ticks(now_), static_cast<std::int16_t>(value)});
            return true;
        }
        default:  // aftertouch
            remark(MidiTrouble::kEventsLeftOut, event.offset);
            return true;
    }
}

bool MidiAssembler::is_drum_channel(int channel, const ChannelPart& part) const {
    constexpr int kGm2Drums = 120, kGm2Melody = 121, kXgDrums = 127, kXgSoundEffects = 126;
    if (const auto& by_sysex = drums_by_sysex_[static_cast<std::size_t>(channel)]) return *by_sysex;
    if (part.bank_msb == kGm2Drums) return true;
    if (is_xg_ && (part.bank_msb == kXgDrums || part.bank_msb == kXgSoundEffects)) return true;
    return channel == kDrumChannel && part.bank_msb != kGm2Melody;
}

bool MidiAssembler::take_note_on(const MidiEvent& event, ChannelPart& channel) {
    score::Part& part = channel.part;
    if (notes_left_ == 0) {
        log_.add(MidiTrouble::kTooManyNotes, event.offset, track_);
        return false;
    }
    if (!charge(sizeof(score::Note), event.offset)) return false;
    --notes_left_;
    if (part.notes.empty()) {
        channel.programs_before_notes = part.programs.size();
        part.is_drums = is_drum_channel(event.status & 0x0F, channel);
    }
    NotePairing& pairing = pairings_[event.status & 0x0F];
    if (pairing.strike(part.notes, now_, event.data[0], event.data[1]))
        remark(MidiTrouble::kNoteRestruck, event.offset);
    return true;
}

void MidiAssembler::take_note_off(const MidiEvent& event, ChannelPart& channel) {
    if (!pairings_[event.status & 0x0F].release(channel.part.notes, now_, event.data[0]))
        remark(MidiTrouble::kNoteOffWithoutNote, event.offset);
}

bool MidiAssembler::take_control(const MidiEvent& event, ChannelPart& channel) {
    constexpr int kBankMsb = 0, kBankLsb = 32, kChannelModes = 120;
    constexpr int kResetControllers = 121, kLocalControl = 122;
    const std::uint8_t controller = event.data[0], value = event.data[1];
    if (controller == kBankMsb || controller == kBankLsb) {
        (controller == kBankMsb ? channel.bank_msb : channel.bank_lsb) = value;
        return true;
    }
    if (controller >= kChannelModes) {
        if (controller != kResetControllers && controller != kLocalControl)
            pairings_[event.status & 0x0F].release_all(channel.part.notes, now_);
        remark(MidiTrouble::kEventsLeftOut, event.offset);
        return true;
    }
    if (!charge(sizeof(score::ControlChange), event.offset)) return false;
    channel.part.controls.push_back({Ticks(now_), controller, value});
    return true;
}

void MidiAssembler::end_track(std::uint64_t offset) {
    last_end_ = std::max(last_end_, now_);
    const std::int64_t longest = kLongestUnclosedQuarters * clock_.ticks_per_quarter;
    for (std::size_t channel = 0; channel < part_of_channel_.size(); ++channel) {
        if (part_of_channel_[channel] < 0) continue;
        auto& notes = parts_[static_cast<std::size_t>(part_of_channel_[channel])].part.notes;
        if (notes.empty()) continue;
        const NotePairing::Mended mended = pairings_[channel].finish(notes, now_, longest);
        if (mended.never_closed > 0)
            log_.add(MidiTrouble::kNoteNeverClosed, offset, track_, {}, mended.never_closed);
        if (mended.zero_length > 0)
            log_.add(MidiTrouble::kZeroLengthNote, offset, track_, {}, mended.zero_length);
    }
    for (const auto& [trouble, tally] : tallies_)
        log_.add(trouble, tally.offset, track_, {}, tally.times);
    place_texts();
}

void MidiAssembler::place_texts() {
    std::sort(
        parts_.begin() + static_cast<std::ptrdiff_t>(first_part_), parts_.end(),
        [](const ChannelPart& a, const ChannelPart& b) { return a.part.channel < b.part.channel; });
    const std::size_t parts = parts_.size() - first_part_;
    const bool is_whole_file = header_.format == 0;
    for (std::size_t i = first_part_; i < parts_.size(); ++i) {
        std::string& name = parts_[i].part.name;
        for (const auto& [channel, given] : channel_names_)
            if (channel == *parts_[i].part.channel) name = given;
        if (name.empty() && !is_whole_file) name = name_;
        if (name.empty() && (parts == 1 || !is_whole_file)) name = instrument_;
    }
    // LilyPond calls its first track so, whatever the piece.
    const bool names_the_piece = name_ != "control track" && (is_whole_file || parts == 0);
    if (names_the_piece && score_.title.empty() && (track_ == 0 || is_whole_file))
        score_.title = name_;
    std::vector<score::Text>& place =
        parts == 1 && !is_whole_file ? parts_[first_part_].part.texts : score_.texts;
    place.insert(place.end(), std::make_move_iterator(texts_.begin()),
                 std::make_move_iterator(texts_.end()));
}

score::Score MidiAssembler::finish() {
    place_parts(std::move(parts_), score_, log_);
    decode_texts();
    apply_shared_events(std::move(shared_), score_, log_);
    // Every list was filled in the order of the file, so only a few need sorting.
    score::sort_events(score_);
    return std::move(score_);
}

}  // namespace symphony::io
