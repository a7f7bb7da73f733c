// How far back in time a loss reaches: equations (10) and (11) of docs/rnn.md applied again and
// again to the loss of one step alone (Hochreiter 1991; Pascanu et al. 2013).
#include "symphony/models/rnn/rnn_eigen.h"
#include "symphony/models/rnn/rnn_network.h"

namespace symphony::models::rnn {

template <class T>
std::vector<double> RnnNetwork<T>::gradient_norm_by_distance(int distance) const {
    using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
    using ConstColumns = Eigen::Map<const Matrix>;
    const int B = lanes_, columns = lanes_ * steps_, H = sizes_.hidden;
    std::vector<T> flat = weights_;
    const WeightViews<T> w(flat, layout_);
    const ConstColumns h(hidden_H_.data(), H, columns);
    Matrix d_y = ConstColumns(outputs_V_.data(), sizes_.vocabulary, columns).rightCols(B);
    for (int b = 0; b < B; ++b) {
        const int target = target_ids_[static_cast<std::size_t>(columns - B + b)];
        if (target < 0) {
            d_y.col(b).setZero();
            continue;
        }
        for (const int row : meaning(target)) d_y(row, b) -= 1;
    }
    Matrix d_h = w.output_VH.transpose() * d_y;
    std::vector<double> norms;
    for (int k = 0; k < distance; ++k) {
        norms.push_back(static_cast<double>(d_h.colwise().norm().mean()));
        const int t = steps_ - 1 - k;
        d_h.array() *= 1 - h.middleCols(t * B, B).array().square();
        d_h = (w.recurrent_HH.transpose() * d_h).eval();
        for (int b = 0; b < B; ++b)
            if (resets_[static_cast<std::size_t>(t * B + b)]) d_h.col(b).setZero();
    }
    return norms;
}

template std::vector<double> RnnNetwork<float>::gradient_norm_by_distance(int) const;
template std::vector<double> RnnNetwork<double>::gradient_norm_by_distance(int) const;

}  // namespace symphony::models::rnn
