// Eigen's view of the RNN's flat arrays; included only by the sources of this folder.
#pragma once

#include "symphony/models/rnn/rnn_layout.h"

#include <Eigen/Core>

#include <vector>

namespace symphony::models::rnn {

// Weights are row-major, as files have them; activations are columns.
template <class T>
using WeightMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
template <class T>
using ColumnMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>>;
template <class T>
using VectorMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>;

// All weights, or all gradients, by name.
template <class T>
struct WeightViews {
    WeightMap<T> embedding_VE, input_HE, recurrent_HH;
    VectorMap<T> bias_H;
    WeightMap<T> output_VH;
    VectorMap<T> output_bias_V;

    WeightViews(std::vector<T>& flat, const RnnLayout& l)
        : embedding_VE(matrix(flat, l.embedding)),
          input_HE(matrix(flat, l.input)),
          recurrent_HH(matrix(flat, l.recurrent)),
          bias_H(flat.data() + l.bias.offset, l.bias.rows),
          output_VH(matrix(flat, l.output)),
          output_bias_V(flat.data() + l.output_bias.offset, l.output_bias.rows) {}

  private:
    static WeightMap<T> matrix(std::vector<T>& flat, const Slice& s) {
        return {flat.data() + s.offset, s.rows, s.columns};
    }
};

// The first `columns` columns of a buffer with `rows` rows.
template <class T>
ColumnMap<T> columns_of(std::vector<T>& buffer, int rows, int columns) {
    return {buffer.data(), rows, columns};
}

}  // namespace symphony::models::rnn
