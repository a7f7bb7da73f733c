// The table of training options and each family's defaults. Own.
#include "symphony/training/options.h"

#include "symphony/base/error.h"
#include "symphony/nn/bf16.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace symphony::training {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Sizes that suit a few hundred pieces on two cores; every one can be changed.
struct FamilyDefaults {
    int layers, hidden_size, embedding_size, heads, intermediate_size;
    int batch_size, sequence_length;
    double learning_rate;
};

FamilyDefaults defaults_of(const std::string& model) {
    if (model == "rnn") return {1, 384, 128, 0, 0, 16, 64, 2e-3};
    if (model == "lstm") return {2, 384, 192, 0, 0, 8, 128, 2e-3};
    if (model == "transformer") return {4, 192, 192, 6, 512, 4, 256, 1e-3};
    return {1, 0, 0, 0, 0, 1, 1, 1e-3};  // ngram: counted, not trained
}

template <class T>
void fill(T& value, T default_value) {
    if (value == T{}) value = default_value;
}

// What is trained must be what TransformerConfig::from_json takes.
void check_transformer(const TrainOptions& options) {
    const auto refuse = [](const char* option, int got, const std::string& expected) {
        throw base::Error(base::ErrorKind::kUsage, std::string("option ") + option + ": got " +
                                                       std::to_string(got) + ", expected " +
                                                       expected);
    };
    // Rotary positions turn pairs of a head's numbers.
    if (options.hidden_size % (2 * options.heads) != 0)
        refuse("heads", options.heads,
               "a divisor of half of hidden-size " + std::to_string(options.hidden_size));
    if (options.sequence_length < 2 || options.sequence_length > models::kMostPositions)
        refuse("sequence-length", options.sequence_length,
               "2 to " + std::to_string(models::kMostPositions) + " for a transformer");
}

// Puts targets in the order of computing, each once.
void check_lora(TrainOptions& options) {
    LoraOptions& lora = options.lora;
    const auto refuse = [](const std::string& message, const std::string& hint) {
        throw base::Error(base::ErrorKind::kUsage, message, {}, hint);
    };
    if (!lora.rank) {
        if (lora.alpha) refuse("option lora-alpha: there is no --lora", "for instance --lora 8");
        if (lora.targets != LoraOptions().targets)
            refuse("option lora-targets: there is no --lora", "for instance --lora 8");
        return;
    }
    if (options.model != "transformer")
        refuse("option lora: this model's family is " + options.model +
                   ", expected a transformer, whose projections can have adapters",
               "leave --lora out: all weights are tuned then");
    std::vector<std::string> ordered;
    int narrowest = options.hidden_size;
    for (const std::string target : models::kLoraTargets) {
        if (std::find(lora.targets.begin(), lora.targets.end(), target) == lora.targets.end())
            continue;
        ordered.push_back(target);
        if (target == "gate_proj" || target == "up_proj" || target == "down_proj")
            narrowest = std::min(narrowest, options.intermediate_size);
    }
    if (ordered.empty()) refuse("option lora-targets: got none, expected at least one", {});
    if (*lora.rank > narrowest)
        refuse("option lora: got " + std::to_string(*lora.rank) + ", expected 1 to " +
                   std::to_string(narrowest) + ", the smaller side of the weights",
               "8 to 64 are usual");
    lora.targets = ordered;
    if (!lora.alpha) lora.alpha = 2 * *lora.rank;
}

}  // namespace

void LoraOptions::describe(base::OptionTable& table) {
    table.group("LoRA (tune a transformer)");
    table
        .add("lora", rank,
             "train only an adapter of this rank beside the weights, which stay as they are",
             {1, 65536})
        .value_name = "RANK";
    table.add("lora-alpha", alpha,
              "the adapter counts alpha / rank times (default: twice the rank)", {1, 1e6});
    table.add("lora-targets", targets, "projections with an adapter",
              {models::kLoraTargets.begin(), models::kLoraTargets.end()});
}

models::LoraConfig LoraOptions::config() const { return {*rank, double(*alpha), targets}; }

