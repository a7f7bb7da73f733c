// Every option of training, listed once: the command line, TOML files, checkpoints and --dry-run
// all read describe().
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/corpus/variant.h"
#include "symphony/models/adapter/lora_adapter.h"
#include "symphony/models/transformer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symphony::training {

// What `tune` trains in place of all weights. See models/adapter/lora_adapter.h.
struct LoraOptions {
    std::optional<int> rank;   // none: all weights are trained
    std::optional<int> alpha;  // none: twice the rank
    std::vector<std::string> targets{models::kLoraTargets.begin(), models::kLoraTargets.end()};

    void describe(base::OptionTable& table);
    // Precondition: a rank; fill_defaults() was called.
    models::LoraConfig config() const;
};

struct TrainOptions {
    std::string model = "transformer";  // ngram, rnn, lstm, transformer

    // Sizes. 0: the family's default (see defaults_for).
    int layers = 0;
    int hidden_size = 0;        // LSTM and RNN units; transformer width
    int embedding_size = 0;     // RNN and LSTM
    int heads = 0;              // transformer
    int intermediate_size = 0;  // transformer, SwiGLU
    bool tied = true;           // output weights are the embedding's, where the sizes allow it
    double dropout = 0.1;
    // Of the products in training an LSTM or transformer: "float32", "bf16", or "auto": bf16 where
    // it is faster (nn::has_fast_bf16). fill_defaults() resolves "auto".
    std::string precision = "auto";

    // Batches. A step sees batch_size x sequence_length tokens, accumulate times.
    int batch_size = 0;
    int sequence_length = 0;
    int accumulate = 1;

    // Optimiser: AdamW with linear warm-up and cosine decay to min_learning_rate_share of the peak.
    double learning_rate = 0;  // 0: the family's default
    double min_learning_rate_share = 0.1;
    // After so many evaluations without a better valid loss the rate is multiplied by stall_factor,
    // and again after as many more; 0: never.
    int stall_evaluations = 0;
    double stall_factor = 0.1;
    double weight_decay = 0.01;
    double beta1 = 0.9, beta2 = 0.95;
    double clip_norm = 1.0;
    int warmup_steps = -1;  // -1: a twentieth of the steps, at most 200

    // Length. Training ends at max_steps, at max_minutes, or after `patience` evaluations without a
    // better valid loss.
    int max_steps = 1000;
    double max_minutes = 0;  // 0: no bound
    int evaluate_every = 0;  // steps; 0: ten times in a run
    int patience = 5;        // 0: never stop early

    // Augmentation, on train only.
    bool transpose = true;   // every prepared transposition, one drawn per piece and epoch
    bool vary_tempo = true;  // tempo tokens shifted by one class, where the scheme has them
    corpus::VariantOptions variants;  // in place of both, where any is asked for
    // How often a piece comes with notes told ahead (GivenSource), where its tokens can say so.
    double given_share = 0.5;

    LoraOptions lora;

    // n-gram.
    int order = 0;  // 0: chosen on valid

    std::int64_t seed = 1;
    int threads = 0;   // 0: all cores
    bool test = true;  // the test pieces are scored when training is over
    bool dry_run = false;
    bool force = false;  // start again although the run folder has another run
    bool renew = false;  // the same, if that run has other options or data

    void describe(base::OptionTable& table);
};

// The transformer that these options describe, its context as long as the sequences.
models::TransformerConfig transformer_config(const TrainOptions& options, int vocabulary_size,
                                             int start_token);

// Fills every 0 or -1 above with the default of options.model. Throws Error (kUsage) where options
// contradict each other.
void fill_defaults(TrainOptions& options);

}  // namespace symphony::training
