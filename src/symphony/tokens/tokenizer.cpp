#include "symphony/tokens/tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/tokens/stream_tokenizer.h"

#include <algorithm>

namespace symphony::tokens {
namespace {

void check_scheme(const std::string& scheme) {
    const std::vector<std::string> names = scheme_names();
    if (std::find(names.begin(), names.end(), scheme) != names.end()) return;
    const std::string near = base::nearest_name(scheme, names);
    throw base::Error(base::ErrorKind::kUsage,
                      "unknown token scheme '" + scheme + "', expected note or remi", {},
                      near.empty() ? "" : "did you mean " + near + "?");
}

// The share of notes whose onset or end does not lie on a grid of 12 steps per quarter.
double lossy_share_at_12(std::span<const score::Score> scores) {
    std::int64_t notes = 0, lossy = 0;
    for (const score::Score& score : scores) {
        for (const score::Part& part : score.parts) {
            for (const score::Note& note : part.notes) {
                ++notes;
                lossy += note.onset.value * 12 % score.ticks_per_quarter != 0 ||
                         note.duration.value * 12 % score.ticks_per_quarter != 0;
            }
        }
    }
    return notes == 0 ? 0 : static_cast<double>(lossy) / static_cast<double>(notes);
}

}  // namespace

std::vector<std::string> scheme_names() { return {"note", "remi"}; }

std::unique_ptr<Tokenizer> learn_tokenizer(std::span<const score::Score> scores,
                                           const TokenizerOptions& options) {
    check_scheme(options.scheme);
    int steps = options.steps_per_quarter;
    if (steps == 0) steps = lossy_share_at_12(scores) <= options.max_lossy_share ? 12 : 24;
    const bool remi = options.scheme == "remi";
    LayoutLearner learner(options.scheme, steps, /*has_parts=*/remi, /*has_chords=*/!remi);
    std::size_t notes = 0;
    for (const score::Score& score : scores) {
        const GridPiece piece = grid_piece(score, steps, /*merge_parts=*/!remi);
        learner.add(piece);
        notes += piece.notes.size();
    }
    if (notes == 0)
        throw base::Error(base::ErrorKind::kInput, "no notes to learn tokens from in " +
                                                       std::to_string(scores.size()) + " pieces");
    return std::make_unique<StreamTokenizer>(learner.finish());
}

std::unique_ptr<Tokenizer> tokenizer_from_json(const base::Json& json, const std::string& path) {
    LayoutValues values = layout_values_from_json(json, path);
    const std::vector<std::string> names = scheme_names();
    if (std::find(names.begin(), names.end(), values.scheme) == names.end())
        throw base::Error(
            base::ErrorKind::kModel,
            "tokenizer.json has the scheme '" + values.scheme + "', expected note or remi", path);
    return std::make_unique<StreamTokenizer>(std::move(values));
}

}  // namespace symphony::tokens
