// symphony tune: goes on from a model's weights on other music, with the model's own tokenizer. The
// sizes are the model's; everything else is an option as in train.
#include "symphony/base/error.h"
#include "symphony/base/json_line.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/tune_command.h"
#include "symphony/models/model_folder.h"
#include "symphony/models/transformer_config.h"
#include "symphony/models/weights.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;
using training::TrainOptions;

// Of the learning rate of training from scratch: what was learned is not to be washed out. An
// adapter starts from nothing; a third of its share learned less in as many steps (docs/tuning.md).
constexpr double kLearningRateShare = 0.3, kAdapterLearningRateShare = 3;

// An imported Llama may have what training does not.
void require_own_shape(const models::TransformerConfig& config, const TrainOptions& options) {
    const models::TransformerConfig ours = training::transformer_config(options, 2, 0);
    std::string found;
    if (!config.is_own_shape()) found = "grouped heads, biases or heads of another width";
    if (config.epsilon != ours.epsilon) found = fmt::format("rms_norm_eps {:g}", config.epsilon);
    if (config.rope_theta != ours.rope_theta)
        found = fmt::format("rope_theta {:g}", config.rope_theta);
    if (!found.empty())
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("the model has {}, which training cannot go on from", found),
                          {}, "generate and evaluate take it as it is");
}

// Takes family and sizes from the model. Throws Error (kUsage) where the command line says
// otherwise.
void take_sizes(const base::Json& config, const Context& context, TrainOptions& options) {
    const auto size = [&](const char* key) {
        return models::config_integer(config, key, 1, 1 << 18);
    };
    TrainOptions sized = options;
    const std::string type = config.value("model_type", "");
    if (type == "llama") {
        require_own_shape(models::TransformerConfig::from_json(config), sized);
        sized.model = "transformer";
        sized.layers = size("num_hidden_layers");
        sized.hidden_size = size("hidden_size");
        sized.heads = size("num_attention_heads");
        sized.intermediate_size = size("intermediate_size");
        sized.sequence_length = size("max_position_embeddings");
        sized.tied = models::config_flag(config, "tie_word_embeddings");
    } else if (type == "symphony-lstm" || type == "symphony-rnn") {
        sized.model = type == "symphony-lstm" ? "lstm" : "rnn";
        sized.hidden_size = size("hidden_size");
        sized.embedding_size = size("embedding_size");
        if (sized.model == "lstm") {
            sized.layers = size("num_layers");
            sized.tied = models::config_flag(config, "tie_word_embeddings");
        }
    } else if (type == "symphony-ngram") {
        throw base::Error(
            base::ErrorKind::kUsage,
            fmt::format("model_type: got '{}', expected a model with gradients", type), {},
            "an n-gram is counted in seconds: train it anew on all the music");
    } else {
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("a model of the type '{}' cannot be tuned", type), {},
                          "of imported models only those shaped as our own transformer can");
    }
    const base::Json asked = [&] {
        base::OptionTable table;
        options.describe(table);
        return table.to_json();
    }();
    base::OptionTable table;
    sized.describe(table);
    const base::Json taken = table.to_json();
    for (const auto& [name, value] : taken.items()) {
        if (context.options->given(name) && asked[name] != value) {
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("option {}: got {}, expected {}, which the model has", name,
                            base::json_line(asked[name]), base::json_line(value)));
        }
    }
    options = sized;
}

class TuneVerb : public Verb {
  public:
    explicit TuneVerb(TraineeFactory torch_factory) : torch_factory_(std::move(torch_factory)) {}

    void describe(base::OptionTable& table) override {
        base::Option& data =
            table.add("data", request_.data,
                      "a data set prepared with the model's tokenizer, or a folder of music");
        data.positional = data.required = true;
        data.value_name = "DATA";
        table.add("from", request_.from, "folder of the model to go on from; else Symphony's own")
            .value_name = "MODEL";
        table.add("output", request_.output, "folder of the run (must be new, or this very run)")
            .value_name = "RUN";
        request_.options.describe(table);
    }

    int run(const Context& context) override {
        if (request_.from.empty()) request_.from = base_model().string();
        for (const auto& [name, value] :
             {std::pair{"from", request_.from}, {"output", request_.output}}) {
            if (value.empty()) {
                throw base::Error(base::ErrorKind::kUsage,
                                  fmt::format("--{} is missing, expected a folder", name), {},
                                  "for instance --from runs/chorales -o runs/tuned");
            }
        }
        fs::path folder = request_.from;
        if (fs::exists(folder / "model" / "config.json")) folder /= "model";
        auto config = base::read_json_file(folder / "config.json");
        if (!config) {
            throw base::Error(base::ErrorKind::kModel, config.error().message,
                              (folder / "config.json").string(),
                              "give the folder that `symphony train -o` wrote");
        }
        request_.from = folder.string();
        take_sizes(config.value(), context, request_.options);
        if (needs_torch(request_.options.model) && !torch_factory_)
            become_trainer(request_.options.model);
        if (!context.options->given("learning-rate")) {
            TrainOptions filled = request_.options;
            training::fill_defaults(filled);
            request_.options.learning_rate =
                filled.learning_rate *
                (filled.lora.rank ? kAdapterLearningRateShare : kLearningRateShare);
        }
        return run_train_command(request_, torch_factory_, context);
    }

  private:
    TraineeFactory torch_factory_;
    TrainRequest request_;
};

}  // namespace

VerbEntry make_tune_verb(TraineeFactory torch_factory) {
    return {"tune",
            "go on from a model's weights on other music",
            {"symphony tune my-songs --from runs/transformer -o runs/mine",
             "symphony tune my-songs --lora 8 -o runs/mine",
             "symphony tune minor-data --from runs/major -o runs/minor --max-steps 500"},
            [torch_factory] { return std::make_unique<TuneVerb>(torch_factory); }};
}

VerbEntry tune_verb() { return make_tune_verb({}); }

}  // namespace symphony::cli
