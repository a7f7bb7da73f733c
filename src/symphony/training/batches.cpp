#include "symphony/training/batches.h"

#include "symphony/base/rng.h"

#include <algorithm>
#include <numeric>

namespace symphony::training {
namespace {

// Enough that a long piece does not hold up the lanes; what is held is bounded by it.
constexpr std::size_t kVariantsAhead = 8;

}  // namespace

BatchStream::BatchStream(const TrainingData& data, std::int64_t seed, int batch_size,
                         int sequence_length, bool vary_tempo)
    : data_(data),
      seed_(static_cast<std::uint64_t>(seed)),
      batch_size_(batch_size),
      sequence_length_(sequence_length),
      vary_tempo_(vary_tempo && !data.variant && data.tempo_ladder.size() > 1) {
    for (const TrainingPiece& piece : data.train)
        tokens_per_epoch_ += static_cast<std::int64_t>(piece.versions.front().size());
    if (vary_tempo_) {
        tempo_rank_.assign(static_cast<std::size_t>(data.vocabulary_size), -1);
        for (std::size_t rank = 0; rank < data.tempo_ladder.size(); ++rank)
            tempo_rank_[static_cast<std::size_t>(data.tempo_ladder[rank])] = static_cast<int>(rank);
    }
    rewind();
}

void BatchStream::rewind() {
    position_ = 0;
    epoch_ = 0;
    order_.clear();
    drawn_ = 0;
    dealt_ = 0;
    variants_.clear();
    lanes_.assign(static_cast<std::size_t>(batch_size_), Lane{});
}

BatchStream::Deal BatchStream::draw() {
    if (drawn_ == order_.size()) {
        if (!order_.empty()) ++epoch_;
        order_.resize(data_.train.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        base::Rng(seed_, "piece-order", epoch_).shuffle(std::span(order_));
        drawn_ = 0;
    }
    return {epoch_, order_[drawn_++]};
}

void BatchStream::deal_variant(Lane& lane) {
    while (variants_.size() < kVariantsAhead) {
        const Deal deal = draw();
        variants_.push_back(std::async(std::launch::async, [&make = data_.variant, deal] {
                                return std::make_shared<const std::vector<std::uint16_t>>(
                                    make(deal.epoch, deal.piece));
                            }).share());
    }
    lane.variant = variants_.front().get();
    variants_.pop_front();
    lane.ids = *lane.variant;
}

void BatchStream::deal_piece(Lane& lane) {
    ++dealt_;
    lane.position = 0;
    if (data_.variant) return deal_variant(lane);
    const auto [epoch, piece] = draw();
    const auto& versions = data_.train[piece].versions;
    base::Rng rng(seed_, "augmentation", epoch * data_.train.size() + piece);
    lane.ids = versions[rng.below(versions.size())];
    lane.tempo_shift = vary_tempo_ ? static_cast<int>(rng.below(3)) - 1 : 0;
}

int BatchStream::shifted_tempo(int id, int shift) const {
    if (shift == 0) return id;
    const int rank = tempo_rank_[static_cast<std::size_t>(id)];
    if (rank < 0) return id;
    const int last = static_cast<int>(data_.tempo_ladder.size()) - 1;
    return data_.tempo_ladder[static_cast<std::size_t>(std::clamp(rank + shift, 0, last))];
}

Batch BatchStream::next() {
    Batch batch;
    fill(batch);
    return batch;
}

void BatchStream::fill(std::span<Batch> batches) {
    for (Batch& batch : batches) fill(batch);
}

void BatchStream::fill(Batch& batch) {
    batch.batch_size = batch_size_;
    batch.sequence_length = sequence_length_;
    const std::size_t size =
        static_cast<std::size_t>(batch_size_) * static_cast<std::size_t>(sequence_length_);
    batch.inputs_BT.resize(size);
    batch.targets_BT.resize(size);
    batch.reset_BT.resize(size);
    std::size_t i = 0;
    for (Lane& lane : lanes_) {
        for (int t = 0; t < sequence_length_; ++t, ++i) {
            if (lane.position == lane.ids.size()) deal_piece(lane);
            const bool first = lane.position == 0;
            batch.reset_BT[i] = first;
            batch.inputs_BT[i] = first
                                     ? data_.end_token
                                     : shifted_tempo(lane.ids[lane.position - 1], lane.tempo_shift);
            batch.targets_BT[i] = shifted_tempo(lane.ids[lane.position], lane.tempo_shift);
            ++lane.position;
        }
    }
    ++position_;
}

void BatchStream::seek(std::int64_t position) {
    if (position < position_) rewind();
    for (; position_ < position; ++position_) {
        for (Lane& lane : lanes_) {
            std::size_t left = static_cast<std::size_t>(sequence_length_);
            while (left > 0) {
                if (lane.position == lane.ids.size()) deal_piece(lane);
                const std::size_t taken = std::min(left, lane.ids.size() - lane.position);
                lane.position += taken;
                left -= taken;
            }
        }
    }
}

double BatchStream::epoch() const {
    if (dealt_ == 0) return 0;
    const std::uint64_t pieces = data_.train.size(), whole = (dealt_ - 1) / pieces;
    return static_cast<double>(whole) +
           static_cast<double>(dealt_ - whole * pieces) / static_cast<double>(pieces);
}

EvaluationBatches::EvaluationBatches(const std::vector<std::vector<int>>& sequences, int end_token,
                                     int most_lanes, int sequence_length)
    : end_token_(end_token), sequence_length_(sequence_length) {
    std::vector<const std::vector<int>*> by_length;
    for (const auto& ids : sequences)
        if (!ids.empty()) by_length.push_back(&ids);
    std::stable_sort(by_length.begin(), by_length.end(),
                     [](const auto* a, const auto* b) { return a->size() > b->size(); });
    lanes_.resize(std::min(by_length.size(), static_cast<std::size_t>(most_lanes)));
    std::vector<std::size_t> loads(lanes_.size(), 0);
    for (const auto* ids : by_length) {
        const auto emptiest = std::min_element(loads.begin(), loads.end()) - loads.begin();
        lanes_[static_cast<std::size_t>(emptiest)].push_back(ids);
        loads[static_cast<std::size_t>(emptiest)] += ids->size();
    }
    sequence_.assign(lanes_.size(), 0);
    position_.assign(lanes_.size(), 0);
}

bool EvaluationBatches::next(Batch& batch) {
    batch.batch_size = lanes();
    batch.sequence_length = sequence_length_;
    const std::size_t size = lanes_.size() * static_cast<std::size_t>(sequence_length_);
    batch.inputs_BT.assign(size, end_token_);
    batch.targets_BT.assign(size, -1);
    batch.reset_BT.assign(size, 0);
    bool any = false;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
        for (int t = 0; t < sequence_length_; ++t) {
            if (sequence_[lane] == lanes_[lane].size()) break;
            const std::vector<int>& ids = *lanes_[lane][sequence_[lane]];
            const std::size_t i =
                lane * static_cast<std::size_t>(sequence_length_) + static_cast<std::size_t>(t);
            std::size_t& position = position_[lane];
            batch.reset_BT[i] = position == 0;
            batch.inputs_BT[i] = position == 0 ? end_token_ : ids[position - 1];
            batch.targets_BT[i] = ids[position];
            any = true;
            if (++position == ids.size()) {
                position = 0;
                ++sequence_[lane];
            }
        }
    return any;
}

}  // namespace symphony::training
