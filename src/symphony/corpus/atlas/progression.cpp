#include "symphony/corpus/atlas/progression.h"

#include <algorithm>
#include <array>

namespace symphony::corpus {
namespace {

using score::BeatChord;
using score::Chord;
using score::ChordQuality;

constexpr std::array<const char*, 12> kMajorDegrees{"I",   "bII", "II",  "bIII", "III",  "IV",
                                                    "#IV", "V",   "bVI", "VI",   "bVII", "VII"};
constexpr std::array<const char*, 12> kMinorDegrees{"I",   "bII", "II", "III", "#III", "IV",
                                                    "#IV", "V",   "VI", "#VI", "VII",  "#VII"};

struct Sign {
    bool capital;
    const char* suffix;
};
// In order of ChordQuality.
constexpr std::array<Sign, score::kChordQualities> kSigns{{{true, "?"},
                                                           {true, ""},
                                                           {false, ""},
                                                           {false, "o"},
                                                           {true, "+"},
                                                           {true, "7"},
                                                           {true, "maj7"},
                                                           {false, "7"},
                                                           {false, "h7"},
                                                           {false, "o7"},
                                                           {true, "sus4"},
                                                           {true, "5"}}};

RomanChord roman(const Chord& chord, score::Key key) {
    return {static_cast<std::uint8_t>((chord.root - key.tonic_pitch_class() + 12) % 12),
            chord.quality};
}

const KeyRegion& region_of(const KeyPlan& plan, std::size_t bar) {
    for (const KeyRegion& region : plan.regions)
        if (static_cast<std::int64_t>(bar) < region.first_bar + region.bars) return region;
    return plan.regions.back();
}

const char* cadence_name(const RomanChord& before, const RomanChord& last) {
    const bool from_dominant = before.degree == 7 || before.degree == 11;
    if (last.degree == 0 && from_dominant) return "authentic";
    if (last.degree == 0 && before.degree == 5) return "plagal";
    if (last.degree == 7) return "half";
    if ((last.degree == 9 || last.degree == 8) && before.degree == 7) return "deceptive";
    return "other";
}

}  // namespace

std::string RomanChord::name(bool minor) const {
    const Sign& sign = kSigns[static_cast<std::size_t>(quality)];
    std::string name = (minor ? kMinorDegrees : kMajorDegrees)[degree];
    if (!sign.capital)
        for (char& c : name)
            if (c == 'I' || c == 'V') c = c == 'I' ? 'i' : 'v';
    return name + sign.suffix;
}

std::vector<Progression> progressions_of(std::span<const BeatChord> beats,
                                         std::span<const score::Bar> bars, const KeyPlan& plan) {
    std::vector<Progression> all;
    std::size_t next = 0, bar = 0;
    for (const KeyRegion& region : plan.regions) {
        Progression progression{.minor = region.key.minor, .chords = {}, .bars = {}};
        for (; next < beats.size(); ++next) {
            while (bar + 1 < bars.size() && bars[bar + 1].onset <= beats[next].onset) ++bar;
            if (static_cast<std::int64_t>(bar) >= region.first_bar + region.bars) break;
            if (beats[next].chord.quality == ChordQuality::kNone) continue;
            const RomanChord chord = roman(beats[next].chord, region.key);
            if (!progression.chords.empty() && progression.chords.back() == chord) continue;
            progression.chords.push_back(chord);
            progression.bars.push_back(static_cast<std::int32_t>(bar));
        }
        if (!progression.chords.empty()) all.push_back(std::move(progression));
    }
    return all;
}

namespace {

bool lies_in_scale(const RomanChord& chord, bool minor) {
    static constexpr std::array<std::uint16_t, 4> kScales{
        0b101010110101,   // major: 0 2 4 5 7 9 11
        0b010110101101,   // natural minor: 0 2 3 5 7 8 10
        0b100110101101,   // harmonic minor: 0 2 3 5 7 8 11
        0b101010101101};  // melodic minor: 0 2 3 5 7 9 11
    const Chord at_tonic{chord.degree, chord.quality};
    for (std::size_t s = minor ? 1 : 0; s < (minor ? kScales.size() : 1); ++s) {
        bool inside = chord.quality != ChordQuality::kNone;
        for (int pc = 0; pc < 12; ++pc)
            if (at_tonic.contains(pc) && (kScales[s] >> pc & 1u) == 0) inside = false;
        if (inside) return true;
    }
    return false;
}

// By degree, quality and mode.
using DiatonicTable = std::array<std::array<std::array<bool, 2>, score::kChordQualities>, 12>;

DiatonicTable diatonic_table() {
    DiatonicTable table{};
    for (std::size_t degree = 0; degree < table.size(); ++degree)
        for (std::size_t quality = 0; quality < score::kChordQualities; ++quality)
            for (const bool minor : {false, true})
                table[degree][quality][minor ? 1 : 0] = lies_in_scale(
                    {static_cast<std::uint8_t>(degree), static_cast<ChordQuality>(quality)}, minor);
    return table;
}

}  // namespace

bool is_diatonic(const RomanChord& chord, bool minor) {
    static const DiatonicTable table = diatonic_table();
    return table[chord.degree][static_cast<std::size_t>(chord.quality)][minor ? 1 : 0];
}

NameTally cadences_of(const score::Score& score, std::span<const BeatChord> beats,
                      std::span<const score::Bar> bars, const KeyPlan& plan) {
    NameTally cadences;
    if (plan.regions.empty() || beats.empty()) return cadences;
    std::vector<score::Ticks> ends;
    for (const score::PhraseMark& phrase : score.phrases) ends.push_back(phrase.onset);
    ends.push_back(score.end() - score::Ticks(1));
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    std::ptrdiff_t last_counted = -1;  // a mark in every part, or one at the very end, counts once
    for (const score::Ticks at : ends) {
        auto beat =
            std::upper_bound(beats.begin(), beats.end(), at,
                             [](score::Ticks t, const BeatChord& b) { return t < b.onset; }) -
            beats.begin() - 1;
        while (beat >= 0 &&
               beats[static_cast<std::size_t>(beat)].chord.quality == ChordQuality::kNone)
            --beat;
        if (beat < 0) continue;
        const Chord last = beats[static_cast<std::size_t>(beat)].chord;
        const auto differs = [&](std::ptrdiff_t b) {
            const Chord& chord = beats[static_cast<std::size_t>(b)].chord;
            return chord.quality != ChordQuality::kNone && chord != last;
        };
        auto before = beat - 1;
        while (before >= 0 && !differs(before)) --before;
        if (before < 0 || before < last_counted) continue;
        last_counted = beat;
        const score::Key key =
            region_of(plan, score::bar_index(bars, beats[static_cast<std::size_t>(beat)].onset))
                .key;
        ++cadences[cadence_name(roman(beats[static_cast<std::size_t>(before)].chord, key),
                                roman(last, key))];
    }
    return cadences;
}

}  // namespace symphony::corpus
