#include "symphony/bench/quality/frame_baselines.h"

#include <algorithm>
#include <cmath>

namespace symphony::bench {
namespace {

constexpr double kLeastShare = 1e-6;

}  // namespace

void FrameNats::add(double nats, bool is_first_of_piece) {
    all_ += nats;
    ++frames_;
    if (!is_first_of_piece) return;
    first_ += nats;
    ++pieces_;
}

double FrameNats::per_frame() const { return all_ / static_cast<double>(frames_); }

double FrameNats::per_frame_after_first() const {
    return (all_ - first_) / static_cast<double>(frames_ - pieces_);
}

FrameNats note_unigram(const FramePieces& train, const FramePieces& held_out) {
    std::vector<double> share(tokens::kKeys, 0);
    double frames = 0;
    for (const auto& piece : train)
        for (const tokens::Frame& frame : piece) {
            ++frames;
            for (std::size_t key = 0; key < share.size(); ++key) share[key] += frame.test(key);
        }
    for (double& s : share) s = std::clamp(s / frames, kLeastShare, 1 - kLeastShare);
    FrameNats nats;
    for (const auto& piece : held_out)
        for (std::size_t t = 0; t < piece.size(); ++t)
            nats.add(-tokens::log_likelihood(piece[t], share), t == 0);
    return nats;
}

}  // namespace symphony::bench
