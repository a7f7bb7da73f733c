#include "symphony/nn/gelu.h"

#include "nn/numbers.h"
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace symphony::nn {
namespace {

double tanh_form(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}
double exact_form(double x) { return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)); }

TEST(Gelu, BothFormsAreTheirDefinitions) {
    for (const std::int64_t width : {1, 3, 16, 37}) {
        auto x = normal_numbers(static_cast<std::size_t>(2 * width), 3);
        for (float& value : x) value *= 4;
        x[0] = 30;
        x[1] = -30;
        std::vector<float> form(x.size()), exact(x.size());
        gelu_tanh_rows(x.data(), 2, width, form.data());
        gelu_erf_rows(x.data(), 2, width, exact.data());
        for (std::size_t i = 0; i < x.size(); ++i) {
            EXPECT_NEAR(form[i], tanh_form(double{x[i]}), 4e-6) << x[i];
            EXPECT_NEAR(exact[i], exact_form(double{x[i]}), 4e-6) << x[i];
        }
    }
}

TEST(Gelu, TheFormsDiffer) {
    const float x = 2.5;
    float form = 0, exact = 0;
    gelu_tanh_rows(&x, 1, 1, &form);
    gelu_erf_rows(&x, 1, 1, &exact);
    EXPECT_GT(std::abs(form - exact), 5e-5f);
}

}  // namespace
}  // namespace symphony::nn
