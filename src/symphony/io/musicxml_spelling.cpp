// Spelling on the line of fifths. Source: as in the header; the weights are own.
#include "symphony/io/musicxml_spelling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

constexpr double kKeyWeight = 0.75;                          // the rest: what was heard
constexpr double kMemory = 8 * static_cast<double>(kUnits);  // two bars of four
constexpr double kLeadingBonus = 2.5;                        // fifths
constexpr std::array kStepOfFifth{3, 0, 4, 1, 5, 2, 6};      // F C G D A E B
constexpr std::array kSemitones{0, 2, 4, 5, 7, 9, 11};       // C D E F G A B

// Of a place on the line of fifths, C = 0, G = 1, F = -1.
Spelling spelling_at(int fifth, int pitch) {
    Spelling spelling;
    const int from_f = fifth + 1;
    const int wrapped = ((from_f % 7) + 7) % 7;
    spelling.step = kStepOfFifth[static_cast<std::size_t>(wrapped)];
    spelling.alter = (from_f - wrapped) / 7;
    const int natural = pitch - spelling.alter;
    spelling.octave = (natural - kSemitones[static_cast<std::size_t>(spelling.step)]) / 12 - 1;
    return spelling;
}

// The middle of the twelve names that a key uses, chromatic ones included.
double centre_of(score::Key key) { return key.sharps + (key.minor ? 3.5 : 2.0); }

struct Sounding {
    StaffNote* note;
    const StaffNote* next;  // in its layer, after its end
};

class Speller {
  public:
    explicit Speller(const std::vector<score::KeyChange>& keys) : keys_(keys) {}

    void spell(const std::vector<Sounding>& notes) {
        for (const Sounding& sounding : notes) {
            move_to(sounding.note->onset);
            const double heard = weight_ > 0 ? sum_ / weight_ : centre_;
            const double centre = kKeyWeight * centre_ + (1 - kKeyWeight) * heard;
            const int fifth = best_fifth(sounding, centre);
            sounding.note->spelling = spelling_at(fifth, sounding.note->pitch);
            const auto length = static_cast<double>(sounding.note->end - sounding.note->onset);
            sum_ += length * (fifth + (key_.minor ? 1.5 : 0));
            weight_ += length;
        }
    }

  private:
    void move_to(std::int64_t onset) {
        while (next_key_ < keys_.size() && keys_[next_key_].onset.value <= onset) {
            key_ = keys_[next_key_++].key;
            centre_ = centre_of(key_);
            sum_ = weight_ = 0;
        }
        const double decay = std::exp(-static_cast<double>(onset - at_) / kMemory);
        sum_ *= decay;
        weight_ *= decay;
        at_ = onset;
    }

    int best_fifth(const Sounding& sounding, double centre) const {
        const int pitch = sounding.note->pitch;
        const int first = pitch % 12 * 7 % 12;  // one place on the line; others are 12 apart
        int best = first;
        double best_cost = 1e9;
        for (int fifth = first - 36; fifth <= 36; fifth += 12) {
            const int alter = spelling_at(fifth, pitch).alter;
            if (std::abs(alter) > 2) continue;
            double cost = std::abs(fifth - centre);
            // Chromatic notes lead: a raised one up, a lowered one down.
            const bool in_key = fifth >= key_.sharps - 1 && fifth <= key_.sharps + 5;
            if (!in_key && sounding.next != nullptr) {
                const int motion = sounding.next->pitch - pitch;
                const bool is_raised = fifth > key_.sharps + 5;
                if ((motion == 1 && is_raised) || (motion == -1 && !is_raised))
                    cost -= kLeadingBonus;
            }
            if (in_key) cost -= kLeadingBonus;
            if (cost < best_cost) {
                best = fifth;
                best_cost = cost;
            }
        }
        return best;
    }

    const std::vector<score::KeyChange>& keys_;
    std::size_t next_key_ = 0;
    score::Key key_;
    double centre_ = centre_of({});
    double sum_ = 0, weight_ = 0;  // of what was heard, fading
    std::int64_t at_ = 0;
};

}  // namespace

int pitch_of(const Spelling& spelling) {
    return 12 * (spelling.octave + 1) + kSemitones[static_cast<std::size_t>(spelling.step)] +
           spelling.alter;
}

void spell(std::vector<NotatedPart>& parts, const std::vector<score::KeyChange>& keys) {
    std::vector<Sounding> notes;
    for (NotatedPart& part : parts) {
        if (part.is_drums) continue;
        for (Staff& staff : part.staves)
            for (const Layer& layer : staff.layers)
                for (std::size_t i = 0; i < layer.notes.size(); ++i) {
                    StaffNote& note = staff.notes[layer.notes[i]];
                    const StaffNote* next = nullptr;
                    for (std::size_t j = i + 1; j < layer.notes.size() && next == nullptr; ++j)
                        if (staff.notes[layer.notes[j]].onset >= note.end)
                            next = &staff.notes[layer.notes[j]];
                    notes.push_back({&note, next});
                }
    }
    std::stable_sort(notes.begin(), notes.end(), [](const Sounding& a, const Sounding& b) {
        return a.note->onset < b.note->onset;
    });
    Speller(keys).spell(notes);
}

}  // namespace symphony::io::musicxml
