#include "models/import/reference_parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace symphony::models::reference {

Row added(Row a, const Row& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

Row part(const Row& row, int begin, int size) {
    return {row.begin() + begin, row.begin() + begin + size};
}

double gelu_new(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}
double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)); }

Row gated(const Row& gate, const Row& up) {
    Row out;
    for (std::size_t i = 0; i < gate.size(); ++i)
        out.push_back(gate[i] / (1 + std::exp(-gate[i])) * up[i]);
    return out;
}

Row Tensors::row(const std::string& name) const {
    return {at(name).values.begin(), at(name).values.end()};
}

Row Tensors::row_of(const std::string& name, int i) const {
    const Tensor& tensor = at(name);
    const auto width = static_cast<std::ptrdiff_t>(tensor.shape[1]);
    const auto begin = tensor.values.begin() + i * width;
    return {begin, begin + width};
}

Row Tensors::times(const std::string& name, const Row& x) const {
    const Tensor& tensor = at(name);
    Row y(static_cast<std::size_t>(tensor.shape[0]));
    for (std::size_t o = 0; o < y.size(); ++o)
        for (std::size_t i = 0; i < x.size(); ++i)
            y[o] += double{tensor.values[o * x.size() + i]} * x[i];
    return y;
}

Row Tensors::from_columns(const std::string& name, const Row& x) const {
    const Tensor& tensor = at(name);
    Row y(static_cast<std::size_t>(tensor.shape[1]));
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t o = 0; o < y.size(); ++o)
            y[o] += double{tensor.values[i * y.size() + o]} * x[i];
    return y;
}

Row Tensors::misread(const std::string& name, const Row& x) const {
    const Tensor& tensor = at(name);
    Row y(static_cast<std::size_t>(tensor.shape[1]));
    for (std::size_t o = 0; o < y.size(); ++o)
        for (std::size_t i = 0; i < x.size(); ++i)
            y[o] += double{tensor.values[o * x.size() + i]} * x[i];
    return y;
}

Row normed(const Tensors& tensors, const std::string& name, const Row& x, double epsilon,
           Mistake mistake) {
    const auto n = static_cast<double>(x.size());
    double mean = 0, variance = 0;
    if (mistake != Mistake::kRmsForLayerNorm)
        for (const double v : x) mean += v / n;
    for (const double v : x) variance += (v - mean) * (v - mean) / n;
    const Row weight = tensors.row(name + ".weight"), bias = tensors.row(name + ".bias");
    Row y;
    for (std::size_t i = 0; i < x.size(); ++i)
        y.push_back((x[i] - mean) / std::sqrt(variance + epsilon) * weight[i] +
                    (mistake == Mistake::kNoBias ? 0 : bias[i]));
    return y;
}

Row rms_normed(const Row& weight, const Row& x, double epsilon) {
    double mean_square = 0;
    for (const double v : x) mean_square += v * v / static_cast<double>(x.size());
    Row y;
    for (std::size_t i = 0; i < x.size(); ++i)
        y.push_back(weight[i] * x[i] / std::sqrt(mean_square + epsilon));
    return y;
}

Row turned(Row row, int heads, std::size_t position, double theta, Mistake mistake) {
    const std::size_t size = row.size() / static_cast<std::size_t>(heads), half = size / 2;
    const bool interleaved = mistake == Mistake::kInterleavedRope;
    for (std::size_t head = 0; head < static_cast<std::size_t>(heads); ++head)
        for (std::size_t j = 0; j < half; ++j) {
            const double angle = static_cast<double>(position) *
                                 std::pow(theta, -2.0 * double(j) / static_cast<double>(size));
            double& a = row[head * size + (interleaved ? 2 * j : j)];
            double& b = row[head * size + (interleaved ? 2 * j + 1 : j + half)];
            const double before = a;
            a = before * std::cos(angle) - b * std::sin(angle);
            b = b * std::cos(angle) + before * std::sin(angle);
        }
    return row;
}

