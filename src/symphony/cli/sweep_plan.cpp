#include "symphony/cli/sweep_plan.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace symphony::cli {

Axis parse_axis(const std::string& text) {
    const auto equals = text.find('=');
    Axis axis;
    if (equals != std::string::npos) {
        axis.option = base::trim(text.substr(0, equals));
        for (const std::string& value : base::split(text.substr(equals + 1), ','))
            axis.values.push_back(base::trim(value));
    }
    if (const auto dot = axis.option.find('.'); dot != std::string::npos) {
        axis.family = axis.option.substr(0, dot);
        axis.option.erase(0, dot + 1);
    }
    const bool empty_value =
        std::find(axis.values.begin(), axis.values.end(), "") != axis.values.end();
    if (axis.option.empty() || axis.values.empty() || empty_value)
        throw base::Error(base::ErrorKind::kUsage, "settings: got \"" + text + "\"", {},
                          "expected an option and values: layers=1,2,3 or lstm.dropout=0,0.2");
    return axis;
}

std::string Trial::words() const {
    std::string words;
    for (const auto& [option, value] : settings)
        words += (words.empty() ? "" : ", ") + option + " " + value;
    return words.empty() ? "defaults" : words;
}

std::vector<Trial> trials_of(const std::string& family, const std::vector<Axis>& axes, int most,
                             std::uint64_t seed) {
    std::vector<Trial> trials{{.family = family}};
    for (const Axis& axis : axes) {
        if (!axis.family.empty() && axis.family != family) continue;
        std::vector<Trial> wider;
        for (const Trial& trial : trials)
            for (const std::string& value : axis.values) {
                wider.push_back(trial);
                wider.back().settings[axis.option] = value;
            }
        trials = std::move(wider);
    }
    if (most > 0 && trials.size() > static_cast<std::size_t>(most)) {
        base::Rng(seed, "sweep " + family).shuffle(std::span(trials));
        trials.resize(static_cast<std::size_t>(most));
    }
    for (std::size_t i = 0; i < trials.size(); ++i) trials[i].number = static_cast<int>(i) + 1;
    return trials;
}

std::vector<std::int64_t> steps_of_rounds(std::int64_t steps, int rounds, double keep) {
    std::vector<std::int64_t> all;
    for (int round = 0; round < rounds; ++round)
        all.push_back(std::max<std::int64_t>(
            1, std::llround(static_cast<double>(steps) * std::pow(keep, rounds - 1 - round))));
    return all;
}

std::vector<std::size_t> survivors(const std::vector<double>& losses, double keep) {
    std::vector<std::size_t> order(losses.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto loss = [&](std::size_t i) {
        return std::isfinite(losses[i]) ? losses[i] : std::numeric_limits<double>::infinity();
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return loss(a) < loss(b); });
    const auto kept = std::ceil(keep * static_cast<double>(losses.size()));
    order.resize(std::min(order.size(), static_cast<std::size_t>(kept)));
    std::sort(order.begin(), order.end());
    return order;
}

}  // namespace symphony::cli
