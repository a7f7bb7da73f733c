#include "symphony/generate/chord_fit.h"

#include "symphony/score/harmony.h"

#include <map>

namespace symphony::generate {

namespace {

using tokens::TokenId;

std::map<TokenId, score::Chord> chord_tokens(const tokens::Vocabulary& vocabulary) {
    std::map<TokenId, score::Chord> chords;
    for (int quality = 0; quality < score::kChordQualities; ++quality)
        for (std::uint8_t root = 0; root < 12; ++root) {
            const score::Chord chord{root, static_cast<score::ChordQuality>(quality)};
            if (const TokenId id = vocabulary.find("Chord_" + chord.name()); id >= 0)
                chords.emplace(id, chord);
        }
    return chords;
}

std::map<TokenId, int> pitch_tokens(const tokens::Vocabulary& vocabulary) {
    std::map<TokenId, int> pitches;
    for (int pitch = 0; pitch < score::kPitches; ++pitch)
        if (const TokenId id = vocabulary.find("Pitch_" + std::to_string(pitch)); id >= 0)
            pitches.emplace(id, pitch);
    return pitches;
}

}  // namespace

std::optional<ChordFit> chord_fit(const tokens::Tokenizer& tokenizer,
                                  std::span<const TokenId> ids) {
    const auto chords = chord_tokens(tokenizer.vocabulary());
    if (chords.empty()) return std::nullopt;
    const auto pitches = pitch_tokens(tokenizer.vocabulary());
    ChordFit fit;
    score::Chord in_force;  // none
    for (const TokenId id : ids) {
        if (const auto chord = chords.find(id); chord != chords.end()) in_force = chord->second;
        const auto pitch = pitches.find(id);
        if (pitch == pitches.end() || in_force.quality == score::ChordQuality::kNone) continue;
        ++fit.notes;
        fit.fitting += in_force.contains(pitch->second % 12);
    }
    return fit;
}

}  // namespace symphony::generate
