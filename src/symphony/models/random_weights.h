// A transformer's weights drawn at random, under the names and in the shapes that it takes: for
// measuring speed, which does not depend on what was learned, and for tests.
#pragma once

#include "symphony/models/transformer.h"
#include "symphony/models/weights.h"

#include <string>

namespace symphony::models {

// A tensor of normal numbers times `scale`; the same for the same name.
void add_random(Weights& weights, const std::string& name, const nn::Shape& shape, double scale);

Weights random_weights(const TransformerConfig& config);

}  // namespace symphony::models
