#include "symphony/cli/copy_limit.h"

#include "symphony/base/error.h"
#include "symphony/cli/model_prints.h"
#include "symphony/corpus/dataset.h"

#include <fmt/format.h>

namespace symphony::cli {

namespace {

generate::CopyLimit limit_by_prints(const MusicModel& model, int bars, const Context& context) {
    auto prints = open_model_prints(model);
    if (!prints)
        throw base::Error(base::ErrorKind::kUsage,
                          "--max-copy: --data is missing, and no fingerprints come with the model",
                          model.run,
                          "give the data set that the model learned: its training pieces are "
                          "what must not be copied");
    const corpus::PrintShape shape = prints->shape();
    context.progress->note(fmt::format(
        "--max-copy: by fingerprints: no match of {} notes or more, {} at each end left out, "
        "reaches farther than {} bars",
        shape.sure_notes(), shape.window - 1, bars));
    return generate::limit_by(std::make_shared<const corpus::CopyPrints>(std::move(*prints)), bars);
}

}  // namespace

generate::CopyLimit open_copy_limit(const MusicModel& model, const std::string& data, int bars,
                                    const Context& context) {
    if (generate::bar_tokens(*model.tokenizer).empty())
        throw base::Error(base::ErrorKind::kUsage,
                          "--max-copy: got the scheme " + model.tokenizer->scheme() +
                              ", expected one with Bar tokens",
                          {}, "symphony copying says what the takes have in common with the data");
    if (data.empty()) return limit_by_prints(model, bars, context);
    const corpus::Dataset dataset = corpus::Dataset::open(data);
    const base::Json& learned = model.loaded.provenance;
    const bool is_known = learned.is_object() && learned.contains("data_sha256") &&
                          learned["data_sha256"].is_string();
    if (is_known && learned["data_sha256"] != dataset.hash())
        throw base::Error(
            base::ErrorKind::kUsage,
            fmt::format("--data: the model learned another data set, got {:.12}, expected {:.12}",
                        dataset.hash(), learned["data_sha256"].get<std::string>()),
            data, "give the data set that it was trained on");
    if (dataset.tokenizer_json() != model.loaded.tokenizer)
        throw base::Error(base::ErrorKind::kUsage,
                          "--data: the data set has other tokens than the model", data,
                          "give the data set that it was trained on");
    if (!is_known)
        context.progress->note("the model does not say what it learned; copies are looked for in " +
                               data);
    auto sources = corpus::copy_sources(dataset, corpus::Split::kTrain, *model.tokenizer,
                                        context.threads, *context.progress);
    return generate::limit_by(std::make_shared<const corpus::CopyIndex>(
                                  std::move(sources), std::vector{corpus::CopySense::kTransposed},
                                  context.threads, *context.progress),
                              bars);
}

}  // namespace symphony::cli
