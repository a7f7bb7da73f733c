#include "symphony/bench/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace symphony::bench {

namespace {

using Speeds = std::map<std::string, double>;  // by name; larger is faster

// Elements of arrays are told apart by what they say they are.
std::string label_of(const base::Json& object) {
    std::string label;
    for (const char* key : {"name", "task", "precision", "streams"}) {
        const auto found = object.find(key);
        if (found == object.end()) continue;
        label += (label.empty() ? "" : " ") +
                 (found->is_string() ? found->get<std::string>() : found->dump());
    }
    return label;
}

void collect(const base::Json& json, const std::string& path, Speeds& speeds) {
    const auto below = [&](const std::string& name) {
        return path.empty() || name.empty() ? path + name : path + " " + name;
    };
    if (json.is_array()) {
        for (const base::Json& element : json)
            collect(element, below(element.is_object() ? label_of(element) : ""), speeds);
        return;
    }
    if (!json.is_object()) return;
    const auto is_rate = [](const std::string& key) { return key.ends_with("per_second"); };
    const bool has_rate = std::any_of(json.items().begin(), json.items().end(),
                                      [&](const auto& item) { return is_rate(item.key()); });
    for (const auto& [key, value] : json.items()) {
        const bool is_time = !has_rate && key.ends_with("seconds");
        if (value.is_number() && (is_rate(key) || is_time)) {
            const double number = value.get<double>();
            if (number > 0) speeds[below(key)] = is_time ? 1 / number : number;
        } else if (value.is_structured() && key != "peers") {
            collect(value, below(key), speeds);
        }
    }
}

Speeds speeds_of(const base::Json& report) {
    Speeds speeds;
    collect(report, "", speeds);
    return speeds;
}

double median(std::vector<double> values) {
    const std::size_t middle = values.size() / 2;
    std::sort(values.begin(), values.end());
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Student's t at 97.5 % for the mean of n numbers; few rounds know their own spread badly.
double student(std::size_t n) {
    constexpr std::array kQuantiles{4.30, 3.18, 2.78, 2.57, 2.45,
                                    2.36, 2.31, 2.26, 2.23};  // n = 3..
    return n - kFewestRounds < kQuantiles.size() ? kQuantiles[n - kFewestRounds] : 2.2;
}

SpeedChange change_of(const std::string& what, const std::vector<double>& log_ratios) {
    const double middle = median(log_ratios);
    std::vector<double> deviations;
    for (const double x : log_ratios) deviations.push_back(std::abs(x - middle));
    // Of normal errors: sigma = 1.4826 MAD; a median's standard error is 1.2533 sigma / sqrt(n).
    const std::size_t n = log_ratios.size();
    const double error = 1.2533 * 1.4826 * median(deviations) / std::sqrt(static_cast<double>(n));
    return {what, std::exp(middle), std::max(kLeastNoise, std::exp(student(n) * error))};
}

}  // namespace

std::vector<SpeedChange> compare_speeds(const std::vector<SpeedRound>& rounds) {
    std::map<std::string, std::vector<double>> log_ratios;
    for (const SpeedRound& round : rounds) {
        const Speeds theirs = speeds_of(round.theirs);
        for (const auto& [what, speed] : speeds_of(round.ours)) {
            const auto other = theirs.find(what);
            if (other != theirs.end()) log_ratios[what].push_back(std::log(speed / other->second));
        }
    }
    std::vector<SpeedChange> changes;
    if (rounds.size() < kFewestRounds) return changes;
    for (const auto& [what, ratios] : log_ratios)
        if (ratios.size() == rounds.size()) changes.push_back(change_of(what, ratios));
    return changes;
}

base::Json SpeedChange::to_json() const {
    return {{"what", what},
            {"ratio", ratio},
            {"noise", noise},
            {"verdict", is_slower()   ? "slower"
                        : is_faster() ? "faster"
                                      : "the same"}};
}

std::string SpeedChange::to_text() const {
    return fmt::format("{:8} {:6.3f} times as fast, noise {:4.1f} %  {}",
                       is_slower()   ? "SLOWER"
                       : is_faster() ? "faster"
                                     : "same",
                       ratio, 100 * (noise - 1), what);
}

}  // namespace symphony::bench
