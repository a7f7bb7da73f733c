// symphony import DIR: a published model as one of ours.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"
#include "symphony/cli/made_model_folder.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/cli/version.h"
#include "symphony/models/import/import_model.h"
#include "symphony/tokens/plain_tokenizer.h"
#include "symphony/tokens/tokenizer.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

base::Json tokenizer_json(const models::ImportedModel& model) {
    if (!model.scheme.empty()) return tokens::tokenizer_json_head(model.scheme);
    return base::read_json_file(model.miditok_file).value();
}

// With MidiTok's tokens: what a piece begins with in training there.
void set_start_token(const tokens::Tokenizer& tokenizer, models::ImportedModel& model) {
    if (!model.scheme.empty()) return;
    const tokens::TokenId begin = tokenizer.vocabulary().find("BOS_None");
    if (begin < 0)
        throw base::Error(base::ErrorKind::kModel,
                          "the tokenizer has no token BOS, which a piece begins with",
                          model.miditok_file.string());
    model.config["bos_token_id"] = begin;
    model.config["eos_token_id"] = tokenizer.end_token();
}

class Import : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("folder", folder_,
                                 "folder of a published model: config.json, model.safetensors");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table.add("output", output_, "folder to write, for generate and evaluate").value_name =
            "MODEL";
    }

    int run(const Context& context) override {
        base::ReplacedFolder target = made_model_folder(output_, "imported");
        models::ImportedModel model = models::import_model(folder_);
        const base::Json tokens_json = tokenizer_json(model);
        const auto tokenizer =
            tokens::tokenizer_from_json(tokens_json, model.miditok_file.string());
        set_start_token(*tokenizer, model);
        write(target.fresh(), tokens_json, model);
        // Opened as the other verbs will: what they would refuse is refused now.
        const MusicModel opened = open_music_model(target.fresh(), nn::WeightPrecision::kBf16);
        target.put_in_place();
        for (const std::string& remark : model.remarks) context.progress->note(remark);
        report(context, opened, model);
        return 0;
    }

  private:
    void write(const fs::path& folder, const base::Json& tokens_json,
               models::ImportedModel& model) const {
        base::Json sources = base::Json::array();
        for (const fs::path& path : model.sources)
            sources.push_back(
                {{"file", path.filename().string()}, {"sha256", base::sha256_hex_of_file(path)}});
        base::Json mark{
            {"format", 1},
            {"made_by", "symphony " + version()},
            {"imported",
             {{"family", model.family}, {"licence", model.licence}, {"weights", sources}}}};
        if (!model.sampling.empty()) mark["sampling"] = model.sampling;
        base::write_json_file(folder / "config.json", model.config);
        base::write_json_file(folder / "tokenizer.json", tokens_json);
        base::write_json_file(folder / kMark, mark);
        models::write_weights(folder / "model.safetensors", std::move(model.weights), model.bf16);
    }

    void report(const Context& context, const MusicModel& opened,
                const models::ImportedModel& model) const {
        const auto parameters = opened.loaded.model->parameter_count();
        if (context.json) {
            context.print_json({{"model", output_},
                                {"family", model.family},
                                {"licence", model.licence},
                                {"parameters", parameters},
                                {"context", opened.loaded.model->context_length()},
                                {"scheme", opened.tokenizer->scheme()},
                                {"tokens", opened.tokenizer->vocabulary().size()}});
            return;
        }
        context.print(fmt::format("{}  {}, {:.1f} M parameters, context {}, {} with {} tokens",
                                  output_, model.family, static_cast<double>(parameters) / 1e6,
                                  opened.loaded.model->context_length(), opened.tokenizer->scheme(),
                                  opened.tokenizer->vocabulary().size()));
        context.print("licence of the weights: " + model.licence);
    }

    std::string folder_, output_;
};

}  // namespace

VerbEntry import_verb() {
    return {"import",
            "a published model, to compose with and to evaluate",
            {"symphony import Maestro-REMI-bpe20k -o models/maestro",
             "symphony import aria-medium-base -o models/aria"},
            [] { return std::make_unique<Import>(); }};
}

}  // namespace symphony::cli
