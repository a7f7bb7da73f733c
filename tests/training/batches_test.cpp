#include "symphony/training/batches.h"

#include "toy_data.h"
#include <gtest/gtest.h>

#include <map>

namespace symphony::training {
namespace {

constexpr int kLanes = 4, kLength = 7;

BatchStream make_stream(const TrainingData& data, std::int64_t seed = 1) {
    return BatchStream(data, seed, kLanes, kLength, /*vary_tempo=*/true);
}

bool same(const Batch& a, const Batch& b) {
    return a.inputs_BT == b.inputs_BT && a.targets_BT == b.targets_BT && a.reset_BT == b.reset_BT;
}

// The pieces that one lane reads, in order: cut where reset says so.
std::vector<std::vector<std::uint16_t>> pieces_of_lane(BatchStream stream, int lane, int batches) {
    std::vector<std::vector<std::uint16_t>> pieces;
    for (int n = 0; n < batches; ++n) {
        const Batch batch = stream.next();
        for (int t = 0; t < kLength; ++t) {
            const auto i = static_cast<std::size_t>(lane * kLength + t);
            if (batch.reset_BT[i]) pieces.emplace_back();
            pieces.back().push_back(static_cast<std::uint16_t>(batch.targets_BT[i]));
        }
    }
    pieces.pop_back();  // cut at the end
    return pieces;
}

TEST(Batches, LanesReadWholePiecesOneAfterTheOther) {
    const ToyData toy;
    for (int lane = 0; lane < kLanes; ++lane)
        for (const auto& piece : pieces_of_lane(make_stream(toy.data), lane, 40)) {
            bool known = false;
            for (const auto& ids : toy.ids) known = known || ids == piece;
            EXPECT_TRUE(known);
        }
}

TEST(Batches, AnInputIsTheTargetBeforeItOrTheEndTokenAtAStart) {
    const ToyData toy;
    BatchStream stream = make_stream(toy.data);
    std::vector<int> previous(kLanes, 0);
    for (int n = 0; n < 30; ++n) {
        const Batch batch = stream.next();
        for (int lane = 0; lane < kLanes; ++lane)
            for (int t = 0; t < kLength; ++t) {
                const auto i = static_cast<std::size_t>(lane * kLength + t);
                EXPECT_EQ(batch.inputs_BT[i], previous[static_cast<std::size_t>(lane)]);
                EXPECT_EQ(batch.reset_BT[i], batch.inputs_BT[i] == 0);
                previous[static_cast<std::size_t>(lane)] = batch.targets_BT[i];
            }
    }
}

TEST(Batches, AnEpochDealsEveryPieceOnce) {
    const ToyData toy;
    BatchStream stream(toy.data, 1, /*batch_size=*/1, kLength, false);
    const int batches = static_cast<int>(stream.tokens_per_epoch()) / kLength + 8;
    const auto pieces = pieces_of_lane(stream, 0, batches);
    ASSERT_GE(pieces.size(), toy.data.train.size());
    std::map<std::size_t, int> counts;  // piece -> times in the first epoch
    for (std::size_t n = 0; n < toy.data.train.size(); ++n)
        for (std::size_t p = 0; p < toy.data.train.size(); ++p)
            for (const auto& version : toy.data.train[p].versions)
                if (std::equal(version.begin(), version.end(), pieces[n].begin(), pieces[n].end()))
                    ++counts[p];
    EXPECT_EQ(counts.size(), toy.data.train.size());
}

TEST(Batches, EpochsDifferInOrderAndTransposition) {
    const ToyData toy;
    BatchStream stream(toy.data, 1, 1, kLength, false);
    const auto pieces =
        pieces_of_lane(stream, 0, 2 * static_cast<int>(stream.tokens_per_epoch()) / kLength + 16);
    const auto n = static_cast<std::ptrdiff_t>(toy.data.train.size());
    ASSERT_GE(static_cast<std::ptrdiff_t>(pieces.size()), 2 * n);
    EXPECT_FALSE(std::equal(pieces.begin(), pieces.begin() + n, pieces.begin() + n));
}

TEST(Batches, SeekGivesTheSameBatchesAsReadingOn) {
    const ToyData toy;
    BatchStream straight = make_stream(toy.data);
    for (int n = 0; n < 50; ++n) {
        BatchStream jumped = make_stream(toy.data);
        jumped.seek(n);
        EXPECT_TRUE(same(jumped.next(), straight.next())) << n;
        EXPECT_EQ(jumped.epoch(), straight.epoch());
    }
    straight.seek(3);  // backwards, too
    BatchStream third = make_stream(toy.data);
    third.seek(3);
    EXPECT_TRUE(same(third.next(), straight.next()));
}

TEST(Batches, TheSeedDecides) {
    const ToyData toy;
    EXPECT_TRUE(same(make_stream(toy.data, 5).next(), make_stream(toy.data, 5).next()));
    EXPECT_FALSE(same(make_stream(toy.data, 5).next(), make_stream(toy.data, 6).next()));
}

TEST(Batches, TempoTokensMoveByAtMostOneClass) {
    ToyData toy(9, 1);
    toy.data.tempo_ladder = {3, 4, 5};
    BatchStream varied(toy.data, 1, kLanes, kLength, true);
    BatchStream plain(toy.data, 1, kLanes, kLength, false);
    int moved = 0;
    for (int n = 0; n < 60; ++n) {
        const Batch a = varied.next(), b = plain.next();
        for (std::size_t i = 0; i < a.targets_BT.size(); ++i) {
            const int before = b.targets_BT[i], after = a.targets_BT[i];
            if (before < 3 || before > 5) {
                EXPECT_EQ(before, after);
                continue;
            }
            EXPECT_LE(std::abs(before - after), 1);
            EXPECT_TRUE(after >= 3 && after <= 5);
            moved += before != after;
        }
    }
    EXPECT_GT(moved, 10);
}

}  // namespace
}  // namespace symphony::training
