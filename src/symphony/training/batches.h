// The endless stream of training batches. Each of B lanes reads piece after piece: the end token,
// then the piece's ids, the last of which is the end token again. A batch is the next T tokens of
// every lane, so a recurrent model carries lane b's state from batch to batch, and a transformer
// sees the same as packed windows (reset_BT marks where a piece begins).
//
// Each epoch deals all pieces to the lanes in a new order, each in one transposition. Order,
// transposition and tempo shift come from (seed, epoch, piece), never from a running generator, so
// that batch number i is the same however training got there. Where the data have variants (see
// variant_source.h), threads of the stream's own make the next few while the last ones are learned.
#pragma once

#include "symphony/training/trainee.h"
#include "symphony/training/training_data.h"

#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <span>
#include <vector>

namespace symphony::training {

class BatchStream {
  public:
    // `data` must outlive the stream. Precondition: data.train is not empty.
    BatchStream(const TrainingData& data, std::int64_t seed, int batch_size, int sequence_length,
                bool vary_tempo);

    Batch next();
    // The next batches.size() ones, in the memory of those that were there.
    void fill(std::span<Batch> batches);
    // Number of the batch that comes next, from 0.
    std::int64_t position() const { return position_; }
    // Goes to batch `position`. Costs a walk over the pieces between, not over their tokens (but
    // variants are made for their lengths).
    void seek(std::int64_t position);

    // Epochs dealt out so far, as a fraction of the pieces.
    double epoch() const;
    // Tokens of one pass over the pieces as written.
    std::int64_t tokens_per_epoch() const { return tokens_per_epoch_; }

  private:
    struct Lane {
        std::span<const std::uint16_t> ids;
        std::shared_ptr<const std::vector<std::uint16_t>> variant;  // holds the ids, or empty
        std::size_t position = 0;
        int tempo_shift = 0;  // classes
    };
    // A piece to be read, in that epoch.
    struct Deal {
        std::uint64_t epoch = 0;
        std::size_t piece = 0;
    };
    using Variant = std::shared_ptr<const std::vector<std::uint16_t>>;

    void fill(Batch& batch);
    void rewind();
    Deal draw();
    void deal_variant(Lane& lane);
    void deal_piece(Lane& lane);
    int shifted_tempo(int id, int shift) const;

    const TrainingData& data_;
    std::uint64_t seed_;
    int batch_size_, sequence_length_;
    bool vary_tempo_;
    std::int64_t tokens_per_epoch_ = 0;
    std::vector<int> tempo_rank_;  // place of each id on the tempo ladder, -1: no tempo token

    std::int64_t position_ = 0;
    std::uint64_t epoch_ = 0;                           // of the pieces now drawn
    std::vector<std::size_t> order_;                    // of that epoch
    std::size_t drawn_ = 0;                             // pieces of order_ already drawn
    std::uint64_t dealt_ = 0;                           // pieces that lanes have been given
    std::deque<std::shared_future<Variant>> variants_;  // drawn, and being made
    std::vector<Lane> lanes_;
};

// Whole sequences as batches for evaluation: each sequence stays in one lane (end token first,
// state carried from batch to batch), lanes are filled in turn with the longest sequence left, and
// what remains of a lane is padding (target -1). Every token of every sequence is predicted once.
class EvaluationBatches {
  public:
    // `sequences` must outlive this. At most `most_lanes` lanes.
    EvaluationBatches(const std::vector<std::vector<int>>& sequences, int end_token, int most_lanes,
                      int sequence_length);

    int lanes() const { return static_cast<int>(lanes_.size()); }
    // False when all is done; else `batch` is the next one.
    bool next(Batch& batch);

  private:
    int end_token_, sequence_length_;
    std::vector<std::vector<const std::vector<int>*>> lanes_;
    std::vector<std::size_t> sequence_, position_;  // where each lane reads
};

}  // namespace symphony::training
