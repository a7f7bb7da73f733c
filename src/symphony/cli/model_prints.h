// The fingerprints of what a model learned, which may come with it: MODEL/fingerprints.bin.
#pragma once

#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/copying/copy_prints.h"
#include "symphony/corpus/dataset.h"

#include <filesystem>
#include <optional>
#include <string>

namespace symphony::cli {

// Where they lie in a model's folder.
inline constexpr const char* kPrintsFile = "fingerprints.bin";

// Of the data set's training pieces.
corpus::CopyPrints prints_of(const corpus::Dataset& dataset, const tokens::Tokenizer& tokenizer,
                             const Context& context);

// None if the model has none. Throws Error (kModel) if they are damaged, or of another data set or
// grid than the model's.
std::optional<corpus::CopyPrints> open_model_prints(const MusicModel& model);

// "every match of 12 notes or more is found; ..."
std::string guarantee_words(const corpus::CopyPrints& prints);

}  // namespace symphony::cli
