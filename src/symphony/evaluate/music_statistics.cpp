#include "symphony/evaluate/music_statistics.h"

#include "symphony/evaluate/metrics/metrics.h"

namespace symphony::evaluate {

const std::vector<Metric>& metrics() {
    static const std::vector<Metric> all = {
        {"pitch-class-entropy", "pitch-class entropy", "bits", "MusPy", false, pitch_class_entropy},
        {"scale-consistency", "scale consistency", "share", "MusPy", false, scale_consistency},
        {"groove-consistency", "groove consistency (4-quarter bars)", "share", "MusPy", false,
         groove_consistency},
        {"groove-consistency-bars", "groove consistency (real bars)", "share", "own", false,
         groove_consistency_of_bars},
        {"pitch-range", "pitch range", "semitones", "own", false, pitch_range},
        {"polyphony", "polyphony", "notes", "own", false, polyphony},
        {"parts-sounding", "time in which all parts sound", "share", "own", false, parts_sounding},
        {"note-density", "note density", "notes a quarter", "own", false, note_density},
        {"note-length", "mean note length", "quarters", "own", false, mean_note_length},
        {"distinct-4-grams", "distinct melodic 4-grams", "share", "own", false, distinct_ngrams},
        {"tonal-drift", "tonal drift, first v. last 4 bars", "distance", "own", false, tonal_drift},
        {"similarity-of-bars", "similarity of bars to each other", "share", "Museformer", false,
         similarity_of_bars},
        {"closes-on-tonic", "closes on a root-position tonic triad", "share", "own", true,
         closes_on_tonic},
    };
    return all;
}

std::vector<double> statistics_of(const score::Score& score) {
    std::vector<double> values;
    values.reserve(metrics().size());
    for (const Metric& metric : metrics()) values.push_back(metric.value(score));
    return values;
}

}  // namespace symphony::evaluate
