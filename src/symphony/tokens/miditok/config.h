// The options of a MidiTok tokenizer, as its tokenizer.json holds them. Source: MidiTok 3.0.6
// (TokenizerConfig), Fradet et al., "MidiTok: A Python package for MIDI file tokenization", 2021.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::tokens::miditok {

enum class Scheme {
    kRemi,
    kTsd,
    kMidiLike,
    kStructured,
    kCpWord,
    kOctuple,
    kMuMidi,
    kMmm,
    kPerTok
};

// Symphony's name of a scheme ("tsd") and MidiTok's class ("TSD").
std::string scheme_name(Scheme scheme);
std::string class_name(Scheme scheme);
std::optional<Scheme> scheme_of_class(std::string_view class_name);
std::optional<Scheme> scheme_of_name(std::string_view name);

// Quarters first .. last - 1 have `resolution` steps a beat.
struct BeatRange {
    int first = 0, last = 4;
    int resolution = 8;
    auto operator<=>(const BeatRange&) const = default;
};

inline constexpr int kDrumProgram = -1;

struct Config {
    Scheme scheme = Scheme::kRemi;
    std::pair<int, int> pitch_range{21, 109}, drums_pitch_range{27, 88};
    std::vector<BeatRange> beat_res{{0, 4, 8}, {4, 12, 4}};
    std::vector<BeatRange> beat_res_rest{{0, 1, 8}, {1, 2, 4}, {2, 12, 2}};
    int num_velocities = 32;
    std::vector<std::string> special_tokens{"PAD_None", "BOS_None", "EOS_None", "MASK_None"};
    std::string encode_ids_split = "bar";  // where sub-words end: "bar", "beat", "no"
    bool use_velocities = true;
    bool use_chords = false, use_rests = false, use_tempos = false, use_time_signatures = false;
    bool use_sustain_pedals = false, use_pitch_bends = false, use_programs = false;
    bool use_pitch_intervals = false, use_pitchdrum_tokens = true;
    std::vector<int> use_note_duration_programs;  // -1: drums; in the order of Python's set
    double default_note_duration = 0.5;           // beats
    std::vector<std::pair<std::string, std::vector<int>>> chord_maps;
    bool chord_tokens_with_root_note = false;
    std::optional<std::pair<int, int>> chord_unknown;
    int num_tempos = 32;
    std::pair<double, double> tempo_range{40, 250};
    bool log_tempos = false;
    bool remove_duplicated_notes = false;
    bool delete_equal_successive_tempo_changes = false;
    std::vector<std::pair<int, std::vector<int>>>
        time_signature_range;  // denominator -> numerators
    bool delete_equal_successive_time_sig_changes = false;
    bool sustain_pedal_duration = false;
    int pitch_bend_lowest = -8192, pitch_bend_highest = 8191, pitch_bend_count = 32;
    std::vector<int> programs;  // in the order of Python's set, which is that of their ids
    bool one_token_stream_for_programs = true, program_changes = false;
    int max_pitch_interval = 16;
    double pitch_intervals_max_time_dist = 1;
    // Attribute controls: only their tokens are made, as MidiTok gives them only when asked to.
    bool ac_polyphony_track = false, ac_polyphony_bar = false, ac_pitch_class_bar = false;
    bool ac_note_density_track = false, ac_note_density_bar = false;
    bool ac_note_duration_bar = false, ac_note_duration_track = false, ac_repetition_track = false;
    int ac_polyphony_min = 1, ac_polyphony_max = 6;
    int ac_note_density_track_min = 0, ac_note_density_track_max = 18, ac_note_density_bar_max = 18;
    int ac_repetition_track_num_bins = 10, ac_repetition_track_num_consec_bars = 4;
    // additional_params of the scheme:
    std::optional<int> max_bar_embedding;  // remi: none; octuple, mumidi: 60
    bool use_bar_end_tokens = false;       // remi
    bool add_trailing_bars = false;        // remi
    Scheme base_scheme = Scheme::kTsd;     // mmm
    int pertok_ticks_per_quarter = 220;    // pertok
    bool use_microtiming = true;           // pertok
    double max_microtiming_shift = 0.125;  // pertok, quarters
    int num_microtiming_bins = 30;         // pertok
    bool use_position_toks = false;        // pertok

    int positions_per_beat() const;  // the finest of beat_res
    bool uses_durations() const { return !use_note_duration_programs.empty(); }
    bool uses_duration(int program) const;
    bool has_program(int program) const;
    // Notes as on and off instead of durations?
    bool note_on_off() const {
        return scheme == Scheme::kMidiLike ||
               (scheme == Scheme::kMmm && base_scheme == Scheme::kMidiLike);
    }
    // Ids are rows of several vocabularies?
    // How the words of one stream are spelled.
    Scheme spelling() const { return scheme == Scheme::kMmm ? base_scheme : scheme; }
    bool has_rows() const {
        return scheme == Scheme::kCpWord || scheme == Scheme::kOctuple || scheme == Scheme::kMuMidi;
    }
    // All tracks of a piece in one stream of tokens (else a stream for each)?
    bool one_stream() const { return one_token_stream_for_programs || scheme == Scheme::kMmm; }
    // Attribute controls have tokens?
    bool has_attribute_controls() const {
        return !one_token_stream_for_programs && !has_rows() && scheme != Scheme::kStructured;
    }
};

// What MidiTok does to the options when a tokenizer of the scheme is made (an option that the
// scheme cannot hold is switched off). Idempotent.
void settle(Config& config);

// Options under which a scheme holds most of a piece in one stream; what `--scheme tsd` takes.
Config default_config(Scheme scheme);

// The elements in the order in which CPython's set gives them after they were put in in this order;
// MidiTok's ids of programs follow it. Elements are small integers.
std::vector<int> python_set_order(const std::vector<int>& elements);

}  // namespace symphony::tokens::miditok
