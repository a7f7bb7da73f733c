// Meta events and system exclusives of midi_assembler.h.
#include "symphony/base/text.h"
#include "symphony/base/text_encoding.h"
#include "symphony/io/midi_assembler.h"
#include "symphony/io/midi_meta.h"

#include <fmt/format.h>

#include <string_view>

namespace symphony::io {

using score::Ticks;

// What is longer is no name but a text (and a name may be copied to several parts).
constexpr std::size_t kLongestName = 1000;

bool MidiAssembler::has_payload(const MidiEvent& event, std::size_t wanted) {
    if (event.payload_size != wanted)
        log_.add(MidiTrouble::kMetaLength, event.body_offset, track_,
                 fmt::format("type 0x{:02X}, length {} instead of {}", event.meta_type,
                             event.payload_size, wanted));
    return event.payload_size >= wanted;
}

bool MidiAssembler::take_meta(const MidiEvent& event) {
    switch (event.meta_type) {
        case kMetaEndOfTrack:
            has_payload(event, 0);
            return true;
        case meta::kChannelPrefix:
            if (has_payload(event, 1)) prefix_ = bytes_[event.payload] & 0x0F;
            return true;
        case meta::kPort:
            if (has_payload(event, 1)) port_ = bytes_[event.payload] & 0x7F;
            return true;
        case meta::kTempo:
            take_tempo(event);
            return true;
        case meta::kTimeSignature:
            take_meter(event);
            return true;
        case meta::kKeySignature:
            take_key(event);
            return true;
        case meta::kSequencerSpecific:
            take_sequencer_specific(event);
            return true;
        default:
            break;
    }
    if (event.meta_type >= meta::kText && event.meta_type <= meta::kCue) return take_text(event);
    remark(MidiTrouble::kEventsLeftOut, event.offset);
    return true;
}

bool MidiAssembler::take_text(const MidiEvent& event) {
    std::string_view raw(reinterpret_cast<const char*>(bytes_.data()) + event.payload,
                         event.payload_size);
    while (!raw.empty() && raw.back() == '\0') raw.remove_suffix(1);
    if (raw.empty()) return true;
    const bool is_foreign = !base::is_utf8(raw);
    // A byte becomes three at most.
    if (!charge(sizeof(score::Text) + raw.size() * (is_foreign ? 3 : 1), event.offset))
        return false;
    if (is_foreign) note_foreign_text(raw, event.offset);
    std::string text(raw);

    const bool is_name =
        event.meta_type == meta::kTrackName || event.meta_type == meta::kInstrumentName;
    if (is_name && text.size() <= kLongestName) {
        if (prefix_)
            channel_names_.emplace_back(*prefix_, std::move(text));
        else if (std::string& name = event.meta_type == meta::kTrackName ? name_ : instrument_;
                 name.empty())
            name = std::move(text);
        return true;
    }
    if (track_ == 0 && now_ == 0 && text.starts_with(meta::kComposerPrefix)) {
        if (score_.composer.empty())
            score_.composer = base::trim(text.substr(meta::kComposerPrefix.size()));
        return true;
    }
    texts_.push_back({Ticks(now_), meta::text_kind(event.meta_type), std::move(text)});
    return true;
}

void MidiAssembler::note_foreign_text(std::string_view text, std::uint64_t offset) {
    constexpr std::size_t kEnough = 4096;
    if (foreign_sample_.size() < kEnough) {
        foreign_sample_ += text;
        foreign_sample_ += '\n';
    }
    if (foreign_texts_.empty() || foreign_texts_.back().track != track_)
        foreign_texts_.push_back({track_, {0, offset}});
    ++foreign_texts_.back().tally.times;
}

// All texts of a file are taken to be in one encoding, or in UTF-8.
void MidiAssembler::decode_texts() {
    if (foreign_texts_.empty()) return;
    text_encoding_ = base::detect_encoding(foreign_sample_);
    for (const ForeignText& foreign : foreign_texts_)
        log_.add(MidiTrouble::kTextNotUtf8, foreign.tally.offset, foreign.track,
                 "read as " + base::encoding_title(text_encoding_), foreign.tally.times);
    const base::TextDecoder decoder(text_encoding_);
    const auto decode = [&](std::string& text) {
        if (!base::is_utf8(text)) text = decoder.to_utf8(text);
    };
    decode(score_.title);
    decode(score_.composer);
    for (score::Text& text : score_.texts) decode(text.text);
    for (score::Part& part : score_.parts) {
        decode(part.name);
        for (score::Text& text : part.texts) decode(text.text);
    }
}

void MidiAssembler::take_tempo(const MidiEvent& event) {
    if (!has_payload(event, 3)) return;
    const std::uint32_t microseconds = bytes_[event.payload] * 65536u +
                                       bytes_[event.payload + 1] * 256u + bytes_[event.payload + 2];
    if (microseconds == 0)
        log_.add(MidiTrouble::kTempoZero, event.body_offset, track_);
    else if (clock_.fixed_tempo)
        remark(MidiTrouble::kEventsLeftOut, event.offset);
    else
        shared_.tempos.push_back({now_, track_, tempo_of(microseconds)});
}

void MidiAssembler::take_meter(const MidiEvent& event) {
    if (!has_payload(event, 4) && event.payload_size < 2) return;
    const int numerator = bytes_[event.payload], power = bytes_[event.payload + 1];
    if (numerator == 0 || power > meta::kMaxDenominatorPower) {
        log_.add(MidiTrouble::kTimeSignature, event.body_offset, track_,
                 fmt::format("{}/2^{}", numerator, power));
        return;
    }
    const score::Meter meter{static_cast<std::uint8_t>(numerator),
                             static_cast<std::uint8_t>(1 << power)};
    shared_.meters.push_back({now_, track_, {meter, std::nullopt}});
}

void MidiAssembler::take_key(const MidiEvent& event) {
    if (!has_payload(event, 2)) return;
    const auto sharps = static_cast<std::int8_t>(bytes_[event.payload]);
    const int mode = bytes_[event.payload + 1];
    if (sharps < -7 || sharps > 7 || mode > 1) {
        log_.add(MidiTrouble::kKeySignature, event.body_offset, track_,
                 fmt::format("{} sharps, mode {}", sharps, mode));
        return;
    }
    shared_.keys.push_back({now_, track_, {sharps, mode == 1}});
}

// Our own: the metre in which an irregular bar is notated, right after the metre of its length.
void MidiAssembler::take_sequencer_specific(const MidiEvent& event) {
    const std::string_view payload(reinterpret_cast<const char*>(bytes_.data()) + event.payload,
                                   event.payload_size);
    const std::size_t fields = meta::kIrregularBar.size();
    const bool is_ours = payload.starts_with(meta::kIrregularBar) && payload.size() == fields + 2 &&
                         !shared_.meters.empty() && shared_.meters.back().at == now_ &&
                         shared_.meters.back().track == track_;
    const int numerator = is_ours ? bytes_[event.payload + fields] : 0;
    const int power = is_ours ? bytes_[event.payload + fields + 1] : 0;
    if (numerator == 0 || power > meta::kMaxDenominatorPower) {
        remark(MidiTrouble::kEventsLeftOut, event.offset);
        return;
    }
    shared_.meters.back().value.notated =
        score::Meter{static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(1 << power)};
}

void MidiAssembler::take_sysex(const MidiEvent& event) {
    remark(MidiTrouble::kEventsLeftOut, event.offset);
    const Bytes payload = bytes_.subspan(event.payload, event.payload_size);
    // Roland GS "use for rhythm part": 41 dev 42 12 40 1x 15 mm. Part 0 is channel 10.
    if (payload.size() >= 8 && payload[0] == 0x41 && payload[2] == 0x42 && payload[3] == 0x12 &&
        payload[4] == 0x40 && (payload[5] & 0xF0) == 0x10 && payload[6] == 0x15) {
        const int part = payload[5] & 0x0F;
        const int channel = part == 0 ? 9 : part <= 9 ? part - 1 : part;
        drums_by_sysex_[static_cast<std::size_t>(channel)] = payload[7] != 0;
    }
    // Yamaha "XG system on": 43 1n 4C 00 00 7E 00.
    if (payload.size() >= 7 && payload[0] == 0x43 && payload[2] == 0x4C && payload[5] == 0x7E)
        is_xg_ = true;
}

}  // namespace symphony::io
