#include "symphony/cli/held_out_data.h"

#include "symphony/base/error.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/prepare.h"

#include <fmt/format.h>

namespace symphony::cli {

namespace fs = std::filesystem;

namespace {

std::string tokens_in_words(const base::Json& tokenizer) {
    const auto parsed = tokens::tokenizer_from_json(tokenizer);
    return fmt::format("{} with {} tokens", parsed->scheme(), parsed->vocabulary().size());
}

}  // namespace

HeldOutData::HeldOutData(fs::path folder, const Context& context)
    : folder_(std::move(folder)),
      context_(context),
      is_dataset_(fs::exists(folder_ / "dataset.json")) {}

const corpus::Dataset& HeldOutData::for_model(const MusicModel& model) {
    if (!is_dataset_) return prepared_with(model);
    if (!opened_.contains("")) opened_.emplace("", corpus::Dataset::open(folder_));
    const corpus::Dataset& dataset = opened_.at("");
    if (dataset.tokenizer_json() != model.loaded.tokenizer)
        throw base::Error(
            base::ErrorKind::kModel,
            fmt::format("the model and the data set {} have different tokens: got {}, "
                        "expected {}",
                        folder_.string(), tokens_in_words(dataset.tokenizer_json()),
                        tokens_in_words(model.loaded.tokenizer)),
            model.run.string(),
            fmt::format("give the folder of music itself, or: symphony prepare MUSIC "
                        "--tokenizer {}",
                        (model.loaded.folder / "tokenizer.json").string()));
    return dataset;
}

const corpus::Dataset& HeldOutData::prepared_with(const MusicModel& model) {
    const std::string key = model.loaded.tokenizer.dump();
    if (const auto known = opened_.find(key); known != opened_.end()) return known->second;
    if (!scratch_) scratch_.emplace();
    corpus::PrepareOptions options;
    options.scheme = model.tokenizer->scheme();
    options.tokenizer_file = (model.loaded.folder / "tokenizer.json").string();
    options.augment = false;
    const fs::path target = scratch_->path() / std::to_string(opened_.size());
    const auto result = corpus::prepare(
        folder_, target, options, static_cast<std::uint64_t>(context_.seed), context_.threads,
        *context_.progress, corpus::IndexOptions().place(folder_, *context_.progress));
    context_.progress->note(
        fmt::format("{}: split as `symphony prepare --seed {}` splits it; pieces that a model was "
                    "trained on under another split are not held out",
                    folder_.string(), context_.seed));
    return opened_.emplace(key, corpus::Dataset::open(target)).first->second;
}

}  // namespace symphony::cli
