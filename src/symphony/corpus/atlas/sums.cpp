#include "symphony/corpus/atlas/sums.h"

#include "symphony/corpus/report.h"

#include <cmath>

namespace symphony::corpus {

void CorpusSums::add(const PieceStatistics& piece) {
    const PieceSummary& summary = piece.summary;
    ++pieces;
    notes += summary.notes;
    drum_notes += piece.drum_notes;
    parts += summary.parts;
    bars += summary.bars;
    quarters += summary.quarters;
    hours += summary.seconds / 3600;
    keys_given += summary.key_given ? 1 : 0;
    tempos_given += piece.tempo.empty() ? 0 : 1;
    meters_given += piece.meter_given ? 1 : 0;
    add_tally(pitch, piece.pitch);
    add_tally(pitch_class, piece.pitch_class);
    add_tally(duration, piece.duration);
    add_tally(bar_position, piece.bar_position);
    add_tally(velocity, piece.velocity);
    add_tally(polyphony, piece.polyphony);
    add_tally(density, piece.density);
    add_tally(interval, piece.interval);
    add_tally(tempo, piece.tempo);
    add_tally(meters, piece.meters);
    add_tally(programs, piece.programs);
    add_tally(roles, piece.roles);
    add_tally(chords, piece.chords);
    ++length_bars[static_cast<double>(summary.bars)];
    ++length_seconds[std::round(summary.seconds)];
    ++(summary.key_given ? keys_as_given : keys_as_estimated)[summary.key.name()];
}

void CorpusSums::set_totals(CorpusReport& report) const {
    report.pieces = pieces;
    report.notes = notes;
    report.drum_notes = drum_notes;
    report.parts = parts;
    report.bars = bars;
    report.quarters = quarters;
    report.hours = hours;
    report.keys_given = keys_given;
    report.tempos_given = tempos_given;
    report.meters_given = meters_given;
}

std::vector<Distribution> CorpusSums::distributions() const {
    return {
        each_value({"pitch", "Pitch", "MIDI pitch", "notes"}, pitch, pitch_label),
        each_value({"pitch-class", "Pitch class", "semitones above C", "notes"}, pitch_class,
                   pitch_class_label),
        each_value({"duration", "Length of notes", "quarters", "notes"}, duration, number_label),
        each_value({"bar-position", "Place in the bar", "quarters after the bar line", "notes"},
                   bar_position, number_label),
        each_value({"velocity", "Velocity", "MIDI velocity", "notes"}, velocity, number_label),
        each_value({"polyphony", "Notes sounding together", "notes", "sixteenths of time"},
                   polyphony, number_label),
        binned({"density", "Notes per quarter", "notes per quarter", "bars"}, density),
        each_value({"interval", "Steps of melody in each part", "semitones", "steps"}, interval,
                   signed_label),
        categories({"key-given", "Keys as given", "", "pieces"}, keys_as_given),
        categories({"key-estimated", "Keys as estimated, where none is given", "", "pieces"},
                   keys_as_estimated),
        categories({"meter", "Metres", "", "bars"}, meters),
        binned({"tempo", "Tempo", "quarters per minute", "tempo marks"}, tempo),
        categories({"program", "Instruments", "", "notes"}, programs),
        categories({"role", "Roles", "", "notes"}, roles),
        binned({"length-bars", "Length of pieces in bars", "bars", "pieces"}, length_bars),
        binned({"length-seconds", "Length of pieces in time", "seconds", "pieces"}, length_seconds),
        categories({"chord-quality", "Chords, beat by beat", "", "beats"}, chords),
    };
}

}  // namespace symphony::corpus
