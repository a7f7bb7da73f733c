#include "symphony/corpus/prepare.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/io/midi_writer.h"
#include "symphony/io/score_file.h"
#include "symphony/score/time_map.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/tokenizer.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

void write_midi(const score::Score& score, const fs::path& path) {
    io::write_midi_file(path, score);
}

score::Score in_minor(score::Score score) {
    score.keys = {{score::Ticks(0), {.sharps = 0, .minor = true}}};
    return score;
}

// 60 unrelated pieces, every third in minor; copies of five of them, transposed, re-tracked or
// both.
fs::path music_folder(bool with_copies = true) {
    const fs::path root = test_support::fresh_folder("music");
    for (int i = 0; i < 60; ++i) {
        score::Score piece = made_piece(static_cast<std::uint64_t>(i));
        if (i % 3 == 0) piece = in_minor(piece);
        const std::string name(1, static_cast<char>('a' + i % 26));
        write_midi(piece, root / (name + std::to_string(i) + "x.mid"));
        if (!with_copies || i % 12 != 0) continue;
        score::Score copy = *score::transposed(piece, i % 24 == 0 ? 3 : -2);
        if (i % 36 == 0) copy = on_one_track(copy);
        write_midi(copy, root / ("copy" + std::to_string(i) + "x.mid"));
    }
    return root;
}

PrepareResult run(const fs::path& root, const fs::path& folder, const PrepareOptions& options = {},
                  std::uint64_t seed = 1, int threads = 2) {
    return prepare(root, folder, options, seed, threads, base::silent_progress());
}

std::map<std::string, Split> splits_of(const Dataset& data) {
    std::map<std::string, Split> splits;
    for (const PieceInfo& piece : data.pieces()) splits[piece.id] = piece.split;
    return splits;
}

TEST(Prepare, KnowsWhetherItWouldMakeTheSameAgain) {
    const fs::path root = music_folder(false), folder = test_support::fresh_folder("same") / "data";
    EXPECT_FALSE(is_prepared(folder, root, {}, 1));
    run(root, folder);
    EXPECT_TRUE(is_prepared(folder, root, {}, 1));
    EXPECT_TRUE(is_prepared(folder, root / ".." / root.filename(), {}, 1));
    EXPECT_FALSE(is_prepared(folder, root, {}, 2));
    EXPECT_FALSE(is_prepared(folder, root, {.scheme = "note"}, 1));
    EXPECT_FALSE(is_prepared(folder, root.parent_path(), {}, 1));
    EXPECT_THROW(is_prepared(folder, root / "nowhere", {}, 1), base::Error);
    write_midi(made_piece(99), root / "new.mid");
    EXPECT_FALSE(is_prepared(folder, root, {}, 1));
}

TEST(Prepare, MakesADataSetThatDecodesToTheMusic) {
    const fs::path root = music_folder(false), folder = test_support::fresh_folder("out") / "data";
    const PrepareResult result = run(root, folder);
    const Dataset data = Dataset::open(folder);
    EXPECT_EQ(data.hash(), result.hash);
    EXPECT_EQ(data.pieces().size(), 60u);
    EXPECT_EQ(data.pieces_of(Split::kTest).size(), 6u);
    EXPECT_EQ(data.pieces_of(Split::kValid).size(), 6u);
    EXPECT_EQ(data.description().at("seed"), 1);
    const auto tokenizer = tokens::tokenizer_from_json(data.tokenizer_json());
    EXPECT_EQ(tokenizer->end_token(), data.end_token());
    for (const PieceInfo& piece : data.pieces()) {
        const score::Score source = io::read_score_file(piece.path).value().score;
        const SequenceInfo& sequence =
            data.sequences(piece.split)[static_cast<std::size_t>(piece.sequences.front())];
        EXPECT_EQ(sequence.transposition, 0);
        const auto ids = data.ids(piece.split, sequence);
        const score::Score back = tokenizer->decode(std::vector<int>(ids.begin(), ids.end()));
        EXPECT_EQ(static_cast<std::int64_t>(back.note_count()), piece.notes) << piece.id;
        EXPECT_EQ(source.note_count(), back.note_count()) << piece.id;
    }
}

