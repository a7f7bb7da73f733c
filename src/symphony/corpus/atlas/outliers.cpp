#include "symphony/corpus/atlas/outliers.h"

#include "symphony/base/quantile.h"
#include "symphony/corpus/atlas/robust.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

constexpr double kMostExcess = 10;
constexpr std::size_t kMostReasons = 4;

double excess(double z) { return std::min(kMostExcess, std::max(0.0, std::abs(z) - kFarZ)); }

std::string value_text(double value, const std::string& unit) {
    constexpr std::string_view kShare = "share";
    if (unit.starts_with(kShare))
        return fmt::format("{:.1f} %{}", 100 * value, unit.substr(kShare.size()));
    return fmt::format("{:.3g} {}", value, unit);
}

std::string in_words(const Reason& reason) {
    return fmt::format("{}: {}, in the middle {} ({:.1f} spreads {})", reason.title,
                       value_text(reason.value, reason.unit),
                       value_text(reason.median, reason.unit), std::abs(reason.z),
                       reason.z > 0 ? "above" : "below");
}

double z_of(double value, const MeasureRow& row) {
    return row.spread > 0 ? (value - row.median) / row.spread : 0;  // NaN stays NaN
}

}  // namespace

std::vector<MeasureRow> measure_rows(std::span<const PieceMeasures> pieces) {
    std::vector<MeasureRow> rows;
    std::vector<double> values;
    for (std::size_t m = 0; m < kMeasures; ++m) {
        const MeasureInfo& info = measure_table()[m];
        MeasureRow row{.name = info.name, .title = info.title, .unit = info.unit};
        values.clear();
        for (const PieceMeasures& piece : pieces)
            if (!std::isnan(piece[m])) values.push_back(static_cast<double>(piece[m]));
        std::sort(values.begin(), values.end());
        row.pieces = static_cast<std::int64_t>(values.size());
        if (!values.empty()) {
            const RobustScale scale = robust_scale(values);
            row.median = scale.median;
            row.spread = std::max(scale.spread, info.least_spread);
            row.percentile5 = base::quantile(values, 0.05);
            row.percentile95 = base::quantile(values, 0.95);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Outlier> find_outliers(std::span<const PieceMeasures> pieces,
                                   std::span<const std::string> ids,
                                   std::span<const MeasureRow> rows, std::size_t most) {
    std::vector<std::pair<double, std::size_t>> far;  // distance below zero, piece
    if (pieces.size() < kLeastForOutliers) return {};
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        double distance = 0;
        for (std::size_t m = 0; m < kMeasures; ++m) {
            const double value = static_cast<double>(pieces[p][m]);
            if (!std::isnan(value)) distance += excess(z_of(value, rows[m]));
        }
        if (distance > 0) far.emplace_back(-distance, p);
    }
    std::sort(far.begin(), far.end());  // of equal ones the first by number
    far.resize(std::min(far.size(), most));
    std::vector<Outlier> outliers;
    for (const auto& [minus_distance, p] : far) {
        Outlier outlier{.id = ids[p], .distance = -minus_distance, .reasons = {}};
        for (std::size_t m = 0; m < kMeasures; ++m) {
            const double value = static_cast<double>(pieces[p][m]);
            if (std::isnan(value) || excess(z_of(value, rows[m])) <= 0) continue;
            Reason reason{.measure = rows[m].name,
                          .title = rows[m].title,
                          .unit = rows[m].unit,
                          .value = value,
                          .median = rows[m].median,
                          .z = z_of(value, rows[m]),
                          .words = {}};
            reason.words = in_words(reason);
            outlier.reasons.push_back(std::move(reason));
        }
        std::stable_sort(
            outlier.reasons.begin(), outlier.reasons.end(),
            [](const Reason& a, const Reason& b) { return std::abs(a.z) > std::abs(b.z); });
        if (outlier.reasons.size() > kMostReasons) outlier.reasons.resize(kMostReasons);
        outliers.push_back(std::move(outlier));
    }
    return outliers;
}

}  // namespace symphony::corpus
