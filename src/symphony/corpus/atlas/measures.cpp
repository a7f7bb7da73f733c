#include "symphony/corpus/atlas/measures.h"

namespace symphony::corpus {
namespace {

constexpr std::array<MeasureInfo, kMeasures> kTable{{
    {"length-bars", "Length", "bars"},
    {"parts", "Parts", "parts with notes"},
    {"notes-per-quarter", "Density", "notes per quarter"},
    {"note-length", "Mean length of notes", "quarters"},
    {"length-entropy", "Variety of note lengths", "bits"},
    {"pitch-range", "Pitch range", "semitones"},
    {"pitches", "Different pitches", "pitches"},
    {"pitch-entropy", "Pitch entropy", "bits"},
    {"pitch-class-entropy", "Pitch class entropy", "bits"},
    {"scale-consistency", "Notes in the best scale", "share of notes"},
    {"key-clarity", "Key clarity", "correlation"},
    {"home-key-share", "Time in the home key", "share of bars"},
    {"key-changes", "Changes of key", "per 100 bars"},
    {"chord-changes", "Changes of chord", "per bar"},
    {"chord-entropy", "Variety of chords", "bits"},
    {"diatonic-chords", "Chords within the key", "share of chords"},
    {"polyphony", "Notes sounding together", "notes"},
    {"polyphony-rate", "Time with two notes or more", "share of time"},
    {"mean-interval", "Mean melodic interval", "semitones"},
    {"leap-share", "Leaps in melody", "share of steps"},
    {"groove", "Groove consistency", "share of places"},
    {"syncopation", "Syncopation", "levels per note"},
    {"triplet-share", "Triplets", "share of onsets"},
    {"off-grid", "Onsets off the beat's grid", "share of onsets"},
    {"empty-beats", "Beats without a note", "share of beats"},
    {"empty-bars", "Bars without a note", "share of bars"},
    {"drums-on-sixteenths", "Drum hits on sixteenths", "share of hits"},
    {"repeated-bars", "Bars in repeated passages", "share of bars"},
    {"section-bars", "Usual length of sections", "bars"},
    {"tempo", "Tempo", "quarters per minute"},
    {"velocity-spread", "Spread of velocities", "MIDI velocity"},
}};

}  // namespace

std::span<const MeasureInfo, kMeasures> measure_table() { return kTable; }

}  // namespace symphony::corpus
