#include "symphony/generate/sampler.h"

#include "symphony/base/error.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace symphony::generate {

namespace {

struct Candidate {
    int id;
    double weight;  // the logit, then exp(logit / temperature - the highest)
};

// The masked ids, likeliest first.
std::vector<Candidate> candidates_of(std::span<const float> logits_V,
                                     std::span<const std::uint8_t> mask_V) {
    std::vector<Candidate> candidates;
    for (std::size_t id = 0; id < logits_V.size(); ++id) {
        if (!mask_V[id]) continue;
        if (std::isnan(logits_V[id]))
            throw base::Error(base::ErrorKind::kDiverged,
                              "the model gives a logit that is not a number");
        candidates.push_back({static_cast<int>(id), logits_V[id]});
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
    });
    return candidates;
}

// Keeps the first candidates whose weights together reach `share` of the sum; at least one.
void keep_nucleus(std::vector<Candidate>& candidates, double share) {
    double sum = 0;
    for (const Candidate& c : candidates) sum += c.weight;
    double reached = 0;
    std::size_t kept = 0;
    while (kept < candidates.size() && (kept == 0 || reached < share * sum))
        reached += candidates[kept++].weight;
    candidates.resize(kept);
}

}  // namespace

void SamplerOptions::describe(base::OptionTable& table) {
    table.add("temperature", temperature, "below 1 plays safe, above 1 dares; 0: the likeliest",
              {0, 100});
    table.add("top-k", top_k, "draw from the k likeliest tokens only, 0: all", {0, 1e9});
    table.add("top-p", top_p, "draw from the likeliest tokens that reach this probability", {0, 1});
    table.add("min-p", min_p, "leave out tokens less likely than this share of the likeliest",
              {0, 1});
}

int sample(std::span<const float> logits_V, std::span<const std::uint8_t> mask_V,
           const SamplerOptions& options, base::Rng& rng) {
    std::vector<Candidate> candidates = candidates_of(logits_V, mask_V);
    const double highest = candidates.front().weight;
    // All at -inf: the model rules out everything that is legal; then all are equally likely.
    const bool flat = std::isinf(highest);
    if (options.temperature == 0) return candidates.front().id;
    for (Candidate& c : candidates)
        c.weight = flat ? 1 : std::exp((c.weight - highest) / options.temperature);
    if (options.top_k > 0 && static_cast<std::size_t>(options.top_k) < candidates.size())
        candidates.resize(static_cast<std::size_t>(options.top_k));
    if (options.top_p < 1) keep_nucleus(candidates, options.top_p);
    if (options.min_p > 0)
        std::erase_if(candidates, [&, limit = options.min_p * candidates.front().weight](
                                      const Candidate& c) { return c.weight < limit; });
    double sum = 0;
    for (const Candidate& c : candidates) sum += c.weight;
    double at = rng.uniform() * sum;
    for (const Candidate& c : candidates) {
        at -= c.weight;
        if (at < 0) return c.id;
    }
    return candidates.back().id;
}

}  // namespace symphony::generate
