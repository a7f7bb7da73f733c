#include "symphony/generate/chord_track.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/generate/scale.h"
#include "symphony/score/pitch_name.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace symphony::generate {
namespace {

using score::ChordQuality;

struct Suffix {
    std::string_view text;
    ChordQuality quality;
};

// The first of a quality is how it is written.
constexpr std::array kSuffixes{Suffix{"", ChordQuality::kMajor},
                               Suffix{"maj", ChordQuality::kMajor},
                               Suffix{"M", ChordQuality::kMajor},
                               Suffix{"m", ChordQuality::kMinor},
                               Suffix{"min", ChordQuality::kMinor},
                               Suffix{"-", ChordQuality::kMinor},
                               Suffix{"dim", ChordQuality::kDiminished},
                               Suffix{"o", ChordQuality::kDiminished},
                               Suffix{"aug", ChordQuality::kAugmented},
                               Suffix{"+", ChordQuality::kAugmented},
                               Suffix{"7", ChordQuality::kDominant7},
                               Suffix{"maj7", ChordQuality::kMajor7},
                               Suffix{"M7", ChordQuality::kMajor7},
                               Suffix{"m7", ChordQuality::kMinor7},
                               Suffix{"min7", ChordQuality::kMinor7},
                               Suffix{"-7", ChordQuality::kMinor7},
                               Suffix{"m7b5", ChordQuality::kHalfDiminished7},
                               Suffix{"dim7", ChordQuality::kDiminished7},
                               Suffix{"o7", ChordQuality::kDiminished7},
                               Suffix{"sus4", ChordQuality::kSuspended4},
                               Suffix{"sus", ChordQuality::kSuspended4},
                               Suffix{"5", ChordQuality::kPower}};

std::string chord_text(score::Chord chord) {
    if (chord.quality == ChordQuality::kNone) return "-";
    const auto suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                     [&](const Suffix& s) { return s.quality == chord.quality; });
    return std::string(score::pitch_class_name(chord.root)) + std::string(suffix->text);
}

}  // namespace

score::Chord parse_chord(std::string_view text) {
    if (text == "-" || text == "N.C." || text == "NC") return {};
    const std::string_view above = text.substr(0, text.find('/'));
    std::size_t length = 0;
    const int root = parse_pitch_class(above, length);
    const auto found = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& suffix) {
        return root >= 0 && above.substr(length) == suffix.text;
    });
    if (found == kSuffixes.end())
        throw base::Error(
            base::ErrorKind::kUsage, "not a chord: \"" + std::string(text) + "\"", {},
            "write chords like C, Am, F#m7, Bb7, Gmaj7, Bdim, Caug, Dsus4; - for none");
    return {static_cast<std::uint8_t>(root), found->quality};
}

ChordTrack ChordTrack::parse(std::string_view text) {
    ChordTrack track;
    for (const std::string& bar : base::split(text, '|')) {
        std::istringstream words(bar);
        std::vector<Change> changes;
        for (std::string word; words >> word;) changes.push_back({0, parse_chord(word)});
        for (std::size_t i = 0; i < changes.size(); ++i)
            changes[i].share = static_cast<double>(i) / static_cast<double>(changes.size());
        if (!changes.empty()) track.bars_.push_back(std::move(changes));
    }
    if (track.bars_.empty())
        throw base::Error(base::ErrorKind::kUsage, "a chord track without chords", {},
                          "write it like \"C | Am7 | F G | C\"");
    return track;
}

ChordTrack ChordTrack::of(const score::Score& score) {
    ChordTrack track;
    const std::vector<score::Bar> bars = score::bars_of(score);
    const std::vector<score::BeatChord> chords = score::beat_chords(score);
    if (chords.empty() || score.note_count() == 0)
        throw base::Error(base::ErrorKind::kInput, "there are no chords in music without notes");
    std::size_t next = 0;
    for (const score::Bar& bar : bars) {
        std::vector<Change>& changes = track.bars_.emplace_back();
        for (; next < chords.size() && chords[next].onset < bar.onset + bar.length; ++next) {
            const score::Chord chord = chords[next].chord;
            if (!changes.empty() && changes.back().chord == chord) continue;
            changes.push_back({static_cast<double>((chords[next].onset - bar.onset).value) /
                                   static_cast<double>(bar.length.value),
                               chord});
        }
        if (changes.empty()) changes.push_back({});
    }
    return track;
}

score::Chord ChordTrack::at(int bar, double share) const {
    const auto& changes = bars_[static_cast<std::size_t>(bar) % bars_.size()];
    score::Chord chord = changes.front().chord;
    for (const Change& change : changes)
        if (change.share <= share) chord = change.chord;
    return chord;
}

std::string ChordTrack::text() const {
    std::string text;
    for (const auto& changes : bars_) {
        if (!text.empty()) text += " |";
        for (const Change& change : changes)
            text += (text.empty() ? "" : " ") + chord_text(change.chord);
    }
    return text;
}

}  // namespace symphony::generate
