#include "symphony/tokens/miditok/config.h"

#include "symphony/base/error.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace symphony::tokens::miditok {
namespace {

struct SchemeNames {
    Scheme scheme;
    std::string_view name, class_name;
};

constexpr std::array<SchemeNames, 9> kSchemes{{{Scheme::kRemi, "miditok-remi", "REMI"},
                                               {Scheme::kTsd, "tsd", "TSD"},
                                               {Scheme::kMidiLike, "midilike", "MIDILike"},
                                               {Scheme::kStructured, "structured", "Structured"},
                                               {Scheme::kCpWord, "cpword", "CPWord"},
                                               {Scheme::kOctuple, "octuple", "Octuple"},
                                               {Scheme::kMuMidi, "mumidi", "MuMIDI"},
                                               {Scheme::kMmm, "mmm", "MMM"},
                                               {Scheme::kPerTok, "pertok", "PerTok"}}};

const SchemeNames& names_of(Scheme scheme) { return kSchemes[static_cast<std::size_t>(scheme)]; }

constexpr int kDefaultMaxBars = 60;

void disable_attribute_controls(Config& c) {
    c.ac_polyphony_track = c.ac_polyphony_bar = c.ac_pitch_class_bar = false;
    c.ac_note_density_track = c.ac_note_density_bar = false;
    c.ac_note_duration_bar = c.ac_note_duration_track = c.ac_repetition_track = false;
}

// Schemes in which notes of all programs have a duration, or none.
void all_or_no_durations(Config& c) {
    const bool some_without = std::any_of(c.programs.begin(), c.programs.end(),
                                          [&](int p) { return !c.uses_duration(p); });
    if (some_without) c.use_note_duration_programs = c.programs;
}

void add_special(Config& c, const std::string& token) {
    if (std::find(c.special_tokens.begin(), c.special_tokens.end(), token) ==
        c.special_tokens.end())
        c.special_tokens.push_back(token);
}

}  // namespace

std::string scheme_name(Scheme scheme) { return std::string(names_of(scheme).name); }
std::string class_name(Scheme scheme) { return std::string(names_of(scheme).class_name); }

std::optional<Scheme> scheme_of_class(std::string_view class_name) {
    for (const SchemeNames& names : kSchemes)
        if (names.class_name == class_name) return names.scheme;
    return std::nullopt;
}

std::optional<Scheme> scheme_of_name(std::string_view name) {
    for (const SchemeNames& names : kSchemes)
        if (names.name == name) return names.scheme;
    return std::nullopt;
}

int Config::positions_per_beat() const {
    int finest = 1;
    for (const BeatRange& range : beat_res) finest = std::max(finest, range.resolution);
    return finest;
}

bool Config::uses_duration(int program) const {
    return std::find(use_note_duration_programs.begin(), use_note_duration_programs.end(),
                     program) != use_note_duration_programs.end();
}

bool Config::has_program(int program) const {
    return std::find(programs.begin(), programs.end(), program) != programs.end();
}

void settle(Config& c) {
    add_special(c, "PAD_None");
    if (!c.use_programs) c.one_token_stream_for_programs = c.program_changes = false;
    if (c.use_rests && c.use_note_duration_programs.size() < 129) {
        const bool some_without = std::any_of(c.programs.begin(), c.programs.end(),
                                              [&](int p) { return !c.uses_duration(p); });
        if (!c.use_programs || some_without) c.use_rests = false;
    }
    switch (c.scheme) {
        case Scheme::kRemi:
        case Scheme::kTsd:
        case Scheme::kMidiLike:
        case Scheme::kPerTok:
            break;
        case Scheme::kStructured:
            c.use_chords = c.use_rests = c.use_tempos = c.use_time_signatures = false;
            c.use_sustain_pedals = c.use_pitch_bends = c.use_pitch_intervals = false;
            c.program_changes = false;
            disable_attribute_controls(c);
            break;
        case Scheme::kCpWord:
            all_or_no_durations(c);
            c.use_sustain_pedals = c.use_pitch_bends = c.use_pitch_intervals = false;
            c.program_changes = false;
            disable_attribute_controls(c);
            break;
        case Scheme::kOctuple:
            c.use_chords = c.use_rests = c.use_sustain_pedals = c.use_pitch_bends = false;
            c.use_pitch_intervals = c.program_changes = false;
            c.delete_equal_successive_tempo_changes = true;
            disable_attribute_controls(c);
            all_or_no_durations(c);
            if (!c.max_bar_embedding) c.max_bar_embedding = kDefaultMaxBars;
            break;
        case Scheme::kMuMidi:
            c.use_rests = c.use_time_signatures = c.use_sustain_pedals = c.use_pitch_bends = false;
            c.use_programs = c.use_pitch_intervals = c.one_token_stream_for_programs = true;
            c.program_changes = false;
            disable_attribute_controls(c);
            all_or_no_durations(c);
            if (!c.max_bar_embedding) c.max_bar_embedding = kDefaultMaxBars;
            break;
        case Scheme::kMmm:
            c.use_programs = c.program_changes = true;
            c.one_token_stream_for_programs = false;
            add_special(c, "Track_Start");
            add_special(c, "Track_End");
            break;
    }
    if (!c.use_sustain_pedals) c.sustain_pedal_duration = false;
    if (c.one_token_stream_for_programs || c.has_rows()) disable_attribute_controls(c);
}

