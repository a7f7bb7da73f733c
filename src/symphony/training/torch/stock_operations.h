// libtorch's own operations in place of ours: what `bench train --peers` compares with, in the same
// process, on the same BLAS and allocator.
#pragma once

#include "symphony/training/torch/functions.h"

#include <string>

namespace symphony::training {

// While one lives, networks run on ATen alone, in float32 or under bf16 autocast.
class StockOperations {
  public:
    explicit StockOperations(bool bf16_autocast);
    ~StockOperations();
    StockOperations(const StockOperations&) = delete;
    StockOperations& operator=(const StockOperations&) = delete;

  private:
    torch_net::ops::PlainOps plain_;
    bool bf16_autocast_;
};

std::string libtorch_version();  // "1.13.1"

}  // namespace symphony::training
