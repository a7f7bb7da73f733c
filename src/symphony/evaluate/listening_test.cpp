#include "symphony/evaluate/listening_test.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace symphony::evaluate {
namespace {

// Of fewer listeners nothing can be said about listeners.
constexpr std::size_t kFewestListeners = 3;

// A rating beside the excerpt and the listener that it belongs to.
struct Rated {
    const ListeningItem* item = nullptr;
    std::size_t listener = 0;
    double rating = 0;
    double centred = 0;  // less the mean of all that this listener rated
};

std::vector<Rated> rated_items(const ListeningKey& key, const std::vector<Ratings>& ratings) {
    std::vector<Rated> all;
    for (std::size_t l = 0; l < ratings.size(); ++l) {
        double sum = 0;
        for (const auto& [id, rating] : ratings[l].of_items) sum += rating;
        const double mean = sum / std::max(1.0, static_cast<double>(ratings[l].of_items.size()));
        for (const ListeningItem& item : key.items)
            if (const auto found = ratings[l].of_items.find(item.id);
                found != ratings[l].of_items.end())
                all.push_back({&item, l, static_cast<double>(found->second), found->second - mean});
    }
    return all;
}

SetRating rating_of(const std::string& set, const std::vector<Rated>& all) {
    SetRating result{.set = set};
    std::vector<RatioTerm> terms;
    for (const Rated& one : all)
        if (one.item->set == set) terms.push_back({one.item->id, one.rating, 1});
    result.ratings = static_cast<int>(terms.size());
    result.excerpts = static_cast<int>(count_groups(terms));
    if (!terms.empty()) result.mean = bootstrap_ratio(terms);
    return result;
}

// Do the two sets' excerpts name the same pairs?
bool are_paired(const ListeningKey& key, const std::string& first, const std::string& second) {
    std::set<std::string> pairs[2];
    for (const ListeningItem& item : key.items)
        if (item.set == first || item.set == second) {
            if (item.pair.empty()) return false;
            pairs[item.set == second].insert(item.pair);
        }
    return pairs[0] == pairs[1];
}

// Excerpts that are drawn together: two that belong together, else the n-th of each set, so that
// every resample holds as many of both.
std::map<std::string, std::string> drawn_together(const ListeningKey& key, const std::string& first,
                                                  const std::string& second, bool paired) {
    std::map<std::string, std::string> groups;
    int count[2] = {0, 0};
    for (const ListeningItem& item : key.items)
        if (item.set == first || item.set == second)
            groups[item.id] = paired ? item.pair : std::to_string(count[item.set == second]++);
    return groups;
}

// What a rating adds to the mean of its own set and to that of the other.
struct TwoMeans {
    std::vector<RatioTerm> first, second;
    void add(const std::string& group, bool is_first, double rating) {
        first.push_back({group, is_first ? rating : 0, is_first ? 1.0 : 0.0});
        second.push_back({group, is_first ? 0 : rating, is_first ? 0.0 : 1.0});
    }
    Interval difference() const { return bootstrap_difference(first, second); }
};

SetDifference difference_of(const ListeningKey& key, const std::vector<Rated>& all,
                            const std::string& first, const std::string& second) {
    SetDifference result{.first = first, .second = second};
    result.paired = are_paired(key, first, second);
    const auto groups = drawn_together(key, first, second, result.paired);
    TwoMeans by_excerpts, by_listeners;
    std::map<std::size_t, std::set<std::string>> heard;  // sets, by listener
    for (const Rated& one : all)
        if (groups.contains(one.item->id)) heard[one.listener].insert(one.item->set);
    std::erase_if(heard, [](const auto& listener) { return listener.second.size() < 2; });
    for (const Rated& one : all) {
        if (!groups.contains(one.item->id)) continue;
        const bool is_first = one.item->set == first;
        by_excerpts.add(groups.at(one.item->id), is_first, one.centred);
        if (heard.contains(one.listener))
            by_listeners.add(std::to_string(one.listener), is_first, one.rating);
    }
    result.by_excerpts = by_excerpts.difference();
    if (heard.size() >= kFewestListeners) result.by_listeners = by_listeners.difference();
    return result;
}

base::Json to_json(const Interval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

[[noreturn]] void refuse(const std::string& path, const std::string& what,
                         const std::string& hint = {}) {
    throw base::Error(base::ErrorKind::kInput, what, path, hint);
}

}  // namespace

std::string SetDifference::sentence() const {
    const std::string figures =
        fmt::format("{:+.2f}, {:+.2f} to {:+.2f} over {}{}", by_excerpts.mean, by_excerpts.low,
                    by_excerpts.high, paired ? "pairs of excerpts" : "excerpts",
                    by_listeners ? fmt::format(", {:+.2f} to {:+.2f} over listeners",
                                               by_listeners->low, by_listeners->high)
                                 : "");
    if (!told_apart())
        return fmt::format("{} and {} cannot be told apart ({})", first, second, figures);
    const bool first_is_better = by_excerpts.mean > 0;
    return fmt::format("{} is rated higher than {} ({})", first_is_better ? first : second,
                       first_is_better ? second : first, figures);
}

ListeningResult analyse_listening(const ListeningKey& key, const std::vector<Ratings>& ratings) {
    const std::vector<Rated> all = rated_items(key, ratings);
    ListeningResult result{.listeners = static_cast<int>(ratings.size())};
    for (const std::string& set : key.sets) result.sets.push_back(rating_of(set, all));
    for (std::size_t a = 0; a < key.sets.size(); ++a)
        for (std::size_t b = a + 1; b < key.sets.size(); ++b)
            if (result.sets[a].ratings > 0 && result.sets[b].ratings > 0)
                result.differences.push_back(difference_of(key, all, key.sets[a], key.sets[b]));
    return result;
}

base::Json to_json(const ListeningKey& key) {
    base::Json json = {{"kit", key.kit}, {"sets", key.sets}, {"excerpts", base::Json::array()}};
    for (const ListeningItem& item : key.items)
        json["excerpts"].push_back(
            {{"id", item.id}, {"set", item.set}, {"file", item.file}, {"pair", item.pair}});
    return json;
}

base::Json to_json(const ListeningResult& result) {
    base::Json json = {{"listeners", result.listeners},
                       {"sets", base::Json::array()},
                       {"differences", base::Json::array()}};
    for (const SetRating& set : result.sets)
        json["sets"].push_back({{"set", set.set},
                                {"excerpts", set.excerpts},
                                {"ratings", set.ratings},
                                {"mean", set.ratings ? to_json(set.mean) : base::Json(nullptr)}});
    for (const SetDifference& one : result.differences)
        json["differences"].push_back(
            {{"first", one.first},
             {"second", one.second},
             {"paired", one.paired},
             {"by_excerpts", to_json(one.by_excerpts)},
             {"by_listeners", one.by_listeners ? to_json(*one.by_listeners) : base::Json(nullptr)},
             {"told_apart", one.told_apart()}});
    return json;
}

ListeningKey listening_key_from_json(const base::Json& json, const std::string& path) {
    try {
        ListeningKey key{.kit = json.at("kit").get<std::string>(),
                         .sets = json.at("sets").get<std::vector<std::string>>(),
                         .items = {}};
        for (const base::Json& item : json.at("excerpts"))
            key.items.push_back(
                {item.at("id").get<std::string>(), item.at("set").get<std::string>(),
                 item.at("file").get<std::string>(), item.at("pair").get<std::string>()});
        return key;
    } catch (const base::Json::exception& e) {
        refuse(path, std::string("not the key of a listening test: ") + e.what());
    }
}

Ratings ratings_from_json(const base::Json& json, const ListeningKey& key,
                          const std::string& path) {
    try {
        if (json.at("kit").get<std::string>() != key.kit)
            refuse(path,
                   fmt::format("ratings of another listening test, got {}, expected {}",
                               json.at("kit").get<std::string>(), key.kit),
                   "give the folder of the test that was heard");
        Ratings ratings{.file = path, .of_items = {}};
        for (const auto& [id, one] : json.at("ratings").items()) {
            const bool is_known =
                std::any_of(key.items.begin(), key.items.end(),
                            [&](const ListeningItem& item) { return item.id == id; });
            if (!is_known) refuse(path, fmt::format("the test has no excerpt \"{}\"", id));
            const int rating = one.at("rating").get<int>();
            if (rating < kLowestRating || rating > kHighestRating)
                refuse(path, fmt::format("excerpt {}: got the rating {}, expected {} to {}", id,
                                         rating, kLowestRating, kHighestRating));
            if (!one.at("known").get<bool>()) ratings.of_items[id] = rating;
        }
        return ratings;
    } catch (const base::Json::exception& e) {
        refuse(path, std::string("not the ratings of a listener: ") + e.what());
    }
}

}  // namespace symphony::evaluate
