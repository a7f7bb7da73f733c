// Models with random weights, for tests of inference.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/models/lstm.h"
#include "symphony/models/random_weights.h"
#include "symphony/models/transformer.h"

#include <cmath>
#include <string>
#include <vector>

namespace symphony::models {

inline Weights random_weights(const LstmConfig& c) {
    Weights w;
    const double scale = 1.0 / std::sqrt(double(c.hidden_size));
    add_random(w, "embedding.weight", {c.vocabulary_size, c.embedding_size}, 1.0);
    for (int k = 0; k < c.layers; ++k) {
        const std::string suffix = "_l" + std::to_string(k);
        const int in = k == 0 ? c.embedding_size : c.hidden_size;
        add_random(w, "lstm.weight_ih" + suffix, {4 * c.hidden_size, in}, 1.5 * scale);
        add_random(w, "lstm.weight_hh" + suffix, {4 * c.hidden_size, c.hidden_size}, 1.5 * scale);
        add_random(w, "lstm.bias" + suffix, {4 * c.hidden_size}, 0.3);
    }
    if (c.has_projection()) {
        add_random(w, "projection.weight", {c.embedding_size, c.hidden_size}, scale);
    }
    if (!c.tied) add_random(w, "output.weight", {c.vocabulary_size, c.hidden_size}, scale);
    add_random(w, "output.bias", {c.vocabulary_size}, 0.3);
    return w;
}

inline std::vector<int> random_ids(std::size_t n, int vocabulary, std::uint64_t seed) {
    base::Rng rng(seed, "ids");
    std::vector<int> ids;
    for (std::size_t i = 0; i < n; ++i) {
        ids.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(vocabulary))));
    }
    return ids;
}

using Rows = std::vector<std::vector<float>>;

// Logits that predict each id, one token at a time.
inline Rows step_by_step(LanguageModel& model, const std::vector<int>& ids) {
    Rows rows;
    model.LanguageModel::for_each_logits(ids, [&](std::size_t, std::span<const float> logits_V) {
        rows.emplace_back(logits_V.begin(), logits_V.end());
    });
    return rows;
}

// Logits that predict each id, as the model itself scores a piece.
inline Rows whole_piece(LanguageModel& model, const std::vector<int>& ids) {
    Rows rows(ids.size());
    model.for_each_logits(ids, [&](std::size_t t, std::span<const float> logits_V) {
        rows[t].assign(logits_V.begin(), logits_V.end());
    });
    return rows;
}

inline double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        most = std::max(most, std::abs(double(a[i]) - double(b[i])));
    }
    return most;
}

inline double largest_difference(const Rows& a, const Rows& b) {
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t t = 0; t < a.size() && t < b.size(); ++t) {
        most = std::max(most, largest_difference(a[t], b[t]));
    }
    return most;
}

}  // namespace symphony::models
