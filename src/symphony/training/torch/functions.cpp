#include "symphony/training/torch/functions.h"

#include "symphony/nn/attention.h"
#include "symphony/nn/gemm.h"
#include "symphony/nn/lstm_layer.h"
#include "symphony/nn/rows.h"
#include "symphony/training/torch/kernel_calls.h"
#include "symphony/training/torch/plain_functions.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <map>
#include <memory>
#include <tuple>

namespace symphony::training::torch_net::ops {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

int plain_depth = 0;  // PlainOps alive; networks run on one thread

// Autograd wants an absent tensor to be an empty optional.
using Optional = c10::optional<at::Tensor>;
Optional optional(const at::Tensor& x) { return x.defined() ? Optional(x) : Optional(); }

// C = op(A) x op(B): both float32 into float32, or both bf16 into either.
void multiply(nn::Op a_op, nn::Op b_op, std::int64_t m, std::int64_t n, std::int64_t k,
              const at::Tensor& a, const at::Tensor& b, const at::Tensor& c) {
    const std::int64_t lda = a.size(1), ldb = b.size(1);
    if (is_bf16(c))
        nn::gemm_bf16(a_op, b_op, m, n, k, bits(a), lda, bits(b), ldb, bits(c), n);
    else if (is_bf16(a))
        nn::gemm_bf16(a_op, b_op, m, n, k, bits(a), lda, bits(b), ldb, 0.0f, data(c), n);
    else
        nn::gemm(a_op, b_op, m, n, k, data(a), lda, data(b), ldb, 0.0f, data(c), n);
}

struct Linear : torch::autograd::Function<Linear> {
    // Multiplies in bf16 or float32; the result is of type `out_type`, float32 if there is a bias.
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& weight, const Optional& bias, bool bf16,
                              at::ScalarType out_type) {
        const at::Tensor a = bf16 ? to_bf16(x) : x, b = bf16 ? to_bf16(weight) : weight;
        // x is for the weights' gradient alone.
        context->save_for_backward({weight.requires_grad() ? a : at::Tensor(), b});
        context->saved_data["bias"] = bias.has_value();
        context->saved_data["x_is_bf16"] = is_bf16(x);
        const std::int64_t rows = x.size(0), in = x.size(1), out = weight.size(0);
        const at::Tensor y = at::empty({rows, out}, x.options().dtype(out_type));
        multiply(nn::Op::kPlain, nn::Op::kTransposed, rows, out, in, a, b, y);
        if (bias) nn::add_bias_rows(data(*bias), rows, out, data(y));
        return y;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], dy = gradients[0].contiguous();
        const at::Tensor a = is_bf16(weight) ? to_bf16(dy) : dy;
        const std::int64_t rows = dy.size(0), in = weight.size(1), out = weight.size(0);
        at::Tensor dx, dweight, dbias;
        if (context->needs_input_grad(0)) {
            const bool dx_is_bf16 = context->saved_data["x_is_bf16"].toBool();
            dx = at::empty({rows, in}, dy.options().dtype(dx_is_bf16 ? at::kBFloat16 : at::kFloat));
            multiply(nn::Op::kPlain, nn::Op::kPlain, rows, in, out, a, weight, dx);
        }
        if (x.defined()) {
            dweight = at::empty({out, in}, dy.options().dtype(at::kFloat));
            multiply(nn::Op::kTransposed, nn::Op::kPlain, out, in, rows, a, x, dweight);
        }
        if (context->saved_data["bias"].toBool()) dbias = dy.sum(0);
        return {dx, dweight, dbias, {}, {}};
    }
};

// Calls visit(rows of x) with x's numbers as nn/ takes them, float or Bf16.
template <class Visit>
void with_numbers_of(const at::Tensor& x, const Visit& visit) {
    if (is_bf16(x))
        visit(bits(x));
    else
        visit(data(x));
}
// The same numbers as `like`'s.
float* as(const float* /*like*/, const at::Tensor& x) { return data(x); }
nn::Bf16* as(const nn::Bf16* /*like*/, const at::Tensor& x) { return bits(x); }

struct RmsNorm : torch::autograd::Function<RmsNorm> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& weight, double epsilon, bool bf16) {
        const at::Tensor inverse_rms = at::empty({x.size(0)}, x.options());
        const at::Tensor y =
            at::empty(x.sizes(), x.options().dtype(bf16 ? at::kBFloat16 : at::kFloat));
        with_numbers_of(y, [&](auto* out) {
            nn::rms_norm_rows(data(x), data(weight), x.size(0), x.size(1),
                              static_cast<float>(epsilon), out, data(inverse_rms));
        });
        context->save_for_backward({x, weight, inverse_rms});
        return y;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], dy = gradients[0].contiguous();
        const at::Tensor dx = at::empty_like(x), dweight = at::empty_like(weight);
        with_numbers_of(dy, [&](const auto* dout) {
            nn::rms_norm_rows_backward(data(x), data(weight), dout, data(saved[2]), x.size(0),
                                       x.size(1), data(dx), data(dweight));
        });
        return {dx, dweight, {}, {}};
    }
};

