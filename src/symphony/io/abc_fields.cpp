#include "symphony/io/abc_fields.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace symphony::io::abc {
namespace {

// Fifths of the major keys on c d e f g a b, and what a mode adds to its tonic's major key.
constexpr std::array kFifthsOfLetter{0, 2, 4, -1, 1, 3, 5};
constexpr std::array kSharpOrder{3, 0, 4, 1, 5, 2, 6};  // f c g d a e b
struct Mode {
    std::string_view name;
    int fifths;
};
constexpr std::array kModes{Mode{"maj", 0},  Mode{"ion", 0},  Mode{"min", -3},
                            Mode{"aeo", -3}, Mode{"dor", -2}, Mode{"phr", -4},
                            Mode{"lyd", 1},  Mode{"mix", -1}, Mode{"loc", -5}};

int letter_index(char c) {
    constexpr std::string_view kLetters = "CDEFGABcdefgab";
    const std::size_t at = kLetters.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at % 7);
}

std::optional<int> fifths_of_mode(std::string_view word) {
    const std::string lower = base::to_lower(word);
    if (lower.empty()) return 0;
    if (lower == "m") return -3;
    for (const Mode& mode : kModes)
        if (lower.starts_with(mode.name)) return mode.fifths;
    return std::nullopt;
}

void set_signature(Key& key, int fifths) {
    for (int i = 0; i < std::min(7, std::abs(fifths)); ++i) {
        const int letter = kSharpOrder[static_cast<std::size_t>(fifths > 0 ? i : 6 - i)];
        key.accidentals[static_cast<std::size_t>(letter)] = fifths > 0 ? 1 : -1;
    }
}

// "^f", "_b", "^f^c": accidentals of the signature given one by one; what is none is passed over.
void set_accidentals(Key& key, std::string_view word) {
    int shift = 0;
    bool has_sign = false;
    for (const char c : word) {
        if (c == '^' || c == '_' || c == '=') {
            has_sign = true;
            shift += c == '^' ? 1 : c == '_' ? -1 : 0;
            continue;
        }
        if (!has_sign || letter_index(c) < 0) return;
        key.accidentals[static_cast<std::size_t>(letter_index(c))] = std::clamp(shift, -2, 2);
        has_sign = false;
        shift = 0;
    }
}

