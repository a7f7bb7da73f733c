// A configuration as MidiTok writes it.
#include "symphony/tokens/miditok/config_json.h"

#include <cmath>

namespace symphony::tokens::miditok {

using base::Json;

Json config_to_json(const Config& c) {
    const auto ranges = [](const std::vector<BeatRange>& beat_res) {
        Json json = Json::object();
        for (const BeatRange& range : beat_res)
            json[std::to_string(range.first) + "_" + std::to_string(range.last)] = range.resolution;
        return json;
    };
    const auto number = [](double value) {
        return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
    };
    Json config;
    config["pitch_range"] = c.pitch_range;
    config["beat_res"] = ranges(c.beat_res);
    config["num_velocities"] = c.num_velocities;
    config["remove_duplicated_notes"] = c.remove_duplicated_notes;
    config["encode_ids_split"] = c.encode_ids_split;
    config["special_tokens"] = c.special_tokens;
    config["use_velocities"] = c.use_velocities;
    config["use_note_duration_programs"] = c.use_note_duration_programs;
    config["use_chords"] = c.use_chords;
    config["use_rests"] = c.use_rests;
    config["use_tempos"] = c.use_tempos;
    config["use_time_signatures"] = c.use_time_signatures;
    config["use_sustain_pedals"] = c.use_sustain_pedals;
    config["use_pitch_bends"] = c.use_pitch_bends;
    config["use_programs"] = c.use_programs;
    config["use_pitch_intervals"] = c.use_pitch_intervals;
    config["use_pitchdrum_tokens"] = c.use_pitchdrum_tokens;
    config["default_note_duration"] = c.default_note_duration;
    config["programs"] = c.programs;
    config["one_token_stream_for_programs"] = c.one_token_stream_for_programs;
    config["program_changes"] = c.program_changes;
    config["beat_res_rest"] = ranges(c.beat_res_rest);
    Json chords = Json::object();
    for (const auto& [name, intervals] : c.chord_maps) chords[name] = intervals;
    config["chord_maps"] = chords;
    config["chord_tokens_with_root_note"] = c.chord_tokens_with_root_note;
    config["chord_unknown"] = c.chord_unknown ? Json(*c.chord_unknown) : Json();
    config["num_tempos"] = c.num_tempos;
    config["tempo_range"] = {number(c.tempo_range.first), number(c.tempo_range.second)};
    config["log_tempos"] = c.log_tempos;
    config["delete_equal_successive_tempo_changes"] = c.delete_equal_successive_tempo_changes;
    Json meters = Json::object();
    for (const auto& [denominator, numerators] : c.time_signature_range)
        meters[std::to_string(denominator)] = numerators;
    config["time_signature_range"] = meters;
    config["delete_equal_successive_time_sig_changes"] = c.delete_equal_successive_time_sig_changes;
    config["sustain_pedal_duration"] = c.sustain_pedal_duration;
    config["pitch_bend_range"] = {c.pitch_bend_lowest, c.pitch_bend_highest, c.pitch_bend_count};
    config["max_pitch_interval"] = c.max_pitch_interval;
    config["pitch_intervals_max_time_dist"] = number(c.pitch_intervals_max_time_dist);
    config["drums_pitch_range"] = c.drums_pitch_range;
    config["ac_polyphony_track"] = c.ac_polyphony_track;
    config["ac_polyphony_bar"] = c.ac_polyphony_bar;
    config["ac_polyphony_min"] = c.ac_polyphony_min;
    config["ac_polyphony_max"] = c.ac_polyphony_max;
    config["ac_pitch_class_bar"] = c.ac_pitch_class_bar;
    config["ac_note_density_track"] = c.ac_note_density_track;
    config["ac_note_density_track_min"] = c.ac_note_density_track_min;
    config["ac_note_density_track_max"] = c.ac_note_density_track_max;
    config["ac_note_density_bar"] = c.ac_note_density_bar;
    config["ac_note_density_bar_max"] = c.ac_note_density_bar_max;
    config["ac_note_duration_bar"] = c.ac_note_duration_bar;
    config["ac_note_duration_track"] = c.ac_note_duration_track;
    config["ac_repetition_track"] = c.ac_repetition_track;
    config["ac_repetition_track_num_bins"] = c.ac_repetition_track_num_bins;
    config["ac_repetition_track_num_consec_bars"] = c.ac_repetition_track_num_consec_bars;
    Json additional = Json::object();
    if (c.scheme == Scheme::kMmm) additional["base_tokenizer"] = class_name(c.base_scheme);
    if (c.scheme == Scheme::kRemi || (c.scheme == Scheme::kMmm && c.base_scheme == Scheme::kRemi)) {
        additional["max_bar_embedding"] = c.max_bar_embedding ? Json(*c.max_bar_embedding) : Json();
        additional["use_bar_end_tokens"] = c.use_bar_end_tokens;
        additional["add_trailing_bars"] = c.add_trailing_bars;
    } else if (c.max_bar_embedding) {
        additional["max_bar_embedding"] = *c.max_bar_embedding;
    }
    if (c.scheme == Scheme::kPerTok) {
        additional["ticks_per_quarter"] = c.pertok_ticks_per_quarter;
        additional["use_microtiming"] = c.use_microtiming;
        additional["max_microtiming_shift"] = c.max_microtiming_shift;
        additional["num_microtiming_bins"] = c.num_microtiming_bins;
        additional["use_position_toks"] = c.use_position_toks;
    }
    config["additional_params"] = additional;
    Json json;
    json["config"] = config;
    json["tokenization"] = class_name(c.scheme);
    json["miditok_version"] = "3.0.6.post1";
    json["symusic_version"] = "0.6.0";
    json["hf_tokenizers_version"] = "0.23.3";
    return json;
}

}  // namespace symphony::tokens::miditok