TEST(Prepare, AugmentsTrainAloneAndWithinRanges) {
    const fs::path folder = test_support::fresh_folder("augment") / "data";
    run(music_folder(false), folder);
    const Dataset data = Dataset::open(folder);
    std::size_t transposed = 0;
    for (const PieceInfo& piece : data.pieces()) {
        if (piece.split != Split::kTrain) {
            EXPECT_EQ(piece.sequences.size(), 1u);
            continue;
        }
        std::set<int> seen;
        for (const int index : piece.sequences) {
            const SequenceInfo& q = data.sequences(piece.split)[static_cast<std::size_t>(index)];
            EXPECT_EQ(data.pieces()[static_cast<std::size_t>(q.piece)].id, piece.id);
            EXPECT_TRUE(seen.insert(q.transposition).second);
            EXPECT_GE(q.transposition, -5);
            EXPECT_LE(q.transposition, 6);
            transposed += q.transposition != 0 ? 1 : 0;
        }
    }
    EXPECT_GT(transposed, 50u);
    PrepareOptions plain;
    plain.augment = false;
    run(music_folder(false), folder, plain);
    EXPECT_EQ(Dataset::open(folder).sequences(Split::kTrain).size(), 48u);
}

TEST(Prepare, TransposedMusicMovesItsKeyTokenToo) {
    const fs::path folder = test_support::fresh_folder("keys") / "data";
    run(music_folder(false), folder);
    const Dataset data = Dataset::open(folder);
    const auto tokenizer = tokens::tokenizer_from_json(data.tokenizer_json());
    int checked = 0;
    for (const PieceInfo& piece : data.pieces()) {
        if (piece.split != Split::kTrain) continue;
        for (const int index : piece.sequences) {
            const SequenceInfo& q = data.sequences(piece.split)[static_cast<std::size_t>(index)];
            const auto ids = data.ids(piece.split, q);
            const int key = tokenizer->key_token(score::transposed(piece.key, q.transposition));
            EXPECT_NE(std::find(ids.begin(), ids.end(), key), ids.end()) << piece.id;
            ++checked;
        }
    }
    EXPECT_GT(checked, 100);
}

TEST(Prepare, PlantedCopiesLandOnOneSideAtEverySeed) {
    const fs::path root = music_folder(), folder = test_support::fresh_folder("planted") / "data";
    PrepareOptions keep;
    keep.keep_same_music = true;
    keep.augment = false;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        run(root, folder, keep, seed);
        const Dataset data = Dataset::open(folder);
        ASSERT_EQ(data.pieces().size(), 65u);
        std::map<std::string, std::set<Split>> of_group;
        int pairs = 0;
        for (const PieceInfo& piece : data.pieces()) of_group[piece.group].insert(piece.split);
        for (const auto& [group, splits] : of_group) EXPECT_EQ(splits.size(), 1u) << group;
        auto splits = splits_of(data);
        for (const int i : {0, 12, 24, 36, 48}) {
            const std::string original =
                std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i) + "x.mid";
            EXPECT_EQ(splits.at(original), splits.at("copy" + std::to_string(i) + "x.mid"));
            ++pairs;
        }
        EXPECT_EQ(pairs, 5);
    }
    const PrepareResult without = run(root, folder);
    EXPECT_EQ(without.account.duplicates_music, 5);
    EXPECT_EQ(Dataset::open(folder).pieces().size(), 60u);
}

TEST(Prepare, IsTheSameForTheSameSeedAtAnyThreadCount) {
    const fs::path root = music_folder(), out = test_support::fresh_folder("seeds");
    const std::string hash = run(root, out / "a", {}, 3, 1).hash;
    EXPECT_EQ(run(root, out / "b", {}, 3, 4).hash, hash);
    EXPECT_NE(run(root, out / "c", {}, 4, 1).hash, hash);
}

