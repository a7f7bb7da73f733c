// Roles of parts and notes. Source: own; docs/roles.md.
#include "symphony/score/roles.h"

#include "symphony/base/text.h"
#include "symphony/score/role_path.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace symphony::score {
namespace {

constexpr double kLongRestQuarters = 6;  // of a known melody: others may carry one meanwhile
constexpr double kClearShare = 2.0 / 3;  // of its notes that gives a part its role

// Added to every note's score: songs, whose voice pauses, teach the path to see no melody in thin
// textures; in a piece at large a doubtful line is better than none.
constexpr double kEagerness = 0.25;

struct NamedRole {
    std::string_view word;  // lower case, at a word's start
    Role role;
};

// In this order: what stands first decides.
constexpr NamedRole kNamedRoles[] = {
    {"drum", Role::kDrums},        {"percussion", Role::kDrums}, {"bass clarinet", Role::kBass},
    {"bass drum", Role::kDrums},   {"melody", Role::kMelody},    {"melodie", Role::kMelody},
    {"lead", Role::kMelody},       {"solo", Role::kMelody},      {"accomp", Role::kHarmony},
    {"harmony", Role::kHarmony},   {"chord", Role::kHarmony},    {"pad", Role::kHarmony},
    {"backing", Role::kHarmony},   {"rhythm", Role::kHarmony},   {"mezzo", Role::kMelody},
    {"soprano", Role::kMelody},    {"sopran", Role::kMelody},    {"cantus", Role::kMelody},
    {"canto", Role::kMelody},      {"discant", Role::kMelody},   {"contralto", Role::kHarmony},
    {"altus", Role::kHarmony},     {"alto", Role::kHarmony},     {"tenor", Role::kHarmony},
    {"basso", Role::kBass},        {"bassus", Role::kBass},      {"bassoon", Role::kBass},
    {"fagott", Role::kBass},       {"double bass", Role::kBass}, {"bass", Role::kBass},
    {"kontrabass", Role::kBass},   {"contrabass", Role::kBass},  {"violoncello", Role::kBass},
    {"cello", Role::kBass},        {"continuo", Role::kBass},    {"tuba", Role::kBass},
    {"pedal", Role::kBass},        {"viola", Role::kHarmony},    {"bratsche", Role::kHarmony},
    {"vocal", Role::kMelody},      {"voice", Role::kMelody},     {"voix", Role::kMelody},
    {"singstimme", Role::kMelody}, {"gesang", Role::kMelody},    {"chant", Role::kMelody},
    {"singer", Role::kMelody},     {"violin", Role::kMelody},    {"violon", Role::kMelody},
    {"flute", Role::kMelody},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1))
        if (at == 0 || !is_letter(text[at - 1])) return true;
    return false;
}

// "Violin 2", "Soprano II", "2nd Flute": an inner voice.
bool is_second(std::string_view lower) {
    for (const std::string_view mark : {" 2", " ii", "2nd", "second", " 3", " iii", " 4", " iv"}) {
        const auto at = lower.find(mark);
        if (at == std::string_view::npos) continue;
        const auto behind = at + mark.size();
        const bool ends = behind >= lower.size() || !is_letter(lower[behind]);
        if (ends || mark.front() != ' ') return true;
    }
    return false;
}

// Names of staves and hands: the lower one seldom carries the melody, nor the upper one the bass.
bool names_lower_hand(std::string_view lower) {
    for (const std::string_view word : {"left", "lower", "bass clef", "l.h", "lh"})
        if (has_word(lower, word)) return true;
    return false;
}
bool names_upper_hand(std::string_view lower) {
    for (const std::string_view word : {"right", "upper", "treble", "r.h", "rh"})
        if (has_word(lower, word)) return true;
    return false;
}

enum class Hand { kNone, kUpper, kLower };

