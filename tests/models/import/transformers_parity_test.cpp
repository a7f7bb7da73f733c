// Beside Hugging Face's transformers, where scripts/transformers-venv.sh has put it.
#include "symphony/base/process.h"

#include "models/import/imported.h"
#include <gtest/gtest.h>

namespace symphony::models {
namespace {

const std::filesystem::path kPython =
    std::filesystem::path(SYMPHONY_SOURCE_DIR) / "build/transformers-venv/bin/python";

ForeignModel with(ForeignModel model, const std::string& key, const base::Json& value) {
    model.config[key] = value;
    return model;
}

Logits of_transformers(const ForeignModel& model, const std::vector<int>& ids) {
    const test_support::TemporaryFolder made;
    write_foreign(model, made.path);
    std::vector<std::string> command{
        kPython.string(), SYMPHONY_SOURCE_DIR "/tests/models/import/transformers_logits.py",
        made.path.string()};
    for (const int id : ids) command.push_back(std::to_string(id));
    base::ProcessOptions options;
    options.timeout = std::chrono::seconds(240);
    const auto result = base::run_process(command, options);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    const base::Json json = base::parse_json(result.output).value();
    return json.get<Logits>();
}

void expect_parity(const ForeignModel& foreign) {
    const auto model = imported(foreign);
    auto ids = random_ids(20, 30, 9);
    ids[0] = model->start_token();
    const Logits theirs = of_transformers(foreign, ids);
    EXPECT_LT(off(after_each(*model, ids, true), theirs), 1e-4);
    EXPECT_LT(off(after_each(*model, ids, false), theirs), 1e-4);
}

class TransformersParity : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(kPython))
            GTEST_SKIP() << "no transformers: scripts/transformers-venv.sh installs it";
    }
};

TEST_F(TransformersParity, Gpt2) { expect_parity(with(random_gpt2({}), "bos_token_id", 1)); }

TEST_F(TransformersParity, Gpt2WithInverseLayerScale) {
    expect_parity(with(random_gpt2({}), "scale_attn_by_inverse_layer_idx", true));
}

TEST_F(TransformersParity, Gpt2WithTheExactGelu) {
    expect_parity(with(random_gpt2({}), "activation_function", "gelu"));
}

TEST_F(TransformersParity, LlamaWithGroupedHeads) {
    expect_parity(with(random_llama({.key_heads = 2}), "rope_theta", 500000.0));
}

TEST_F(TransformersParity, MistralWithAWindow) {
    expect_parity(random_mistral({.key_heads = 2}, 5, 10));
}

}  // namespace
}  // namespace symphony::models
