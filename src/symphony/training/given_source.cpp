#include "symphony/training/given_source.h"

#include "symphony/tokens/stream_tokenizer.h"

#include <algorithm>

namespace symphony::training {
namespace {

// Bars of a stretch, and of a gap.
constexpr std::uint64_t kLongestStretch = 16, kLongestGap = 8;
// Bars that are given after a gap.
constexpr std::size_t kBarsAfterGap = 2;
// How probable it is that a stretch is composed freely; the others are gaps and accompaniments, as
// many of each.
constexpr double kFree = 0.3;
// How probable it is that a gap is in all parts.
constexpr double kWholeGap = 0.5;

// Some parts, neither none nor all of them. Precondition: at least two.
std::vector<bool> some_parts(base::Rng& rng, std::size_t parts) {
    std::vector<bool> chosen(parts);
    std::size_t count = 0;
    while (count == 0 || count == parts) {
        count = 0;
        for (std::size_t p = 0; p < parts; ++p) {
            chosen[p] = rng.below(2) == 1;
            count += chosen[p];
        }
    }
    return chosen;
}

void give(tokens::GivenCells& given, std::size_t from, std::size_t to,
          const std::vector<bool>& parts) {
    for (std::size_t b = from; b < std::min(to, given.cells.size()); ++b) given.cells[b] = parts;
}

}  // namespace

tokens::GivenCells draw_given(base::Rng& rng, const tokens::GridPiece& piece) {
    const std::size_t parts = piece.parts.size(), bars = piece.bars.size();
    tokens::GivenCells given{.cells{bars, std::vector<bool>(parts, false)}};
    std::size_t b = 0;
    while (b < bars) {
        const double kind = rng.uniform();
        const bool is_gap = kind < kFree + (1 - kFree) / 2;
        const std::size_t stretch =
            1 + rng.below(kind >= kFree && is_gap ? kLongestGap : kLongestStretch);
        if (kind < kFree) {
            b += stretch;
        } else if (is_gap) {
            const bool whole = parts < 2 || rng.uniform() < kWholeGap;
            if (!whole) give(given, b, b + stretch, some_parts(rng, parts));
            b += stretch;
            give(given, b, b + kBarsAfterGap, std::vector<bool>(parts, true));
            b += kBarsAfterGap;
        } else {
            if (parts > 1) give(given, b, b + stretch, some_parts(rng, parts));
            b += stretch;
        }
    }
    return given;
}

GivenSource::GivenSource(const base::Json& tokenizer_json, VariantFunction pieces, double share,
                         std::uint64_t seed)
    : tokenizer_(std::make_unique<tokens::StreamTokenizer>(
          tokens::layout_values_from_json(tokenizer_json, "tokenizer.json"))),
      pieces_(std::move(pieces)),
      share_(share),
      seed_(seed) {}

GivenSource::~GivenSource() = default;

std::vector<std::uint16_t> GivenSource::ids(std::uint64_t epoch, std::size_t piece) const {
    std::vector<std::uint16_t> ids = pieces_(epoch, piece);
    base::Rng rng(seed_, "given", epoch << 32 | piece);
    if (rng.uniform() >= share_) return ids;
    const tokens::GridPiece read =
        tokenizer_->read(std::vector<tokens::TokenId>(ids.begin(), ids.end()));
    const tokens::Encoded encoded = tokenizer_->encode_with_given(read, draw_given(rng, read));
    return {encoded.ids.begin(), encoded.ids.end()};
}

bool can_be_given(const base::Json& tokenizer_json) {
    return tokenizer_json.value("has_given", false);
}

VariantFunction stored_versions(const TrainingData& data, std::uint64_t seed) {
    return [&data, seed](std::uint64_t epoch, std::size_t piece) {
        const auto& versions = data.train[piece].versions;
        base::Rng rng(seed, "augmentation", epoch * data.train.size() + piece);
        const auto ids = versions[rng.below(versions.size())];
        return std::vector<std::uint16_t>(ids.begin(), ids.end());
    };
}

}  // namespace symphony::training
