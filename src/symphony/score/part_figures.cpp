#include "symphony/score/part_figures.h"

namespace symphony::score {

double mean_pitch(std::span<const Note> notes) {
    double sum = 0;
    for (const Note& note : notes) sum += note.pitch;
    return notes.empty() ? 0 : sum / static_cast<double>(notes.size());
}

bool is_monophonic(std::span<const Note> notes) {
    for (std::size_t n = 1; n < notes.size(); ++n)
        if (notes[n].onset < notes[n - 1].end()) return false;
    return true;
}

}  // namespace symphony::score
