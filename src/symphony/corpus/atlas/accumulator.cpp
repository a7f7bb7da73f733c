#include "symphony/corpus/atlas/accumulator.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace symphony::corpus {
namespace {

constexpr std::size_t kProgressionRows = 20;  // of each mode and length
constexpr std::size_t kOutliers = 20;
constexpr std::size_t kRepetitive = 2;
// The matrix of a form example is drawn bar by bar.
constexpr float kFewestFormBars = 16, kMostFormBarsShown = 200;

// The piece of middle length, then those with most repeated bars, of those whose matrix can be
// seen.
std::vector<std::string> form_examples(const std::vector<PieceMeasures>& measures,
                                       const std::vector<std::string>& ids) {
    std::vector<std::tuple<float, float, std::size_t>> by_length;  // bars, repeated, piece
    for (std::size_t p = 0; p < measures.size(); ++p) {
        const float bars = measures[p][static_cast<std::size_t>(Measure::kLengthBars)];
        const float repeated = measures[p][static_cast<std::size_t>(Measure::kRepeatedBars)];
        if (bars >= kFewestFormBars && bars <= kMostFormBarsShown && !std::isnan(repeated))
            by_length.emplace_back(bars, repeated, p);
    }
    std::vector<std::string> examples;
    if (by_length.empty()) return examples;
    std::sort(by_length.begin(), by_length.end());
    examples.push_back(ids[std::get<2>(by_length[by_length.size() / 2])]);
    std::stable_sort(by_length.begin(), by_length.end(),
                     [](const auto& a, const auto& b) { return std::get<1>(a) > std::get<1>(b); });
    for (const auto& [bars, repeated, piece] : by_length) {
        if (examples.size() > kRepetitive || repeated <= 0) break;
        if (ids[piece] != examples.front()) examples.push_back(ids[piece]);
    }
    return examples;
}

}  // namespace

void CorpusAccumulator::add(const PieceStatistics& piece) {
    sums_.add(piece);
    atlas_.add(piece);
    ngrams_.add(piece.progressions, static_cast<std::uint32_t>(ids_.size()));
    groups_.add(piece);
    ids_.push_back(piece.summary.id);
    PieceMeasures& measures = measures_.emplace_back();
    for (std::size_t m = 0; m < kMeasures; ++m) measures[m] = static_cast<float>(piece.measures[m]);
}

void CorpusAccumulator::finish(CorpusReport& report) const {
    sums_.set_totals(report);
    report.distributions = sums_.distributions();
    Atlas& atlas = report.atlas;
    atlas.distributions = atlas_.distributions(measures_);
    atlas.progressions = ngrams_.rows(kProgressionRows, ids_);
    atlas.progressions_missed = ngrams_.most_missed();
    atlas.measures = measure_rows(measures_);
    atlas.roles = atlas_.role_rows();
    atlas.outliers = find_outliers(measures_, ids_, atlas.measures, kOutliers);
    atlas.comparison = groups_.compare(measures_, atlas.measures);
    atlas.form_examples = form_examples(measures_, ids_);
}

}  // namespace symphony::corpus
