#include "symphony/evaluate/voice_leading.h"

#include "symphony/base/error.h"
#include "symphony/score/part_figures.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace symphony::evaluate {

namespace {

using base::Json;
using score::Note;
using score::Ticks;

constexpr int kVoices = 4;
constexpr int kWidestStep = 7;  // a perfect fifth, in semitones
constexpr int kOctave = 12;
constexpr int kBass = kVoices - 1;

// Lowest and highest pitch of each voice, soprano first (Aldwell and Schachter, chapter 5).
constexpr std::array<std::array<int, 2>, kVoices> kRanges = {
    {{60, 79}, {55, 74}, {48, 67}, {40, 60}}};

using Voices = std::array<std::vector<Note>, kVoices>;
using Chord = std::array<const Note*, kVoices>;  // what sounds; null for a rest

std::optional<Voices> voices_of(const score::Score& score) {
    std::vector<std::vector<Note>> parts;
    for (const score::Part& part : score.parts) {
        if (part.is_drums || part.notes.empty()) continue;
        if (!score::is_monophonic(part.notes)) return std::nullopt;
        parts.push_back(part.notes);
    }
    if (parts.size() != kVoices) return std::nullopt;
    std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
        return score::mean_pitch(a) > score::mean_pitch(b);
    });
    Voices voices;
    std::move(parts.begin(), parts.end(), voices.begin());
    return voices;
}

const Note* sounding_at(const std::vector<Note>& notes, Ticks at) {
    const auto after = std::upper_bound(notes.begin(), notes.end(), at,
                                        [](Ticks t, const Note& note) { return t < note.onset; });
    if (after == notes.begin()) return nullptr;
    const Note& note = *std::prev(after);
    return note.end() > at ? &note : nullptr;
}

bool is_full(const Chord& chord) {
    return std::all_of(chord.begin(), chord.end(), [](const Note* note) { return note; });
}

int interval(const Chord& chord, std::size_t upper, std::size_t lower) {
    return chord[upper]->pitch - chord[lower]->pitch;
}

// Fills in faults one chord at a time.
class Marker {
  public:
    explicit Marker(const score::Score& score) : bars_(score::bars_of(score)) {
        ticks_per_whole_ = 4 * std::int64_t{score.ticks_per_quarter};
    }

    void mark(VoiceFault fault, Ticks onset, std::size_t upper, std::size_t lower) {
        VoiceFaultAt at;
        at.fault = fault;
        at.onset = onset;
        at.upper_voice = static_cast<int>(upper);
        at.lower_voice = static_cast<int>(lower);
        const auto after =
            std::upper_bound(bars_.begin(), bars_.end(), onset,
                             [](Ticks t, const score::Bar& bar) { return t < bar.onset; });
        if (after != bars_.begin()) {
            const score::Bar& bar = *std::prev(after);
            at.bar = static_cast<int>(after - bars_.begin());
            at.beat = 1 + static_cast<double>((onset - bar.onset).value) * bar.meter.denominator /
                              static_cast<double>(ticks_per_whole_);
        }
        ++result_.counts[static_cast<std::size_t>(fault)];
        result_.faults.push_back(at);
    }

    void chord(Ticks onset, const Chord& before, const Chord& now) {
        ++result_.chords;
        const bool joined = is_full(before);
        for (std::size_t upper = 0; upper < kVoices; ++upper)
            for (std::size_t lower = upper + 1; lower < kVoices; ++lower)
                if (joined) parallels(onset, before, now, upper, lower);
        for (std::size_t upper = 0; upper + 1 < kVoices; ++upper)
            if (interval(now, upper, upper + 1) < 0 &&
                !(joined && interval(before, upper, upper + 1) < 0))
                mark(VoiceFault::kCrossing, onset, upper, upper + 1);
    }

    VoiceLeading finish() {
        std::stable_sort(result_.faults.begin(), result_.faults.end(),
                         [](const auto& a, const auto& b) { return a.onset < b.onset; });
        return std::move(result_);
    }

  private:
    void parallels(Ticks onset, const Chord& before, const Chord& now, std::size_t upper,
                   std::size_t lower) {
        const int upper_step = now[upper]->pitch - before[upper]->pitch;
        const int lower_step = now[lower]->pitch - before[lower]->pitch;
        if (upper_step * lower_step <= 0) return;  // one stays, or they move apart
        const int from = std::abs(interval(before, upper, lower)) % kOctave;
        const int to = std::abs(interval(now, upper, lower)) % kOctave;
        if (from != to) return;
        if (to == 7) mark(VoiceFault::kParallelFifths, onset, upper, lower);
        if (to == 0) mark(VoiceFault::kParallelOctaves, onset, upper, lower);
    }

