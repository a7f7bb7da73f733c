// midi-model behind our stream of tokens: the ids of its rows without their padding.
#include "symphony/base/error.h"

#include "models/import/imported.h"
#include <gtest/gtest.h>

namespace symphony::models {
namespace {

struct Rows8 {
    std::vector<std::vector<int>> padded;  // the begin row first
    std::vector<int> stream;               // without it and without padding
    std::vector<std::size_t> places;       // of the stream's ids among all rows' but the first
};

// Random events of version 2 with as many ids as each has, then the end.
Rows8 random_rows(int count, std::uint64_t seed) {
    constexpr int kLengths[] = {8, 6, 7, 5, 6, 6};
    const auto numbers = random_ids(static_cast<std::size_t>(8 * count), 3000, seed);
    Rows8 rows{{{1, 0, 0, 0, 0, 0, 0, 0}}, {}, {}};
    for (int event = 0; event < count; ++event) {
        std::vector<int> row(8);
        const int kind = event % 6;
        row[0] = 3 + kind;
        for (int k = 1; k < kLengths[kind]; ++k)
            row[std::size_t(k)] = 9 + numbers[std::size_t(8 * event + k)];
        for (int k = 0; k < kLengths[kind]; ++k) {
            rows.places.push_back(static_cast<std::size_t>(8 * event + k));
            rows.stream.push_back(row[std::size_t(k)]);
        }
        rows.padded.push_back(row);
    }
    return rows;
}

double off_by(const Rows& ours, const Rows8& rows, const Logits& reference) {
    double most = 0;
    for (std::size_t t = 0; t < ours.size(); ++t)
        most = std::max(most, off({ours[t]}, {reference[rows.places[t]]}));
    return most;
}

TEST(Skytnt, SaysWhatTheTwoNetworksSay) {
    for (const double spread : {1.0, 1.5}) {
        const ForeignModel foreign = random_skytnt({.spread = spread}, 2);
        const auto model = imported(foreign);
        EXPECT_EQ(model->start_token(), 1);
        const Rows8 rows = random_rows(9, 1);
        EXPECT_LT(
            off_by(step_by_step(*model, rows.stream), rows, reference_skytnt(foreign, rows.padded)),
            1e-4);
    }
}

TEST(Skytnt, EveryMistakeWouldShow) {
    const ForeignModel foreign = random_skytnt({}, 2);
    const auto model = imported(foreign);
    const Rows8 rows = random_rows(9, 2);
    const Rows ours = step_by_step(*model, rows.stream);
    for (const Mistake mistake :
         {Mistake::kInterleavedRope, Mistake::kOtherTheta, Mistake::kSwappedKeysAndValues,
          Mistake::kTiedHead, Mistake::kPadsOmitted, Mistake::kEventsNotApart,
          Mistake::kOneEmbedding})
        EXPECT_GT(off_by(ours, rows, reference_skytnt(foreign, rows.padded, mistake)), 3e-4)
            << static_cast<int>(mistake);
}

TEST(Skytnt, ReadingAtOnceIsReadingInTurn) {
    const auto model = imported(random_skytnt({}, 2));
    const Rows8 rows = random_rows(9, 3);
    std::vector<int> ids{1};
    ids.insert(ids.end(), rows.stream.begin(), rows.stream.end());
    for (const std::size_t length : {std::size_t{1}, std::size_t{5}, std::size_t{9}, ids.size()}) {
        const auto given = std::span(ids).first(length);
        model->reset();
        const auto logits = model->read(given);
        const std::vector<float> at_once(logits.begin(), logits.end());
        const auto copy = model->copy();  // holds what next() gives
        const auto after = copy->next(ids[3]);
        const std::vector<float> after_at_once(after.begin(), after.end());
        model->reset();
        std::span<const float> expected;
        for (const int id : given) expected = model->next(id);
        EXPECT_LT(largest_difference(at_once, {expected.begin(), expected.end()}), 1e-4) << length;
        const auto another = model->copy();
        const auto again = another->next(ids[3]);
        EXPECT_LT(largest_difference(after_at_once, {again.begin(), again.end()}), 1e-4) << length;
    }
}

TEST(Skytnt, AFullContextDropsItsOldestHalf) {
    const ForeignModel foreign = random_skytnt({.positions = 8}, 2);
    const auto model = imported(foreign);
    const Rows8 rows = random_rows(12, 4);
    const Rows ours = step_by_step(*model, rows.stream);
    // Eight rows are read, the begin row among them; the ninth makes the first four go.
    const std::vector<std::vector<int>> kept(rows.padded.begin() + 4, rows.padded.begin() + 10);
    const Logits expected = reference_skytnt(foreign, kept);
    // The event after the row with index 8 is row 9; its first id comes after eight events' ids.
    std::size_t t = 0;
    for (int event = 0; event < 8; ++event) {
        constexpr std::size_t kLengths[] = {8, 6, 7, 5, 6, 6};
        t += kLengths[event % 6];
    }
    EXPECT_LT(off({ours[t]}, {expected[4 * 8]}), 1e-4);
}

TEST(Skytnt, BothVersionsAndTheirSchemes) {
    for (const int version : {1, 2}) {
        const test_support::TemporaryFolder made;
        write_foreign(random_skytnt({}, version), made.path);
        EXPECT_EQ(import_model(made.path).scheme, version == 1 ? "skytnt-v1" : "skytnt-v2o");
        EXPECT_EQ(opened(made.path)->vocabulary_size(), version == 1 ? 3239 : 3406);
    }
}

TEST(Skytnt, OtherTokensAreRefused) {
    const auto refused = [](const ForeignModel& model) -> std::string {
        const test_support::TemporaryFolder made;
        write_foreign(model, made.path);
        try {
            import_model(made.path);
        } catch (const base::Error& error) {
            return error.message;
        }
        return "";
    };
    ForeignModel model = random_skytnt({}, 2);
    model.config["tokenizer"]["version"] = "v3";
    EXPECT_NE(refused(model).find("v3"), std::string::npos);
    model = random_skytnt({}, 2);
    model.config["tokenizer"]["events"]["note"] = {"time1", "time2", "track"};
    EXPECT_NE(refused(model).find("\"events\""), std::string::npos);
    model = random_skytnt({}, 2);
    model.config["tokenizer"]["event_parameters"]["bpm"] = 256;
    EXPECT_NE(refused(model).find("\"event_parameters\""), std::string::npos);
    model = random_skytnt({}, 2);
    model.config["net_token_config"]["rope_scaling"] = {{"rope_type", "yarn"}};
    EXPECT_NE(refused(model).find("yarn"), std::string::npos);
    model = random_skytnt({}, 2);
    model.config.erase("net_config");
    EXPECT_NE(refused(model).find("\"net_config\" is missing"), std::string::npos);
}

}  // namespace
}  // namespace symphony::models