struct Swiglu : torch::autograd::Function<Swiglu> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gate_up) {
        context->save_for_backward({gate_up});
        const at::Tensor y = at::empty({gate_up.size(0), gate_up.size(1) / 2}, gate_up.options());
        with_numbers_of(
            gate_up, [&](const auto* in) { nn::swiglu_rows(in, y.size(0), y.size(1), as(in, y)); });
        return y;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const at::Tensor gate_up = context->get_saved_variables()[0];
        const at::Tensor dy = gradients[0].contiguous(), dx = at::empty_like(gate_up);
        with_numbers_of(gate_up, [&](const auto* in) {
            nn::swiglu_rows_backward(in, as(in, dy), dy.size(0), dy.size(1), as(in, dx));
        });
        return {dx};
    }
};

struct DropoutAdd : torch::autograd::Function<DropoutAdd> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Optional& base,
                              double probability, std::int64_t key) {
        context->saved_data["probability"] = probability;
        context->saved_data["key"] = key;
        context->saved_data["base"] = base.has_value();
        if (probability == 0.0) return x + *base;  // dropout_add() handles the case without base
        const at::Tensor y = at::empty_like(x);
        nn::dropout_add_all(data(x), base ? data(*base) : nullptr, x.numel(),
                            static_cast<float>(probability), static_cast<std::uint32_t>(key),
                            data(y));
        return y;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const at::Tensor dy = gradients[0].contiguous();
        const double probability = context->saved_data["probability"].toDouble();
        if (probability == 0.0) return {dy, dy, {}, {}};
        const at::Tensor dx = at::empty_like(dy);
        nn::dropout_add_all(data(dy), nullptr, dy.numel(), static_cast<float>(probability),
                            static_cast<std::uint32_t>(context->saved_data["key"].toInt()),
                            data(dx));
        return {dx, context->saved_data["base"].toBool() ? dy : at::Tensor(), {}, {}};
    }
};

// One table per shape in use; a run has one or two.
std::shared_ptr<const nn::RopeTable> rope_table(const AttentionPlan& plan) {
    using Key = std::tuple<std::int64_t, std::int64_t, double>;
    static std::map<Key, std::shared_ptr<const nn::RopeTable>> tables;
    auto& table = tables[{plan.time, plan.head_size, plan.rope_theta}];
    if (!table) {
        table = std::make_shared<nn::RopeTable>(plan.time, plan.head_size, plan.rope_theta);
    }
    return table;
}

struct Attention : torch::autograd::Function<Attention> {
    static nn::AttentionShape shape_of(const AttentionPlan& plan) {
        return {plan.batch_size, plan.time, plan.heads, plan.head_size};
    }
    static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv,
                              const AttentionPlan* plan) {
        const nn::AttentionShape shape = shape_of(*plan);
        const at::Tensor out = at::empty({qkv.size(0), shape.width()}, qkv.options());
        const at::Tensor log_sums =
            at::empty({plan->batch_size * plan->heads * plan->time}, at::kFloat);
        with_numbers_of(qkv, [&](auto* in) {
            nn::rope_queries_and_keys(shape, *rope_table(*plan), 1.0f, in);
            nn::causal_attention(shape, in, plan->segment_start_BT.data_ptr<std::int32_t>(),
                                 as(in, out), data(log_sums));
        });
        context->save_for_backward({qkv, out, log_sums, plan->segment_start_BT});
        context->saved_data["heads"] = plan->heads;
        context->saved_data["rope_theta"] = plan->rope_theta;
        return out;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &qkv = saved[0], &out = saved[1], &starts = saved[3];
        const at::Tensor dout = gradients[0].contiguous(), dqkv = at::empty_like(qkv);
        const std::int64_t heads = context->saved_data["heads"].toInt();
        const AttentionPlan plan{starts.size(0),
                                 starts.size(1),
                                 heads,
                                 out.size(1) / heads,
                                 context->saved_data["rope_theta"].toDouble(),
                                 starts};
        const nn::AttentionShape shape = shape_of(plan);
        with_numbers_of(qkv, [&](const auto* in) {
            nn::causal_attention_backward(shape, in, starts.data_ptr<std::int32_t>(), as(in, out),
                                          data(saved[2]), as(in, dout), as(in, dqkv));
            nn::rope_queries_and_keys(shape, *rope_table(plan), -1.0f, as(in, dqkv));
        });
        return {dqkv, {}};
    }
};

