#include "symphony/generate/music_names.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/score/general_midi.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace symphony::generate {

namespace {

using base::Error;
using base::ErrorKind;

constexpr int kMostAccidentals = 7;
// Sharps of the major key on each white key, C D E F G A B.
constexpr std::string_view kLetters = "cdefgab";
constexpr int kSharpsOfMajor[] = {0, 2, 4, -1, 1, 3, 5};
constexpr int kSharpsPerAccidental = 7;  // C has none, C# seven
constexpr int kMinorLessThanMajor = 3;   // C major has none, C minor three flats

int number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

}  // namespace

score::Key parse_key(std::string_view text) {
    const Error unknown(ErrorKind::kUsage, "not a key: \"" + std::string(text) + "\"", {},
                        "write it like \"G major\", \"F# minor\" or Bb");
    std::string rest = base::to_lower(base::trim(text));
    const auto letter = rest.empty() ? std::string::npos : kLetters.find(rest[0]);
    if (letter == std::string::npos) throw unknown;
    int sharps = kSharpsOfMajor[letter];
    rest.erase(0, 1);
    if (rest.starts_with("#")) {
        sharps += kSharpsPerAccidental;
        rest.erase(0, 1);
    } else if (rest.starts_with("b")) {
        sharps -= kSharpsPerAccidental;
        rest.erase(0, 1);
    }
    if (rest.starts_with("-")) rest[0] = ' ';
    rest = base::trim(rest);
    const bool minor = rest == "m" || rest == "min" || rest == "minor";
    if (!minor && !rest.empty() && rest != "maj" && rest != "major") throw unknown;
    if (minor) sharps -= kMinorLessThanMajor;
    if (sharps < -kMostAccidentals || sharps > kMostAccidentals)
        throw Error(ErrorKind::kUsage,
                    "the key \"" + std::string(text) + "\" has more than seven accidentals");
    return {static_cast<std::int8_t>(sharps), minor};
}

score::Meter parse_meter(std::string_view text) {
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const int numerator = number(text.substr(0, slash));
        const int denominator = number(text.substr(slash + 1));
        const bool power_of_two = denominator > 0 && (denominator & (denominator - 1)) == 0;
        if (numerator >= 1 && numerator <= 255 && power_of_two && denominator <= 128)
            return {static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(denominator)};
    }
    throw Error(ErrorKind::kUsage, "not a metre: \"" + std::string(text) + "\"", {},
                "write it like 3/4");
}

bool names_player(std::string_view word, bool is_drums, int program, std::string_view name_class) {
    const std::string wanted = base::to_lower(base::trim(word));
    if (is_drums) return wanted == "drums";
    return wanted == base::to_lower(name_class) || wanted == std::to_string(program) ||
           wanted == base::to_lower(score::program_name(program));
}

std::string meter_text(score::Meter meter) {
    return fmt::format("{}/{}", meter.numerator, meter.denominator);
}

}  // namespace symphony::generate
