// symphony merge BASE ADAPTER: a model with its LoRA adapter added to the weights, for all that
// takes models.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"
#include "symphony/cli/made_model_folder.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/cli/version.h"
#include "symphony/models/adapter/adapter_folder.h"
#include "symphony/models/weights.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMerged = "merged";  // in the mark: this folder is ours to replace

class Merge : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& model = table.add("base", base_, "folder of the model that the adapter was made for");
        model.positional = model.required = true;
        model.value_name = "BASE";
        auto& adapter = table.add("adapter", adapter_,
                                  "folder of the adapter, as PEFT writes it, or of a tuning run");
        adapter.positional = adapter.required = true;
        adapter.value_name = "ADAPTER";
        table.add("output", output_, "folder of the model to write").value_name = "MODEL";
        table.add("any-base", any_base_,
                  "merge although the adapter records that it was made for other weights");
    }

    int run(const Context& context) override {
        base::ReplacedFolder target = made_model_folder(output_, kMerged);
        const MusicModel base = open_music_model(base_);
        const std::string type = base.loaded.config.value("model_type", "");
        if (type != "llama" && type != "mistral")
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("a model of the type {} takes no such adapter", type),
                              base_, "expected a transformer in the shape of Llama or Mistral");
        fs::path folder = adapter_;
        if (fs::exists(folder / "adapter" / "adapter_config.json")) folder /= "adapter";
        const models::LoraAdapter adapter = models::read_adapter(folder);
        check_base(adapter, base, folder);
        auto weights = models::read_weights(base.loaded.folder / "model.safetensors");
        try {
            models::merge_adapter(adapter, weights);
        } catch (base::Error& error) {
            error.path = folder.string();
            throw;
        }
        write(target.fresh(), base, folder, weights);
        open_music_model(target.fresh());  // as the other verbs will
        target.put_in_place();
        report(context, adapter);
        return 0;
    }

  private:
    void check_base(const models::LoraAdapter& adapter, const MusicModel& base,
                    const fs::path& folder) const {
        const std::string& recorded = adapter.base.weights_sha256;
        if (any_base_ || recorded.empty() || recorded == base.loaded.weights_sha256) return;
        throw base::Error(
            base::ErrorKind::kModel,
            fmt::format("the adapter was made for {} with the weights {:.12}, got {:.12}",
                        adapter.base.name, recorded, base.loaded.weights_sha256),
            folder.string(), "give that model, or --any-base if its weights are the same numbers");
    }

    static void write(const fs::path& folder, const MusicModel& base, const fs::path& adapter,
                      const models::Weights& weights) {
        base::Json mark{{"format", 1}, {"made_by", "symphony " + version()}};
        mark[kMerged] = {
            {"base", base.name},
            {"base_sha256", base.loaded.weights_sha256},
            {"adapter_sha256", base::sha256_hex_of_file(adapter / "adapter_model.safetensors")}};
        // What generation wants to know of the base.
        for (const char* key : {"unseen_tokens", "default_tempo", "sampling"})
            if (base.loaded.provenance.contains(key)) mark[key] = base.loaded.provenance[key];
        base::write_json_file(folder / kMark, mark);
        base::write_json_file(folder / "config.json", base.loaded.config);
        base::write_json_file(folder / "tokenizer.json", base.loaded.tokenizer);
        models::write_weights(folder / "model.safetensors", weights);
    }

    void report(const Context& context, const models::LoraAdapter& adapter) const {
        const bool checked = !any_base_ && !adapter.base.weights_sha256.empty();
        if (context.json) {
            context.print_json({{"model", output_},
                                {"rank", adapter.config.rank},
                                {"alpha", adapter.config.alpha},
                                {"targets", adapter.config.targets},
                                {"base_checked", checked}});
            return;
        }
        context.print(fmt::format("{}  rank {}, alpha {:g}, {} matrices", output_,
                                  adapter.config.rank, adapter.config.alpha,
                                  adapter.factors.size() / 2));
        if (!checked)
            context.print(
                "only shapes were checked: whether the adapter was made for these weights "
                "is not known");
    }

    std::string base_, adapter_, output_;
    bool any_base_ = false;
};

}  // namespace

VerbEntry merge_verb() {
    return {"merge",
            "a transformer and its LoRA adapter as one model",
            {"symphony merge models/base runs/mine -o models/mine",
             "symphony merge models/maestro peft-adapter -o models/tuned"},
            [] { return std::make_unique<Merge>(); }};
}

}  // namespace symphony::cli
