#include "symphony/cli/train_sample.h"

#include "symphony/generate/composer.h"
#include "symphony/io/midi_writer.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

constexpr int kPrimeBars = 2, kSampleBars = 8;

// The beginning of the first held-out piece that is long enough for a sample; none is.
std::optional<generate::Prime> find_prime(const tokens::Tokenizer& tokenizer,
                                          const training::TrainingData& data) {
    for (const auto& ids : data.valid) {
        const score::Score piece = tokenizer.decode(ids);
        if (static_cast<int>(score::bars_of(piece).size()) >= kSampleBars)
            return generate::make_prime(tokenizer, piece, kPrimeBars, kSampleBars, "held out");
    }
    return std::nullopt;
}

}  // namespace

training::SampleFunction sample_function(const corpus::Dataset& dataset,
                                         const training::TrainingData& data,
                                         const std::filesystem::path& folder, std::int64_t seed) {
    const std::shared_ptr<tokens::Tokenizer> tokenizer =
        tokens::tokenizer_from_json(dataset.tokenizer_json(), dataset.folder() / "tokenizer.json");
    generate::Request request;
    request.bars = kSampleBars;
    request.prime = find_prime(*tokenizer, data);
    request.seed = static_cast<std::uint64_t>(seed);
    for (int id : data.unseen) {
        request.unseen.resize(static_cast<std::size_t>(data.vocabulary_size), 0);
        request.unseen[static_cast<std::size_t>(id)] = 1;
    }
    return [tokenizer, request, folder](std::unique_ptr<models::LanguageModel> model,
                                        std::int64_t step) {
        const auto hand_over = [&] { return std::move(model); };
        const auto takes = generate::compose(hand_over, *tokenizer, request, /*count=*/1,
                                             /*threads=*/1, base::silent_progress());
        const generate::Take& take = takes.front();
        io::write_midi_file(folder / fmt::format("step-{:06}.mid", step), take.score);
        return std::vector<int>(take.ids.begin() + take.prime_tokens, take.ids.end());
    };
}

}  // namespace symphony::cli
