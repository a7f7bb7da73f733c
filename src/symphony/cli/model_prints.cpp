#include "symphony/cli/model_prints.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

namespace symphony::cli {

corpus::CopyPrints prints_of(const corpus::Dataset& dataset, const tokens::Tokenizer& tokenizer,
                             const Context& context) {
    return {corpus::copy_sources(dataset, corpus::Split::kTrain, tokenizer, context.threads,
                                 *context.progress),
            tokenizer.steps_per_quarter(), dataset.hash()};
}

std::optional<corpus::CopyPrints> open_model_prints(const MusicModel& model) {
    const auto path = model.loaded.folder / kPrintsFile;
    if (!std::filesystem::exists(path)) return std::nullopt;
    corpus::CopyPrints prints = corpus::read_copy_prints(path).value();
    const auto require_same = [&](const char* what, const auto& found, const auto& expected) {
        if (found != expected)
            throw base::Error(base::ErrorKind::kModel,
                              fmt::format("fingerprints of another {}, got {}, expected {}", what,
                                          found, expected),
                              path, "make them of the data set that the model learned");
    };
    require_same("grid", prints.steps_per_quarter(), model.tokenizer->steps_per_quarter());
    const base::Json& learned = model.loaded.provenance;
    if (learned.is_object() && learned.contains("data_sha256") &&
        learned["data_sha256"].is_string())
        require_same("data set", prints.data_sha256(), learned["data_sha256"].get<std::string>());
    return prints;
}

std::string guarantee_words(const corpus::CopyPrints& prints) {
    const corpus::PrintShape& shape = prints.shape();
    return fmt::format(
        "by fingerprints of {} notes: every match of {} notes or more is found, told with at most "
        "{} notes too few",
        shape.notes(), shape.sure_notes(), shape.unseen_notes());
}

}  // namespace symphony::cli
