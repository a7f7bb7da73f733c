#include "symphony/io/musicxml_clefs.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace symphony::io::musicxml {
namespace {

// Of a bar in the second or third clef of a staff: it goes back where nothing speaks against it.
constexpr std::array kAwayCosts{0.0, 0.5, 0.9};

constexpr int kCello = 42, kTrombone = 57, kBassoon = 70;

bool is_read_in_tenor_clef(int program) {
    return program == kCello || program == kTrombone || program == kBassoon;
}

// Instruments and voices that are read in one clef: violin, contrabass, horns and reeds, flutes,
// voices, guitars and basses.
bool has_one_clef(int program) {
    return program == 40 || program == 43 || (program >= 24 && program <= 39) ||
           (program >= 52 && program <= 54) || (program >= 56 && program <= 79);
}

double mean_pitch(const Staff& staff) {
    double sum = 0;
    for (const StaffNote& note : staff.notes) sum += note.pitch;
    return sum / static_cast<double>(staff.notes.size());
}

// The clef for the staff as a whole.
Clef own_clef(const Staff& staff, const NotatedPart& part, std::size_t index) {
    if (part.is_drums) return Clef::kPercussion;
    if (staff.notes.empty()) return index == 1 ? Clef::kBass : Clef::kTreble;
    const double mean = mean_pitch(staff);
    const int program = part.head->program;
    if (part.staves.size() == 1) {
        if (base::contains_ignoring_case(part.name, "tenor") && mean < 67 && mean > 48)
            return Clef::kTreble8Below;
        if (program >= 24 && program <= 31) return Clef::kTreble8Below;                   // guitars
        if ((program >= 32 && program <= 39) || program == 43) return Clef::kBass8Below;  // basses
        if (program == 41 && mean < 72) return Clef::kAlto;                               // viola
        if (is_read_in_tenor_clef(program)) return Clef::kBass;
    }
    return mean < (index == 1 ? 62 : 59) ? Clef::kBass : Clef::kTreble;
}

// The clefs that the staff may be written in, its own first.
std::vector<Clef> clefs_for(Clef own, const NotatedPart& part) {
    const int program = part.head->program;
    if (own == Clef::kAlto) return {own, Clef::kTreble};
    if (own != Clef::kTreble && own != Clef::kBass) return {own};
    if (part.staves.size() == 1) {
        if (program == kCello) return {own, Clef::kTenor, Clef::kTreble};
        if (is_read_in_tenor_clef(program)) return {own, Clef::kTenor};
        if (has_one_clef(program)) return {own};
    }
    return {own, own == Clef::kBass ? Clef::kTreble : Clef::kBass};
}

// How hard a pitch is to read, in ledger lines, of which the first counts little. The lines follow
// from the white keys between the pitch and the middle line.
double effort(int pitch, Clef clef) {
    constexpr double kEaseOfFirst = 0.7;
    constexpr std::array kMiddleLine{71, 59, 60, 57, 50, 38, 71};
    const int steps = std::abs(pitch - kMiddleLine[static_cast<std::size_t>(clef)]) * 7 / 12;
    return std::max(0.0, (steps - 4) / 2 - kEaseOfFirst);
}

constexpr std::size_t kMostClefs = kAwayCosts.size();
using ClefCosts = std::array<double, kMostClefs>;

// By bar and clef: the effort of what sounds, as a mean over the bar.
std::vector<ClefCosts> costs_of(const Staff& staff, const std::vector<Clef>& clefs,
                                const std::vector<score::Bar>& bars) {
    std::vector<ClefCosts> costs(bars.size(), ClefCosts{});
    std::vector<double> sounding(bars.size());
    std::size_t first = 0;  // bar in which the note begins
    for (const StaffNote& note : staff.notes) {
        while (first + 1 < bars.size() && bars[first + 1].onset.value <= note.onset) ++first;
        for (std::size_t bar = first; bar < bars.size() && bars[bar].onset.value < note.end;
             ++bar) {
            const std::int64_t from = std::max(note.onset, bars[bar].onset.value);
            const std::int64_t until =
                std::min(note.end, (bars[bar].onset + bars[bar].length).value);
            const auto length = static_cast<double>(std::max<std::int64_t>(0, until - from));
            sounding[bar] += length;
            for (std::size_t i = 0; i < clefs.size(); ++i)
                costs[bar][i] += length * effort(note.pitch, clefs[i]);
        }
    }
    for (std::size_t bar = 0; bar < bars.size(); ++bar)
        for (double& cost : costs[bar])
            cost /= std::max({1.0, sounding[bar], static_cast<double>(bars[bar].length.value)});
    return costs;
}

}  // namespace

void choose_clefs(Staff& staff, const NotatedPart& part, std::size_t index,
                  const std::vector<score::Bar>& bars) {
    staff.clef = own_clef(staff, part, index);
    const std::vector<Clef> clefs = clefs_for(staff.clef, part);
    if (clefs.size() == 1 || bars.empty()) return;
    // The cheapest course to each clef in each bar, and the clef it had in the bar before.
    std::vector<ClefCosts> costs = costs_of(staff, clefs, bars);
    std::vector<std::array<std::uint8_t, kMostClefs>> before(bars.size());
    for (std::size_t bar = 0; bar < bars.size(); ++bar)
        for (std::size_t i = 0; i < clefs.size(); ++i) {
            if (i > 0) costs[bar][i] += kAwayCosts[i] + (bar == 0 ? kChangeCost : 0);
            if (bar == 0) continue;
            double best = std::numeric_limits<double>::infinity();
            for (std::size_t j = 0; j < clefs.size(); ++j) {
                const double cost = costs[bar - 1][j] + (i == j ? 0 : kChangeCost);
                if (cost >= best) continue;
                best = cost;
                before[bar][i] = static_cast<std::uint8_t>(j);
            }
            costs[bar][i] += best;
        }
    const auto last = costs.back().begin();
    const auto end = last + static_cast<std::ptrdiff_t>(clefs.size());
    auto clef = static_cast<std::size_t>(std::min_element(last, end) - last);
    for (std::size_t bar = bars.size() - 1; bar > 0; --bar) {
        const std::size_t earlier = before[bar][clef];
        if (earlier != clef) staff.clef_changes.push_back({bar, clefs[clef]});
        clef = earlier;
    }
    std::reverse(staff.clef_changes.begin(), staff.clef_changes.end());
    staff.clef = clefs[clef];
}

}  // namespace symphony::io::musicxml
