#include "symphony/models/rnn/rnn_layout.h"

namespace symphony::models::rnn {

RnnLayout::RnnLayout(const RnnSizes& s) {
    const auto place = [this](std::string_view name, std::int64_t rows, std::int64_t columns) {
        const Slice slice{name, rows, columns, total};
        total += slice.size();
        return slice;
    };
    embedding = place("embedding.weight", s.vocabulary, s.embedding);
    input = place("rnn.weight_ih_l0", s.hidden, s.embedding);
    recurrent = place("rnn.weight_hh_l0", s.hidden, s.hidden);
    bias = place("rnn.bias_ih_l0", s.hidden, 0);
    output = place("output.weight", s.vocabulary, s.hidden);
    output_bias = place("output.bias", s.vocabulary, 0);
}

}  // namespace symphony::models::rnn
