#include "symphony/corpus/atlas/measures.h"

namespace symphony::corpus {
namespace {

constexpr std::array<MeasureInfo, kMeasures> kTable{{
    {"length-bars", "Length", "bars", 4},
    {"parts", "Parts", "parts with notes", 1},
    {"notes-per-quarter", "Density", "notes per quarter", 0.25},
    {"note-length", "Mean length of notes", "quarters", 0.1},
    {"length-entropy", "Variety of note lengths", "bits", 0.1},
    {"pitch-range", "Pitch range", "semitones", 1},
    {"pitches", "Different pitches", "pitches", 1},
    {"pitch-entropy", "Pitch entropy", "bits", 0.1},
    {"pitch-class-entropy", "Pitch class entropy", "bits", 0.1},
    {"scale-consistency", "Notes in the best scale", "share of notes", 0.05},
    {"key-clarity", "Key clarity", "correlation", 0.02},
    {"home-key-share", "Time in the home key", "share of bars", 0.05},
    {"key-changes", "Changes of key", "per 100 bars", 1},
    {"chord-changes", "Changes of chord", "per bar", 0.25},
    {"chord-entropy", "Variety of chords", "bits", 0.1},
    {"diatonic-chords", "Chords within the key", "share of chords", 0.05},
    {"polyphony", "Notes sounding together", "notes", 0.25},
    {"polyphony-rate", "Time with two notes or more", "share of time", 0.05},
    {"mean-interval", "Mean melodic interval", "semitones", 0.5},
    {"leap-share", "Leaps in melody", "share of steps", 0.05},
    {"groove", "Groove consistency", "share of places", 0.05},
    {"syncopation", "Syncopation", "levels per note", 0.05},
    {"triplet-share", "Triplets", "share of onsets", 0.05},
    {"off-grid", "Onsets off the beat's grid", "share of onsets", 0.05},
    {"empty-beats", "Beats without a note", "share of beats", 0.05},
    {"empty-bars", "Bars without a note", "share of bars", 0.05},
    {"drums-on-sixteenths", "Drum hits on sixteenths", "share of hits", 0.05},
    {"repeated-bars", "Bars in repeated passages", "share of bars", 0.05},
    {"section-bars", "Usual length of sections", "bars", 4},
    {"tempo", "Tempo", "quarters per minute", 5},
    {"velocity-spread", "Spread of velocities", "MIDI velocity", 2},
}};

}  // namespace

std::span<const MeasureInfo, kMeasures> measure_table() { return kTable; }

}  // namespace symphony::corpus
