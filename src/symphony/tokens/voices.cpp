#include "symphony/tokens/voices.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace symphony::tokens {
namespace {

// Costs in semitones: a voice would rather leap this far than cut into its own last note, and
// still further than take two notes at once.
constexpr double kBusy = 24;
constexpr double kTwoAtOnce = 60;

// Where each voice lies: the mean pitch of its rank where as many notes as voices are struck
// together; without such places, evenly spread over the piece.
std::vector<double> registers(const GridPiece& piece) {
    const std::size_t voices = piece.parts.size();
    std::vector<double> sum(voices, 0);
    double places = 0;
    int highest = 0, lowest = score::kPitches;
    for (std::size_t i = 0, j = 0; i < piece.notes.size(); i = j) {
        while (j < piece.notes.size() && piece.notes[j].onset == piece.notes[i].onset) ++j;
        highest = std::max(highest, piece.notes[i].pitch);
        lowest = std::min(lowest, piece.notes[j - 1].pitch);
        if (j - i != voices) continue;
        ++places;
        for (std::size_t v = 0; v < voices; ++v) sum[v] += piece.notes[i + v].pitch;
    }
    for (std::size_t v = 0; v < voices; ++v)
        sum[v] = places > 0 ? sum[v] / places
                            : highest - (static_cast<double>(v) + 0.5) * (highest - lowest) /
                                            static_cast<double>(voices);
    return sum;
}

struct Voice {
    double pitch = 0;  // of its last note, at first its register
    std::int64_t end = 0;
};

// The cheapest voices for notes struck together, falling in pitch: voice indices that never fall.
std::vector<int> assign(std::span<const GridNote> notes, const std::vector<Voice>& voices) {
    const std::size_t n = notes.size(), m = voices.size();
    std::vector<double> cost(n * m);
    std::vector<int> from(n * m, -1);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t v = 0; v < m; ++v) {
            double before = 0;
            if (i > 0) {
                before = cost[(i - 1) * m + v] + kTwoAtOnce;
                from[i * m + v] = static_cast<int>(v);
                for (std::size_t u = 0; u < v; ++u) {
                    if (cost[(i - 1) * m + u] >= before) continue;
                    before = cost[(i - 1) * m + u];
                    from[i * m + v] = static_cast<int>(u);
                }
            }
            cost[i * m + v] = before + std::abs(notes[i].pitch - voices[v].pitch) +
                              (voices[v].end > notes[i].onset ? kBusy : 0);
        }
    }
    std::vector<int> chosen(n);
    const auto last = cost.end() - static_cast<std::ptrdiff_t>(m);
    chosen[n - 1] = static_cast<int>(std::min_element(last, cost.end()) - last);
    for (std::size_t i = n - 1; i > 0; --i)
        chosen[i - 1] = from[i * m + static_cast<std::size_t>(chosen[i])];
    return chosen;
}

}  // namespace

void guess_voices(GridPiece& piece) {
    std::vector<Voice> voices;
    for (const double pitch : registers(piece)) voices.push_back({.pitch = pitch});
    for (std::size_t i = 0, j = 0; i < piece.notes.size(); i = j) {
        while (j < piece.notes.size() && piece.notes[j].onset == piece.notes[i].onset) ++j;
        const std::vector<int> chosen = assign(std::span(piece.notes).subspan(i, j - i), voices);
        for (std::size_t k = i; k < j; ++k) {
            GridNote& note = piece.notes[k];
            note.part = chosen[k - i];
            voices[static_cast<std::size_t>(note.part)] = {static_cast<double>(note.pitch),
                                                           note.end};
        }
    }
}

}  // namespace symphony::tokens
