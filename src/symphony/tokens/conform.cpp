#include "symphony/tokens/conform.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace symphony::tokens {
namespace {

void count(GridPiece& piece, const char* code, std::int64_t times) {
    if (times > 0) piece.losses[code] += times;
}

void conform_parts(GridPiece& piece, const LayoutValues& values) {
    if (!values.has_parts) {
        // The player of a merged stream is a guess, not a loss.
        for (GridPart& part : piece.parts) part = {values.parts.front(), values.roles.front()};
        return;
    }
    std::vector<PartClass> wanted;
    for (const GridPart& part : piece.parts) wanted.push_back(part.part_class);
    const std::vector<int> assigned = assign_classes(wanted, values.parts);
    std::vector<GridPart> kept;
    std::vector<int> new_index(piece.parts.size(), -1);
    for (std::size_t p = 0; p < piece.parts.size(); ++p) {
        if (assigned[p] < 0) continue;
        new_index[p] = static_cast<int>(kept.size());
        GridPart part{values.parts[static_cast<std::size_t>(assigned[p])], piece.parts[p].role};
        count(piece, "part-replaced", part.part_class != piece.parts[p].part_class);
        if (std::find(values.roles.begin(), values.roles.end(), part.role) == values.roles.end()) {
            count(piece, "role-replaced", 1);
            part.role = values.roles.front();
        }
        kept.push_back(std::move(part));
    }
    for (GridNote& note : piece.notes) note.part = new_index[static_cast<std::size_t>(note.part)];
    for (GridControl& control : piece.controls)
        control.part = new_index[static_cast<std::size_t>(control.part)];
    count(piece, "part-dropped",
          static_cast<std::int64_t>(
              std::erase_if(piece.notes, [](const GridNote& n) { return n.part < 0; })));
    piece.parts = std::move(kept);
    // A piece declares at least one part, be it a silent one.
    if (piece.parts.empty()) piece.parts.push_back({values.parts.front(), values.roles.front()});
}

void conform_notes(GridPiece& piece, const LayoutValues& values) {
    const auto is_drum = [&](const GridNote& note) {
        return piece.parts[static_cast<std::size_t>(note.part)].part_class.is_drums;
    };
    count(piece, "drum-dropped",
          static_cast<std::int64_t>(std::erase_if(piece.notes, [&](const GridNote& note) {
              return is_drum(note) &&
                     !std::binary_search(values.drums.begin(), values.drums.end(), note.pitch);
          })));
    count(piece, "pitch-dropped",
          static_cast<std::int64_t>(std::erase_if(piece.notes, [&](const GridNote& note) {
              return !is_drum(note) &&
                     (note.pitch < values.lowest_pitch || note.pitch > values.highest_pitch);
          })));
    std::int64_t rounded = 0;
    for (GridNote& note : piece.notes) {
        const int nearest = *std::min_element(
            values.velocities.begin(), values.velocities.end(), [&](int a, int b) {
                return std::abs(a - note.velocity) < std::abs(b - note.velocity);
            });
        rounded += nearest != note.velocity;
        note.velocity = nearest;
    }
    count(piece, "velocity-rounded", rounded);
}

// Values that training never saw are brought to the nearest of their controller.
void conform_controls(GridPiece& piece, const LayoutValues& values) {
    std::map<std::pair<int, int>, int> in_force;  // by part and controller
    std::vector<GridControl> kept;
    std::int64_t dropped = 0;
    for (GridControl control : piece.controls) {
        const std::pair<int, int>* nearest = nullptr;
        for (const auto& known : values.controls)
            if (known.first == control.controller &&
                (nearest == nullptr || std::abs(known.second - control.value) <
                                           std::abs(nearest->second - control.value)))
                nearest = &known;
        if (control.part < 0 || nearest == nullptr) {
            ++dropped;
            continue;
        }
        control.value = nearest->second;
        const auto [known, is_new] =
            in_force.emplace(std::pair(control.part, control.controller), control.value);
        if (!is_new && known->second == control.value) continue;
        known->second = control.value;
        kept.push_back(control);
    }
    piece.controls = std::move(kept);
    std::sort(piece.controls.begin(), piece.controls.end());
    count(piece, "control-dropped", dropped);
}

// The known metre whose bars are nearest in length; of equals, the one with the same denominator.
score::Meter nearest_meter(score::Meter meter, const LayoutValues& values) {
    const auto distance = [&](score::Meter known) {
        return std::pair(std::abs(full_bar_steps(known, values.steps_per_quarter) -
                                  full_bar_steps(meter, values.steps_per_quarter)),
                         std::abs(known.denominator - meter.denominator));
    };
    return *std::min_element(
        values.meters.begin(), values.meters.end(),
        [&](score::Meter a, score::Meter b) { return distance(a) < distance(b); });
}

void conform_meters(GridPiece& piece, const LayoutValues& values) {
    score::Meter before{0, 1};
    for (GridBar& bar : piece.bars) {
        const score::Meter given = bar.meter;
        if (std::find(values.meters.begin(), values.meters.end(), given) == values.meters.end()) {
            bar.meter = nearest_meter(given, values);
            count(piece, "meter-replaced", given != before);
        }
        before = given;
    }
}

void conform_tempos(GridPiece& piece, const LayoutValues& values) {
    if (values.tempos.size() < 2) {
        std::vector<GridChange<double>> corpus_tempo;
        if (!values.tempos.empty()) corpus_tempo.push_back({0, tempo_of_class(values.tempos[0])});
        const bool same =
            piece.tempos.size() == corpus_tempo.size() &&
            (piece.tempos.empty() || (piece.tempos[0].onset == 0 &&
                                      tempo_class(piece.tempos[0].value) == values.tempos[0]));
        count(piece, "tempo-replaced",
              same ? 0 : std::max<std::int64_t>(1, static_cast<std::int64_t>(piece.tempos.size())));
        piece.tempos = std::move(corpus_tempo);
        return;
    }
    std::vector<GridChange<double>> kept;
    for (const auto& change : piece.tempos) {
        const int wanted = tempo_class(change.value);
        const int known = std::clamp(wanted, values.tempos.front(), values.tempos.back());
        const double tempo = tempo_of_class(known);
        if (known != wanted)
            count(piece, "tempo-replaced", 1);
        else
            count(piece, "tempo-rounded", std::abs(tempo - change.value) >= 0.5);
        if (kept.empty() || kept.back().value != tempo) kept.push_back({change.onset, tempo});
    }
    piece.tempos = std::move(kept);
}

}  // namespace

void conform(GridPiece& piece, const LayoutValues& values) {
    conform_parts(piece, values);
    conform_notes(piece, values);
    conform_controls(piece, values);
    conform_meters(piece, values);
    conform_tempos(piece, values);
    for (auto& change : piece.keys)
        change.value.sharps = std::clamp<std::int8_t>(change.value.sharps, -7, 7);
    if (!values.has_phrases) {
        count(piece, "phrase-dropped", static_cast<std::int64_t>(piece.phrases.size()));
        piece.phrases.clear();
    }
}

}  // namespace symphony::tokens
