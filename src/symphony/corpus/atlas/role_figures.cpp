#include "symphony/corpus/atlas/role_figures.h"

#include <algorithm>
#include <vector>

namespace symphony::corpus {
namespace {

// `notes` by onset.
RoleFigures figures_of(const std::vector<score::Note>& notes, score::Ticks end,
                       int ticks_per_quarter, bool drums) {
    RoleFigures figures;
    if (notes.empty()) return figures;
    WholeCounts pitches(0, score::kPitches), intervals(-score::kPitches, 2 * score::kPitches);
    std::int64_t sounding = 0, together = 0;
    score::Ticks covered(0);
    int last_top = -1;
    for (std::size_t i = 0; i < notes.size();) {
        const score::Ticks onset = notes[i].onset;
        int top = 0;
        for (; i < notes.size() && notes[i].onset == onset; ++i) {
            const score::Note& note = notes[i];
            pitches.add(note.pitch);
            together += note.duration.value;
            sounding += std::max<std::int64_t>(0, (note.end() - std::max(covered, onset)).value);
            covered = std::max(covered, note.end());
            top = std::max<int>(top, note.pitch);
        }
        if (drums) continue;
        if (last_top >= 0) intervals.add(top - last_top);
        last_top = top;
    }
    figures.notes = static_cast<std::int64_t>(notes.size());
    figures.sounding_quarters = static_cast<double>(sounding) / ticks_per_quarter;
    figures.note_quarters = static_cast<double>(together) / ticks_per_quarter;
    figures.piece_quarters = static_cast<double>(end.value) / ticks_per_quarter;
    figures.pitch = pitches.tally();
    figures.interval = intervals.tally();
    return figures;
}

}  // namespace

double RoleFigures::density() const {
    return sounding_quarters > 0 ? static_cast<double>(notes) / sounding_quarters : 0;
}
double RoleFigures::polyphony() const {
    return sounding_quarters > 0 ? note_quarters / sounding_quarters : 0;
}
double RoleFigures::rest_share() const {
    return piece_quarters > 0 ? 1 - sounding_quarters / piece_quarters : 0;
}

void add_figures(RoleFigures& sum, const RoleFigures& figures) {
    sum.notes += figures.notes;
    sum.sounding_quarters += figures.sounding_quarters;
    sum.note_quarters += figures.note_quarters;
    sum.piece_quarters += figures.piece_quarters;
    add_tally(sum.pitch, figures.pitch);
    add_tally(sum.interval, figures.interval);
}

FiguresByRole role_figures_of(const score::Score& score, std::span<const score::Note> all) {
    std::array<std::vector<score::Note>, kRoles> notes;
    for (const score::Note& note : all) notes[static_cast<std::size_t>(note.role)].push_back(note);
    const score::Ticks end = score.end();
    FiguresByRole figures;
    for (std::size_t role = 0; role < kRoles; ++role)
        figures[role] = figures_of(notes[role], end, score.ticks_per_quarter,
                                   role == static_cast<std::size_t>(score::Role::kDrums));
    return figures;
}

}  // namespace symphony::corpus
