#include "symphony/tokens/part_class.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <map>

namespace symphony::tokens {
namespace {

struct NameRule {
    std::string_view word;  // a word of the name begins with it, in lower case
    std::string_view name_class;
    bool whole = false;  // the word must be exactly this
};

// Looked through in order: instruments before voices ("Bass clarinet", "Alto sax" are no singers),
// longer words before their beginnings.
constexpr NameRule kRules[] = {
    {"voice", "Voice"},
    {"vocal", "Voice"},
    {"voix", "Voice"},
    {"gesang", "Voice"},
    {"singstimme", "Voice"},
    {"stimme", "Voice"},
    {"chant", "Voice"},
    {"canto", "Voice"},
    {"voce", "Voice"},
    {"choir", "Choir"},
    {"pianoforte", "Piano"},
    {"piano", "Piano"},
    {"klavier", "Piano"},
    {"pno", "Piano"},
    {"pf", "Piano", true},
    {"keyboard", "Piano"},
    {"harpsichord", "Harpsichord"},
    {"cembalo", "Harpsichord"},
    {"clavecin", "Harpsichord"},
    {"organ", "Organ"},
    {"orgel", "Organ"},
    {"orgue", "Organ"},
    {"violoncell", "Violoncello"},
    {"cello", "Violoncello"},
    {"vc", "Violoncello"},
    {"vlc", "Violoncello"},
    {"violin", "Violin"},
    {"violon", "Violin"},
    {"vln", "Violin"},
    {"vl", "Violin", true},
    {"vn", "Violin", true},
    {"geige", "Violin"},
    {"fiddle", "Violin"},
    {"viola", "Viola"},
    {"bratsche", "Viola"},
    {"vla", "Viola"},
    {"va", "Viola", true},
    {"contrabass", "Contrabass"},
    {"contrebasse", "Contrabass"},
    {"kontrabass", "Contrabass"},
    {"double", "Contrabass", true},
    {"bassoon", "Bassoon"},
    {"fagott", "Bassoon"},
    {"basson", "Bassoon"},
    {"piccolo", "Piccolo"},
    {"flute", "Flute"},
    {"flauto", "Flute"},
    {"flöte", "Flute"},
    {"recorder", "Recorder"},
    {"oboe", "Oboe"},
    {"hautbois", "Oboe"},
    {"clarinet", "Clarinet"},
    {"klarinette", "Clarinet"},
    {"saxophon", "Saxophone"},
    {"sax", "Saxophone"},
    {"trumpet", "Trumpet"},
    {"trompet", "Trumpet"},
    {"tromba", "Trumpet"},
    {"trombon", "Trombone"},
    {"posaune", "Trombone"},
    {"tuba", "Tuba"},
    {"horn", "Horn"},
    {"corno", "Horn"},
    {"guitar", "Guitar"},
    {"gitarre", "Guitar"},
    {"chitarra", "Guitar"},
    {"harp", "Harp"},
    {"harfe", "Harp"},
    {"timpani", "Timpani"},
    {"pauken", "Timpani"},
    {"strings", "Strings"},
    {"melody", "Melody"},
    {"melodie", "Melody"},
    {"lead", "Melody"},
    {"chord", "Chords"},
    {"harmony", "Chords"},
    {"synth", "Synth"},
    {"pad", "Pad", true},
    {"chor", "Choir"},
    {"mezzo", "Mezzo-soprano"},
    {"soprano", "Soprano"},
    {"sopran", "Soprano"},
    {"s", "Soprano", true},
    {"cantus", "Soprano"},
    {"discant", "Soprano"},
    {"contralto", "Alto"},
    {"altus", "Alto", true},
    {"alto", "Alto"},
    {"alt", "Alto", true},
    {"a", "Alto", true},
    {"tenor", "Tenor"},
    {"t", "Tenor", true},
    {"bariton", "Baritone"},
    {"bass", "Bass"},
    {"basso", "Bass"},
    {"bassus", "Bass"},
    {"b", "Bass", true},
};

// Words of letters only, in lower case (bytes of UTF-8 letters included).
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    for (const char c : base::to_lower(name)) {
        if ((c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80)
            words.back() += c;
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

bool same_but_ordinal(const PartClass& a, const PartClass& b) {
    return a.is_drums == b.is_drums && a.program == b.program && a.name == b.name;
}

// How well `known` stands for `wanted`; 0: not at all.
int likeness(const PartClass& wanted, const PartClass& known) {
    if (wanted.is_drums != known.is_drums) return 0;
    return 1 + 8 * (wanted.name == known.name && !wanted.name.empty()) +
           4 * (wanted.program == known.program) + 2 * (wanted.program / 8 == known.program / 8);
}

}  // namespace

std::string name_class(std::string_view part_name) {
    const std::vector<std::string> words = words_of(part_name);
    for (const NameRule& rule : kRules)
        for (const std::string& word : words)
            if (rule.whole ? word == rule.word : word.starts_with(rule.word))
                return std::string(rule.name_class);
    return {};
}

std::string PartClass::token() const {
    std::string token = "Part_";
    token += is_drums ? "drums" : name.empty() ? "program" : name;
    token += '/' + std::to_string(program);
    if (ordinal > 1) token += '#' + std::to_string(ordinal);
    return token;
}

std::vector<PartClass> part_classes(std::span<const score::Part> parts) {
    std::vector<PartClass> classes;
    std::map<PartClass, int> count;
    for (const score::Part& part : parts) {
        PartClass c{part.is_drums, part.program, part.is_drums ? "" : name_class(part.name), 1};
        c.ordinal = ++count[c];
        classes.push_back(std::move(c));
    }
    return classes;
}

std::vector<int> assign_classes(std::span<const PartClass> wanted,
                                std::span<const PartClass> known) {
    std::vector<int> assigned(wanted.size(), -1);
    std::vector<bool> taken(known.size(), false);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto found = std::find(known.begin(), known.end(), wanted[i]);
        if (found == known.end()) continue;
        assigned[i] = static_cast<int>(found - known.begin());
        taken[static_cast<std::size_t>(assigned[i])] = true;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (assigned[i] >= 0) continue;
        int best = 0;
        for (std::size_t k = 0; k < known.size(); ++k) {
            const int match = taken[k] ? 0 : likeness(wanted[i], known[k]);
            // A second violin may only be declared after a first.
            const bool follows =
                known[k].ordinal == 1 ||
                (k > 0 && taken[k - 1] && same_but_ordinal(known[k], known[k - 1]));
            if (match <= best || !follows) continue;
            best = match;
            assigned[i] = static_cast<int>(k);
        }
        if (assigned[i] >= 0) taken[static_cast<std::size_t>(assigned[i])] = true;
    }
    // Ordinals count in the parts' order, also where a stand-in joined a class.
    for (std::size_t i = 0; i < wanted.size(); ++i)
        for (std::size_t j = i + 1; j < wanted.size(); ++j)
            if (assigned[i] > assigned[j] && assigned[j] >= 0 &&
                same_but_ordinal(known[static_cast<std::size_t>(assigned[i])],
                                 known[static_cast<std::size_t>(assigned[j])]))
                std::swap(assigned[i], assigned[j]);
    return assigned;
}

std::vector<std::string> display_names(std::span<const PartClass> parts) {
    std::vector<std::string> names;
    for (const PartClass& part : parts) {
        const auto sharing = std::count_if(parts.begin(), parts.end(),
                                           [&](const auto& p) { return p.name == part.name; });
        std::string name = part.is_drums ? "Drums" : part.name;
        if (!part.name.empty() && sharing > 1) {
            int number = 1;
            for (const PartClass* p = parts.data(); p != &part; ++p) number += p->name == part.name;
            name += ' ' + std::to_string(number);
        }
        names.push_back(std::move(name));
    }
    return names;
}

}  // namespace symphony::tokens