Hand hand_of(const Score& score, const Part& part) {
    const std::string name = base::to_lower(part.name);
    if (names_lower_hand(name)) return Hand::kLower;
    if (names_upper_hand(name)) return Hand::kUpper;
    if (part.staff == 0) return Hand::kNone;
    int staves = 0;
    for (const Part& other : score.parts)
        if (other.name == part.name && other.channel == part.channel)
            staves = std::max<int>(staves, other.staff);
    if (staves < 2) return Hand::kNone;
    return part.staff == 1 ? Hand::kUpper : part.staff == staves ? Hand::kLower : Hand::kNone;
}

Role role_from_program(std::uint8_t program) {
    if (program >= 32 && program <= 39) return Role::kBass;
    if (program == 43 || program == 58) return Role::kBass;
    if (program >= 80 && program <= 87) return Role::kMelody;
    if (program >= 88 && program <= 95) return Role::kHarmony;
    return Role::kUnknown;
}

Role known_role(const Score& score, const Part& part) {
    if (part.is_drums) return Role::kDrums;
    if (hand_of(score, part) != Hand::kNone) return Role::kUnknown;
    const Role named = role_from_name(part.name);
    return named != Role::kUnknown ? named : role_from_program(part.program);
}

struct NoteRef {
    std::size_t part, note;
};

// The open notes of all parts together, as the path wants them.
struct OpenNotes {
    std::vector<NoteRef> refs;
    std::vector<PathNote> notes;
};

template <class IsOpen>
OpenNotes gather(const Score& score, Hand unlikely, const IsOpen& is_open) {
    std::vector<std::pair<PathNote, NoteRef>> all;
    const double per_quarter = score.ticks_per_quarter;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const Part& part = score.parts[p];
        const bool other_staff = hand_of(score, part) == unlikely;
        for (std::size_t n = 0; n < part.notes.size(); ++n) {
            const Note& note = part.notes[n];
            if (!is_open(part, note)) continue;
            PathNote seen;
            seen.onset = static_cast<double>(note.onset.value) / per_quarter;
            seen.duration = static_cast<double>(note.duration.value) / per_quarter;
            seen.pitch = note.pitch;
            seen.in_other_staff = other_staff;
            all.push_back({seen, {p, n}});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        if (a.first.onset != b.first.onset) return a.first.onset < b.first.onset;
        return a.first.pitch < b.first.pitch;
    });
    OpenNotes open;
    for (const auto& [note, ref] : all) {
        open.notes.push_back(note);
        open.refs.push_back(ref);
    }
    return open;
}

template <class IsOpen>
void follow_path(Score& score, Role role, const IsOpen& is_open) {
    const bool is_bass = role == Role::kBass;
    const OpenNotes open = gather(score, is_bass ? Hand::kUpper : Hand::kLower, is_open);
    const PathWeights& weights = is_bass ? bass_weights() : melody_weights();
    const std::vector<double> bonus(open.notes.size(), kEagerness);
    for (const std::size_t i : best_path(open.notes, weights, is_bass, bonus)) {
        const NoteRef ref = open.refs[i];
        score.parts[ref.part].notes[ref.note].role = role;
    }
}

// The spans of at least kLongRestQuarters in which no note of `role` sounds.
std::vector<std::pair<Ticks, Ticks>> rests_of(const Score& score, Role role) {
    std::vector<std::pair<Ticks, Ticks>> sounding;
    for (const Part& part : score.parts)
        for (const Note& note : part.notes)
            if (note.role == role) sounding.emplace_back(note.onset, note.end());
    std::sort(sounding.begin(), sounding.end());
    const Ticks least(static_cast<std::int64_t>(kLongRestQuarters * score.ticks_per_quarter));
    std::vector<std::pair<Ticks, Ticks>> rests;
    Ticks at;
    for (const auto& [onset, end] : sounding) {
        if (onset - at >= least) rests.emplace_back(at, onset);
        at = std::max(at, end);
    }
    if (score.end() - at >= least) rests.emplace_back(at, score.end());
    return rests;
}