// Reading piece by piece, from an index, on many threads: none of it shows in the data set.
TEST(Prepare, TheHashOfAMadeCorpusStaysWhatItWas) {
    const fs::path root = music_folder(), out = test_support::fresh_folder("hash");
    EXPECT_EQ(run(root, out / "remi").hash,
              "e740c8ef094f2921f16a374216035c6964182bd0a0afd7f31a1edb95b9e54c63");
    EXPECT_EQ(run(root, out / "note", {.scheme = "note"}, 2).hash,
              "45a474e78d4d24cf4c3560484db7da22a2841462b66c23c6fbf3a8ad0720e357");
    PrepareOptions keep;
    keep.keep_same_music = true;
    keep.scheme = "chorale";
    EXPECT_EQ(run(root, out / "kept", keep, 3).hash,
              "7cb62e7e766ade3abf9b4bea5af8ecd651a8131a93eddc1dfc231e3c9f4447db");
}

TEST(Prepare, AFilterAndABorrowedTokenizerKeepTheSplit) {
    const fs::path root = music_folder(), out = test_support::fresh_folder("modes");
    run(root, out / "all");
    const Dataset all = Dataset::open(out / "all");
    const auto split = splits_of(all);
    PrepareOptions options;
    options.tokenizer_file = (out / "all" / "tokenizer.json").string();
    std::size_t pieces = 0;
    for (const std::string mode : {"major", "minor"}) {
        options.only_mode = mode;
        run(root, out / mode, options);
        const Dataset part = Dataset::open(out / mode);
        EXPECT_EQ(part.tokenizer_json(), all.tokenizer_json());
        for (const PieceInfo& piece : part.pieces()) {
            EXPECT_EQ(piece.split, split.at(piece.id));
            EXPECT_EQ(piece.key.minor, mode == "minor");
        }
        pieces += part.pieces().size();
    }
    EXPECT_EQ(pieces, all.pieces().size());
}

TEST(Prepare, MusicKeptApartTakesItsRelativesWithIt) {
    const fs::path root = music_folder(), out = test_support::fresh_folder("apart");
    const fs::path other = test_support::fresh_folder("other");
    // Two pieces in other keys, one on one track; the first has a copy in the corpus besides.
    write_midi(*score::transposed(in_minor(made_piece(12)), 1), other / "one.mid");
    write_midi(on_one_track(*score::transposed(made_piece(25), -3)), other / "two.mid");
    PrepareOptions options;
    options.keep_same_music = true;
    options.apart_from = other.string();
    const PrepareResult result = run(root, out / "data", options);
    EXPECT_EQ(result.kept_apart, (std::vector<std::string>{"copy12x.mid", "m12x.mid", "z25x.mid"}));
    const auto splits = splits_of(Dataset::open(out / "data"));
    EXPECT_EQ(splits.size(), 62u);  // of 65
    for (const std::string& id : result.kept_apart) EXPECT_FALSE(splits.contains(id));
}

TEST(Prepare, SmallCorporaGetFoldsAndSaySo) {
    const fs::path root = test_support::fresh_folder("few"),
                   out = test_support::fresh_folder("folds");
    for (int i = 0; i < 12; ++i)
        write_midi(made_piece(static_cast<std::uint64_t>(i)),
                   root / (std::string(1, static_cast<char>('a' + i)) + ".mid"));
    std::map<std::string, int> tested;
    for (int fold = 0; fold < 5; ++fold) {
        PrepareOptions options;
        options.fold = fold;
        const PrepareResult result = run(root, out / "data", options);
        EXPECT_EQ(result.folds, 5);
        ASSERT_FALSE(result.remarks.empty());
        EXPECT_NE(result.remarks[0].find("wide intervals"), std::string::npos);
        const Dataset data = Dataset::open(out / "data");
        EXPECT_EQ(data.description().at("fold_of_piece").size(), 12u);
        for (const PieceInfo& piece : data.pieces())
            tested[piece.id] += piece.split == Split::kTest ? 1 : 0;
    }
    for (const auto& [id, times] : tested) EXPECT_EQ(times, 1) << id;
}

