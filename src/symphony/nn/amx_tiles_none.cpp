// In place of amx_tiles.cpp for architectures without tiles, where amx::available() says no.
#include "symphony/nn/amx_tiles.h"

#include <cassert>

namespace symphony::nn::amx {

void pack_panel(Op, std::int64_t, std::int64_t, const Bf16*, std::int64_t, std::int64_t, Bf16*) {
    assert(false);
}
void pack_left(Op, std::int64_t, std::int64_t, const Bf16*, std::int64_t, Bf16*) { assert(false); }
void multiply_panel(const Left&, const Bf16*, std::int64_t, std::int64_t, bool, float*,
                    std::int64_t) {
    assert(false);
}
void multiply_panel(const Left&, const Bf16*, std::int64_t, std::int64_t, Bf16*, std::int64_t) {
    assert(false);
}

}  // namespace symphony::nn::amx