bool lies_in(const std::vector<std::pair<Ticks, Ticks>>& spans, const Note& note) {
    auto after = std::upper_bound(spans.begin(), spans.end(), note.onset,
                                  [](Ticks at, const auto& span) { return at < span.first; });
    return after != spans.begin() && note.end() <= std::prev(after)->second;
}

// What most of its notes do.
Role part_role(const Part& part) {
    std::array<std::size_t, 5> counts{};
    for (const Note& note : part.notes) ++counts[static_cast<std::size_t>(note.role)];
    const auto most = std::max_element(counts.begin(), counts.end());
    const bool is_clear =
        static_cast<double>(*most) >= kClearShare * static_cast<double>(part.notes.size());
    return part.notes.empty() || !is_clear ? Role::kUnknown
                                           : static_cast<Role>(most - counts.begin());
}

}  // namespace

Role role_from_name(std::string_view name) {
    const std::string lower = base::to_lower(name);
    for (const NamedRole& named : kNamedRoles) {
        if (!has_word(lower, named.word)) continue;
        if (named.role == Role::kMelody && is_second(lower)) return Role::kHarmony;
        return named.role;
    }
    return Role::kUnknown;
}

void assign_roles(Score& score) {
    bool has_melody = false, has_bass = false;
    for (Part& part : score.parts) {
        part.role = known_role(score, part);
        for (Note& note : part.notes) note.role = part.role;
        if (part.notes.empty()) continue;
        has_melody |= part.role == Role::kMelody;
        has_bass |= part.role == Role::kBass;
    }
    if (!has_melody) {
        follow_path(score, Role::kMelody,
                    [](const Part&, const Note& note) { return note.role == Role::kUnknown; });
    } else {
        const auto rests = rests_of(score, Role::kMelody);
        if (!rests.empty())
            follow_path(score, Role::kMelody, [&](const Part&, const Note& note) {
                return note.role == Role::kUnknown && lies_in(rests, note);
            });
    }
    if (!has_bass)
        follow_path(score, Role::kBass,
                    [](const Part&, const Note& note) { return note.role == Role::kUnknown; });
    for (Part& part : score.parts) {
        for (Note& note : part.notes)
            if (note.role == Role::kUnknown) note.role = Role::kHarmony;
        if (part.role == Role::kUnknown) part.role = part_role(part);
    }
}

void assign_roles_skyline(Score& score) {
    struct Sounding {
        NoteRef ref;
        Ticks onset, end;
        int pitch;
    };
    std::vector<Sounding> notes;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        Part& part = score.parts[p];
        part.role = part.is_drums ? Role::kDrums : Role::kUnknown;
        for (std::size_t n = 0; n < part.notes.size(); ++n) {
            Note& note = part.notes[n];
            note.role = part.is_drums ? Role::kDrums : Role::kHarmony;
            if (!part.is_drums) notes.push_back({{p, n}, note.onset, note.end(), note.pitch});
        }
    }
    std::stable_sort(notes.begin(), notes.end(),
                     [](const Sounding& a, const Sounding& b) { return a.onset < b.onset; });
    std::vector<Sounding> sounding;
    for (std::size_t first = 0; first < notes.size();) {
        const Ticks now = notes[first].onset;
        std::erase_if(sounding, [&](const Sounding& s) { return s.end <= now; });
        std::size_t last = first;
        while (last < notes.size() && notes[last].onset == now) sounding.push_back(notes[last++]);
        const auto [low, high] = std::minmax_element(
            sounding.begin(), sounding.end(),
            [](const Sounding& a, const Sounding& b) { return a.pitch < b.pitch; });
        // Of a single note, melody. A held note keeps the role of its onset.
        if (low->onset == now) score.parts[low->ref.part].notes[low->ref.note].role = Role::kBass;
        if (high->onset == now)
            score.parts[high->ref.part].notes[high->ref.note].role = Role::kMelody;
        first = last;
    }
    for (Part& part : score.parts)
        if (part.role == Role::kUnknown) part.role = part_role(part);
}

}  // namespace symphony::score
