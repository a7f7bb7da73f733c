// Every field of PieceStatistics once, with its name: `visit(name, field)` in order. The record's
// readers and writers are visitors (piece_record.cpp).
#pragma once

#include "symphony/corpus/atlas/field_json.h"
#include "symphony/corpus/statistics.h"

namespace symphony::corpus {

void each_field(Of<PieceSummary> auto& s, const auto& visit) {
    visit("id", s.id);
    visit("title", s.title);
    visit("composer", s.composer);
    visit("group", s.group);
    visit("notes", s.notes);
    visit("parts", s.parts);
    visit("bars", s.bars);
    visit("quarters", s.quarters);
    visit("seconds", s.seconds);
    visit("key", s.key);
    visit("key_given", s.key_given);
    visit("meter", s.meter);
    visit("has_drums", s.has_drums);
}

void each_field(Of<KeyRegion> auto& s, const auto& visit) {
    visit("first_bar", s.first_bar);
    visit("bars", s.bars);
    visit("key", s.key);
}

void each_field(Of<KeyPlan> auto& s, const auto& visit) {
    visit("regions", s.regions);
    visit("clarity", s.clarity);
}

void each_field(Of<RomanChord> auto& s, const auto& visit) {
    visit("degree", s.degree);
    visit("quality", s.quality);
}

void each_field(Of<Progression> auto& s, const auto& visit) {
    visit("minor", s.minor);
    visit("chords", s.chords);
    visit("bars", s.bars);
}

void each_field(Of<RhythmStatistics> auto& s, const auto& visit) {
    visit("onset_profile", s.onset_profile);
    visit("weighed_onsets", s.weighed_onsets);
    visit("syncopated_onsets", s.syncopated_onsets);
    visit("syncopation_levels", s.syncopation_levels);
    visit("simple_onsets", s.simple_onsets);
    visit("triplet_onsets", s.triplet_onsets);
    visit("swing_ratio", s.swing_ratio);
}

void each_field(Of<FormStatistics> auto& s, const auto& visit) {
    visit("bars", s.bars);
    visit("repeated_bars", s.repeated_bars);
    visit("passage_bars", s.passage_bars);
    visit("borders", s.borders);
}

void each_field(Of<RoleFigures> auto& s, const auto& visit) {
    visit("notes", s.notes);
    visit("sounding_quarters", s.sounding_quarters);
    visit("note_quarters", s.note_quarters);
    visit("piece_quarters", s.piece_quarters);
    visit("pitch", s.pitch);
    visit("interval", s.interval);
}

void each_field(Of<QualityMeasures> auto& s, const auto& visit) {
    visit("notes", s.notes);
    visit("seconds", s.seconds);
    visit("pitches", s.pitches);
    visit("on_grid_share", s.on_grid_share);
    visit("peak_notes_a_second", s.peak_notes_a_second);
    visit("longest_silence", s.longest_silence);
}

void each_field(Of<PieceStatistics> auto& s, const auto& visit) {
    visit("summary", s.summary);
    visit("drum_notes", s.drum_notes);
    visit("pitch", s.pitch);
    visit("pitch_class", s.pitch_class);
    visit("duration", s.duration);
    visit("bar_position", s.bar_position);
    visit("velocity", s.velocity);
    visit("polyphony", s.polyphony);
    visit("density", s.density);
    visit("interval", s.interval);
    visit("tempo", s.tempo);
    visit("meters", s.meters);
    visit("programs", s.programs);
    visit("roles", s.roles);
    visit("chords", s.chords);
    visit("keys", s.keys);
    visit("progressions", s.progressions);
    visit("cadences", s.cadences);
    visit("rhythm", s.rhythm);
    visit("form", s.form);
    visit("role_figures", s.role_figures);
    visit("measures", s.measures);
    visit("on_grid_share", s.on_grid_share);
    visit("given_key_distance", s.given_key_distance);
    visit("distinct_velocities", s.distinct_velocities);
    visit("bar_line_shift", s.bar_line_shift);
    visit("bar_fault", s.bar_fault);
    visit("quality", s.quality);
    visit("parts_with_notes", s.parts_with_notes);
    visit("meter_given", s.meter_given);
}

}  // namespace symphony::corpus
