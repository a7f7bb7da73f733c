#include "symphony/training/torch/stock_operations.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace symphony::training {

StockOperations::StockOperations(bool bf16_autocast) : bf16_autocast_(bf16_autocast) {
    if (!bf16_autocast_) return;
    at::autocast::set_cpu_enabled(true);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    // Rounded weights are not kept: they change at every step, and are used once in it.
    at::autocast::set_autocast_cache_enabled(false);
}

StockOperations::~StockOperations() {
    if (bf16_autocast_) at::autocast::set_cpu_enabled(false);
}

std::string libtorch_version() { return TORCH_VERSION; }

}  // namespace symphony::training