TEST(Prepare, AGivenSplitIsKeptAndItsFaultsAreNamed) {
    const fs::path root = music_folder(), out = test_support::fresh_folder("given");
    std::ofstream file(out / "split.tsv");
    for (int i = 0; i < 60; ++i)
        file << (i < 40   ? "train"
                 : i < 50 ? "valid"
                          : "test")
             << "\tmusic/" << static_cast<char>('a' + i % 26) << i << "x.mid\n";
    file << "test\tcopy0x.mid\n";
    file.close();
    PrepareOptions options;
    options.keep_same_music = true;
    options.split_file = (out / "split.tsv").string();
    const PrepareResult result = run(root, out / "data", options);
    EXPECT_EQ(result.splits[0].pieces, 40);
    EXPECT_EQ(result.splits[2].pieces, 11);
    EXPECT_EQ(result.left_out, 4);
    bool named = false;
    for (const std::string& remark : result.remarks)
        named = named || remark.find("1 of 11 test pieces") != std::string::npos;
    EXPECT_TRUE(named);
}

TEST(Prepare, FiltersLeaveOutWithAReasonAndTheAccountAddsUp) {
    const fs::path root = music_folder(false), out = test_support::fresh_folder("filtered");
    score::Score drone = made_piece(90);
    for (auto& part : drone.parts)
        for (auto& note : part.notes) note.pitch = 60;
    write_midi(drone, root / "drone.mid");
    fs::copy_file(root / "drone.mid", root / "drone-again.mid");
    write_midi(made_piece(91, 3), root / "scrap.mid");

    const PrepareResult all = run(root, out / "all");
    EXPECT_EQ(all.account.filtered, 0);
    EXPECT_EQ(all.account.used, 62);
    PrepareOptions options;
    options.filters.filter = {"one-pitch", "too-short"};
    const PrepareResult result = run(root, out / "filtered", options);
    const Account& account = result.account;
    EXPECT_EQ(account.filtered, 3);  // the copy of what is left out is left out with it
    EXPECT_EQ(account.found, account.used + account.repaired + account.refused + account.filtered +
                                 account.duplicates_exact + account.duplicates_music);
    EXPECT_NE(account.sentence().find("+ 3 filtered"), std::string::npos);
    const base::Json json = to_json(result).at("account").at("filtered");
    EXPECT_EQ(json.at("count"), 3);
    EXPECT_EQ(json.at("by_code").at("COR021").size(), 2u);
    const std::string reason = json.at("by_code").at("COR020").at("scrap.mid");
    EXPECT_EQ(reason.rfind("too-short: ", 0), 0u);
    EXPECT_EQ(Dataset::open(out / "filtered").pieces().size(), 60u);
}

// A take without a click: the beat drifts about the file's tempo and no onset is exact.
score::Score played(score::Score score, std::uint64_t seed) {
    base::Rng rng(seed, "played");
    for (auto& part : score.parts)
        for (auto& note : part.notes) {
            const double quarters = static_cast<double>(note.onset.value) / kMadeTicks;
            note.onset += score::Ticks(static_cast<std::int64_t>(
                100 + 90 * std::sin(quarters / 5) + static_cast<double>(rng.below(50))));
        }
    score.tempos = {{score::Ticks(0), 70.0 + static_cast<double>(seed)}};
    score::sort_events(score);
    return score;
}

std::vector<double> onsets_in_seconds(const score::Score& score) {
    const score::TimeMap time(score);
    std::vector<double> onsets;
    for (const auto& part : score.parts)
        for (const auto& note : part.notes) onsets.push_back(time.seconds(note.onset).value);
    std::sort(onsets.begin(), onsets.end());
    return onsets;
}

