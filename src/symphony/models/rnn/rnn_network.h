// The hand-written Elman RNN (Elman, "Finding structure in time", 1990): embedding, tanh
// recurrence, softmax, and its gradient by truncated backpropagation through time. docs/rnn.md
// derives every equation; the numbers (1) to (15) in the sources are its numbers.
//
// It has two heads. Tokens: an id is one of V, and softmax deals out one probability among them.
// Frames: an id is a set of V keys (models/key_sets.h), and each key has a probability of its own.
//
// Shapes: B lanes, T steps, V tokens or keys, E embedding, H units. A batch lies as columns: lane b
// at step t is column t * B + b. Float for training, double for the tests' finite differences.
#pragma once

#include "symphony/models/key_sets.h"
#include "symphony/models/rnn/rnn_layout.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace symphony::models::rnn {

// B x T tokens, row-major. targets may be -1 (nothing to predict) or empty (only logits are
// wanted); reset[b,t] = 1 zeroes lane b's state before step t.
struct Block {
    int lanes = 0, steps = 0;
    std::span<const int> inputs_BT, targets_BT;
    std::span<const std::uint8_t> reset_BT;
};

// Which activations are dropped: drawn from (seed, index), the same on every call.
struct Dropout {
    double rate = 0;  // 0: none
    std::uint64_t seed = 0, index = 0;
};

struct BlockLoss {
    double nats = 0;  // summed over the predicted tokens
    std::int64_t tokens = 0;
    std::int64_t hits = 0;  // most probable token, or frame, was the right one
};

// The terms of the gradient, one line of rnn_backward.cpp each.
enum class Term {
    kNone,
    kSoftmax,           // (7)  the probabilities pull the logits down
    kTarget,            // (7)  the right token pulls its logit up
    kOutputWeights,     // (8)
    kOutputBias,        // (9)
    kFromOutput,        // (10) from the logits into the state
    kThroughTime,       // (10) from the next step's state
    kTanhSlope,         // (11)
    kInputWeights,      // (12)
    kRecurrentWeights,  // (13)
    kBias,              // (14)
    kEmbedding,         // (15)
};

template <class T>
class RnnNetwork {
  public:
    // Weights are zero until initialise() or assignment. With `frames`, ids are theirs.
    // Precondition: then sizes.vocabulary == frames->keys().
    explicit RnnNetwork(const RnnSizes& sizes, std::shared_ptr<const KeySets> frames = nullptr);

    // Uniform in +-1/sqrt(fan-in); the recurrence orthogonal (Saxe et al. 2014), so that the state
    // neither dies nor explodes at first; biases zero.
    void initialise(std::uint64_t seed);

    const RnnSizes& sizes() const { return sizes_; }
    const RnnLayout& layout() const { return layout_; }
    bool reads_frames() const { return frames_ != nullptr; }
    std::span<T> weights() { return weights_; }
    std::span<const T> weights() const { return weights_; }
    std::span<T> gradient() { return gradient_; }
    std::span<T> slice(std::vector<T>& flat, const Slice& s) const;

    // Equations (1) to (6). state_HB (column-major, H x lanes) is carried: read at the first step,
    // replaced by the last step's. Keeps what backward() needs.
    BlockLoss forward(const Block& block, const Dropout& dropout, std::span<T> state_HB);
    // Equations (7) to (15): adds scale * d(sum of nats)/d(weights) of the last forward() to
    // gradient(). `left_out` omits one term, for the test that shows that each is needed.
    // Precondition: the last forward() had targets.
    void backward(T scale, Term left_out = Term::kNone);
    void clear_gradient();

    // Probabilities of the last forward(): V numbers for lane b at step t.
    std::span<const T> probabilities(int lane, int step) const;
    // Logits likewise, where forward() had no targets.
    std::span<const T> logits(int lane, int step) const { return probabilities(lane, step); }

    // |d nats(last step) / d h(last step - k)| for k = 0 .. distance - 1, averaged over lanes: how
    // far back the last forward()'s losses reach. Precondition: distance <= steps.
    std::vector<double> gradient_norm_by_distance(int distance) const;

    std::int64_t activation_bytes() const;

  private:
    void reserve(int lanes, int steps);
    // The rows of E and entries of y that an id stands for: itself, or a frame's keys.
    std::span<const int> meaning(const int& id) const {
        return frames_ ? (*frames_)[id] : std::span(&id, 1);
    }
    void add_loss(int column, BlockLoss& loss);
    void drop(std::span<T> values, std::span<T> mask, const Dropout& dropout, const char* purpose);

    RnnSizes sizes_;
    RnnLayout layout_;
    std::shared_ptr<const KeySets> frames_;  // null: ids are tokens
    std::vector<T> weights_, gradient_;

    // Of the last forward(), sized for the largest block so far; columns are (t, b).
    int lanes_ = 0, steps_ = 0;
    Dropout dropout_;
    std::vector<int> input_ids_, target_ids_;
    std::vector<std::uint8_t> resets_;
    std::vector<T> inputs_E_, previous_H_, hidden_H_, dropped_H_, outputs_V_;
    std::vector<T> mask_E_, mask_H_;
    // Of backward().
    std::vector<T> d_outputs_V_, d_hidden_H_, d_inputs_E_, d_next_H_;
};

}  // namespace symphony::models::rnn
