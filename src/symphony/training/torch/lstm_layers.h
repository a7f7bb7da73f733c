// Stacked LSTM layers with dropout between them, and the state they carry: what networks of tokens
// and of frames have in common. Zaremba et al., arXiv:1409.2329 (dropout on what goes up, not on
// what goes along).
#pragma once

#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/network.h"

#include <functional>
#include <string>
#include <vector>

namespace symphony::training::torch_net {

// A batch with time first: row t * lanes + lane.
struct TimeMajorBatch {
    at::Tensor ids_N;      // int64
    at::Tensor targets_N;  // int32, -1: not predicted
    ops::LstmPlan plan;
};
TimeMajorBatch time_major(const Batch& batch, ops::Products products);

class LstmLayers {
  public:
    struct Layer {
        at::Tensor w_ih, w_hh, bias;  // (4H,I), (4H,H), (4H)
    };
    struct State {
        std::vector<at::Tensor> h, c;  // of each layer, (lanes,H)
    };
    // The top layer's input gates and outputs in a forward().
    struct Watched {
        at::Tensor gates, out;
    };
    // Network::add without the seed.
    using AddParameter = std::function<at::Tensor(const std::string& name, at::IntArrayRef sizes,
                                                  double deviation, bool decays)>;
    using Drop = std::function<at::Tensor(const at::Tensor&)>;

    // Parameters named as the torch-free model has them.
    LstmLayers(int layers, std::int64_t input_size, std::int64_t width, const AddParameter& add);

    const Layer& top() const { return layers_.back(); }
    State& state() { return state_; }
    // Makes the state fit `lanes` lanes; zero if it did not before.
    void prepare_state(std::int64_t lanes);
    std::vector<Parameter> carried_state() const;

    // x (N,I) -> (N,H), each layer's output thinned by `drop`. The state is carried.
    at::Tensor forward(at::Tensor x, const ops::LstmPlan& plan, const Drop& drop,
                       Watched* watched = nullptr);

  private:
    std::int64_t width_;
    std::vector<Layer> layers_;
    State state_;
};

}  // namespace symphony::training::torch_net
