#include "symphony/view/levelled.h"

#include "symphony/score/part_figures.h"

#include <algorithm>

namespace symphony::view {
namespace {

constexpr std::uint8_t kVelocity = 80;
constexpr int kChurchOrgan = 19, kPiano = 0;
constexpr double kMiddlingTempo = 80, kSlowest = 50, kFastest = 140;

std::size_t sounding_parts(const score::Score& score, bool drums) {
    return static_cast<std::size_t>(std::count_if(
        score.parts.begin(), score.parts.end(),
        [&](const score::Part& part) { return part.is_drums == drums && !part.notes.empty(); }));
}

}  // namespace

score::Score levelled(const score::Score& score, int program, double quarters_per_minute) {
    score::Score out;
    out.ticks_per_quarter = score.ticks_per_quarter;
    out.meters = score.meters;
    out.keys = score.keys;
    out.bars = score.bars;
    out.tempos = {{score::Ticks(0), quarters_per_minute}};
    for (const score::Part& part : score.parts) {
        if (part.notes.empty()) continue;
        score::Part plain;
        plain.is_drums = part.is_drums;
        plain.role = part.role;
        plain.program = static_cast<std::uint8_t>(part.is_drums ? 0 : program);
        plain.notes = part.notes;
        for (score::Note& note : plain.notes) note.velocity = kVelocity;
        out.parts.push_back(std::move(plain));
    }
    std::stable_sort(out.parts.begin(), out.parts.end(),
                     [](const score::Part& a, const score::Part& b) {
                         return score::mean_pitch(a.notes) > score::mean_pitch(b.notes);
                     });
    return out;
}

int usual_program(std::span<const score::Score* const> scores) {
    std::size_t four = 0;
    for (const score::Score* score : scores)
        four += sounding_parts(*score, false) == 4 && sounding_parts(*score, true) == 0;
    return 2 * four > scores.size() ? kChurchOrgan : kPiano;
}

double usual_tempo(std::vector<double> tempos) {
    if (tempos.empty()) return kMiddlingTempo;
    const auto middle = tempos.begin() + static_cast<std::ptrdiff_t>(tempos.size() / 2);
    std::nth_element(tempos.begin(), middle, tempos.end());
    return std::clamp(*middle, kSlowest, kFastest);
}

}  // namespace symphony::view
