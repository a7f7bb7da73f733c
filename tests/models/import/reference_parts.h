// What the references are put together from, in double precision and without care for speed.
#pragma once

#include "symphony/models/weights.h"

#include "models/import/reference.h"

#include <cstddef>
#include <string>
#include <vector>

namespace symphony::models::reference {

using Row = std::vector<double>;

Row added(Row a, const Row& b);
Row part(const Row& row, int begin, int size);
double gelu_new(double x);
double gelu(double x);
// silu(gate) * up
Row gated(const Row& gate, const Row& up);

// Tensors of a file in double precision.
class Tensors {
  public:
    explicit Tensors(const Weights& weights) : weights_(weights) {}
    Row row(const std::string& name) const;
    Row row_of(const std::string& name, int i) const;
    // W x, of (out, in).
    Row times(const std::string& name, const Row& x) const;
    // y = x W, of (in, out).
    Row from_columns(const std::string& name, const Row& x) const;
    // The numbers of an (in, out) tensor taken for one of (out, in).
    Row misread(const std::string& name, const Row& x) const;
    bool has(const std::string& name) const { return weights_.contains(name); }

  private:
    const Tensor& at(const std::string& name) const { return weights_.at(name); }
    const Weights& weights_;
};

// LayerNorm by NAME.weight and NAME.bias.
Row normed(const Tensors& tensors, const std::string& name, const Row& x, double epsilon,
           Mistake mistake);
Row rms_normed(const Row& weight, const Row& x, double epsilon);

// RoPE over the heads of one row at a position.
Row turned(Row row, int heads, std::size_t position, double theta, Mistake mistake);

struct AttentionSizes {
    int heads, key_heads, size;
    int window = 0;      // 0: none
    double divisor = 1;  // of the scores, beside sqrt(size)
};
std::vector<Row> attention(const AttentionSizes& sizes, const std::vector<Row>& queries,
                           const std::vector<Row>& keys, const std::vector<Row>& values,
                           Mistake mistake);

// Llama's layers and last norm over x, row t at position t; the tensors' names begin with `prefix`.
std::vector<Row> llama_stack(const Tensors& tensors, const base::Json& config,
                             const std::string& prefix, std::vector<Row> x, Mistake mistake);

}  // namespace symphony::models::reference
