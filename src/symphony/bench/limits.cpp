#include "symphony/bench/limits.h"

#include "symphony/base/parallel.h"
#include "symphony/bench/timing.h"
#include "symphony/nn/aligned.h"
#include "symphony/nn/bf16.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::bench {

namespace {

constexpr double kGiga = 1e9;
constexpr int kRuns = 9;

nn::AlignedVector<float> filled(std::int64_t n, float value) {
    return nn::AlignedVector<float>(static_cast<std::size_t>(n), value);
}

double float32_rate_of(const Product& p) {
    const auto a = filled(p.m * p.k, 0.5f), b = filled(p.k * p.n, 0.25f);
    auto c = filled(p.m * p.n, 0.0f);
    const std::int64_t lda = p.a_op == nn::Op::kPlain ? p.k : p.m;
    const std::int64_t ldb = p.b_op == nn::Op::kPlain ? p.n : p.k;
    double seconds = median_seconds(kRuns, [&] {
        nn::gemm(p.a_op, p.b_op, p.m, p.n, p.k, a.data(), lda, b.data(), ldb, 0.0f, c.data(), p.n);
    });
    if (p.a_op == nn::Op::kPlain) {
        const nn::PackedMatrix packed(p.b_op, p.k, p.n, b.data(), ldb, p.m, /*bf16=*/false);
        const nn::PackedMatrix::Worker worker(packed, p.m, 0.0f);
        seconds =
            std::min(seconds, median_seconds(kRuns, [&] { worker.multiply(a.data(), c.data()); }));
    }
    return p.flops() / seconds;
}

double bf16_rate_of(const Product& p) {
    if (!nn::has_native_bf16()) return 0;
    constexpr nn::Bf16 kHalf = 0x3f00;
    const nn::AlignedVector<nn::Bf16> a(static_cast<std::size_t>(p.m * p.k), kHalf);
    const nn::AlignedVector<nn::Bf16> b(static_cast<std::size_t>(p.k * p.n), kHalf);
    auto c = filled(p.m * p.n, 0.0f);
    const std::int64_t lda = p.a_op == nn::Op::kPlain ? p.k : p.m;
    const std::int64_t ldb = p.b_op == nn::Op::kPlain ? p.n : p.k;
    const auto seconds_of = [&](const auto& multiply) {
        return median_seconds(kRuns, [&] {
            multiply(p.a_op, p.b_op, p.m, p.n, p.k, a.data(), lda, b.data(), ldb, 0.0f, c.data(),
                     p.n);
        });
    };
    using Multiply = void(nn::Op, nn::Op, std::int64_t, std::int64_t, std::int64_t, const nn::Bf16*,
                          std::int64_t, const nn::Bf16*, std::int64_t, float, float*, std::int64_t);
    const double seconds = std::min(seconds_of(nn::onednn_gemm_bf16),
                                    seconds_of(static_cast<Multiply&>(nn::gemm_bf16)));
    return p.flops() / seconds;
}

double measure_bandwidth(int threads) {
    constexpr std::int64_t kElements = 16 << 20;  // 64 MiB an array
    auto a = filled(kElements, 0.0f);
    const auto b = filled(kElements, 1.0f), c = filled(kElements, 2.0f);
    const auto parts = static_cast<std::size_t>(threads);
    const double seconds = median_seconds(kRuns, [&] {
        base::parallel_for(parts, threads, [&](std::size_t part) {
            const std::size_t end = a.size() * (part + 1) / parts;
            for (std::size_t i = a.size() * part / parts; i < end; ++i) a[i] = b[i] + 0.5f * c[i];
        });
    });
    return 3.0 * kElements * sizeof(float) / seconds;
}

double rate_of_all(const std::vector<ProductRate>& products, double ProductRate::*rate) {
    double flops = 0, seconds = 0;
    for (const ProductRate& p : products) {
        if (p.*rate <= 0) return 0;
        flops += p.product.flops();
        seconds += p.product.flops() / (p.*rate);
    }
    return seconds > 0 ? flops / seconds : 0;
}

}  // namespace

std::vector<Product> transformer_products(std::int64_t rows, std::int64_t width, std::int64_t inner,
                                          std::int64_t vocabulary) {
    struct Layer {
        const char* name;
        std::int64_t in, out;
    };
    std::vector<Product> products;
    for (const Layer& l : {Layer{"qkv", width, 3 * width}, Layer{"attention output", width, width},
                           Layer{"gate and up", width, 2 * inner}, Layer{"down", inner, width},
                           Layer{"head", width, vocabulary}}) {
        using nn::Op;
        const std::string name = l.name;
        products.push_back({name, Op::kPlain, Op::kTransposed, rows, l.out, l.in});
        products.push_back({name + ", dX", Op::kPlain, Op::kPlain, rows, l.in, l.out});
        products.push_back({name + ", dW", Op::kTransposed, Op::kPlain, l.out, l.in, rows});
    }
    return products;
}

double Limits::float32_rate() const { return rate_of_all(products, &ProductRate::float32); }
double Limits::bf16_rate() const { return rate_of_all(products, &ProductRate::bf16); }

Limits measure_limits(std::vector<Product> products, int threads) {
    Limits limits;
    limits.threads = threads > 0 ? threads : base::available_threads();
    const nn::ThreadLimit limit(limits.threads);
    for (Product& product : products) {
        const double float32 = float32_rate_of(product), bf16 = bf16_rate_of(product);
        limits.products.push_back({std::move(product), float32, bf16});
    }
    limits.bytes_per_second = measure_bandwidth(limits.threads);
    return limits;
}

base::Json Limits::to_json() const {
    base::Json json{{"threads", threads},
                    {"gemm_float32_flops", float32_rate()},
                    {"gemm_bf16_flops", bf16_rate()},
                    {"memory_bytes_per_second", bytes_per_second},
                    {"products", base::Json::array()}};
    for (const ProductRate& p : products)
        json["products"].push_back({{"name", p.product.name},
                                    {"m", p.product.m},
                                    {"n", p.product.n},
                                    {"k", p.product.k},
                                    {"float32_flops", p.float32},
                                    {"bf16_flops", p.bf16}});
    return json;
}

std::string Limits::to_text() const {
    std::string text =
        fmt::format("{:22} {:>5} {:>5} {:>5}  GFLOP/s: float32   bf16\n", "product", "M", "N", "K");
    for (const ProductRate& p : products)
        text += fmt::format("{:22} {:5} {:5} {:5} {:16.0f} {:6.0f}\n", p.product.name, p.product.m,
                            p.product.n, p.product.k, p.float32 / kGiga, p.bf16 / kGiga);
    text += fmt::format("{:39} {:16.0f} {:6.0f}\n", "all of them", float32_rate() / kGiga,
                        bf16_rate() / kGiga);
    text += fmt::format("memory {:.1f} GB/s, {} threads", bytes_per_second / kGiga, threads);
    return text;
}

}  // namespace symphony::bench
