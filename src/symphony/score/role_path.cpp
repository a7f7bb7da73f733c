// Features of the notes of a role path, and the search.
#include "symphony/score/role_path.h"

#include "symphony/score/role_steps.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace symphony::score {
namespace {

constexpr double kSameOnset = 1.0 / 32;  // quarters; performed chords are not quite together
constexpr double kOverlap = 1.0 / 8;     // quarters that two notes of a line may sound together
// Bounds for masses of notes that no hand plays.
constexpr std::size_t kMaxPredecessors = 256;
constexpr std::size_t kMaxLookedAt = 4096;
constexpr std::size_t kMaxTogether = 64;
constexpr int kMirror = 122;  // pitch p becomes 122 - p: the usual bass register meets the melody's

int pitch_of(const PathNote& note, bool mirrored) {
    return mirrored ? kMirror - note.pitch : note.pitch;
}

// What sounds around one note.
struct Context {
    int above = 0, below = 0;                    // notes of the same onset
    int held_above = 0, held_below = 0;          // notes that began before and still sound
    int nearest_above = 99, nearest_below = 99;  // semitones, over all of them
    int same_length = 0;
    bool octave_above = false, octave_below = false;
    bool repeats = false;  // its pitch ended just before
};

// What the two quarters on either side of a note are like.
struct Texture {
    double above = 0;        // share of notes with a higher pitch
    double density = 0;      // notes a quarter, 1 is sixteen
    double chordal = 0;      // share of notes that begin together with at least two others
    double mean_length = 0;  // mean of log2 of the durations
};

// log2 of the duration of each note, within bounds.
std::vector<double> log_lengths(std::span<const PathNote> notes) {
    std::vector<double> lengths;
    lengths.reserve(notes.size());
    for (std::size_t i = 0; i < notes.size(); ++i)
        lengths.push_back(i > 0 && notes[i].duration == notes[i - 1].duration
                              ? lengths.back()
                              : std::log2(std::clamp(notes[i].duration, 1.0 / 16, 8.0)));
    return lengths;
}

// Slides over notes sorted by onset.
class TextureWindow {
  public:
    TextureWindow(std::span<const PathNote> notes, std::span<const double> log_lengths,
                  bool mirrored)
        : notes_(notes),
          log_lengths_(log_lengths),
          mirrored_(mirrored),
          is_chordal_(notes.size(), false) {
        for (std::size_t first = 0; first < notes.size();) {
            std::size_t last = first;
            while (last < notes.size() && notes[last].onset <= notes[first].onset + kSameOnset)
                ++last;
            if (last - first >= 3)
                std::fill(is_chordal_.begin() + static_cast<std::ptrdiff_t>(first),
                          is_chordal_.begin() + static_cast<std::ptrdiff_t>(last), true);
            first = last;
        }
    }

    // Precondition: called for notes in order.
    Texture around(const PathNote& note) {
        while (last_ < notes_.size() && notes_[last_].onset <= note.onset + kReach)
            count(last_++, 1);
        while (notes_[first_].onset < note.onset - kReach) count(first_++, -1);
        const double all = static_cast<double>(last_ - first_);
        int above = 0;
        for (int p = note.pitch + 1; p < 128 && !mirrored_; ++p) above += pitches_[index(p)];
        for (int p = 0; p < note.pitch && mirrored_; ++p) above += pitches_[index(p)];
        return {above / all, std::min(1.0, all / (2 * kReach) / 16), chordal_ / all,
                lengths_ / all};
    }

  private:
    static constexpr double kReach = 2;  // quarters
    static std::size_t index(int pitch) { return static_cast<std::size_t>(pitch & 127); }
    void count(std::size_t i, int by) {
        pitches_[index(notes_[i].pitch)] += by;
        chordal_ += is_chordal_[i] ? by : 0;
        lengths_ += by * log_lengths_[i];
    }

