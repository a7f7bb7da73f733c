// The hand-written RNN against tools/rnn_numpy.py: equal weights and batches give equal losses and
// gradient norms through five steps of clipped Adam. The numbers stored in rnn_parity_golden.json
// are compared everywhere; where python3 has NumPy the script itself is run as well.
// SYMPHONY_UPDATE_GOLDEN=1 rewrites the stored numbers from the script.
#include "symphony/base/process.h"
#include "symphony/training/rnn_trainee.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace symphony::training {
namespace {

namespace fs = std::filesystem;
using base::Json;
using models::rnn::Slice;

constexpr int kVocabulary = 11, kLanes = 3, kLength = 6, kBatches = 5;
constexpr double kRate = 0.02, kClip = 0.5;

TrainOptions options() {
    TrainOptions o;
    o.model = "rnn";
    o.embedding_size = 5;
    o.hidden_size = 7;
    o.batch_size = kLanes;
    o.sequence_length = kLength;
    o.dropout = 0;
    o.weight_decay = 0;
    o.clip_norm = kClip;
    fill_defaults(o);
    return o;
}

std::vector<Batch> batches() {
    std::vector<Batch> list;
    int n = 0;
    for (int i = 0; i < kBatches; ++i) {
        Batch& batch = list.emplace_back();
        batch.batch_size = kLanes;
        batch.sequence_length = kLength;
        for (int j = 0; j < kLanes * kLength; ++j, ++n) {
            batch.inputs_BT.push_back(n * n % kVocabulary);
            batch.targets_BT.push_back((n * 7 + 3) % kVocabulary);
            batch.reset_BT.push_back(n % 13 == 0);
        }
    }
    return list;
}

void set_weights(RnnTrainee& trainee) {
    const auto weights = trainee.network().weights();
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<float>(0.4 * std::sin(0.7 * static_cast<double>(i)));
}

// Losses and norms of our own training.
Json own_numbers() {
    RnnTrainee trainee(options(), kVocabulary, 0);
    set_weights(trainee);
    Json numbers{{"losses", Json::array()}, {"norms", Json::array()}};
    std::int64_t step = 0;
    for (const Batch& batch : batches()) {
        const StepResult result = trainee.step({&batch, 1}, step++, kRate);
        numbers["losses"].push_back(result.loss);
        numbers["norms"].push_back(result.gradient_norm);
    }
    return numbers;
}

Json rows(const std::vector<int>& values_BT) {
    Json list = Json::array();
    for (int b = 0; b < kLanes; ++b)
        list.push_back(std::vector<int>(values_BT.begin() + b * kLength,
                                        values_BT.begin() + (b + 1) * kLength));
    return list;
}

// What the script reads.
Json numpy_case() {
    RnnTrainee trainee(options(), kVocabulary, 0);
    set_weights(trainee);
    const auto& layout = trainee.network().layout();
    Json weights;
    for (const auto& [name, s] :
         {std::pair{"embedding", layout.embedding}, std::pair{"input", layout.input},
          std::pair{"recurrent", layout.recurrent}, std::pair{"bias", layout.bias},
          std::pair{"output", layout.output}, std::pair{"output_bias", layout.output_bias}}) {
        const auto values = trainee.network().weights().subspan(static_cast<std::size_t>(s.offset),
                                                                static_cast<std::size_t>(s.size()));
        if (!s.is_matrix()) {
            weights[name] = std::vector<float>(values.begin(), values.end());
            continue;
        }
        for (std::int64_t row = 0; row < s.rows; ++row)
            weights[name].push_back(std::vector<float>(values.begin() + row * s.columns,
                                                       values.begin() + (row + 1) * s.columns));
    }
    Json list = Json::array();
    for (const Batch& batch : batches())
        list.push_back({{"inputs", rows(batch.inputs_BT)},
                        {"targets", rows(batch.targets_BT)},
                        {"resets", rows({batch.reset_BT.begin(), batch.reset_BT.end()})}});
    return {{"weights", weights}, {"batches", list}, {"rate", kRate}, {"clip_norm", kClip}};
}

void expect_equal(const Json& ours, const Json& theirs) {
    for (const char* what : {"losses", "norms"}) {
        ASSERT_EQ(theirs.at(what).size(), static_cast<std::size_t>(kBatches));
        for (std::size_t i = 0; i < kBatches; ++i)
            EXPECT_NEAR(ours.at(what)[i].get<double>(), theirs.at(what)[i].get<double>(), 2e-5)
                << what << " of step " << i;
    }
}

const fs::path kGolden = fs::path(SYMPHONY_SOURCE_DIR) / "tests/training/rnn_parity_golden.json";

// The script's numbers; empty where python3 or NumPy is missing.
Json run_script() {
    const fs::path python = base::find_program("python3");
    if (python.empty()) return {};
    if (base::run_process({python, "-c", "import numpy"}).exit_code != 0) return {};
    const test_support::TemporaryFolder folder;
    base::write_json_file(folder.path / "case.json", numpy_case());
    const auto result =
        base::run_process({python, fs::path(SYMPHONY_SOURCE_DIR) / "tools/rnn_numpy.py", "parity",
                           folder.path / "case.json"});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return base::parse_json(result.output).value();
}

TEST(RnnParity, EqualsTheStoredNumbersOfNumpy) {
    if (std::getenv("SYMPHONY_UPDATE_GOLDEN")) {
        const Json numbers = run_script();
        ASSERT_FALSE(numbers.is_null()) << "python3 with NumPy is needed";
        base::write_json_file(kGolden, numbers);
    }
    expect_equal(own_numbers(), base::read_json_file(kGolden).value());
}

TEST(RnnParity, EqualsNumpyWhereItIsInstalled) {
    const Json numbers = run_script();
    if (numbers.is_null()) GTEST_SKIP() << "python3 with NumPy is not installed";
    expect_equal(own_numbers(), numbers);
}

}  // namespace
}  // namespace symphony::training
