// Weights of the role path, in the order of note_features and step_features. Made by
// `measure_roles --fit` on train files only, but for in_other_staff (set by hand: a
// merged piece has no staves to learn it from).
#include "symphony/score/role_path.h"

namespace symphony::score {

const PathWeights& melody_weights() {
    static const PathWeights kWeights{
        {-0.9302, 0.2731,  0.5302, 0.0905,  -1.1715, 0.4906, -0.9123, 0.0353,  -0.2609,
         -0.4846, -0.5590, 0.1314, 0.1991,  0.1912,  0.1282, -0.3669, -0.9313, 0.7367,
         -2.5022, -2.0000, 0.1731, -0.1967, -1.1183, 3.3716, 0.0907,  -0.6014, -1.7318,
         0.6373,  0.1603,  0.3550, -0.3419, 1.2780,  0.7668, -0.0577, 0.1197,  0.3242},
        {0.4160, 0.5529, 0.3530, 0.2206, 0.3595, -1.3323, -0.8652, 0.7550, -0.5448, -0.8321,
         -1.2887, 0.2863, -0.8065, 0.0728}};
    return kWeights;
}

const PathWeights& bass_weights() {
    static const PathWeights kWeights{
        {0.4392,  -0.1282, 1.7809,  1.4108,  1.1404, 5.0786, 0.6891,  2.2467,  0.5117,
         -1.8778, 0.5521,  0.3020,  -0.8712, 0.5746, 0.9328, -0.3796, -0.1083, 1.9746,
         2.6620,  -2.0000, -0.2877, -0.2694, 0.5341, 1.3298, 0.9142,  -0.6766, -0.6947,
         -0.3993, 0.2864,  -0.2164, 0.3369,  0.6174, 0.3106, 0.3265,  0.1127,  0.2565},
        {-0.2185, 0.8333, 0.2124, 0.6377, 1.0849, -1.2431, -1.2457, 0.7788, -0.7335, -0.7214,
         -0.2408, -0.1454, -0.0439, 0.0698}};
    return kWeights;
}

}  // namespace symphony::score
