#include "symphony/training/variant_source.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/sha256.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/augment.h"
#include "symphony/corpus/read_music.h"

#include <algorithm>
#include <set>

namespace symphony::training {
namespace {

using corpus::Split;

constexpr int kDraws = 8;

// Rounding is what a change of speed or loudness is for; anything else lost is music.
bool holds_as_much(const std::map<std::string, std::int64_t>& losses,
                   const std::map<std::string, std::int64_t>& as_written) {
    static const std::set<std::string> kRounding{"velocity-rounded", "tempo-rounded"};
    return std::all_of(losses.begin(), losses.end(), [&](const auto& loss) {
        const auto before = as_written.find(loss.first);
        return kRounding.contains(loss.first) ||
               (before != as_written.end() && loss.second <= before->second);
    });
}

Ids narrow(const std::vector<int>& ids) { return Ids(ids.begin(), ids.end()); }

[[noreturn]] void changed(const std::string& path) {
    throw base::Error(base::ErrorKind::kInput,
                      "the file is no longer the music that the data set was made of", path,
                      "prepare the data set again, or train without --augment");
}

}  // namespace

VariantSource::VariantSource(const corpus::Dataset& dataset, corpus::VariantOptions options,
                             std::uint64_t seed, int threads)
    : options_(std::move(options)),
      shaping_(corpus::shaping_of(dataset.description())),
      seed_(seed),
      tokenizer_(tokens::tokenizer_from_json(dataset.tokenizer_json(),
                                             dataset.folder() / "tokenizer.json")) {
    for (const int index : dataset.pieces_of(Split::kTrain)) {
        const corpus::PieceInfo& piece = dataset.pieces()[static_cast<std::size_t>(index)];
        Source& source = sources_.emplace_back();
        source.path = piece.path;
        source.losses = piece.losses;
        for (const int s : piece.sequences) {
            const auto& sequence = dataset.sequences(Split::kTrain)[static_cast<std::size_t>(s)];
            source.transpositions.push_back(sequence.transposition);
            if (!source.as_written.empty()) continue;
            const auto ids = dataset.ids(Split::kTrain, sequence);
            source.as_written.assign(ids.begin(), ids.end());
        }
    }
    // Without prepared keys the ranges of the instruments say which there are.
    const bool keys_are_prepared =
        std::any_of(sources_.begin(), sources_.end(),
                    [](const Source& source) { return source.transpositions.size() > 1; });
    const bool needs_ranges = options_.is_on("transpose") && !keys_are_prepared;
    std::vector<score::Score> scores(needs_ranges ? sources_.size() : 0);
    base::parallel_for(sources_.size(), threads, [&](std::size_t i) {
        base::throw_if_stop_requested();
        Source& source = sources_[i];
        const std::string bytes = base::read_settled_file(source.path).value();
        source.sha256 = base::sha256_hex(bytes);
        score::Score score = corpus::score_of(bytes, source.path);
        if (narrow(tokenizer_->encode(corpus::shaped(score, shaping_)).ids) != source.as_written)
            changed(source.path);
        if (needs_ranges) scores[i] = std::move(score);
    });
    if (!needs_ranges) return;
    std::vector<const score::Score*> pointers;
    for (const score::Score& score : scores) pointers.push_back(&score);
    const corpus::PartRanges ranges(pointers);
    for (std::size_t i = 0; i < sources_.size(); ++i)
        sources_[i].transpositions = ranges.transpositions(scores[i]);
}

score::Score VariantSource::read(const Source& source) const {
    const std::string bytes = base::read_settled_file(source.path).value();
    if (base::sha256_hex(bytes) != source.sha256) changed(source.path);
    return corpus::score_of(bytes, source.path);
}

Ids VariantSource::ids(std::uint64_t epoch, std::size_t piece) const {
    const Source& source = sources_.at(piece);
    const score::Score score = read(source);
    base::Rng rng(seed_, "variant", epoch * sources_.size() + piece);
    for (int draw = 0; draw < kDraws; ++draw) {
        const corpus::Variant variant =
            corpus::draw_variant(rng, score, source.transpositions, options_);
        const tokens::Encoded encoded =
            tokenizer_->encode(corpus::shaped(corpus::varied(score, variant), shaping_));
        if (holds_as_much(encoded.losses, source.losses)) return narrow(encoded.ids);
    }
    return source.as_written;
}

}  // namespace symphony::training
