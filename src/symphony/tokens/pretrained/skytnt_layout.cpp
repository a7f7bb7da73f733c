#include "symphony/tokens/pretrained/skytnt_layout.h"

#include <string>

namespace symphony::tokens::skytnt {
namespace {

using enum Parameter;

struct ParameterName {
    const char* name;
    TokenKind kind;
    int count[2];  // in version 1 and 2
};

constexpr std::array<ParameterName, kParameters> kNames{{
    {"Time1", TokenKind::kOnset, {128, 128}},
    {"Time2", TokenKind::kOnset, {16, 16}},
    {"Duration", TokenKind::kLength, {2048, 2048}},
    {"Track", TokenKind::kPart, {128, 128}},
    {"Channel", TokenKind::kPart, {16, 16}},
    {"Pitch", TokenKind::kPitch, {128, 128}},
    {"Velocity", TokenKind::kDynamics, {128, 128}},
    {"Patch", TokenKind::kPart, {128, 128}},
    {"Controller", TokenKind::kOther, {128, 128}},
    {"Value", TokenKind::kOther, {128, 128}},
    {"Bpm", TokenKind::kOther, {256, 384}},
    {"Numerator", TokenKind::kOther, {0, 16}},
    {"Denominator", TokenKind::kOther, {0, 4}},
    {"Sharps", TokenKind::kOther, {0, 15}},
    {"Minor", TokenKind::kOther, {0, 2}},
}};

constexpr std::array<const char*, kEventKinds> kEventNames{"Note",  "Patch", "Control",
                                                           "Tempo", "Meter", "Key"};

}  // namespace

Layout::Layout(int version) : version_(version) {
    for (const char* name : {"Pad", "Begin", "End"}) vocabulary_.add(name, TokenKind::kOther);
    for (int kind = 0; kind < event_kinds(); ++kind)
        vocabulary_.add(kEventNames[static_cast<std::size_t>(kind)], TokenKind::kOther);
    for (std::size_t p = 0; p < kNames.size(); ++p) {
        spans_[p] = {vocabulary_.size(), kNames[p].count[version - 1]};
        for (int value = 0; value < spans_[p].count; ++value)
            vocabulary_.add(std::string(kNames[p].name) + "_" + std::to_string(value),
                            kNames[p].kind);
    }
    const auto set = [&](EventKind kind, std::vector<Parameter> rest) {
        rest.insert(rest.begin(), {kTime1, kTime2, kTrack});
        parameters_[static_cast<std::size_t>(kind)] = std::move(rest);
    };
    if (version == 1)
        set(EventKind::kNote, {kDuration, kChannel, kPitch, kVelocity});
    else
        set(EventKind::kNote, {kChannel, kPitch, kVelocity, kDuration});
    set(EventKind::kPatch, {kChannel, Parameter::kPatch});
    set(EventKind::kControl, {kChannel, kController, kValue});
    set(EventKind::kTempo, {kBpm});
    set(EventKind::kMeter, {kNumerator, kDenominator});
    set(EventKind::kKey, {kSharps, kMinor});
}

const Layout& layout(int version) {
    static const Layout kFirst(1), kSecond(2);
    return version == 1 ? kFirst : kSecond;
}

}  // namespace symphony::tokens::skytnt
