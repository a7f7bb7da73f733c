// Weights of the role path, in the order of note_features and step_features. Made by
// `measure_roles --fit` on train files only.
#include "symphony/score/role_path.h"

namespace symphony::score {

const PathWeights& melody_weights() {
    static const PathWeights kWeights{
        {0.0, 1.0, 2.0, -1.0, 0.0, 0.0, -0.5, 0.3, 0.0,  0.5,  -0.5,
         0.0, 0.0, 0.0, 0.0,  0.0, 0.0, 0.2,  0.0, -2.0, -0.5, 0.0},
        {0.3, 0.6, 0.2, -0.2, -0.3, -1.0, -0.5, 0.3, 0.0, -0.2, -0.5, -0.1, -1.0, 0.0}};
    return kWeights;
}

const PathWeights& bass_weights() { return melody_weights(); }

}  // namespace symphony::score
