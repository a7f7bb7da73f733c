// How the schemes remi and note learn their layout from pieces.
#include "symphony/base/error.h"
#include "symphony/tokens/learners.h"
#include "symphony/tokens/stream_tokenizer.h"

#include <optional>

namespace symphony::tokens {
namespace {

// Notes whose onset or length does not lie on a grid of 12 steps per quarter.
std::size_t lossy_notes_at_12(const score::Score& score) {
    std::size_t lossy = 0;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            lossy += note.onset.value * 12 % score.ticks_per_quarter != 0 ||
                     note.duration.value * 12 % score.ticks_per_quarter != 0;
    return lossy;
}

// Whether 12 steps are enough is known when all pieces were seen: until then both are learned, or
// 24 alone once 12 are out of the question.
class StreamLearner final : public NoteCountingLearner {
  public:
    explicit StreamLearner(const TokenizerOptions& options) : options_(options) {
        StreamOptions& stream = options_.stream;
        stream.parts = stream.parts && options.scheme == "remi";
        stream.chords = stream.chords || options.scheme == "note";
        if (options.steps_per_quarter != 0) {
            coarse_.emplace(layout_learner(options.steps_per_quarter));
        } else {
            coarse_.emplace(layout_learner(12));
            fine_.emplace(layout_learner(24));
        }
    }

  private:
    LayoutLearner layout_learner(int steps) const {
        return {options_.scheme, steps, options_.stream};
    }
    void learn(const score::Score& score) override {
        source_notes_ += score.note_count();
        if (fine_) lossy_notes_ += lossy_notes_at_12(score);
        if (fine_ && lossy_notes_ > 0 && options_.max_lossy_share <= 0) coarse_.reset();
        for (auto* learner : {&coarse_, &fine_}) {
            if (!*learner) continue;
            const GridPiece piece =
                grid_piece(score, {.steps_per_quarter = (*learner)->steps_per_quarter(),
                                   .merge_parts = !options_.stream.parts,
                                   .micro_timing_bins = options_.stream.micro_timing_bins,
                                   .pedal = options_.stream.pedal,
                                   .controls = options_.stream.controls});
            (*learner)->add(piece);
            grid_notes_ += piece.notes.size();
        }
    }
    void learn_from(const NoteCountingLearner& other) override {
        const auto& same = dynamic_cast<const StreamLearner&>(other);
        source_notes_ += same.source_notes_;
        lossy_notes_ += same.lossy_notes_;
        grid_notes_ += same.grid_notes_;
        if (!same.coarse_) coarse_.reset();
        if (coarse_) coarse_->merge(*same.coarse_);
        if (fine_) fine_->merge(*same.fine_);
    }
    std::unique_ptr<Tokenizer> learned() const override {
        if (grid_notes_ == 0)
            throw base::Error(base::ErrorKind::kInput, "no notes to learn tokens from in " +
                                                           std::to_string(pieces()) + " pieces");
        const double lossy_share =
            static_cast<double>(lossy_notes_) / static_cast<double>(source_notes_);
        const bool take_coarse = !fine_ || (coarse_ && lossy_share <= options_.max_lossy_share);
        return std::make_unique<StreamTokenizer>((take_coarse ? coarse_ : fine_)->finish());
    }

    TokenizerOptions options_;
    std::optional<LayoutLearner> coarse_, fine_;
    std::size_t source_notes_ = 0, lossy_notes_ = 0, grid_notes_ = 0;
};

}  // namespace

std::unique_ptr<TokenizerLearner> stream_learner(const TokenizerOptions& options) {
    return std::make_unique<StreamLearner>(options);
}

}  // namespace symphony::tokens
