// One LSTM layer over a whole window, forward and backward through time. Lanes are split among the
// threads once per window, so that no thread waits for another at a time step.
#pragma once

#include <cstddef>
#include <cstdint>

namespace symphony::nn {

struct LstmShape {
    std::int64_t time, batch_size, hidden;
    bool bf16 = false;  // recurrent products in bfloat16, summed in float32
};

// What the forward pass leaves for the backward one. Time-major.
struct LstmTape {
    float* gates_TBG;     // (T,B,4H), gates i f g o: in: W_ih x + bias; out: activations
    float* h_before_TBH;  // (T,B,H) state each step started from, zero where it was reset
    float* c_before_TBH;
    float* tanh_c_TBH;
};

// state_h, state_c (B,H): in: carried from the window before; out: after the last step.
// reset_TB: 1 where a lane's state is zeroed before the step; may be null. out (T,B,H).
void lstm_forward(const LstmShape& shape, const float* w_hh_GH, const std::uint8_t* reset_TB,
                  const LstmTape& tape, float* state_h_BH, float* state_c_BH, float* out_TBH);

// dgates (T,B,4H): d loss / d (W_ih x + bias + W_hh h), overwritten. dw_hh (4H,H), overwritten.
// Gradients do not flow into the carried state (truncated backpropagation), nor across a reset.
void lstm_backward(const LstmShape& shape, const float* w_hh_GH, const std::uint8_t* reset_TB,
                   const LstmTape& tape, const float* dout_TBH, float* dgates_TBG, float* dw_hh_GH);

}  // namespace symphony::nn
