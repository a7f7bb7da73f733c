// The run's diary, written twice from the same numbers: metrics.jsonl (one JSON object per line,
// the source of truth) and a TensorBoard event file (every number as "<split or event>/<name>").
//
// Lines of metrics.jsonl, all with "event", "step" and "seconds" (of training so far):
//   {"event":"start", "parameters", "vocabulary_size", "uniform_loss": ln V, "tokens_per_epoch"}
//   {"event":"step", "split":"train", "epoch", "loss", "gradient_norm", "learning_rate", "tokens"}
//   {"event":"evaluation", "split":"train"|"valid", "epoch", "loss", "accuracy", "tokens"}
//   {"event":"sample", "distinct_pitches", "longest_repeat", "entropy_bits", "data": {...},
//    "warnings": [...]}
//   {"event":"end", "reason", "best_step", "best_valid_loss", "test_loss", "test_accuracy"}
// Losses are mean nats per token; "step" counts optimiser steps done; long runs average several
// steps into one "step" line. A half last line (after a crash) is to be ignored.
#pragma once

#include "symphony/base/json.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace symphony::training {

class MetricsLog {
  public:
    // How much of both files belongs to the checkpoint that training goes on from; what comes after
    // is cut off when the log is opened again.
    struct Position {
        std::uint64_t metrics_bytes = 0;
        std::string events_file;  // empty: a new one
        std::uint64_t events_bytes = 0;
    };

    // Opens or creates both files in `folder`. Throws Error (kInput).
    MetricsLog(const std::filesystem::path& folder, const Position& position);
    ~MetricsLog();
    MetricsLog(const MetricsLog&) = delete;
    MetricsLog& operator=(const MetricsLog&) = delete;

    // Precondition: an object with "event" and "step".
    void write(const base::Json& line);
    const Position& position() const { return position_; }

  private:
    Position position_;
    std::filesystem::path folder_;
    int metrics_fd_ = -1, events_fd_ = -1;
};

}  // namespace symphony::training
