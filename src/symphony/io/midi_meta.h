// Numbers of meta events that reader and writer share. Source: RP-001; FF 20 and FF 21 as in common
// use.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <string_view>

namespace symphony::io::meta {

inline constexpr std::uint8_t kText = 0x01;
inline constexpr std::uint8_t kCopyright = 0x02;
inline constexpr std::uint8_t kTrackName = 0x03;
inline constexpr std::uint8_t kInstrumentName = 0x04;
inline constexpr std::uint8_t kLyric = 0x05;
inline constexpr std::uint8_t kMarker = 0x06;
inline constexpr std::uint8_t kCue = 0x07;
inline constexpr std::uint8_t kChannelPrefix = 0x20;
inline constexpr std::uint8_t kPort = 0x21;
inline constexpr std::uint8_t kTempo = 0x51;
inline constexpr std::uint8_t kTimeSignature = 0x58;
inline constexpr std::uint8_t kKeySignature = 0x59;
inline constexpr std::uint8_t kSequencerSpecific = 0x7F;

inline constexpr int kMaxDenominatorPower = 7;  // 1/128

// A text at the start that names the composer, as LilyPond writes it.
inline constexpr std::string_view kComposerPrefix = "creator: ";

// Payload of our sequencer-specific event: non-commercial id 7D, "SyB", then numerator and power of
// two of the metre in which the bar that begins here is notated, though its length is another.
inline constexpr std::string_view kIrregularBar = "\x7DSyB";

// Preconditions: `type` is one of the text events other than names.
inline score::TextKind text_kind(std::uint8_t type) {
    switch (type) {
        case kCopyright:
            return score::TextKind::kCopyright;
        case kLyric:
            return score::TextKind::kLyric;
        case kMarker:
            return score::TextKind::kMarker;
        case kCue:
            return score::TextKind::kCue;
        default:
            return score::TextKind::kText;
    }
}

inline std::uint8_t text_type(score::TextKind kind) {
    switch (kind) {
        case score::TextKind::kText:
            return kText;
        case score::TextKind::kCopyright:
            return kCopyright;
        case score::TextKind::kLyric:
            return kLyric;
        case score::TextKind::kMarker:
            return kMarker;
        case score::TextKind::kCue:
            return kCue;
    }
    return kText;
}

}  // namespace symphony::io::meta
