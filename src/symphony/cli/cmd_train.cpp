// symphony train: fits a model to a prepared data set or a folder of music. What needs libtorch is
// handed, with the same arguments, to symphony-train.
#include "symphony/base/error.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/train_command.h"

namespace symphony::cli {
namespace {

class TrainVerb : public Verb {
  public:
    explicit TrainVerb(TraineeFactory torch_factory) : torch_factory_(std::move(torch_factory)) {}

    void describe(base::OptionTable& table) override {
        base::Option& data =
            table.add("data", request_.data, "a prepared data set, or a folder of music");
        data.positional = data.required = true;
        data.value_name = "DATA";
        table.add("output", request_.output, "folder of the run (must be new, or this very run)")
            .value_name = "RUN";
        request_.options.describe(table);
    }

    int run(const Context& context) override {
        if (request_.output.empty())
            throw base::Error(base::ErrorKind::kUsage, "--output is missing, expected a folder", {},
                              "for instance -o my-run");
        if (request_.options.lora.rank)
            throw base::Error(base::ErrorKind::kUsage,
                              "option lora: an adapter needs a model to stand beside", {},
                              "symphony tune DATA --from MODEL --lora RANK -o RUN");
        if (needs_torch(request_.options.model) && !torch_factory_)
            become_trainer(request_.options.model);
        return run_train_command(request_, torch_factory_, context);
    }

  private:
    TraineeFactory torch_factory_;
    TrainRequest request_;
};

}  // namespace

VerbEntry make_train_verb(TraineeFactory torch_factory) {
    return {"train",
            "fit a model: n-gram, hand-written RNN, LSTM or transformer",
            {"symphony train data --model transformer -o runs/transformer",
             "symphony train data --model rnn -o runs/rnn --max-steps 2000",
             "symphony train my-midi-folder --model lstm -o runs/lstm --max-minutes 30",
             "symphony train data --model transformer -o runs/big --dry-run"},
            [torch_factory] { return std::make_unique<TrainVerb>(torch_factory); }};
}

VerbEntry train_verb() { return make_train_verb({}); }

}  // namespace symphony::cli
