// Which ids the tokenizers of midi-model (SkyTNT) give to what: an event is its kind and then its
// parameters, each kind of parameter with ids of its own. Source: SkyTNT/midi-model (Apache-2.0),
// versions 1 and 2.
#pragma once

#include "symphony/tokens/vocabulary.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace symphony::tokens::skytnt {

inline constexpr TokenId kPad = 0, kBegin = 1, kEnd = 2;
inline constexpr int kRowLength = 8;  // ids of an event, padded
using Row = std::array<TokenId, kRowLength>;

enum class EventKind : std::uint8_t {
    kNote,
    kPatch,
    kControl,
    kTempo,
    kMeter,  // version 2
    kKey,    // version 2
};
inline constexpr int kEventKinds = 6;

enum class Parameter : std::uint8_t {
    kTime1,  // quarters since the event before
    kTime2,  // sixteenths of a quarter
    kDuration,
    kTrack,
    kChannel,
    kPitch,
    kVelocity,
    kPatch,
    kController,
    kValue,
    kBpm,
    kNumerator,    // less one
    kDenominator,  // power of two, less one
    kSharps,       // plus 7
    kMinor,
};
inline constexpr int kParameters = 15;

struct IdSpan {
    TokenId first = 0;
    int count = 0;
    bool has(TokenId id) const { return id >= first && id < first + count; }
};

class Layout {
  public:
    explicit Layout(int version);  // 1 or 2

    int version() const { return version_; }
    int event_kinds() const { return version_ == 1 ? 4 : kEventKinds; }
    int largest_bpm() const { return span(Parameter::kBpm).count - 1; }
    TokenId id_of(EventKind kind) const { return 3 + static_cast<TokenId>(kind); }
    bool is_event(TokenId id) const { return id >= 3 && id < 3 + event_kinds(); }
    EventKind kind_of(TokenId event) const { return static_cast<EventKind>(event - 3); }
    const IdSpan& span(Parameter parameter) const {
        return spans_[static_cast<std::size_t>(parameter)];
    }
    // In the order in which they follow the event's id.
    const std::vector<Parameter>& parameters(EventKind kind) const {
        return parameters_[static_cast<std::size_t>(kind)];
    }
    const Vocabulary& vocabulary() const { return vocabulary_; }

  private:
    int version_;
    std::array<IdSpan, kParameters> spans_;
    std::array<std::vector<Parameter>, kEventKinds> parameters_;
    Vocabulary vocabulary_;
};

// Made once for each version.
const Layout& layout(int version);

}  // namespace symphony::tokens::skytnt
