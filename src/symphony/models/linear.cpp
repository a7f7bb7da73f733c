#include "symphony/models/linear.h"

#include <algorithm>

namespace symphony::models {

Linear take_linear(Weights& weights, const std::vector<LinearPart>& parts, std::int64_t in,
                   bool has_bias, nn::WeightPrecision precision) {
    std::int64_t out = 0;
    for (const LinearPart& part : parts) out += part.out;
    Linear linear;
    std::vector<float> joined;
    if (parts.size() > 1) joined.reserve(static_cast<std::size_t>(out * in));
    const auto add = [](std::vector<float>& to, std::vector<float> values, float scale) {
        if (scale != 1)
            for (float& value : values) value *= scale;
        if (to.empty() && to.capacity() == 0)
            to = std::move(values);
        else
            to.insert(to.end(), values.begin(), values.end());
    };
    for (const LinearPart& part : parts) {
        add(joined, take(weights, part.name + ".weight", {part.out, in}), part.scale);
        if (has_bias)
            add(linear.bias_O, take(weights, part.name + ".bias", {part.out}), part.scale);
    }
    linear.weight = nn::WeightMatrix(joined, out, in, precision);
    return linear;
}

}  // namespace symphony::models
