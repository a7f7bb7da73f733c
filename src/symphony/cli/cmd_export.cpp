// symphony export MODEL: a transformer in the layout of other programs.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/models/export/export_model.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

class Export : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& model = table.add("model", model_, "folder of a model or of its training run");
        model.positional = model.required = true;
        model.value_name = "MODEL";
        table.add("output", output_, "folder to write; for gguf also a file ending in .gguf")
            .value_name = "DIR";
        table.add("format", format_,
                  "huggingface: the folder that transformers opens; gguf: the file of llama.cpp",
                  {"huggingface", "gguf"});
        table.add("precision", precision_, "of the matrices; int8 is Q8_0, which only gguf has",
                  {"float32", "bf16", "int8"});
    }

    int run(const Context& context) override {
        const MusicModel model = open_music_model(model_);
        if (model.loaded.model->family() != "transformer")
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("a model of the family {} has no such format",
                                          model.loaded.model->family()),
                              model_, "only transformers can be exported");
        const auto weights = models::read_weights(model.loaded.folder / "model.safetensors");
        models::ExportedModel exported{
            model.name, models::TransformerConfig::from_json(model.loaded.config), weights, {}};
        const tokens::Vocabulary& vocabulary = model.tokenizer->vocabulary();
        for (tokens::TokenId id = 0; id < vocabulary.size(); ++id)
            exported.token_names.push_back(vocabulary.name(id));

        const auto precision = nn::precision_named(precision_);
        fs::path written = output_;
        if (format_ == "gguf") {
            if (written.extension() != ".gguf") written /= "model.gguf";
            models::export_gguf(exported, precision, written);
        } else {
            models::export_huggingface(exported, precision, written);
            written /= "model.safetensors";
        }
        const std::uint64_t bytes = fs::file_size(written);
        if (context.json)
            context.print_json({{"format", format_},
                                {"precision", precision_},
                                {"parameters", model.loaded.model->parameter_count()},
                                {"weights", written.string()},
                                {"bytes", bytes}});
        else
            context.print(
                fmt::format("{}  {:.1f} M parameters, {}, {:.1f} MB", written.string(),
                            static_cast<double>(model.loaded.model->parameter_count()) / 1e6,
                            precision_, static_cast<double>(bytes) / 1e6));
        return 0;
    }

  private:
    std::string model_, output_ = "exported", format_ = "huggingface", precision_ = "float32";
};

}  // namespace

VerbEntry export_verb() {
    return {"export",
            "a transformer for Hugging Face's transformers or llama.cpp",
            {"symphony export runs/transformer -o exported",
             "symphony export runs/transformer --format gguf --precision int8 -o music.gguf"},
            [] { return std::make_unique<Export>(); }};
}

}  // namespace symphony::cli
