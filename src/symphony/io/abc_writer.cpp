// Source: the ABC music standard 2.1.
#include "symphony/io/abc_writer.h"

#include "symphony/base/file.h"
#include "symphony/io/abc_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

namespace symphony::io {
namespace {

using score::Ticks;

constexpr std::array kSemitones{0, 2, 4, 5, 7, 9, 11};
constexpr std::string_view kLetters = "CDEFGAB";

std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r' || c == '%' || c == '\\') c = ' ';
    return text;
}

// "F#m" of a key that a standard signature has.
std::string key_text(score::Key key) {
    constexpr std::array kMajor{"Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C",
                                "G",  "D",  "A",  "E",  "B",  "F#", "C#"};
    constexpr std::array kMinor{"Abm", "Ebm", "Bbm", "Fm",  "Cm",  "Gm",  "Dm", "Am",
                                "Em",  "Bm",  "F#m", "C#m", "G#m", "D#m", "A#m"};
    const auto index = static_cast<std::size_t>(std::clamp<int>(key.sharps, -7, 7) + 7);
    return key.minor ? kMinor[index] : kMajor[index];
}

std::string tempo_text(double quarters_per_minute) {
    return fmt::format("1/4={}",
                       std::clamp<long long>(std::llround(quarters_per_minute), 5, 10'000));
}

class TuneWriter {
  public:
    TuneWriter(const score::Score& score, const score::Part& part) : score_(score), part_(part) {
        if (!score.keys.empty() && score.keys[0].onset == Ticks(0)) set_key(score.keys[0].key);
    }

    std::string write() {
        const std::vector<score::Bar> bars = score::bars_of(score_);
        header(bars.front().meter);
        score::Meter meter = bars.front().meter;
        int in_line = 0;
        for (const score::Bar& bar : bars) {
            accidentals_.fill(std::nullopt);
            if (bar.meter != meter)
                text_ += fmt::format("[M:{}/{}]", bar.meter.numerator, bar.meter.denominator);
            meter = bar.meter;
            write_bar(bar);
            text_ += &bar == &bars.back() ? " |]\n" : ++in_line % 4 == 0 ? " |\n" : " | ";
        }
        return std::move(text_);
    }

  private:
    void header(score::Meter meter) {
        text_ = "X:1\n";
        if (!score_.title.empty()) text_ += "T:" + one_line(score_.title) + "\n";
        if (!score_.composer.empty()) text_ += "C:" + one_line(score_.composer) + "\n";
        text_ += fmt::format("M:{}/{}\nL:1/8\n", meter.numerator, meter.denominator);
        if (!score_.tempos.empty() && score_.tempos[0].onset == Ticks(0))
            text_ += "Q:" + tempo_text(score_.tempos[0].quarters_per_minute) + "\n";
        const bool has_key = !score_.keys.empty() && score_.keys[0].onset == Ticks(0);
        text_ += "K:" + (has_key ? key_text(score_.keys[0].key) : "none") + "\n";
    }

    // What sounds and what is silent between the bar's ends, cut where a key or tempo changes.
    void write_bar(const score::Bar& bar) {
        const Ticks end = bar.onset + bar.length;
        Ticks at = bar.onset;
        while (at < end) {
            write_changes(at);
            while (next_ < part_.notes.size() && part_.notes[next_].end() <= at) ++next_;
            const bool is_sounding = next_ < part_.notes.size() && part_.notes[next_].onset <= at;
            Ticks until = std::min(end, next_change(at));
            if (next_ < part_.notes.size())
                until = std::min(until, is_sounding ? part_.notes[next_].end()
                                                    : std::max(part_.notes[next_].onset, at));
            text_ += is_sounding ? pitch_text(part_.notes[next_].pitch) : "z";
            text_ += length_text(until - at);
            if (is_sounding && until < part_.notes[next_].end()) text_ += "-";
            at = until;
        }
    }

    void write_changes(Ticks at) {
        for (const score::KeyChange& change : score_.keys)
            if (change.onset == at && at > Ticks(0)) {
                set_key(change.key);
                text_ += "[K:" + key_text(change.key) + "]";
            }
        for (const score::TempoChange& change : score_.tempos)
            if (change.onset == at && at > Ticks(0))
                text_ += "[Q:" + tempo_text(change.quarters_per_minute) + "]";
    }

    Ticks next_change(Ticks at) const {
        Ticks next(std::numeric_limits<std::int64_t>::max());
        for (const score::KeyChange& change : score_.keys)
            if (change.onset > at) next = std::min(next, change.onset);
        for (const score::TempoChange& change : score_.tempos)
            if (change.onset > at) next = std::min(next, change.onset);
        return next;
    }

    void set_key(score::Key key) {
        prefers_flats_ = key.sharps < 0;
        if (const auto parsed = abc::parse_key(key_text(key))) signature_ = parsed->accidentals;
        accidentals_.fill(std::nullopt);
    }

    // With the accidental it needs after those of its measure.
    std::string pitch_text(int pitch) {
        const int wanted = pitch % 12;
        std::optional<std::size_t> plain, natural, altered;
        int altered_shift = 0;
        for (std::size_t letter = 0; letter < kSemitones.size(); ++letter) {
            const int in_force = accidentals_[letter].value_or(signature_[letter]);
            if ((kSemitones[letter] + in_force + 12) % 12 == wanted) plain = letter;
            if (kSemitones[letter] == wanted) natural = letter;
            const int shift = prefers_flats_ ? -1 : 1;
            if ((kSemitones[letter] + shift + 12) % 12 == wanted) {
                altered = letter;
                altered_shift = shift;
            }
        }
        std::string text;
        std::size_t letter = 0;
        int shift = 0;
        if (plain) {
            letter = *plain;
            shift = accidentals_[letter].value_or(signature_[letter]);
        } else {
            letter = natural ? *natural : *altered;
            shift = natural ? 0 : altered_shift;
            accidentals_[letter] = shift;
            text = shift == 0 ? "=" : shift > 0 ? "^" : "_";
        }
        const int octave = (pitch - shift - kSemitones[letter]) / 12 - 5;
        const char name = kLetters[letter];
        text += octave > 0 ? static_cast<char>(name | 0x20) : name;
        for (int i = 1; i < octave; ++i) text += '\'';
        for (int i = 0; i > octave; --i) text += ',';
        return text;
    }

    // In eighths.
    std::string length_text(Ticks length) const {
        std::int64_t numerator = length.value * 2, denominator = score_.ticks_per_quarter;
        const std::int64_t common = std::gcd(numerator, denominator);
        numerator /= common;
        denominator /= common;
        std::string text = numerator == 1 ? "" : std::to_string(numerator);
        if (denominator > 1) text += "/" + std::to_string(denominator);
        return text;
    }

    const score::Score& score_;
    const score::Part& part_;
    std::string text_;
    std::size_t next_ = 0;  // note
    std::array<int, 7> signature_{};
    std::array<std::optional<int>, 7> accidentals_;  // of the measure
    bool prefers_flats_ = false;
};

}  // namespace

base::Result<std::string> format_abc(const score::Score& score, std::size_t part) {
    const auto refuse = [](const std::string& why) {
        return base::Error(base::ErrorKind::kInput, "an ABC tune cannot hold " + why);
    };
    if (part >= score.parts.size()) return refuse("a part that is not there");
    const score::Part& tune = score.parts[part];
    if (tune.is_drums) return refuse("drums");
    if (tune.notes.empty()) return refuse("a part without notes");
    for (std::size_t i = 1; i < tune.notes.size(); ++i)
        if (tune.notes[i].onset < tune.notes[i - 1].end()) return refuse("notes that overlap");
    return TuneWriter(score, tune).write();
}

void write_abc_file(const std::filesystem::path& path, const score::Score& score,
                    std::size_t part) {
    const base::Result<std::string> text = format_abc(score, part);
    if (!text.ok()) {
        base::Error error = text.error();
        error.path = path.string();
        throw error;
    }
    base::write_file_atomically(path, text.value());
}

}  // namespace symphony::io