void TrainOptions::describe(base::OptionTable& table) {
    table.group("Model");
    table.add("model", model, "family of the model", {"ngram", "rnn", "lstm", "transformer"});
    table.add("layers", layers, "stacked layers; the RNN has one (0: the family's default)",
              {0, 128});
    table.add("hidden-size", hidden_size,
              "units of an RNN or LSTM layer, width of a transformer (0: default)", {0, 65536});
    table.add("embedding-size", embedding_size,
              "RNN and LSTM: size of a token's vector (0: default)", {0, 65536});
    table.add("heads", heads, "transformer: attention heads (0: default)", {0, 256});
    table.add("intermediate-size", intermediate_size,
              "transformer: width inside the feed-forward block (0: default)", {0, 262144});
    table.add("tied", tied, "output weights are the embedding's, where the sizes allow it");
    table.add("dropout", dropout, "share of activations dropped in training", {0, 0.95});
    table.add("precision", precision,
              "LSTM and transformer: what is multiplied in training; auto: bf16 where it is faster "
              "(weights and sums are float32 always)",
              {"auto", "float32", "bf16"});
    table.add("order", order,
              "ngram: tokens looked at, the predicted one included (0: chosen on "
              "valid)",
              {0, 32});

    table.group("Batches");
    table.add("batch-size", batch_size, "sequences side by side (0: default)", {0, 65536});
    table.add("sequence-length", sequence_length,
              "tokens of each; gradients reach no farther back (0: default)", {0, 1 << 20});
    table.add("accumulate", accumulate, "batches per optimiser step", {1, 65536});
    table.add("transpose", transpose,
              "learn every prepared transposition, one per piece and epoch");
    table.add("vary-tempo", vary_tempo,
              "shift tempo tokens by at most one class, where there are any");
    table.add("given-share", given_share,
              "how often a piece comes with notes told ahead, where its tokens can say so "
              "(prepare --given): what fills and accompaniments are learned from",
              {0, 1});
    variants.describe(table);

    table.group("Optimiser (AdamW, linear warm-up, cosine decay)");
    table.add("learning-rate", learning_rate, "its peak (0: the family's default)", {0, 10});
    table.add("min-learning-rate-share", min_learning_rate_share,
              "where the cosine ends, as a share of the peak", {0, 1});
    table.add("stall-evaluations", stall_evaluations,
              "evaluations without a better valid loss before the rate is multiplied by "
              "stall-factor, beside the cosine (0: never)",
              {0, 1e9});
    table.add("stall-factor", stall_factor, "what the rate is multiplied by then", {0, 1});
    table.add("weight-decay", weight_decay, "of matrices, not of biases and norms", {0, 10});
    table.add("beta1", beta1, "decay of Adam's mean", {0, 0.9999999});
    table.add("beta2", beta2, "decay of Adam's variance", {0, 0.9999999});
    table.add("clip-norm", clip_norm, "longest gradient (0: not clipped)", {0, kInfinity});
    table.add("warmup-steps", warmup_steps, "-1: a twentieth of the steps, at most 200", {-1, 1e9});

    table.group("Length");
    table.add("max-steps", max_steps, "optimiser steps", {1, 2e9});
    table.add("max-minutes", max_minutes, "wall-clock bound (0: none)", {0, kInfinity});
    table.add("evaluate-every", evaluate_every,
              "steps (0: every epoch, ten to forty times in a run)", {0, 2e9});
    table.add("patience", patience,
              "evaluations without a better valid loss before stopping (0: never stop early)",
              {0, 1e9});

    lora.describe(table);

    table.group("Run");
    table.add("seed", seed, "of every random draw");
    table.add("threads", threads, "0: all cores", {0, 4096});
    table.add("test", test,
              "score the test pieces when training is over; a search over settings does not");
    table.add(
        "dry-run", dry_run,
        "only say parameters, memory, steps and the time it would take, from a few timed steps");
    table.add("force", force, "start anew although the run folder holds another run");
    table.add("renew", renew,
              "start anew if the run folder's run was made with other settings or data");
}

models::TransformerConfig transformer_config(const TrainOptions& options, int vocabulary_size,
                                             int start_token) {
    models::TransformerConfig config;
    config.vocabulary_size = vocabulary_size;
    config.hidden_size = options.hidden_size;
    config.intermediate_size = options.intermediate_size;
    config.layers = options.layers;
    config.heads = options.heads;
    config.context_length = options.sequence_length;
    config.tied = options.tied;
    config.start_token = start_token;
    return config;
}

void fill_defaults(TrainOptions& options) {
    const FamilyDefaults defaults = defaults_of(options.model);
    fill(options.layers, defaults.layers);
    fill(options.hidden_size, defaults.hidden_size);
    fill(options.embedding_size, defaults.embedding_size);
    fill(options.heads, defaults.heads);
    fill(options.intermediate_size, defaults.intermediate_size);
    fill(options.batch_size, defaults.batch_size);
    fill(options.sequence_length, defaults.sequence_length);
    fill(options.learning_rate, defaults.learning_rate);
    if (options.model != "lstm" && options.model != "transformer")
        options.precision = "float32";
    else if (options.precision == "auto")
        options.precision = nn::has_fast_bf16() ? "bf16" : "float32";
    if (options.warmup_steps < 0) options.warmup_steps = std::min(200, options.max_steps / 20);
    if (options.model == "rnn" && options.layers != 1)
        throw base::Error(base::ErrorKind::kUsage,
                          "option layers: got " + std::to_string(options.layers) +
                              ", expected 1: the hand-written RNN has one layer",
                          {}, "--model lstm stacks layers");
    if (options.model == "ngram" && options.variants.any())
        throw base::Error(base::ErrorKind::kUsage,
                          "option augment: an n-gram is counted once, on music as it is", {},
                          "leave --augment out; it learns the prepared transpositions");
    if (options.model == "transformer") check_transformer(options);
    check_lora(options);
}

}  // namespace symphony::training
