// The loop's small parts: schedule, options, event files, checkpoints, run folders, collapse watch.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/models/transformer.h"
#include "symphony/training/checkpoint.h"
#include "symphony/training/collapse_watch.h"
#include "symphony/training/metrics_log.h"
#include "symphony/training/run_folder.h"
#include "symphony/training/schedule.h"
#include "symphony/training/tfevents.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::training {
namespace {

using base::Error;
using base::ErrorKind;

TEST(Schedule, WarmsUpThenFollowsACosineToTheShare) {
    const Schedule s{.peak = 1, .min_share = 0.1, .warmup_steps = 9, .max_steps = 109};
    EXPECT_DOUBLE_EQ(learning_rate_at(s, 0), 0.1);
    EXPECT_DOUBLE_EQ(learning_rate_at(s, 8), 0.9);
    EXPECT_DOUBLE_EQ(learning_rate_at(s, 9), 1);
    EXPECT_NEAR(learning_rate_at(s, 59), 0.55, 1e-12);
    EXPECT_NEAR(learning_rate_at(s, 109), 0.1, 1e-12);
    EXPECT_NEAR(learning_rate_at(s, 5000), 0.1, 1e-12);
}

TEST(Options, DefaultsAreFilledAndTomlComesBack) {
    TrainOptions options;
    options.model = "rnn";
    options.dropout = 0.25;
    fill_defaults(options);
    EXPECT_GT(options.hidden_size, 0);
    EXPECT_EQ(options.warmup_steps, 50);
    symphony::test_support::TemporaryFolder folder;
    const auto path = folder.path / "run.toml";
    base::write_file_atomically(path, options_to_toml(options));
    TrainOptions read;
    base::OptionTable table;
    read.describe(table);
    table.from_toml_file(path);
    EXPECT_EQ(read.hidden_size, options.hidden_size);
    EXPECT_EQ(read.dropout, 0.25);
    EXPECT_EQ(read.beta2, options.beta2);
}

// Whatever fill_defaults lets through can be loaded again, and the other way round.
TEST(Options, ATransformerThatCouldNotBeLoadedIsNotTrained) {
    const auto is_accepted = [](int hidden_size, int heads, int sequence_length) {
        TrainOptions options;
        options.hidden_size = hidden_size;
        options.heads = heads;
        options.sequence_length = sequence_length;
        try {
            fill_defaults(options);
            return true;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind, ErrorKind::kUsage);
            return false;
        }
    };
    const auto is_loaded = [](int hidden_size, int heads, int sequence_length) {
        models::TransformerConfig config;
        config.vocabulary_size = 9;
        config.intermediate_size = config.layers = 1;
        config.hidden_size = hidden_size;
        config.heads = heads;
        config.context_length = sequence_length;
        try {
            models::TransformerConfig::from_json(config.to_json());
            return true;
        } catch (const Error&) {
            return false;
        }
    };
    int refused = 0;
    for (const int hidden_size : {1, 2, 33, 32, 36, 65536})
        for (const int heads : {1, 2, 3, 16, 256})
            for (const int sequence_length : {1, 2, 256, 262144, 262145}) {
                const bool accepted = is_accepted(hidden_size, heads, sequence_length);
                EXPECT_EQ(accepted, is_loaded(hidden_size, heads, sequence_length))
                    << hidden_size << " wide, " << heads << " heads, " << sequence_length;
                refused += !accepted;
            }
    EXPECT_GT(refused, 60);
}

TEST(Options, HeadsAreATransformersMatter) {
    TrainOptions options;
    options.model = "lstm";
    options.heads = 5;
    EXPECT_NO_THROW(fill_defaults(options));
}

TEST(Options, ImpossibleSizesAreRefused) {
    TrainOptions options;
    options.heads = 7;
    options.hidden_size = 256;
    EXPECT_THROW(fill_defaults(options), Error);
    TrainOptions deep;
    deep.model = "rnn";
    deep.layers = 2;
    EXPECT_THROW(fill_defaults(deep), Error);
}

