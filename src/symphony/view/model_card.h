// The card of a model that is given to others: what it learned, how, how well it predicts music
// that it never saw, in Markdown. After Mitchell et al., "Model Cards for Model Reporting", 2019.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/copying/copy_prints.h"
#include "symphony/view/chart.h"
#include "symphony/view/report/run_log.h"

#include <string>
#include <vector>

namespace symphony::view {

struct ModelCard {
    std::string title;
    std::string about;  // Markdown by whoever ships it: licences of the data, what it is for
    std::string scheme;
    int vocabulary_size = 0, context_length = 0;
    std::vector<RunLog> runs;  // the first from scratch, each next one goes on from the one before
    base::Json data;           // description of the data set it learned from
    // What `evaluate --json` found on held-out pieces, one object a call; may be empty.
    std::vector<base::Json> evaluations;
    std::string machine;  // of training, in words
    std::string weights_sha256;
    std::uintmax_t weights_bytes = 0;
    bool has_curve = false;  // curve.svg lies beside the card
    // Of fingerprints.bin beside the card, by which copies of what it learned are found.
    corpus::PrintShape prints;
    std::size_t printed_pieces = 0;
    std::uintmax_t prints_bytes = 0;
};

std::string format_model_card(const ModelCard& card);
// Held-out loss over the tokens that were learned from, all runs in a row.
Chart learning_curve(const std::vector<RunLog>& runs);

}  // namespace symphony::view
