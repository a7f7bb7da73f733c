#include "symphony/nn/lstm_layer.h"

#include "symphony/nn/bf16.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::nn {
namespace {

struct Window {
    LstmShape shape{7, 3, 5};
    std::vector<float> w_hh = normal_numbers(20 * 5, 1, 0.4);
    std::vector<float> inputs = normal_numbers(7 * 3 * 20, 2);
    std::vector<float> h0 = normal_numbers(15, 3), c0 = normal_numbers(15, 4);
    std::vector<std::uint8_t> reset = std::vector<std::uint8_t>(21, 0);

    std::vector<float> gates, h_before = std::vector<float>(105), c_before = h_before,
                              tanh_c = h_before, out = h_before, h, c;
    LstmTape tape() { return {gates.data(), h_before.data(), c_before.data(), tanh_c.data()}; }
    void run() {
        gates = inputs;
        h = h0;
        c = c0;
        lstm_forward(shape, w_hh.data(), reset.data(), tape(), h.data(), c.data(), out.data());
    }
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(LstmLayer, MatchesItsEquationsWithResets) {
    Window w;
    w.reset[4 * 3 + 1] = 1;  // lane 1 begins anew at step 4
    w.run();
    for (std::size_t lane = 0; lane < 3; ++lane) {
        std::vector<double> h(w.h0.begin() + long(lane * 5), w.h0.begin() + long(lane * 5 + 5));
        std::vector<double> c(w.c0.begin() + long(lane * 5), w.c0.begin() + long(lane * 5 + 5));
        for (std::size_t t = 0; t < 7; ++t) {
            if (w.reset[t * 3 + lane] != 0) h.assign(5, 0.0), c.assign(5, 0.0);
            std::vector<double> a(20);
            for (std::size_t g = 0; g < 20; ++g) {
                a[g] = w.inputs[(t * 3 + lane) * 20 + g];
                for (std::size_t k = 0; k < 5; ++k) a[g] += double(w.w_hh[g * 5 + k]) * h[k];
            }
            for (std::size_t k = 0; k < 5; ++k) {
                c[k] = sigmoid(a[5 + k]) * c[k] + sigmoid(a[k]) * std::tanh(a[10 + k]);
                h[k] = sigmoid(a[15 + k]) * std::tanh(c[k]);
                EXPECT_NEAR(w.out[(t * 3 + lane) * 5 + k], h[k], 1e-5);
            }
        }
        for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(w.c[lane * 5 + k], c[k], 1e-5);
    }
}

TEST(LstmLayer, Bf16StaysCloseToFloat32) {
    if (!has_native_bf16()) GTEST_SKIP() << "this CPU has no native bf16";
    Window exact, rounded;
    exact.run();
    rounded.shape.bf16 = true;
    rounded.run();
    const auto dout = normal_numbers(105, 6);
    std::vector<float> dgates[2] = {std::vector<float>(420), std::vector<float>(420)};
    std::vector<float> dw_hh[2] = {std::vector<float>(100), std::vector<float>(100)};
    for (Window* w : {&exact, &rounded})
        lstm_backward(w->shape, w->w_hh.data(), w->reset.data(), w->tape(), dout.data(),
                      dgates[w == &rounded].data(), dw_hh[w == &rounded].data());
    EXPECT_NE(exact.out, rounded.out);
    for (std::size_t i = 0; i < 105; ++i) EXPECT_NEAR(exact.out[i], rounded.out[i], 0.02);
    for (std::size_t i = 0; i < 420; ++i) EXPECT_NEAR(dgates[0][i], dgates[1][i], 0.05);
    for (std::size_t i = 0; i < 100; ++i) EXPECT_NEAR(dw_hh[0][i], dw_hh[1][i], 0.1);
}

TEST(LstmLayer, TwoWindowsAreOneLongOne) {
    Window w;
    w.run();
    const auto whole = w.out;
    Window first = w, second = w;
    first.shape.time = 3;
    first.run();
    second.shape.time = 4;
    second.inputs.assign(w.inputs.begin() + 3 * 60, w.inputs.end());
    second.h0 = first.h;
    second.c0 = first.c;
    second.run();
    for (std::size_t i = 0; i < 45; ++i) EXPECT_EQ(first.out[i], whole[i]);
    for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(second.out[i], whole[45 + i]);
}

TEST(LstmLayer, BackwardMatchesFiniteDifferences) {
    Window w;
    w.reset[4 * 3 + 1] = 1;
    w.reset[0 * 3 + 2] = 1;
    const auto dout = normal_numbers(105, 6);
    const auto loss = [&] {
        w.run();
        return weighted_sum(w.out, dout);
    };
    loss();
    std::vector<float> dgates(w.inputs.size()), dw(w.w_hh.size());
    lstm_backward(w.shape, w.w_hh.data(), w.reset.data(), w.tape(), dout.data(), dgates.data(),
                  dw.data());
    for (std::size_t i = 0; i < dgates.size(); i += 11) {
        EXPECT_NEAR(dgates[i], slope(w.inputs, i, loss), 2e-3) << i;
    }
    for (std::size_t i = 0; i < dw.size(); i += 3) {
        EXPECT_NEAR(dw[i], slope(w.w_hh, i, loss), 5e-3) << i;
    }
}

}  // namespace
}  // namespace symphony::nn