TEST(TfEvents, ChecksumAndFrame) {
    EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
    const std::string record = tfevents_scalar("loss", 7, 1.5, 0);
    // length (8), its checksum (4), data, its checksum (4)
    EXPECT_EQ(static_cast<std::size_t>(static_cast<unsigned char>(record[0])), record.size() - 16);
    EXPECT_NE(record.find("loss"), std::string::npos);
}

TEST(MetricsLog, CutsWhatCameAfterTheCheckpoint) {
    symphony::test_support::TemporaryFolder folder;
    MetricsLog::Position at_checkpoint;
    {
        MetricsLog log(folder.path, {});
        log.write({{"event", "step"}, {"step", 1}, {"loss", 2.0}});
        at_checkpoint = log.position();
        log.write({{"event", "step"}, {"step", 2}, {"loss", 1.0}});
    }
    MetricsLog log(folder.path, at_checkpoint);
    log.write({{"event", "step"}, {"step", 2}, {"loss", 1.5}});
    EXPECT_EQ(base::read_file(folder.path / "metrics.jsonl").value(),
              "{\"event\":\"step\",\"step\":1,\"loss\":2.0}\n"
              "{\"event\":\"step\",\"step\":2,\"loss\":1.5}\n");
    EXPECT_EQ(std::filesystem::file_size(folder.path / at_checkpoint.events_file),
              log.position().events_bytes);
}

struct CheckpointTest : testing::Test {
    symphony::test_support::TemporaryFolder root;
    std::filesystem::path last = root.path / "last";

    void save(int step) {
        write_checkpoint(last, {{"step", step}}, [&](const std::filesystem::path& folder) {
            base::write_file_atomically(folder / "weights", "weights " + std::to_string(step));
        });
    }
};

TEST_F(CheckpointTest, TheNewestIsFound) {
    EXPECT_FALSE(find_checkpoint(last).has_value());
    save(1);
    save(2);
    const auto found = find_checkpoint(last);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->state.at("step"), 2);
    EXPECT_TRUE(found->damage.empty());
}

TEST_F(CheckpointTest, ADamagedNewestFallsBackAndSaysSo) {
    save(1);
    save(2);
    base::write_file_atomically(last / "weights", "weights 3");  // same size, other bytes
    const auto found = find_checkpoint(last);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->state.at("step"), 1);
    EXPECT_NE(found->damage.find("weights"), std::string::npos);
}

TEST_F(CheckpointTest, ADamagedManifestFallsBackToo) {
    for (const char* files : {"7", "{}", "{\"bytes\": \"x\", \"sha256\": \"y\"}",
                              "{\"bytes\": 9, \"sha256\": 3}", "[]", "null"}) {
        SCOPED_TRACE(files);
        save(1);
        save(2);
        base::write_file_atomically(
            last / "manifest.json",
            std::string("{\"state\": {}, \"files\": {\"weights\": ") + files + "}}");
        const auto found = find_checkpoint(last);
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->state.at("step"), 1);
    }
}

TEST_F(CheckpointTest, OnlyDamagedOnesAreAnError) {
    save(1);
    std::filesystem::remove(last / "weights");
    try {
        find_checkpoint(last);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind, ErrorKind::kModel);
    }
}

TEST_F(CheckpointTest, ACrashBetweenTheRenamesLosesNothing) {
    save(1);
    save(2);
    std::filesystem::rename(last, root.path / "gone");
    EXPECT_EQ(find_checkpoint(last)->state.at("step"), 1);
}

struct RunFolderTest : testing::Test {
    symphony::test_support::TemporaryFolder root;
    std::filesystem::path run = root.path / "run";
    TrainOptions options;
    RunFolderTest() {
        options.model = "rnn";
        fill_defaults(options);
    }
    std::string refusal(const std::string& hash = "h") {
        try {
            RunFolder(run, options, hash);
        } catch (const Error& error) {
            EXPECT_EQ(error.kind, ErrorKind::kUsage);
            return error.format();
        }
        return {};
    }
};