Config default_config(Scheme scheme) {
    Config c;
    c.scheme = scheme;
    std::vector<int> all(129);
    std::iota(all.begin(), all.end(), kDrumProgram);
    c.programs = c.use_note_duration_programs = python_set_order(all);
    c.chord_maps = {
        {"min", {0, 3, 7}},          {"maj", {0, 4, 7}},         {"dim", {0, 3, 6}},
        {"aug", {0, 4, 8}},          {"sus2", {0, 2, 7}},        {"sus4", {0, 5, 7}},
        {"7dom", {0, 4, 7, 10}},     {"7min", {0, 3, 7, 10}},    {"7maj", {0, 4, 7, 11}},
        {"7halfdim", {0, 3, 6, 10}}, {"7dim", {0, 3, 6, 9}},     {"7aug", {0, 4, 8, 11}},
        {"9maj", {0, 4, 7, 10, 14}}, {"9min", {0, 4, 7, 10, 13}}};
    // MidiTok's own default leaves out 2/2, 9/8 and other common metres, and pitches at the edges.
    c.pitch_range = {0, 127};
    c.drums_pitch_range = {0, 127};
    for (const int denominator : {8, 4, 2, 16}) {
        std::vector<int> numerators(16);
        std::iota(numerators.begin(), numerators.end(), 1);
        c.time_signature_range.emplace_back(denominator, std::move(numerators));
    }
    c.beat_res = {{0, 4, 12}, {4, 12, 6}};
    c.num_tempos = 106;  // every second one from 40 to 250, so that 120 is among them
    c.use_programs = c.use_tempos = c.use_time_signatures = true;
    c.delete_equal_successive_tempo_changes = true;
    c.remove_duplicated_notes = true;
    if (scheme == Scheme::kOctuple || scheme == Scheme::kMuMidi) c.max_bar_embedding = 512;
    settle(c);
    return c;
}

std::vector<int> python_set_order(const std::vector<int>& elements) {
    // Open addressing as in CPython's Objects/setobject.c: nine neighbours are tried before the
    // next probe; the table grows fourfold when three fifths are in use.
    constexpr std::size_t kNeighbours = 9, kSmallest = 8, kPerturbShift = 5;
    const auto hash_of = [](int element) {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(element == -1 ? -2 : element));
    };
    std::vector<std::optional<int>> table(kSmallest);
    const auto insert = [&](int element) {
        const std::size_t mask = table.size() - 1;
        std::uint64_t perturb = hash_of(element);
        std::size_t i = static_cast<std::size_t>(perturb) & mask;
        while (true) {
            const std::size_t last = i + kNeighbours <= mask ? i + kNeighbours : i;
            for (std::size_t at = i; at <= last; ++at) {
                if (table[at] == element) return false;
                if (table[at]) continue;
                table[at] = element;
                return true;
            }
            perturb >>= kPerturbShift;
            i = (i * 5 + 1 + static_cast<std::size_t>(perturb)) & mask;
        }
    };
    std::size_t used = 0;
    for (const int element : elements) {
        if (!insert(element)) continue;
        ++used;
        if (used * 5 < (table.size() - 1) * 3) continue;
        std::size_t size = kSmallest;
        while (size <= used * 4) size *= 2;
        const auto old = std::exchange(table, std::vector<std::optional<int>>(size));
        for (const auto& kept : old)
            if (kept) insert(*kept);
    }
    std::vector<int> order;
    for (const auto& kept : table)
        if (kept) order.push_back(*kept);
    return order;
}

}  // namespace symphony::tokens::miditok