    std::span<const PathNote> notes_;
    std::span<const double> log_lengths_;
    bool mirrored_;
    std::vector<bool> is_chordal_;
    std::array<int, 128> pitches_{};
    int chordal_ = 0;
    double lengths_ = 0;
    std::size_t first_ = 0, last_ = 0;
};

NoteFeatures features_of(const PathNote& note, const Context& c, const Texture& t, int pitch,
                         double length) {
    const double together = c.above + c.below;
    const double high = (pitch - 67) / 12.0;
    NoteFeatures f{};
    f[0] = 1;
    f[1] = c.above == 0;
    f[2] = c.above + c.held_above == 0;
    f[3] = std::min(3, c.above);
    f[4] = together == 0;
    f[5] = high;
    f[6] = high * high;
    f[7] = length;
    f[8] = length * length;
    f[9] = std::min(12, c.nearest_below) / 12.0;
    f[10] = c.above + c.held_above == 0 ? 0 : std::min(12, c.nearest_above) / 12.0;
    f[11] = c.below == 0;
    f[12] = c.below + c.held_below == 0;
    f[13] = c.octave_above;
    f[14] = c.octave_below;
    f[15] = c.repeats;
    f[16] = together > 0 ? c.same_length / together : 0;
    f[17] = std::min(note.duration, 4.0);
    f[18] = std::min<double>(6, together) / 6;
    f[19] = note.in_other_staff;
    f[20] = std::min(3, c.held_above);
    f[21] = c.above + c.held_above == 1;
    const double relative_length = std::clamp(length - t.mean_length, -3.0, 3.0);
    f[22] = t.above;
    f[23] = t.density;
    f[24] = t.chordal;
    f[25] = relative_length;
    f[26] = f[2] * t.density;
    f[27] = f[2] * t.chordal;
    f[28] = f[2] * relative_length;
    f[29] = t.above * t.chordal;
    f[30] = t.above * t.density;
    f[31] = relative_length * t.density;
    f[32] = t.above * t.above;
    f[33] = f[2] * high;
    f[34] = relative_length * relative_length;
    f[35] = c.above > 0 && c.same_length == c.above + c.below;
    return f;
}

double dot(const NoteFeatures& a, const NoteFeatures& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

std::vector<NoteFeatures> note_features(std::span<const PathNote> notes, bool mirrored) {
    std::vector<NoteFeatures> features(notes.size());
    const std::vector<double> lengths = log_lengths(notes);
    TextureWindow window(notes, lengths, mirrored);
    std::vector<std::size_t> sounding;
    std::array<double, 256> last_end;  // by pitch
    last_end.fill(-1e9);
    for (std::size_t first = 0; first < notes.size();) {
        const double now = notes[first].onset;
        std::size_t last = first;
        while (last < notes.size() && notes[last].onset <= now + kSameOnset) ++last;
        std::erase_if(sounding, [&](std::size_t i) { return notes[i].end() <= now + kOverlap; });
        for (std::size_t i = first; i < last; ++i) {
            const int pitch = pitch_of(notes[i], mirrored);
            Context c;
            const auto look = [&](const PathNote& other, int& above, int& below) {
                const int distance = pitch_of(other, mirrored) - pitch;
                if (distance > 0) {
                    ++above;
                    c.nearest_above = std::min(c.nearest_above, distance);
                } else {
                    ++below;
                    c.nearest_below = std::min(c.nearest_below, -distance);
                }
            };
            const std::size_t from = i - std::min(i - first, kMaxTogether);
            const std::size_t to = std::min(last, i + kMaxTogether + 1);
            for (std::size_t j = from; j < to; ++j) {
                if (j == i) continue;
                look(notes[j], c.above, c.below);
                const int distance = pitch_of(notes[j], mirrored) - pitch;
                if (distance == 12) c.octave_above = true;
                if (distance == -12) c.octave_below = true;
                if (std::abs(notes[j].duration - notes[i].duration) < kSameOnset) ++c.same_length;
            }
            for (const std::size_t j : sounding) look(notes[j], c.held_above, c.held_below);
            const double ended = last_end[static_cast<std::size_t>(notes[i].pitch & 127)];
            c.repeats = std::abs(ended - notes[i].onset) <= kOverlap;
            features[i] = features_of(notes[i], c, window.around(notes[i]), pitch, lengths[i]);
        }
        for (std::size_t i = first; i < last; ++i) {
            sounding.push_back(i);
            last_end[static_cast<std::size_t>(notes[i].pitch & 127)] = notes[i].end();
        }
        if (sounding.size() > kMaxTogether)
            sounding.erase(sounding.begin(), sounding.end() - std::ptrdiff_t{kMaxTogether});
        first = last;
    }
    return features;
}

std::vector<std::size_t> best_path(std::span<const PathNote> notes, const PathWeights& weights,
                                   bool mirrored, std::span<const double> bonus) {
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    const std::vector<NoteFeatures> features = note_features(notes, mirrored);
    StepScores steps(weights.step);
    // Best scores, and of all notes up to each: their best score and their latest end.
    std::vector<double> best(notes.size()), best_until(notes.size()), last_end(notes.size());
    std::vector<std::size_t> before(notes.size(), kNone);
    std::vector<std::size_t> by_end(notes.size());
    std::iota(by_end.begin(), by_end.end(), std::size_t{0});
    std::sort(by_end.begin(), by_end.end(), [&](std::size_t a, std::size_t b) {
        return notes[a].end() != notes[b].end() ? notes[a].end() < notes[b].end() : a < b;
    });

    // `rested` is the best path that ended more than kLongestStep ago; 0 with kNone is the start.
    double rested = 0;
    std::size_t rested_at = kNone, next_rested = 0;
    for (std::size_t j = 0; j < notes.size(); ++j) {
        const double onset = notes[j].onset;
        while (next_rested < by_end.size() &&
               notes[by_end[next_rested]].end() < onset - kLongestStep) {
            const std::size_t i = by_end[next_rested++];
            if (i < j && best[i] > rested) {
                rested = best[i];
                rested_at = i;
            }
        }
        double gain = rested_at == kNone ? 0 : rested + weights.step[12];
        std::size_t from = rested_at;
        if (gain < 0) {
            gain = 0;
            from = kNone;
        }
        std::size_t joined = 0;
        const std::size_t farthest = j - std::min(j, kMaxLookedAt);
        for (std::size_t i = j; i-- > farthest && joined < kMaxPredecessors;) {
            if (notes[i].onset < onset - 16) break;
            // Nor does any note before it sound near, or promise more.
            if (last_end[i] < onset - kLongestStep || best_until[i] + steps.most() <= gain) break;
            const double end = notes[i].end();
            if (end > onset + kOverlap || notes[i].onset >= onset || end < onset - kLongestStep)
                continue;
            ++joined;
            const double total = best[i] + steps(notes[i], notes[j]);
            if (total > gain) {
                gain = total;
                from = i;
            }
        }
        best[j] = gain + dot(weights.note, features[j]) + (bonus.empty() ? 0 : bonus[j]);
        before[j] = from;
        best_until[j] = j == 0 ? best[j] : std::max(best_until[j - 1], best[j]);
        last_end[j] = j == 0 ? notes[j].end() : std::max(last_end[j - 1], notes[j].end());
    }

    std::vector<std::size_t> path;
    const auto top = std::max_element(best.begin(), best.end());
    if (top == best.end() || *top <= 0) return path;
    for (std::size_t i = static_cast<std::size_t>(top - best.begin()); i != kNone; i = before[i])
        path.push_back(i);
    std::reverse(path.begin(), path.end());
    return path;
}

}  // namespace symphony::score
