// What listeners thought of music that they could not tell the origin of: ratings from 1 (poor) to
// 5 (excellent), by set, each with its interval. A set is better than another only where the
// interval of their difference excludes zero.
#pragma once

#include "symphony/base/json.h"
#include "symphony/evaluate/bootstrap.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symphony::evaluate {

inline constexpr int kLowestRating = 1, kHighestRating = 5;

// One excerpt of a listening test, as the key knows it.
struct ListeningItem {
    std::string id;    // as the listener's file calls it
    std::string set;   // name
    std::string file;  // it was cut from
    std::string pair;  // equal for excerpts of different sets that belong together; may be empty
};

// Which excerpt is which: kept from the listeners.
struct ListeningKey {
    std::string kit;                // names this test in keys and ratings
    std::vector<std::string> sets;  // in the order given
    std::vector<ListeningItem> items;
};

// One listener's file. Excerpts that the listener knew are left out of it.
struct Ratings {
    std::string file;                     // for messages
    std::map<std::string, int> of_items;  // by id
};

struct SetRating {
    std::string set;
    int excerpts = 0, ratings = 0;
    Interval mean;  // excerpts are resampled
};

struct SetDifference {
    std::string first, second;
    bool paired = false;   // excerpts of the two sets belong together, two by two
    Interval by_excerpts;  // first - second, excerpts resampled; each listener's ratings count from
                           // that listener's own mean
    std::optional<Interval> by_listeners;  // listeners resampled; none with fewer than three
    bool told_apart() const {
        return by_excerpts.excludes_zero() && (!by_listeners || by_listeners->excludes_zero());
    }
    std::string sentence() const;
};

struct ListeningResult {
    int listeners = 0;
    std::vector<SetRating> sets;             // in the key's order
    std::vector<SetDifference> differences;  // every pair of sets that were both rated
};

ListeningResult analyse_listening(const ListeningKey& key, const std::vector<Ratings>& ratings);

base::Json to_json(const ListeningKey& key);
base::Json to_json(const ListeningResult& result);
// Throw Error (kInput) naming `path` for what is no such file; ratings also for those of another
// kit, for excerpts that the key does not have and for ratings outside 1 to 5.
ListeningKey listening_key_from_json(const base::Json& json, const std::string& path);
Ratings ratings_from_json(const base::Json& json, const ListeningKey& key, const std::string& path);

}  // namespace symphony::evaluate
