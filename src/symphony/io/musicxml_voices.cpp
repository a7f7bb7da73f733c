// Notes to voices. Source: own, greedy by onset.
#include "symphony/io/musicxml_voices.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

namespace symphony::io::musicxml {
namespace {

// A layer as it grows.
struct Open {
    Layer layer;
    std::int64_t onset = -1, end = 0;  // of the last chord
    int pitch = 0;                     // its highest
    bool is_given = false;
};

class Assigner {
  public:
    Assigner(Staff& staff, int first_voice) : staff_(staff), next_voice_(first_voice) {}

    void run() {
        // Of equal onsets the highest first, so that it takes the first layer.
        std::vector<std::size_t> order(staff_.notes.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const StaffNote &x = staff_.notes[a], &y = staff_.notes[b];
            return std::pair(x.onset, -int{x.pitch}) < std::pair(y.onset, -int{y.pitch});
        });
        for (const std::size_t index : order) place(index);
        finish();
    }

  private:
    static bool fits(const Open& open, const StaffNote& note) {
        return open.end <= note.onset || (open.onset == note.onset && open.end == note.end);
    }

    void place(std::size_t index) {
        const StaffNote& note = staff_.notes[index];
        if (note.voice > 0) {
            for (Open& open : open_)
                if (open.is_given && open.layer.voice == note.voice && fits(open, note))
                    return add(open, index);
            const bool is_known = std::any_of(open_.begin(), open_.end(), [&](const Open& open) {
                return open.is_given && open.layer.voice == note.voice;
            });
            if (!is_known && open_.size() < kMaxLayers) {
                open_.emplace_back();
                open_.back().layer.voice = note.voice;
                open_.back().is_given = true;
                return add(open_.back(), index);
            }
        }
        Open* best = nullptr;
        int best_cost = std::numeric_limits<int>::max();
        for (Open& open : open_) {
            if (!fits(open, note)) continue;
            // A chord of equal lengths is one; a voice that rests is taken up where it lay.
            const int cost = open.onset == note.onset ? 0 : 1 + std::abs(open.pitch - note.pitch);
            if (cost < best_cost) {
                best = &open;
                best_cost = cost;
            }
        }
        if (best == nullptr && open_.size() < kMaxLayers) {
            open_.emplace_back();
            open_.back().layer.voice = 0;
            best = &open_.back();
        }
        add(best != nullptr ? *best : open_.back(), index);
    }

    void add(Open& open, std::size_t index) {
        const StaffNote& note = staff_.notes[index];
        open.layer.notes.push_back(index);
        if (open.onset != note.onset) open.pitch = note.pitch;
        open.onset = note.onset;
        open.end = std::max(open.end, note.end);
    }

    double mean_pitch(const Layer& layer) const {
        double sum = 0;
        for (const std::size_t index : layer.notes) sum += staff_.notes[index].pitch;
        return sum / static_cast<double>(layer.notes.size());
    }

    // Numbers what has none, the highest first.
    void finish() {
        std::stable_sort(open_.begin(), open_.end(), [&](const Open& a, const Open& b) {
            if (a.is_given != b.is_given) return a.is_given;
            return a.is_given ? a.layer.voice < b.layer.voice
                              : mean_pitch(a.layer) > mean_pitch(b.layer);
        });
        for (Open& open : open_) {
            const auto is_taken = [&](int voice) {
                return std::any_of(open_.begin(), open_.end(),
                                   [&](const Open& other) { return other.layer.voice == voice; });
            };
            if (open.layer.voice == 0) {
                while (is_taken(next_voice_)) ++next_voice_;
                open.layer.voice = next_voice_;
            }
            staff_.layers.push_back(std::move(open.layer));
        }
        if (staff_.layers.empty()) staff_.layers.push_back({next_voice_, {}});
    }

    Staff& staff_;
    int next_voice_;
    std::vector<Open> open_;
};

}  // namespace

void assign_voices(Staff& staff, int first_voice) { Assigner(staff, first_voice).run(); }

}  // namespace symphony::io::musicxml
