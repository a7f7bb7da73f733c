#include "symphony/training/torch/lora_functions.h"

#include "symphony/nn/gemm.h"
#include "symphony/training/torch/kernel_calls.h"
#include "symphony/training/torch/plain_functions.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace symphony::training::torch_net::ops {

namespace {

using nn::Op;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// A matrix inside a tensor: from element `offset` on, rows of the tensor's width.
struct Part {
    const at::Tensor& tensor;
    std::int64_t offset = 0;
};

// C (m,n) = op(A) x op(B) + beta x C: A and B both float32 or both bf16, C float32.
void multiply(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Part& a,
              const Part& b, float beta, const Part& c) {
    const std::int64_t lda = a.tensor.size(1), ldb = b.tensor.size(1), ldc = c.tensor.size(1);
    float* out = data(c.tensor) + c.offset;
    if (is_bf16(a.tensor))
        nn::gemm_bf16(a_op, b_op, m, n, k, bits(a.tensor) + a.offset, lda,
                      bits(b.tensor) + b.offset, ldb, beta, out, ldc);
    else
        nn::gemm(a_op, b_op, m, n, k, data(a.tensor) + a.offset, lda, data(b.tensor) + b.offset,
                 ldb, beta, out, ldc);
}

at::Tensor as_multiplied(const at::Tensor& x, bool bf16) { return bf16 ? to_bf16(x) : x; }

struct LoraLinear : torch::autograd::Function<LoraLinear> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& weight, const at::Tensor& a, const at::Tensor& b,
                              const LoraFactors* factors, bool bf16, bool bf16_out) {
        const at::Tensor x_ = as_multiplied(x, bf16), weight_ = as_multiplied(weight, bf16),
                         a_ = as_multiplied(a, bf16), b_ = as_multiplied(b, bf16);
        const std::int64_t rows = x.size(0), in = x.size(1), out = weight.size(0),
                           narrow = a.size(0), rank = b.size(1), block = out / factors->parts;
        const auto floats = x.options().dtype(at::kFloat);
        const at::Tensor y = at::empty({rows, out}, floats), u = at::empty({rows, narrow}, floats);
        multiply(Op::kPlain, Op::kTransposed, rows, out, in, {x_}, {weight_}, 0, {y});
        multiply(Op::kPlain, Op::kTransposed, rows, narrow, in, {x_}, {a_}, 0, {u});
        const at::Tensor u_ = as_multiplied(u.mul_(factors->scale), bf16);
        for (std::size_t i = 0; i < factors->blocks.size(); ++i) {
            const auto j = static_cast<std::int64_t>(i);
            multiply(Op::kPlain, Op::kTransposed, rows, block, rank, {u_, j * rank},
                     {b_, j * block * rank}, 1, {y, factors->blocks[i] * block});
        }
        context->save_for_backward({x_, weight_, a_, b_, u_});
        context->saved_data["blocks"] = factors->blocks;
        context->saved_data["block"] = block;
        context->saved_data["scale"] = factors->scale;
        context->saved_data["x_is_bf16"] = is_bf16(x);
        return bf16_out ? to_bf16(y) : y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], &a = saved[2], &b = saved[3],
                         &u = saved[4];
        const at::Tensor dy = as_multiplied(gradients[0].contiguous(), is_bf16(x));
        const std::int64_t rows = x.size(0), in = x.size(1), out = weight.size(0),
                           narrow = a.size(0), rank = b.size(1),
                           block = context->saved_data["block"].toInt();
        const auto blocks = context->saved_data["blocks"].toIntVector();
        const auto floats = x.options().dtype(at::kFloat);
        const at::Tensor du = at::empty({rows, narrow}, floats),
                         da = at::empty({narrow, in}, floats), db = at::empty(b.sizes(), floats);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto j = static_cast<std::int64_t>(i);
            const Part dy_block{dy, blocks[i] * block}, b_block{b, j * block * rank};
            multiply(Op::kPlain, Op::kPlain, rows, rank, block, dy_block, b_block, 0,
                     {du, j * rank});
            multiply(Op::kTransposed, Op::kPlain, block, rank, rows, dy_block, {u, j * rank}, 0,
                     {db, j * block * rank});
        }
        du.mul_(context->saved_data["scale"].toDouble());
        const at::Tensor du_ = as_multiplied(du, is_bf16(x));
        multiply(Op::kTransposed, Op::kPlain, narrow, in, rows, {du_}, {x}, 0, {da});
        at::Tensor dx;
        if (context->needs_input_grad(0)) {  // not where only what is frozen lies below
            dx = at::empty({rows, in}, floats);
            multiply(Op::kPlain, Op::kPlain, rows, in, out, {dy}, {weight}, 0, {dx});
            multiply(Op::kPlain, Op::kPlain, rows, in, narrow, {du_}, {a}, 1, {dx});
            if (context->saved_data["x_is_bf16"].toBool()) dx = to_bf16(dx);
        }
        return {dx, {}, da, db, {}, {}, {}};
    }
};

}  // namespace

at::Tensor lora_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI,
                       const LoraFactors& factors, Products products, bool inner) {
    if (!use_kernels(x_NI)) return plain::lora_linear(x_NI, weight_OI, factors);
    const bool bf16 = products == Products::kBf16;
    return LoraLinear::apply(x_NI, weight_OI, factors.a, factors.b, &factors, bf16, inner && bf16);
}

}  // namespace symphony::training::torch_net::ops