TEST_F(RunFolderTest, TheSameRunIsOpenedAgainOtherOptionsAreNamed) {
    { RunFolder first(run, options, "h"); }
    options.threads = 7;
    EXPECT_EQ(refusal(), "");
    options.hidden_size = 99;
    const std::string text = refusal();
    EXPECT_NE(text.find("hidden-size = 384"), std::string::npos) << text;
    EXPECT_NE(text.find("hidden-size = 99"), std::string::npos) << text;
    options.force = true;
    EXPECT_EQ(refusal(), "");
    options.force = false;
    EXPECT_EQ(refusal(), "");
    EXPECT_NE(refusal("other"), "");
}

TEST_F(RunFolderTest, WhatWasTunedIsRememberedAndAnotherModelRefused) {
    { RunFolder first(run, options, "h", {"models/one", "1234567890abcdef"}); }
    { RunFolder same(run, options, "h", {"moved/one", "1234567890abcdef"}); }
    EXPECT_NE(refusal().find("made from weights 1234567890ab, got weights none"),
              std::string::npos);
    EXPECT_THROW(RunFolder(run, options, "h", {"models/two", "fedcba"}), Error);
    base::write_json_file(run / "data.json", {{"hash", "h"}});  // as older runs have it
    EXPECT_EQ(refusal(), "");
}

TEST_F(RunFolderTest, AFolderOfOtherThingsIsNotTouched) {
    base::write_file_atomically(run / "thesis.txt", "years of work");
    EXPECT_NE(refusal(), "");
    options.force = true;
    EXPECT_NE(refusal(), "");
    EXPECT_TRUE(std::filesystem::exists(run / "thesis.txt"));
}

TEST_F(RunFolderTest, AStartThatWasCutShortIsNoObstacle) {
    base::write_file_atomically(run / "data.json", "{\"hash\": \"of other data\"}");
    base::write_file_atomically(run / "run.toml.tmp-4711", "half of");
    EXPECT_EQ(refusal(), "");
    EXPECT_FALSE(std::filesystem::exists(run / "run.toml.tmp-4711"));
    EXPECT_EQ(refusal(), "") << "and it is this run now";
    EXPECT_NE(refusal("other"), "");
}

TEST_F(RunFolderTest, TheOptionsThatMayChangeAreKeptAsLastGiven) {
    { RunFolder first(run, options, "h"); }
    options.max_minutes = 7.5;
    EXPECT_EQ(refusal(), "");
    EXPECT_NE(base::read_file(run / "run.toml").value().find("max-minutes = 7.5"),
              std::string::npos);
}

TEST_F(RunFolderTest, ASecondProcessIsKeptOut) {
    RunFolder first(run, options, "h");
    EXPECT_NE(refusal().find("another process"), std::string::npos);
}

constexpr auto kPitch = tokens::TokenKind::kPitch;

TEST(CollapseWatch, MeasuresAShape) {
    const std::vector<tokens::TokenKind> kinds{tokens::TokenKind::kOther, kPitch, kPitch, kPitch};
    const std::vector<int> ids{0, 1, 2, 0, 1, 2, 0, 3};
    const TokenShape shape = measure_shape(ids, kinds);
    EXPECT_EQ(shape.distinct_pitches, 3);
    EXPECT_EQ(shape.longest_repeat, 4);  // 0 1 2 0 stands at 0 and at 3
    EXPECT_NEAR(shape.entropy_bits, 3 / 8. * std::log2(8 / 3.) + 0.5 * 2 + 1 / 8. * 3, 1e-12);
}

TEST(CollapseWatch, WarnsOfARutAndNotOfMusic) {
    const std::vector<tokens::TokenKind> kinds(40, kPitch);
    std::vector<std::vector<int>> music;
    for (int p = 0; p < 20; ++p) {
        auto& ids = music.emplace_back();
        for (int i = 0; i < 64; ++i) ids.push_back((i * i + p * 3 + i / 5) % 37);
    }
    const ShapeBand band = measure_band(music, 64, kinds);
    EXPECT_EQ(band.stretches, 20);
    EXPECT_TRUE(collapse_warnings(measure_shape(music[3], kinds), band).empty());
    const std::vector<int> rut(64, 5);
    EXPECT_EQ(collapse_warnings(measure_shape(rut, kinds), band).size(), 3u);
}

}  // namespace
}  // namespace symphony::training