struct LstmLayer : torch::autograd::Function<LstmLayer> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gates,
                              const at::Tensor& w_hh, const LstmPlan* plan,
                              const at::Tensor* state_h, const at::Tensor* state_c) {
        const std::int64_t width = w_hh.size(1);
        const at::Tensor out = at::empty({gates.size(0), width}, gates.options());
        const at::Tensor h_before = at::empty_like(out), c_before = at::empty_like(out);
        const at::Tensor tanh_c = at::empty_like(out);
        const bool bf16 = plan->products == Products::kBf16;
        context->saved_data["bf16"] = bf16;
        nn::lstm_forward({plan->time, plan->batch_size, width, bf16}, data(w_hh),
                         plan->reset_TB.data_ptr<std::uint8_t>(),
                         {data(gates), data(h_before), data(c_before), data(tanh_c)},
                         data(*state_h), data(*state_c), data(out));
        context->save_for_backward({gates, w_hh, plan->reset_TB, h_before, c_before, tanh_c});
        return out;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &gates = saved[0], &w_hh = saved[1], &reset = saved[2];
        const at::Tensor dout = gradients[0].contiguous();
        const at::Tensor dgates = at::empty_like(gates), dw_hh = at::empty_like(w_hh);
        const bool bf16 = context->saved_data["bf16"].toBool();
        nn::lstm_backward({reset.size(0), reset.size(1), w_hh.size(1), bf16}, data(w_hh),
                          reset.data_ptr<std::uint8_t>(),
                          {data(gates), data(saved[3]), data(saved[4]), data(saved[5])}, data(dout),
                          data(dgates), data(dw_hh));
        return {dgates, dw_hh, {}, {}, {}};
    }
};

struct CrossEntropy : torch::autograd::Function<CrossEntropy> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& logits,
                              const at::Tensor& targets, double scale) {
        const at::Tensor dlogits = at::empty_like(logits);
        const double sum =
            nn::cross_entropy_rows(data(logits), targets.data_ptr<std::int32_t>(), logits.size(0),
                                   logits.size(1), static_cast<float>(scale), data(dlogits));
        context->save_for_backward({dlogits});
        return at::scalar_tensor(scale * sum, logits.options());
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        at::Tensor dlogits = context->get_saved_variables()[0];
        const float outer = gradients[0].item<float>();
        return {outer == 1.0f ? dlogits : dlogits * outer, {}, {}};
    }
};

}  // namespace

bool use_kernels(const at::Tensor& x) { return plain_depth == 0 && x.device().is_cpu(); }

PlainOps::PlainOps() { ++plain_depth; }
PlainOps::~PlainOps() { --plain_depth; }

at::Tensor embedding(const at::Tensor& ids_N, const at::Tensor& weight_VC) {
    return at::embedding(weight_VC, ids_N);
}

at::Tensor linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, Products products,
                  const at::Tensor& bias_O) {
    if (!use_kernels(x_NI)) return plain::linear(x_NI, weight_OI, bias_O);
    return Linear::apply(x_NI, weight_OI, optional(bias_O), products == Products::kBf16,
                         at::kFloat);
}

at::Tensor inner_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, Products products) {
    if (!use_kernels(x_NI)) return plain::linear(x_NI, weight_OI, {});
    const bool bf16 = products == Products::kBf16;
    return Linear::apply(x_NI, weight_OI, Optional(), bf16, bf16 ? at::kBFloat16 : at::kFloat);
}

at::Tensor rms_norm(const at::Tensor& x_NC, const at::Tensor& weight_C, double epsilon,
                    Products products) {
    if (!use_kernels(x_NC)) return plain::rms_norm(x_NC, weight_C, epsilon);
    return RmsNorm::apply(x_NC, weight_C, epsilon, products == Products::kBf16);
}

at::Tensor swiglu(const at::Tensor& gate_up) {
    return use_kernels(gate_up) ? Swiglu::apply(gate_up) : plain::swiglu(gate_up);
}

at::Tensor dropout_add(const at::Tensor& x, const at::Tensor& base, double probability,
                       std::uint32_t key) {
    if (probability == 0.0 && !base.defined()) return x;
    if (!use_kernels(x)) return plain::dropout_add(x, base, probability, key);
    return DropoutAdd::apply(x, optional(base), probability, static_cast<std::int64_t>(key));
}

at::Tensor attention(const at::Tensor& qkv, const AttentionPlan& plan) {
    return use_kernels(qkv) ? Attention::apply(qkv, &plan) : plain::attention(qkv, plan);
}

at::Tensor lstm_layer(const at::Tensor& gates, const at::Tensor& w_hh, const LstmPlan& plan,
                      at::Tensor& state_h, at::Tensor& state_c) {
    if (!use_kernels(gates)) return plain::lstm_layer(gates, w_hh, plan, state_h, state_c);
    const at::Tensor *h = &state_h, *c = &state_c;
    return LstmLayer::apply(gates, w_hh, &plan, h, c);
}

at::Tensor cross_entropy(const at::Tensor& logits_NV, const at::Tensor& targets_N, double scale) {
    if (!use_kernels(logits_NV)) return plain::cross_entropy(logits_NV, targets_N, scale);
    return CrossEntropy::apply(logits_NV, targets_N, scale);
}

}  // namespace symphony::training::torch_net::ops
