// Storage and first weights of the network.
#include "symphony/models/rnn/rnn_network.h"

#include "symphony/base/rng.h"

#include <cmath>

namespace symphony::models::rnn {
namespace {

// Rows of a random square matrix made orthogonal one after the other (modified Gram-Schmidt).
template <class T>
void make_orthogonal(std::span<T> square, std::int64_t n, base::Rng& rng) {
    for (T& value : square) value = static_cast<T>(rng.normal());
    const auto row = [&](std::int64_t i) {
        return square.subspan(static_cast<std::size_t>(i * n), static_cast<std::size_t>(n));
    };
    const auto dot = [](std::span<const T> a, std::span<const T> b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        return sum;
    };
    for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t j = 0; j < i; ++j) {
            const double shared = dot(row(i), row(j));
            for (std::size_t k = 0; k < row(i).size(); ++k)
                row(i)[k] -= static_cast<T>(shared * static_cast<double>(row(j)[k]));
        }
        const double length = std::sqrt(dot(row(i), row(i)));
        for (T& value : row(i)) value = static_cast<T>(static_cast<double>(value) / length);
    }
}

}  // namespace

template <class T>
RnnNetwork<T>::RnnNetwork(const RnnSizes& sizes, std::shared_ptr<const KeySets> frames)
    : sizes_(sizes),
      layout_(sizes),
      frames_(std::move(frames)),
      weights_(static_cast<std::size_t>(layout_.total), T{0}),
      gradient_(static_cast<std::size_t>(layout_.total), T{0}) {}

template <class T>
std::span<T> RnnNetwork<T>::slice(std::vector<T>& flat, const Slice& s) const {
    return std::span(flat).subspan(static_cast<std::size_t>(s.offset),
                                   static_cast<std::size_t>(s.size()));
}

template <class T>
void RnnNetwork<T>::initialise(std::uint64_t seed) {
    std::fill(weights_.begin(), weights_.end(), T{0});
    std::uint64_t index = 0;
    for (const Slice& s : {layout_.embedding, layout_.input, layout_.output}) {
        base::Rng rng(seed, "rnn-weights", index++);
        // A token's vector is looked up, not summed: its fan-in is one.
        const double reach = s.offset == layout_.embedding.offset
                                 ? 1
                                 : 1 / std::sqrt(static_cast<double>(s.columns));
        for (T& value : slice(weights_, s)) value = static_cast<T>(reach * (2 * rng.uniform() - 1));
    }
    base::Rng rng(seed, "rnn-weights", index);
    make_orthogonal(slice(weights_, layout_.recurrent), sizes_.hidden, rng);
}

template <class T>
void RnnNetwork<T>::reserve(int lanes, int steps) {
    lanes_ = lanes;
    steps_ = steps;
    const auto columns = static_cast<std::size_t>(lanes) * static_cast<std::size_t>(steps);
    const auto e = static_cast<std::size_t>(sizes_.embedding) * columns;
    const auto h = static_cast<std::size_t>(sizes_.hidden) * columns;
    const auto v = static_cast<std::size_t>(sizes_.vocabulary) * columns;
    // resize keeps the capacity: after the first block of a size nothing is allocated.
    input_ids_.resize(columns);
    target_ids_.resize(columns);
    resets_.resize(columns);
    for (auto* buffer : {&inputs_E_, &mask_E_, &d_inputs_E_}) buffer->resize(e);
    for (auto* buffer : {&previous_H_, &hidden_H_, &dropped_H_, &mask_H_, &d_hidden_H_})
        buffer->resize(h);
    for (auto* buffer : {&outputs_V_, &d_outputs_V_}) buffer->resize(v);
    d_next_H_.resize(static_cast<std::size_t>(sizes_.hidden) * static_cast<std::size_t>(lanes));
}

template <class T>
std::span<const T> RnnNetwork<T>::probabilities(int lane, int step) const {
    const auto v = static_cast<std::size_t>(sizes_.vocabulary);
    return std::span(outputs_V_).subspan(static_cast<std::size_t>(step * lanes_ + lane) * v, v);
}

template <class T>
std::int64_t RnnNetwork<T>::activation_bytes() const {
    std::size_t numbers = 0;
    for (const auto* buffer :
         {&inputs_E_, &mask_E_, &d_inputs_E_, &previous_H_, &hidden_H_, &dropped_H_, &mask_H_,
          &d_hidden_H_, &outputs_V_, &d_outputs_V_, &d_next_H_})
        numbers += buffer->size();
    return static_cast<std::int64_t>(numbers * sizeof(T));
}

template class RnnNetwork<float>;
template class RnnNetwork<double>;

}  // namespace symphony::models::rnn
