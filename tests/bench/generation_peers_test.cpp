// Another program's answers, played by a shell script.
#include "symphony/bench/generation_peers.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/models/random_weights.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::bench {
namespace {

class GenerationPeers : public ::testing::Test {
  protected:
    // Measures beside a script of these lines. Its arguments: folder, prompt, tokens, precision,
    // threads.
    GenerationPeerSpeed beside(const std::string& script) const {
        base::write_file_atomically(made_.path / "peer.sh", script);
        GenerationSpeed ours{.name = "small", .tokens = 16};
        ours.token_seconds = 0.001;
        return measure_transformers(ours, config_, {"/bin/sh", made_.path / "peer.sh", 2});
    }
    // What the program would print that agrees with us, its first logit off by `error`.
    std::string answer(float error) const {
        models::Transformer model(config_, models::random_weights(config_));
        const auto logits = model.read(bench_prompt(config_));
        std::vector<float> said(logits.begin(), logits.end());
        said[0] += error;
        const base::Json json{
            {"version", "small 1.0"}, {"logits", said}, {"prompt_seconds", 0.5}, {"seconds", 0.53}};
        return "cat <<'END'\n" + json.dump() + "\nEND\n";
    }

    const models::TransformerConfig config_{40, 24, 40, 2, 2, 32};
    const test_support::TemporaryFolder made_;
};

TEST_F(GenerationPeers, TimeOfATokenIsWhatThePromptLeaves) {
    const auto speed = beside(
        "[ -e $1/model.safetensors ] && [ $3 = 16 ] && [ $4 = float32 ] && [ $5 = 2 ] || exit 1\n" +
        answer(0));
    EXPECT_EQ(speed.version, "small 1.0");
    EXPECT_NEAR(speed.token_seconds, 0.002, 1e-9);  // 30 ms for the 15 after the first
    EXPECT_NEAR(speed.ratio(), 2, 1e-6);
    EXPECT_LT(speed.logit_difference, 1e-6);
}

TEST_F(GenerationPeers, OtherLogitsAreAnotherModel) {
    EXPECT_THROW(beside(answer(1)), base::Error);
}

TEST_F(GenerationPeers, WhatItSaidLastIsTheError) {
    try {
        beside("echo first >&2; echo no module named x >&2; exit 1");
        FAIL();
    } catch (const base::Error& error) {
        EXPECT_EQ(error.message, "no module named x");
    }
}

}  // namespace
}  // namespace symphony::bench