TEST(Prepare, FreeTimingKeepsRealTimeInEverySchemeThatCan) {
    const fs::path root = test_support::fresh_folder("played"),
                   out = test_support::fresh_folder("free");
    for (std::uint64_t i = 0; i < 12; ++i)
        write_midi(played(made_piece(i), i), root / (std::string(1, char('a' + int(i))) + ".mid"));
    write_midi(made_piece(40), root / "x.mid");
    const auto remark = [](const PrepareResult& result, const std::string& words) {
        for (const std::string& text : result.remarks)
            if (text.find(words) != std::string::npos) return true;
        return false;
    };
    const PrepareResult beat = run(root, out / "beat");
    EXPECT_EQ(beat.timing, "beat");
    EXPECT_TRUE(remark(beat, "12 of 13 pieces were played without a click"));
    PrepareOptions options;
    options.timing = "auto";
    for (const char* scheme : {"remi", "note", "performance"}) {
        options.scheme = scheme;
        const PrepareResult result = run(root, out / scheme, options);
        EXPECT_EQ(result.timing, "free");
        EXPECT_TRUE(remark(result, "1 of 13 pieces do follow their beats"));
        const Dataset data = Dataset::open(out / scheme);
        const auto tokenizer = tokens::tokenizer_from_json(data.tokenizer_json());
        double worst = 0;
        for (const int index : data.pieces_of(Split::kTrain)) {
            const PieceInfo& piece = data.pieces()[static_cast<std::size_t>(index)];
            const auto stored = data.ids(
                Split::kTrain, data.sequences(Split::kTrain)[std::size_t(piece.sequences[0])]);
            const std::vector<double> back = onsets_in_seconds(
                tokenizer->decode(std::vector<int>(stored.begin(), stored.end())));
            const std::vector<double> given =
                onsets_in_seconds(io::read_score_file(piece.path).value().score);
            ASSERT_LE(given.size() - back.size(), given.size() / 10);  // unisons fall together
            if (given.size() != back.size()) continue;
            for (std::size_t n = 0; n < given.size(); ++n)
                worst = std::max(worst, std::abs(given[n] - back[n]));
        }
        EXPECT_LE(worst, 0.0107) << scheme;
        EXPECT_GT(worst, 0) << scheme;
    }
    options.scheme = "chorale";
    EXPECT_THROW(run(root, out / "no", options), base::Error);
}

TEST(Prepare, BarsAreMendedWhereAskedAndNamed) {
    const fs::path root = music_folder(false), out = test_support::fresh_folder("mended");
    score::Score waltz;
    waltz.ticks_per_quarter = kMadeTicks;
    waltz.parts.resize(1);
    for (int q = 0; q < 96; ++q) {
        const bool first = q % 3 == 0;
        waltz.parts[0].notes.push_back({score::Ticks(q * kMadeTicks),
                                        score::Ticks((first ? 3 : 1) * kMadeTicks),
                                        std::uint8_t(first ? 48 + q / 3 % 4 * 2 : 64 + q % 5)});
    }
    write_midi(waltz, root / "waltz.mid");
    EXPECT_TRUE(run(root, out / "as-it-is").mended.empty());
    PrepareOptions options;
    options.mend_bars = true;
    const PrepareResult result = run(root, out / "mended", options);
    ASSERT_EQ(result.mended.size(), 1u);
    EXPECT_NE(result.mended.at("waltz.mid").find("3/4"), std::string::npos);
    EXPECT_TRUE(to_json(result).at("bars_mended").contains("waltz.mid"));
}

TEST(Prepare, TooLittleMusicIsAnErrorAndLeavesNothing) {
    const fs::path root = test_support::fresh_folder("two"),
                   out = test_support::fresh_folder("nothing");
    write_midi(made_piece(1), root / "a.mid");
    write_midi(made_piece(2), root / "b.mid");
    EXPECT_THROW(run(root, out / "data"), base::Error);
    base::write_file_atomically(root / "c.mid", "junk");
    EXPECT_THROW(run(root, out / "data"), base::Error);
    EXPECT_TRUE(fs::is_empty(out));
}

}  // namespace
}  // namespace symphony::corpus