// The words of a K: field. Accidentals may stand behind the tonic or its mode without a space:
// "C^f^c", "D=c", "A Phrygian=c"; the "=" of "clef=bass" belongs to a setting.
std::vector<std::string> key_words(std::string_view text) {
    constexpr std::size_t kShortestModeApart = 3;  // "m=" is a setting
    std::vector<std::string> words;
    for (std::string& word : split_words(text)) {
        const std::size_t sign = std::min(word.find_first_of("^_="), word.size());
        const std::string before = word.substr(0, sign);
        const bool is_key = words.empty()
                                ? !before.empty() && before[0] >= 'A' && before[0] <= 'H'
                                : before.size() >= kShortestModeApart && fifths_of_mode(before);
        if (is_key && sign < word.size()) {
            words.push_back(before);
            word.erase(0, sign);
        }
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int read_digits(std::string_view text, std::size_t& at) {
    int value = 0;
    for (; at < text.size() && is_digit(text[at]); ++at)
        value = std::min<int>(value * 10 + (text[at] - '0'), kMaxFraction);
    return value;
}

std::optional<NoteName> read_note_name(std::string_view text, std::size_t& at) {
    const char letter = at < text.size() ? text[at] : ' ';
    if (letter_index(letter) < 0) return std::nullopt;
    NoteName name{letter_index(letter), letter >= 'a' ? 1 : 0};
    for (++at; at < text.size() && (text[at] == '\'' || text[at] == ','); ++at)
        name.octave += text[at] == '\'' ? 1 : -1;
    return name;
}

int natural_pitch(NoteName name) {
    constexpr std::array kSemitones{0, 2, 4, 5, 7, 9, 11};
    constexpr int kMiddleC = 60, kMostOctaves = 20;
    return kMiddleC + kSemitones[static_cast<std::size_t>(name.letter)] +
           12 * std::clamp(name.octave, -kMostOctaves, kMostOctaves);
}

std::optional<int> parse_note(std::string_view text) {
    int shift = 0;
    std::size_t at = 0;
    for (; at < text.size() && (text[at] == '^' || text[at] == '_' || text[at] == '='); ++at)
        shift += text[at] == '^' ? 1 : text[at] == '_' ? -1 : 0;
    const auto name = read_note_name(text, at);
    if (!name || at != text.size()) return std::nullopt;
    return natural_pitch(*name) + std::clamp(shift, -2, 2);
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool in_quotes = false;
    for (const char c : text) {
        if (c == '"') in_quotes = !in_quotes;
        if (!in_quotes && (c == ' ' || c == '\t')) {
            if (!word.empty()) words.push_back(std::move(word));
            word.clear();
        } else {
            word += c;
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

std::optional<int> parse_number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Fraction> parse_fraction(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto numerator = parse_number(base::trim(text.substr(0, slash)));
    const auto denominator = slash == std::string_view::npos
                                 ? std::optional<int>(1)
                                 : parse_number(base::trim(text.substr(slash + 1)));
    if (!numerator || !denominator || *numerator < 1 || *denominator < 1 ||
        *numerator > kMaxFraction || *denominator > kMaxFraction)
        return std::nullopt;
    return Fraction{*numerator, *denominator};
}

std::optional<Meter> parse_meter(std::string_view text) {
    const std::string given = base::trim(text);
    if (given == "none" || given.empty()) return Meter{{}, true};
    if (given == "C") return Meter{{4, 4}};
    if (given == "C|") return Meter{{2, 2}};
    const std::size_t slash = given.find('/');
    if (slash == std::string::npos) return std::nullopt;
    int numerator = 0;
    std::string sum = given.substr(0, slash);
    std::erase_if(sum, [](char c) { return c == '(' || c == ')' || c == ' '; });
    for (const std::string& term : base::split(sum, '+')) {
        const auto value = parse_number(term);
        if (!value || *value < 1 || *value > 255) return std::nullopt;
        numerator += *value;
    }
    const auto denominator = parse_number(base::trim(given.substr(slash + 1)));
    if (!denominator || *denominator < 1 || *denominator > 128 || numerator > 255 ||
        !std::has_single_bit(static_cast<unsigned>(*denominator)))
        return std::nullopt;
    return Meter{{static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(*denominator)}};
}

Fraction default_unit(const Meter& meter) {
    const bool is_short = !meter.is_free && meter.meter.numerator * 4 < meter.meter.denominator * 3;
    return is_short ? Fraction{1, 16} : Fraction{1, 8};
}

std::optional<Key> parse_key(std::string_view text) {
    const std::vector<std::string> words = key_words(text);
    Key key;
    std::size_t next = 1;
    std::string_view first = words.empty() ? std::string_view("none") : words[0];
    const int letter = first[0] >= 'A' && first[0] <= 'G' ? letter_index(first[0]) : -1;
    if (first == "none") {
        key.has_key = false;
    } else if (first == "HP" || first == "Hp") {  // the highland bagpipe: f and c sharp
        set_signature(key, 2);
        key.key.sharps = 2;
    } else if (letter >= 0) {
        int fifths = kFifthsOfLetter[static_cast<std::size_t>(letter)];
        first.remove_prefix(1);
        if (!first.empty() && (first[0] == '#' || first[0] == 'b')) {
            fifths += first[0] == '#' ? 7 : -7;
            first.remove_prefix(1);
        }
        std::string mode(first);
        if (mode.empty() && words.size() > 1 && words[1].find('=') == std::string::npos &&
            fifths_of_mode(words[1]))
            mode = words[next++];
        const auto shift = fifths_of_mode(mode);
        if (!shift) return std::nullopt;
        fifths += *shift;
        // A# major has ten sharps: as abc2midi does, the key of the same sound is taken.
        if (fifths > 7) fifths -= 12;
        if (fifths < -7) fifths += 12;
        key.key.sharps = static_cast<std::int8_t>(fifths);
        key.key.minor = *shift == -3;
        set_signature(key, fifths);
    } else if (first.find_first_of("^_=") != std::string_view::npos || first == "exp") {
        next = 0;
    } else {
        return std::nullopt;
    }
    for (; next < words.size(); ++next) {
        if (words[next] == "exp") key.accidentals.fill(0);
        set_accidentals(key, words[next]);
    }
    return key;
}

std::optional<double> parse_tempo(std::string_view text, Fraction unit) {
    std::string rest(text);
    for (std::size_t open = rest.find('"'); open != std::string::npos; open = rest.find('"')) {
        const std::size_t close = rest.find('"', open + 1);
        rest.erase(open, close == std::string::npos ? close : close - open + 1);
    }
    double whole_notes =
        static_cast<double>(unit.numerator) / static_cast<double>(unit.denominator);
    const std::size_t equals = rest.find('=');
    if (equals != std::string::npos) {
        whole_notes = 0;  // "1/4 3/8=40": the beat is their sum
        for (const std::string& word : split_words(rest.substr(0, equals))) {
            const auto length = parse_fraction(word);
            if (length)
                whole_notes += static_cast<double>(length->numerator) /
                               static_cast<double>(length->denominator);
        }
        rest.erase(0, equals + 1);
    }
    const auto beats = parse_number(base::trim(rest));
    if (!beats || *beats < 1 || *beats > 10'000 || whole_notes <= 0) return std::nullopt;
    const double tempo = *beats * whole_notes * 4;
    if (tempo < 5 || tempo > 10'000) return std::nullopt;
    return tempo;
}

std::map<std::string, std::string> parse_settings(std::string_view text) {
    std::map<std::string, std::string> settings;
    for (const std::string& word : split_words(text)) {
        const std::size_t equals = word.find('=');
        std::string value = equals == std::string::npos ? std::string() : word.substr(equals + 1);
        std::erase(value, '"');
        settings[base::to_lower(word.substr(0, equals))] = value;
    }
    return settings;
}

int octaves_of(const std::map<std::string, std::string>& settings) {
    int semitones = 0;
    const auto octave = settings.find("octave");
    if (octave != settings.end())
        semitones += 12 * std::clamp(parse_number(octave->second).value_or(0), -4, 4);
    for (const auto& [name, value] : settings) {
        const std::string clef = name == "clef" ? value : value.empty() ? name : std::string();
        if (clef.ends_with("-8")) semitones -= 12;
        if (clef.ends_with("+8")) semitones += 12;
    }
    return std::clamp(semitones, -48, 48);
}

int transposition_of(const std::map<std::string, std::string>& settings) {
    const auto found = settings.find("transpose");
    const int semitones =
        found == settings.end() ? 0 : std::clamp(parse_number(found->second).value_or(0), -48, 48);
    return std::clamp(semitones + octaves_of(settings), -48, 48);
}

}  // namespace symphony::io::abc
