#include "symphony/tokens/musical_words.h"

#include <array>
#include <cstddef>

namespace symphony::tokens {
namespace {

struct NoteValue {
    int numerator, denominator;  // in quarters
    const char* name;
};

constexpr std::array<NoteValue, 22> kNoteValues{{
    {8, 1, "breve"},          {6, 1, "dotted whole"},
    {4, 1, "whole"},          {3, 1, "dotted half"},
    {2, 1, "half"},           {7, 4, "double-dotted quarter"},
    {3, 2, "dotted quarter"}, {4, 3, "half triplet"},
    {1, 1, "quarter"},        {7, 8, "double-dotted eighth"},
    {3, 4, "dotted eighth"},  {2, 3, "quarter triplet"},
    {1, 2, "eighth"},         {3, 8, "dotted 16th"},
    {1, 3, "eighth triplet"}, {1, 4, "16th"},
    {1, 6, "16th triplet"},   {1, 8, "32nd"},
    {1, 12, "32nd triplet"},  {3, 16, "dotted 32nd"},
    {1, 16, "64th"},          {1, 24, "64th triplet"},
}};

const char* exact_value(std::int64_t steps, int steps_per_quarter) {
    for (const NoteValue& value : kNoteValues)
        if (steps * value.denominator == std::int64_t{value.numerator} * steps_per_quarter)
            return value.name;
    return nullptr;
}

}  // namespace

std::string spelled_pitch(int pitch, score::Key key) {
    // On the line of fifths C is 0, G 1, F -1; seven fifths up is a sharp.
    const int lowest = key.sharps - 3;
    const int fifths = lowest + (((pitch % 12) * 7 - lowest) % 12 + 12) % 12;
    const int letter = ((fifths + 1) % 7 + 7) % 7;
    const int accidentals = (fifths + 1 - letter) / 7;
    std::string name(1, "FCGDAEB"[letter]);
    name.append(static_cast<std::size_t>(std::abs(accidentals)), accidentals > 0 ? '#' : 'b');
    // The octave is that of the letter: Cb4 sounds a semitone under C4.
    const int natural = pitch - accidentals;
    return name + std::to_string((natural + 12) / 12 - 2);
}

std::string length_words(std::int64_t steps, int steps_per_quarter) {
    if (const char* name = exact_value(steps, steps_per_quarter)) return name;
    for (const NoteValue& value : kNoteValues) {
        const std::int64_t rest =
            steps - std::int64_t{value.numerator} * steps_per_quarter / value.denominator;
        if (std::int64_t{value.numerator} * steps_per_quarter % value.denominator != 0) continue;
        if (rest <= 0) continue;
        if (const char* name = exact_value(rest, steps_per_quarter))
            return std::string(value.name) + " + " + name;
    }
    return std::to_string(steps) + "/" + std::to_string(steps_per_quarter) + " quarter";
}

std::string dynamic_mark(int velocity) {
    // Half-way between the velocities that notation programs give to the marks: 16, 33, 49, 64, 80,
    // 96, 112, 126.
    constexpr std::array<int, 7> kBelow{25, 41, 57, 72, 88, 104, 119};
    constexpr std::array<const char*, 8> kMarks{"ppp", "pp", "p", "mp", "mf", "f", "ff", "fff"};
    std::size_t mark = 0;
    while (mark < kBelow.size() && velocity >= kBelow[mark]) ++mark;
    return kMarks[mark];
}

}  // namespace symphony::tokens
