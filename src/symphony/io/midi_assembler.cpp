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
      notes_left_(options.max_notes),
      latest_(kMaxQuarters * clock.ticks_per_quarter) {
    score_.ticks_per_quarter = clock.ticks_per_quarter;
    if (clock.fixed_tempo) shared_.tempos.push_back({0, 0, *clock.fixed_tempo});
}

bool MidiAssembler::overdraw(std::uint64_t offset) {
    log_.add(MidiTrouble::kTooDense, offset, track_);
    budget_ = 0;
    return false;
}

void MidiAssembler::remark(MidiTrouble trouble, std::uint64_t offset) {
    Tally& tally = tallies_[static_cast<std::size_t>(trouble)];
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
    tallies_ = {};
}

inline void MidiAssembler::advance(std::uint32_t delta, std::uint64_t offset) {
    if (now_ + delta > latest_)
        log_.add(MidiTrouble::kDeltaTooLong, offset, track_);
    else
        now_ += delta;
}

bool MidiAssembler::take(const MidiEvent& event) {
    advance(event.delta, event.offset);
    if (event.status == kMeta) return take_meta(event);
    take_sysex(event);
    return true;
}

ChannelPart& MidiAssembler::begin_part(int channel) {
    part_of_channel_[static_cast<std::size_t>(channel)] = static_cast<int>(parts_.size());
    ChannelPart& made = parts_.emplace_back();
    made.track = track_;
    made.port = port_;
    made.part.channel = static_cast<std::uint8_t>(channel);
    made.part.is_drums = is_drum_channel(channel, made);
    return made;
}

inline bool MidiAssembler::take_note_on(ChannelMessage message, ChannelPart& channel) {
    score::Part& part = channel.part;
    if (notes_left_ == 0) {
        log_.add(MidiTrouble::kTooManyNotes, message.offset, track_);
        return false;
    }
    if (!charge(sizeof(score::Note), message.offset)) return false;
    --notes_left_;
    if (part.notes.empty()) {
        channel.programs_before_notes = part.programs.size();
        part.is_drums = is_drum_channel(message.channel(), channel);
    }
    NotePairing& pairing = pairings_[static_cast<std::size_t>(message.channel())];
    if (pairing.strike(part.notes, now_, message.data[0], message.data[1]))
        remark(MidiTrouble::kNoteRestruck, message.offset);
    return true;
}

inline void MidiAssembler::take_note_off(ChannelMessage message, ChannelPart& channel) {
    if (!pairings_[static_cast<std::size_t>(message.channel())].release(channel.part.notes, now_,
                                                                        message.data[0]))
        remark(MidiTrouble::kNoteOffWithoutNote, message.offset);
}

bool MidiAssembler::take(ChannelMessage message) {
    advance(message.delta, message.offset);
    const int known = part_of_channel_[static_cast<std::size_t>(message.channel())];
    // A part with its vectors; charged when new, as a few bytes of file can ask for one.
    if (known < 0 && !charge(sizeof(ChannelPart) + 64, message.offset)) return false;
    ChannelPart& channel =
        known < 0 ? begin_part(message.channel()) : parts_[static_cast<std::size_t>(known)];
    prefix_.reset();
    switch (message.kind()) {
        case 0x80:
            take_note_off(message, channel);
            return true;
        case 0x90:
            if (message.data[1] > 0) return take_note_on(message, channel);
            take_note_off(message, channel);
            return true;
        case 0xB0:
            return take_control(message, channel);
        case 0xC0: {
            if (!charge(sizeof(score::ProgramChange), message.offset)) return false;
            const auto bank = static_cast<std::uint16_t>(channel.bank_msb * 128 + channel.bank_lsb);
            channel.part.programs.push_back({Ticks(now_), message.data[0], bank});
            return true;
        }
        case 0xE0: {
            if (!charge(sizeof(score::PitchBend), message.offset)) return false;
            const int value = message.data[0] + message.data[1] * 128 - 8192;
            channel.part.bends.push_back({Ticks(now_), static_cast<std::int16_t>(value)});
            return true;
        }
        default:  // aftertouch
            remark(MidiTrouble::kEventsLeftOut, message.offset);
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

bool MidiAssembler::take_control(ChannelMessage message, ChannelPart& channel) {
    constexpr int kBankMsb = 0, kBankLsb = 32, kChannelModes = 120;
    constexpr int kResetControllers = 121, kLocalControl = 122;
    const std::uint8_t controller = message.data[0], value = message.data[1];
    if (controller == kBankMsb || controller == kBankLsb) {
        (controller == kBankMsb ? channel.bank_msb : channel.bank_lsb) = value;
        return true;
    }
    if (controller >= kChannelModes) {
        if (controller != kResetControllers && controller != kLocalControl)
            pairings_[static_cast<std::size_t>(message.channel())].release_all(channel.part.notes,
                                                                               now_);
        remark(MidiTrouble::kEventsLeftOut, message.offset);
        return true;
    }
    if (!charge(sizeof(score::ControlChange), message.offset)) return false;
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
        if (mended.zero_length > 0) {
            log_.add(MidiTrouble::kZeroLengthNote, offset, track_, {}, mended.zero_length);
            // Where time ends there is no room for the tick that it was given.
            for (score::Note& note : notes)
                if (note.end().value > latest_) --note.onset.value;
        }
    }
    for (std::size_t i = 0; i < tallies_.size(); ++i)
        if (tallies_[i].times > 0)
            log_.add(static_cast<MidiTrouble>(i), tallies_[i].offset, track_, {},
                     tallies_[i].times);
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