std::vector<Row> attention(const AttentionSizes& s, const std::vector<Row>& queries,
                           const std::vector<Row>& keys, const std::vector<Row>& values,
                           Mistake mistake) {
    std::vector<Row> out;
    int window = mistake == Mistake::kNoWindow ? 0 : s.window;
    if (window > 0 && mistake == Mistake::kWindowOneLonger) ++window;
    for (int t = 0; t < static_cast<int>(queries.size()); ++t) {
        Row row(queries.front().size());
        for (int head = 0; head < s.heads; ++head) {
            const int kv = mistake == Mistake::kGroupsInterleaved ? head % s.key_heads
                                                                  : head / (s.heads / s.key_heads);
            const auto q = static_cast<std::size_t>(head * s.size);
            const auto k = static_cast<std::size_t>(kv * s.size);
            const int first = window > 0 ? std::max(0, t - window + 1) : 0;
            Row weights;
            double highest = -INFINITY, sum = 0;
            for (int u = first; u <= t; ++u) {
                double score = 0;
                for (std::size_t i = 0; i < static_cast<std::size_t>(s.size); ++i)
                    score += queries[std::size_t(t)][q + i] * keys[std::size_t(u)][k + i];
                weights.push_back(score / std::sqrt(double(s.size)) / s.divisor);
                highest = std::max(highest, weights.back());
            }
            for (double& w : weights) sum += w = std::exp(w - highest);
            for (int u = first; u <= t; ++u)
                for (std::size_t i = 0; i < static_cast<std::size_t>(s.size); ++i)
                    row[q + i] +=
                        weights[std::size_t(u - first)] / sum * values[std::size_t(u)][k + i];
        }
        out.push_back(row);
    }
    return out;
}

std::vector<Row> llama_stack(const Tensors& tensors, const base::Json& c, const std::string& prefix,
                             std::vector<Row> x, Mistake mistake) {
    const int heads = c["num_attention_heads"], key_heads = c.value("num_key_value_heads", heads);
    const int size = c.value("head_dim", c["hidden_size"].get<int>() / heads);
    const int window = c.contains("sliding_window") && !c["sliding_window"].is_null()
                           ? c["sliding_window"].get<int>()
                           : 0;
    const double theta = mistake == Mistake::kOtherTheta ? 500000.0 : c.value("rope_theta", 1e4);
    const double epsilon = mistake == Mistake::kOtherEpsilon ? 1e-5 : c.value("rms_norm_eps", 1e-6);
    const auto norm = [&](const std::string& name, const Row& row) {
        return rms_normed(tensors.row(name), row, epsilon);
    };
    const auto linear = [&](const std::string& name, const Row& row) {
        const Row y = tensors.times(name + ".weight", row);
        return tensors.has(name + ".bias") ? added(y, tensors.row(name + ".bias")) : y;
    };
    for (int k = 0; k < c["num_hidden_layers"].get<int>(); ++k) {
        const std::string at = prefix + "layers." + std::to_string(k) + ".";
        std::vector<Row> q, key, value;
        for (std::size_t t = 0; t < x.size(); ++t) {
            const Row n = norm(at + "input_layernorm.weight", x[t]);
            q.push_back(turned(linear(at + "self_attn.q_proj", n), heads, t, theta, mistake));
            key.push_back(turned(linear(at + "self_attn.k_proj", n), key_heads, t, theta, mistake));
            value.push_back(linear(at + "self_attn.v_proj", n));
        }
        if (mistake == Mistake::kSwappedKeysAndValues) std::swap(key, value);
        const auto attended = attention({heads, key_heads, size, window}, q, key, value, mistake);
        for (std::size_t t = 0; t < x.size(); ++t) {
            x[t] = added(x[t], linear(at + "self_attn.o_proj", attended[t]));
            const Row n = norm(at + "post_attention_layernorm.weight", x[t]);
            x[t] = added(x[t], linear(at + "mlp.down_proj", gated(linear(at + "mlp.gate_proj", n),
                                                                  linear(at + "mlp.up_proj", n))));
        }
    }
    for (Row& row : x) row = norm(prefix + "norm.weight", row);
    return x;
}

}  // namespace symphony::models::reference
