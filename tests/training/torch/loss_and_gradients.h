// A network's loss of one batch and all that it says about learning.
#pragma once

#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

namespace symphony::training::torch_net {

// Loss, then every gradient.
inline std::vector<at::Tensor> loss_and_gradients(Network& network, const Batch& batch,
                                                  double dropout) {
    base::Rng keys(5, "dropout");
    for (const Parameter& p : network.parameters()) {
        at::Tensor value = p.value;
        value.mutable_grad() = at::Tensor();
    }
    const at::Tensor loss = network.loss(batch, 1.0 / 50, dropout, keys);
    torch::autograd::backward({loss}, {});
    std::vector<at::Tensor> all = {loss.detach().clone()};
    for (const Parameter& p : network.parameters()) all.push_back(p.value.grad().clone());
    return all;
}

}  // namespace symphony::training::torch_net
