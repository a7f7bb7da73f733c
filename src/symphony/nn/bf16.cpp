#include "symphony/nn/bf16.h"

#include "symphony/base/error.h"
#include "symphony/nn/aligned.h"
#include "symphony/nn/amx.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/onednn.h"

#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace symphony::nn {

namespace {

using dnnl::matmul;
using dnnl::memory;

const dnnl::engine& cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::stream& own_stream() {
    thread_local dnnl::stream stream(cpu());
    return stream;
}

// A stored matrix as op() makes it: (rows, columns).
memory::desc plain(Op op, std::int64_t rows, std::int64_t columns, std::int64_t ld,
                   memory::data_type type) {
    return {{rows, columns}, type, op == Op::kPlain ? memory::dims{ld, 1} : memory::dims{1, ld}};
}

matmul::primitive_desc describe(const memory::desc& a, const memory::desc& b, const memory::desc& c,
                                float beta) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (beta != 0.0f) {
        dnnl::post_ops sum;
        sum.append_sum(beta);
        attributes.set_post_ops(sum);
    }
    try {
        return {matmul::desc(a, b, c), attributes, cpu()};
    } catch (const dnnl::error& error) {
        throw base::Error(base::ErrorKind::kInternal,
                          std::string("oneDNN has no kernel for this product: ") + error.what(), {},
                          "train with --precision float32");
    }
}

struct Product {
    explicit Product(const matmul::primitive_desc& description)
        : primitive(description),
          a(description.src_desc()),
          b(description.weights_desc()),
          c(description.dst_desc()),
          scratch(description.scratchpad_desc(), cpu()) {}

    void run(const void* a_data, const void* b_data, void* c_data) {
        // oneDNN takes all pointers as mutable and writes to the destination only.
        primitive.execute(own_stream(),
                          {{DNNL_ARG_SRC, memory(a, cpu(), const_cast<void*>(a_data))},
                           {DNNL_ARG_WEIGHTS, memory(b, cpu(), const_cast<void*>(b_data))},
                           {DNNL_ARG_DST, memory(c, cpu(), c_data)},
                           {DNNL_ARG_SCRATCHPAD, scratch}});
        own_stream().wait();
    }

    matmul primitive;
    memory::desc a, b, c;
    memory scratch;
};

bool has(dnnl::cpu_isa wanted) {
    const auto bits = static_cast<unsigned>(wanted);
    return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}

struct ProductShape {
    Op a_op, b_op;
    std::int64_t m, n, k, lda, ldb, ldc;
    memory::data_type c_type;
    float beta;
    auto operator<=>(const ProductShape&) const = default;
};

// Making a product takes as long as running a small one; a network has a few dozen shapes.
Product& product_for(const ProductShape& shape) {
    thread_local std::map<ProductShape, Product> products;
    const auto found = products.find(shape);
    if (found != products.end()) return found->second;
    constexpr auto kBf16 = memory::data_type::bf16;
    const auto description =
        describe(plain(shape.a_op, shape.m, shape.k, shape.lda, kBf16),
                 plain(shape.b_op, shape.k, shape.n, shape.ldb, kBf16),
                 plain(Op::kPlain, shape.m, shape.n, shape.ldc, shape.c_type), shape.beta);
    return products.try_emplace(shape, description).first->second;
}

}  // namespace

bool has_native_bf16() { return has(dnnl::cpu_isa::avx512_core_bf16); }

bool has_fast_bf16() {
    if (has(dnnl::cpu_isa::avx512_core_amx)) return true;
#if defined(__x86_64__)
    return has_native_bf16() && __builtin_cpu_is("amd") != 0;
#else
    return false;
#endif
}

void to_bf16(const float* x, std::int64_t n, Bf16* out) {
    constexpr std::int64_t kChunk = 1 << 14;
    const std::int64_t chunks = (n + kChunk - 1) / kChunk;
#pragma omp parallel for schedule(static) if (chunks > 1)
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        const std::int64_t first = chunk * kChunk, count = std::min(kChunk, n - first);
        round_to_bf16(x + first, static_cast<std::size_t>(count), out + first);
    }
}

void onednn_gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k,
                      const Bf16* a, std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta,
                      float* c, std::int64_t ldc) {
    product_for({a_op, b_op, m, n, k, lda, ldb, ldc, memory::data_type::f32, beta}).run(a, b, c);
}

void gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
               std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta, float* c,
               std::int64_t ldc) {
    if (m == 0 || n == 0) return;
    if (amx::available())
        amx::gemm(a_op, b_op, m, n, k, a, lda, b, ldb, beta, c, ldc);
    else
        onednn_gemm_bf16(a_op, b_op, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

void gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
               std::int64_t lda, const Bf16* b, std::int64_t ldb, Bf16* c, std::int64_t ldc) {
    if (m == 0 || n == 0) return;
    if (amx::available())
        amx::gemm(a_op, b_op, m, n, k, a, lda, b, ldb, c, ldc);
    else
        product_for({a_op, b_op, m, n, k, lda, ldb, ldc, memory::data_type::bf16, 0.0f})
            .run(a, b, c);
}

struct PackedMatrix::Parts {
    std::int64_t k, n;
    memory::data_type type;
    memory packed;                          // oneDNN's, or
    std::optional<amx::PackedRight> tiles;  // ours, where there is AMX and the type is bf16
};

PackedMatrix::PackedMatrix(Op b_op, std::int64_t k, std::int64_t n, const float* b,
                           std::int64_t ldb, std::int64_t rows, bool bf16)
    : parts_(std::make_unique<Parts>()) {
    parts_->k = k;
    parts_->n = n;
    parts_->type = bf16 ? memory::data_type::bf16 : memory::data_type::f32;
    if (bf16 && amx::available()) {
        const std::int64_t stored_rows = b_op == Op::kPlain ? k : n;
        std::vector<Bf16> rounded(static_cast<std::size_t>(stored_rows * ldb));
        // The last row ends where its columns do.
        to_bf16(b, (stored_rows - 1) * ldb + (b_op == Op::kPlain ? n : k), rounded.data());
        parts_->tiles.emplace(b_op, k, n, rounded.data(), ldb);
        return;
    }
    const memory::desc any({k, n}, parts_->type, memory::format_tag::any);
    const auto description = describe(plain(Op::kPlain, rows, k, k, parts_->type), any,
                                      plain(Op::kPlain, rows, n, n, memory::data_type::f32), 0.0f);
    parts_->packed = memory(description.weights_desc(), cpu());
    memory stored(plain(b_op, k, n, ldb, memory::data_type::f32), cpu(), const_cast<float*>(b));
    dnnl::reorder(stored, parts_->packed).execute(own_stream(), stored, parts_->packed);
    own_stream().wait();
}
PackedMatrix::~PackedMatrix() = default;
PackedMatrix::PackedMatrix(PackedMatrix&&) noexcept = default;
PackedMatrix& PackedMatrix::operator=(PackedMatrix&&) noexcept = default;

struct PackedMatrix::Worker::Parts {
    std::optional<Product> product;  // oneDNN's, unless there are
    const amx::PackedRight* tiles;
    const void* packed;
    mutable AlignedVector<Bf16> rounded;  // a, where the product is of bf16
    std::int64_t rows, elements;          // of a
    float beta;
};

PackedMatrix::Worker::Worker(const PackedMatrix& matrix, std::int64_t rows, float beta) {
    const PackedMatrix::Parts& m = *matrix.parts_;
    parts_ = std::unique_ptr<Parts>(new Parts{{}, nullptr, nullptr, {}, rows, rows * m.k, beta});
    if (m.tiles) {
        parts_->tiles = &*m.tiles;
    } else {
        parts_->product.emplace(
            describe(plain(Op::kPlain, rows, m.k, m.k, m.type), m.packed.get_desc(),
                     plain(Op::kPlain, rows, m.n, m.n, memory::data_type::f32), beta));
        parts_->packed = m.packed.get_data_handle();
    }
    if (m.type == memory::data_type::bf16)
        parts_->rounded.resize(static_cast<std::size_t>(parts_->elements));
}
PackedMatrix::Worker::~Worker() = default;
PackedMatrix::Worker::Worker(Worker&&) noexcept = default;

void PackedMatrix::Worker::multiply(const float* a, float* c) const {
    const void* from = a;
    if (!parts_->rounded.empty()) {
        round_to_bf16(a, static_cast<std::size_t>(parts_->elements), parts_->rounded.data());
        from = parts_->rounded.data();
    }
    if (parts_->tiles != nullptr)
        parts_->tiles->multiply(parts_->rounded.data(), parts_->rows, parts_->beta, c);
    else
        parts_->product->run(from, parts_->packed, c);
}

}  // namespace symphony::nn
