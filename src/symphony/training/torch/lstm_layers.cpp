#include "symphony/training/torch/lstm_layers.h"

#include <ATen/ATen.h>

#include <cmath>

namespace symphony::training::torch_net {

TimeMajorBatch time_major(const Batch& batch, ops::Products products) {
    const std::int64_t lanes = batch.batch_size, time = batch.sequence_length;
    TimeMajorBatch turned{at::empty({time * lanes}, at::kLong),
                          at::empty({time * lanes}, at::kInt),
                          {time, lanes, products, at::empty({time, lanes}, at::kByte)}};
    for (std::int64_t t = 0; t < time; ++t) {
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
            const auto from = static_cast<std::size_t>(lane * time + t);
            const std::int64_t to = t * lanes + lane;
            turned.ids_N.data_ptr<std::int64_t>()[to] = batch.inputs_BT[from];
            turned.targets_N.data_ptr<std::int32_t>()[to] = batch.targets_BT[from];
            turned.plan.reset_TB.data_ptr<std::uint8_t>()[to] = batch.reset_BT[from];
        }
    }
    return turned;
}

LstmLayers::LstmLayers(int layers, std::int64_t input_size, std::int64_t width,
                       const AddParameter& add)
    : width_(width) {
    for (int k = 0; k < layers; ++k) {
        const std::string suffix = "_l" + std::to_string(k);
        const std::int64_t in = k == 0 ? input_size : width;
        Layer layer;
        layer.w_ih = add("lstm.weight_ih" + suffix, {4 * width, in},
                         1.0 / std::sqrt(static_cast<double>(in)), /*decays=*/true);
        layer.w_hh = add("lstm.weight_hh" + suffix, {4 * width, width},
                         1.0 / std::sqrt(static_cast<double>(width)), /*decays=*/true);
        layer.bias = add("lstm.bias" + suffix, {4 * width}, 0.0, /*decays=*/false);
        // The forget gate starts open (Gers et al. 2000; Jozefowicz et al. 2015).
        layer.bias.detach().narrow(0, width, width).fill_(1.0);
        layers_.push_back(layer);
    }
}

void LstmLayers::prepare_state(std::int64_t lanes) {
    if (!state_.h.empty() && state_.h.front().size(0) == lanes) return;
    const at::Tensor zeros = at::zeros({lanes, width_}, at::kFloat);
    state_ = {};
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        state_.h.push_back(zeros.clone());
        state_.c.push_back(zeros.clone());
    }
}

std::vector<Parameter> LstmLayers::carried_state() const {
    std::vector<Parameter> state;
    for (std::size_t k = 0; k < state_.h.size(); ++k) {
        state.push_back({"state.h_l" + std::to_string(k), state_.h[k]});
        state.push_back({"state.c_l" + std::to_string(k), state_.c[k]});
    }
    return state;
}

at::Tensor LstmLayers::forward(at::Tensor x, const ops::LstmPlan& plan, const Drop& drop,
                               Watched* watched) {
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        const Layer& layer = layers_[k];
        const at::Tensor gates = ops::linear(x, layer.w_ih, plan.products, layer.bias);
        x = ops::lstm_layer(gates, layer.w_hh, plan, state_.h[k], state_.c[k]);
        if (watched != nullptr && k + 1 == layers_.size()) *watched = {gates, x};
        x = drop(x);
    }
    return x;
}

}  // namespace symphony::training::torch_net
