// Frame-level likelihood as the piano-roll papers count it, and their simplest model. Source:
// Boulanger-Lewandowski et al., "Modeling temporal dependencies in high-dimensional sequences",
// 2012, table 1.
#pragma once

#include "symphony/tokens/frames.h"

#include <cstdint>
#include <vector>

namespace symphony::bench {

using FramePieces = std::vector<std::vector<tokens::Frame>>;

// Nats summed over frames. Every frame weighs the same, whatever the length of its piece; the mean
// of the pieces' means is another number and no paper's.
class FrameNats {
  public:
    void add(double nats, bool is_first_of_piece);
    // Mean over all frames: the convention of Boulanger-Lewandowski et al.
    double per_frame() const;
    // Mean over the frames after each piece's first: what the code of Bai et al. 2018 (the TCN
    // paper) reports. NaN if there is none.
    double per_frame_after_first() const;
    std::int64_t frames() const { return frames_; }

  private:
    double all_ = 0, first_ = 0;
    std::int64_t frames_ = 0, pieces_ = 0;
};

// "Note 1-gram": each key sounds on its own as often as in `train` (clipped to 1e-6 from 0 and 1).
FrameNats note_unigram(const FramePieces& train, const FramePieces& held_out);

}  // namespace symphony::bench
