// Chooses order and discounts of the n-gram on held-out pieces.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/models/ngram/ngram_model.h"

#include <span>
#include <vector>

namespace symphony::models::ngram {

struct NgramFitOptions {
    // Tokens looked at, the predicted one included. 0: the best on valid of 1 .. max_order.
    int order = 0;
    // 0: as far as memory allows, 8 for some million tokens, at most 16.
    int max_order = 0;
};

struct NgramFit {
    NgramTables tables;
    double valid_loss = 0;              // nats per token
    std::vector<double> loss_by_order;  // [n-1] of order n, as far as tried
};

// Counts in `train`; discounts start from Chen & Goodman's estimate and are then improved one at a
// time on `valid`. Preconditions: neither is empty, max_order and order <= 32.
NgramFit fit_ngram(std::span<const TokenRun> train, std::span<const TokenRun> valid,
                   int vocabulary_size, int end_token, const NgramFitOptions& options,
                   base::Progress& progress);

}  // namespace symphony::models::ngram
