// Beside Hugging Face's peft, where scripts/transformers-venv.sh has put it: it opens our adapters,
// and we merge its.
#include "symphony/base/process.h"
#include "symphony/models/adapter/adapter_folder.h"

#include "models/import/imported.h"
#include <gtest/gtest.h>

namespace symphony::models {
namespace {

const std::filesystem::path kPython =
    std::filesystem::path(SYMPHONY_SOURCE_DIR) / "build/transformers-venv/bin/python";

class PeftParity : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(kPython.parent_path() /
                                     "../lib/python3.11/site-packages/peft"))
            GTEST_SKIP() << "no peft: scripts/transformers-venv.sh installs it";
        write_foreign(foreign_, base_);
        std::filesystem::create_directories(adapter_);
    }
    Logits of_peft(std::vector<std::string> arguments) const {
        std::vector<std::string> command{kPython.string(),
                                         SYMPHONY_SOURCE_DIR "/tests/models/peft_logits.py",
                                         arguments[0], base_.string(), adapter_.string()};
        command.insert(command.end(), arguments.begin() + 1, arguments.end());
        for (const int id : ids()) command.push_back(std::to_string(id));
        base::ProcessOptions options;
        options.timeout = std::chrono::seconds(240);
        const auto result = base::run_process(command, options);
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return base::parse_json(result.output).value().get<Logits>();
    }
    std::vector<int> ids() const {
        auto list = random_ids(20, 30, 9);
        list[0] = foreign_.config.value("bos_token_id", 0);
        return list;
    }
    // Our logits with the adapter merged.
    Rows merged() const {
        Weights weights = foreign_.tensors;
        merge_adapter(read_adapter(adapter_), weights);
        base::Json config = foreign_.config;
        config["bos_token_id"] = ids().front();
        Transformer model(TransformerConfig::from_json(config), weights);
        return after_each(model, ids(), true);
    }

    test_support::TemporaryFolder made_;
    const std::filesystem::path base_ = made_.path / "base", adapter_ = made_.path / "adapter";
    const ForeignModel foreign_ = random_llama({.key_heads = 2});  // grouped: widths differ
};

TEST_F(PeftParity, OpensOurAdapter) {
    LoraAdapter adapter{{3, 5, {"k_proj", "o_proj", "up_proj", "down_proj"}}, {}, {}};
    for (const auto& [name, tensor] : foreign_.tensors) {
        const std::string module = name.substr(0, name.rfind('.'));
        for (const std::string& target : adapter.config.targets)
            if (module.ends_with("." + target)) {
                add_random(adapter.factors, module + ".lora_A.weight", {3, tensor.shape[1]}, 0.2);
                add_random(adapter.factors, module + ".lora_B.weight", {tensor.shape[0], 3}, 0.2);
            }
    }
    write_adapter(adapter_, adapter);
    const Logits theirs = of_peft({"read"});
    EXPECT_LT(off(merged(), theirs), 1e-5);
    adapter.config.alpha = 6;
    write_adapter(adapter_, adapter);
    EXPECT_GT(off(merged(), theirs), 1e-3) << "the adapter changes nothing";
}

TEST_F(PeftParity, MakesAdaptersThatWeMerge) {
    for (const std::string targets :
         {"q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj", "v_proj"}) {
        const Logits theirs = of_peft({"make", targets});
        EXPECT_LT(off(merged(), theirs), 1e-5) << targets;
    }
}

}  // namespace
}  // namespace symphony::models
