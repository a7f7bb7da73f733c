// Does our evaluator count as the papers do? Models that only count have figures of their own on
// the published sets; when ours are the same, data, split, unit and weighting are the papers'.
#pragma once

#include "symphony/base/json.h"
#include "symphony/bench/quality/published_sets.h"

#include <string>
#include <vector>

namespace symphony::bench {

struct EvaluatorCheck {
    std::string what;
    double got = 0, expected = 0;  // nats
    bool holds() const;            // equal to three digits after the point
    base::Json to_json() const;
    std::string to_text() const;
};

std::vector<EvaluatorCheck> check_evaluator(const PublishedSets& sets);

}  // namespace symphony::bench
