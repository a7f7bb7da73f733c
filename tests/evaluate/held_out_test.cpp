// What is remembered of the test pieces, and when they may be looked at.
#include "symphony/evaluate/held_out.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::evaluate {
namespace {

struct HeldOutMemory : ::testing::Test {
    symphony::test_support::TemporaryFolder root;
    std::filesystem::path run = root.path / "run";
    ModelLikelihood result;

    HeldOutMemory() {
        base::write_file_atomically(run / "run.toml", "");
        std::filesystem::create_directories(run / "model");
        result.name = "lstm";
        result.weights_sha256 = "w";
        result.data_hash = "d";
        result.split = "test";
        result.pieces.push_back({.id = "one", .group = "one", .notes = 3});
    }
};

TEST_F(HeldOutMemory, AResultComesBackForItsWeightsAndDataOnly) {
    store_test(run, result);
    EXPECT_EQ(stored_test(run, "w", "d"), result);
    EXPECT_FALSE(stored_test(run, "other", "d"));
    EXPECT_FALSE(stored_test(run, "w", "other"));
    ModelLikelihood of_other_data = result;
    of_other_data.data_hash = "e";
    store_test(run, of_other_data);
    EXPECT_EQ(stored_test(run, "w", "d"), result);
    EXPECT_EQ(stored_test(run, "w", "e"), of_other_data);
}

TEST_F(HeldOutMemory, DamageIsForgottenNotABug) {
    for (const char* text : {"{\"results\":[1]}", "{\"results\":{\"a\":1}}", "{\"results\":7}",
                             "[]", "{", "{\"results\":[{\"weights_sha256\":1,\"data_hash\":2}]}",
                             "{\"results\":[{\"weights_sha256\":\"w\",\"data_hash\":\"d\"}]}"}) {
        SCOPED_TRACE(text);
        base::write_file_atomically(run / "test.json", text);
        EXPECT_FALSE(stored_test(run, "w", "d"));
        store_test(run, result);
        EXPECT_EQ(stored_test(run, "w", "d"), result);
    }
}

TEST_F(HeldOutMemory, TheModelFolderOfARunRemembersWithIt) {
    EXPECT_EQ(run_of(run / "model"), run);
    EXPECT_EQ(run_of(run / "model/"), run);
    EXPECT_EQ(run_of(run), run);
    std::filesystem::create_directories(root.path / "alone" / "model");
    EXPECT_EQ(run_of(root.path / "alone" / "model"), root.path / "alone" / "model");
}

TEST_F(HeldOutMemory, TestPiecesWaitForTheEndOfARun) {
    EXPECT_THROW(require_finished(run), base::Error);
    base::write_file_atomically(run / "result.json", "{}");
    EXPECT_NO_THROW(require_finished(run));
    EXPECT_NO_THROW(require_finished(root.path / "a-model-without-its-run"));
}

}  // namespace
}  // namespace symphony::evaluate