    std::vector<score::Bar> bars_;
    std::int64_t ticks_per_whole_ = 0;
    VoiceLeading result_;
};

void mark_lines(const Voices& voices, Marker& marker) {
    for (std::size_t v = 0; v < kVoices; ++v) {
        const std::vector<Note>& notes = voices[v];
        for (std::size_t n = 0; n < notes.size(); ++n) {
            if (notes[n].pitch < kRanges[v][0] || notes[n].pitch > kRanges[v][1])
                marker.mark(VoiceFault::kRange, notes[n].onset, v, v);
            if (n == 0) continue;
            const int step = std::abs(notes[n].pitch - notes[n - 1].pitch);
            if (step > kWidestStep && !(v == kBass && step == kOctave))
                marker.mark(VoiceFault::kLeap, notes[n].onset, v, v);
        }
    }
}

}  // namespace

std::string_view voice_fault_name(VoiceFault fault) {
    switch (fault) {
        case VoiceFault::kParallelFifths:
            return "parallel fifths";
        case VoiceFault::kParallelOctaves:
            return "parallel octaves";
        case VoiceFault::kCrossing:
            return "crossings";
        case VoiceFault::kRange:
            return "out of range";
        case VoiceFault::kLeap:
            return "leaps";
    }
    return {};
}

double VoiceLeading::per_100_chords(VoiceFault fault) const {
    const auto count = static_cast<double>(counts[static_cast<std::size_t>(fault)]);
    return chords ? 100 * count / static_cast<double>(chords) : 0;
}

VoiceLeading& VoiceLeading::operator+=(const VoiceLeading& other) {
    chords += other.chords;
    for (std::size_t f = 0; f < kVoiceFaults; ++f) counts[f] += other.counts[f];
    faults.clear();
    return *this;
}

std::optional<VoiceLeading> analyse_voice_leading(const score::Score& score) {
    const auto voices = voices_of(score);
    if (!voices) return std::nullopt;
    Marker marker(score);
    mark_lines(*voices, marker);
    std::set<Ticks> onsets;
    for (const auto& notes : *voices)
        for (const Note& note : notes) onsets.insert(note.onset);
    Chord before{};
    for (const Ticks onset : onsets) {
        Chord now{};
        for (std::size_t v = 0; v < kVoices; ++v) now[v] = sounding_at((*voices)[v], onset);
        if (is_full(now)) marker.chord(onset, before, now);
        before = now;
    }
    return marker.finish();
}

Json to_json(const VoiceLeading& result) {
    Json json = {{"chords", result.chords},
                 {"counts", Json::object()},
                 {"per_100_chords", Json::object()},
                 {"faults", Json::array()}};
    for (int f = 0; f < kVoiceFaults; ++f) {
        const auto fault = static_cast<VoiceFault>(f);
        const std::string name(voice_fault_name(fault));
        json["counts"][name] = result.counts[static_cast<std::size_t>(f)];
        json["per_100_chords"][name] = result.per_100_chords(fault);
    }
    for (const VoiceFaultAt& at : result.faults)
        json["faults"].push_back({{"fault", voice_fault_name(at.fault)},
                                  {"onset_ticks", at.onset.value},
                                  {"bar", at.bar},
                                  {"beat", at.beat},
                                  {"upper_voice", at.upper_voice},
                                  {"lower_voice", at.lower_voice}});
    return json;
}

VoiceLeading voice_leading_from_json(const Json& json) {
    const auto fault_of = [](const std::string& name) {
        for (int f = 0; f < kVoiceFaults; ++f)
            if (voice_fault_name(static_cast<VoiceFault>(f)) == name)
                return static_cast<VoiceFault>(f);
        throw base::Error(base::ErrorKind::kInput, "unknown fault \"" + name + "\"");
    };
    try {
        VoiceLeading result;
        result.chords = json.at("chords").get<std::int64_t>();
        for (const auto& [name, count] : json.at("counts").items())
            result.counts[static_cast<std::size_t>(fault_of(name))] = count.get<std::int64_t>();
        for (const Json& fault : json.at("faults")) {
            VoiceFaultAt at;
            at.fault = fault_of(fault.at("fault").get<std::string>());
            at.onset = Ticks(fault.at("onset_ticks").get<std::int64_t>());
            at.bar = fault.at("bar").get<int>();
            at.beat = fault.at("beat").get<double>();
            at.upper_voice = fault.at("upper_voice").get<int>();
            at.lower_voice = fault.at("lower_voice").get<int>();
            result.faults.push_back(at);
        }
        return result;
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("not a voice-leading result: ") + e.what());
    }
}

}  // namespace symphony::evaluate
