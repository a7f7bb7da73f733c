// Sizes of the hand-written RNN and where each of its weights lies in one flat array, so that
// clipping, Adam and files treat all of them alike.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace symphony::models::rnn {

struct RnnSizes {
    int vocabulary = 0;  // V
    int embedding = 0;   // E
    int hidden = 0;      // H
    bool operator==(const RnnSizes&) const = default;
};

// One weight: a row-major matrix, or a vector (columns == 0).
struct Slice {
    std::string_view name;  // as in model.safetensors
    std::int64_t rows = 0, columns = 0;
    std::int64_t offset = 0;  // of its first number in the flat array

    std::int64_t size() const { return columns == 0 ? rows : rows * columns; }
    bool is_matrix() const { return columns > 0; }
};

// The letters of docs/rnn.md.
struct RnnLayout {
    explicit RnnLayout(const RnnSizes& sizes);

    Slice embedding;    // E_VE, a row per token
    Slice input;        // W_HE
    Slice recurrent;    // U_HH
    Slice bias;         // b_H
    Slice output;       // O_VH
    Slice output_bias;  // c_V
    std::int64_t total = 0;

    std::array<Slice, 6> all() const {
        return {embedding, input, recurrent, bias, output, output_bias};
    }
};

}  // namespace symphony::models::rnn
