#include "symphony/corpus/dataset.h"

#include "symphony/base/error.h"
#include "symphony/corpus/dataset_builder.h"
#include "symphony/corpus/dataset_format.h"
#include "symphony/corpus/npy.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <fstream>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

constexpr int kEnd = 0;

// Returns the hash.
std::string write_small(const fs::path& folder, int vocabulary_size = 10) {
    DatasetBuilder builder(folder, base::Json{{"scheme", "test"}}, vocabulary_size, kEnd);
    const int a = builder.add_piece({.id = "a.mid",
                                     .path = "music/a.mid",
                                     .group = "g1",
                                     .split = Split::kTrain,
                                     .notes = 3,
                                     .key = {.sharps = -2, .minor = true},
                                     .key_given = true,
                                     .losses = {{"drums-dropped", 4}}});
    const int b = builder.add_piece({.id = "b.mid", .group = "g2", .split = Split::kTest});
    builder.add_sequence(a, 0, std::vector<int>{1, 2, 3, kEnd});
    builder.add_sequence(a, 2, std::vector<int>{4, 5, 6, 7, kEnd});
    builder.add_sequence(b, 0, std::vector<int>{9, kEnd});
    builder.set_description({{"seed", 7}});
    return builder.write();
}

void expect_refused(const fs::path& folder) {
    try {
        Dataset::open(folder);
        ADD_FAILURE() << "opened";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_FALSE(error.path.empty());
    }
}

void replace_in_file(const fs::path& path, const std::string& from, const std::string& to) {
    std::string text = base::read_file(path).value();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(path, std::ios::binary) << text;
}

TEST(Dataset, ReadsBackWhatTheBuilderWrote) {
    const fs::path folder = test_support::fresh_folder("roundtrip") / "data";
    const std::string hash = write_small(folder);
    const Dataset data = Dataset::open(folder);
    EXPECT_EQ(data.hash(), hash);
    EXPECT_EQ(data.vocabulary_size(), 10);
    EXPECT_EQ(data.end_token(), kEnd);
    EXPECT_EQ(data.description().at("seed"), 7);
    EXPECT_EQ(data.tokenizer_json().at("scheme"), "test");
    ASSERT_EQ(data.pieces().size(), 2u);
    const PieceInfo& a = data.pieces()[0];
    EXPECT_EQ(a.id, "a.mid");
    EXPECT_EQ(a.path, "music/a.mid");
    EXPECT_EQ(a.notes, 3);
    EXPECT_EQ(a.key, (score::Key{.sharps = -2, .minor = true}));
    EXPECT_TRUE(a.key_given);
    EXPECT_EQ(a.losses.at("drums-dropped"), 4);
    EXPECT_EQ(data.pieces_of(Split::kTest), std::vector<int>{1});
    ASSERT_EQ(a.sequences.size(), 2u);
    const SequenceInfo& second = data.sequences(Split::kTrain)[1];
    EXPECT_EQ(second.transposition, 2);
    const auto ids = data.ids(Split::kTrain, second);
    EXPECT_EQ(std::vector<int>(ids.begin(), ids.end()), (std::vector<int>{4, 5, 6, 7, kEnd}));
    EXPECT_EQ(data.sequences(Split::kValid).size(), 0u);
}

TEST(Dataset, IsReplacedWholeAndNeverOverOtherFiles) {
    const fs::path root = test_support::fresh_folder("replace");
    const std::string first = write_small(root / "data");
    const std::string second = write_small(root / "data", 11);
    EXPECT_EQ(Dataset::open(root / "data").hash(), second);
    EXPECT_EQ(first, write_small(root / "again"));
    EXPECT_EQ(std::distance(fs::directory_iterator(root), {}), 2);  // nothing left beside them

    fs::create_directories(root / "mine");
    std::ofstream(root / "mine" / "thesis.txt") << "years of work";
    EXPECT_THROW(write_small(root / "mine"), base::Error);
    EXPECT_TRUE(fs::exists(root / "mine" / "thesis.txt"));
}

TEST(Dataset, RefusesEveryKindOfDamage) {
    const fs::path root = test_support::fresh_folder("damage");
    expect_refused(root);           // a folder without an index
    expect_refused(root / "none");  // no folder
    const auto damaged = [&](const std::string& name, auto&& damage) {
        SCOPED_TRACE(name);
        write_small(root / name);
        damage(root / name);
        expect_refused(root / name);
    };
    damaged("cut", [](const fs::path& f) { fs::resize_file(f / "tokens-train.npy", 130); });
    damaged("empty", [](const fs::path& f) { fs::resize_file(f / "tokens-test.npy", 0); });
    damaged("missing", [](const fs::path& f) { fs::remove(f / "tokens-valid.npy"); });
    damaged("magic",
            [](const fs::path& f) { replace_in_file(f / "tokens-train.npy", "NUMPY", "NOMPY"); });
    damaged("type",
            [](const fs::path& f) { replace_in_file(f / "tokens-train.npy", "<u2", "<u4"); });
    damaged("shape",
            [](const fs::path& f) { replace_in_file(f / "tokens-train.npy", "(9,)", "(8,)"); });
    damaged("id", [](const fs::path& f) {
        replace_in_file(f / "tokens-train.npy", {"\x05\x00", 2}, {"\x06\x00", 2});
    });
    damaged("vocabulary", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "\"vocabulary_size\": 10", "\"vocabulary_size\": 8");
    });
    damaged("sequence", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "[4, 5, 0, 2]", "[4, 4000000000, 0, 2]");
    });
    damaged("piece", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "[4, 5, 0, 2]", "[4, 5, 7, 2]");
    });
    damaged("straddling", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "\"split\":\"test\"", "\"split\":\"valid\"");
    });
    damaged("field", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "\"end_token\"", "\"end\"");
    });
    damaged("format", [](const fs::path& f) {
        replace_in_file(f / "dataset.json", "\"format\": 1", "\"format\": 99");
    });
    damaged("tokenizer",
            [](const fs::path& f) { replace_in_file(f / "tokenizer.json", "test", "best"); });
    damaged("json", [](const fs::path& f) { fs::resize_file(f / "dataset.json", 40); });
}

TEST(Npy, HeaderIsNumPysOwn) {
    const std::vector<std::uint16_t> values{1, 2, 65535};
    std::string bytes = npy_header(values.size());
    EXPECT_EQ(bytes.size(), npy_header(0).size());
    EXPECT_EQ(bytes.size(), npy_header(~std::uint64_t{0}).size());
    bytes.append(reinterpret_cast<const char*>(values.data()), 2 * values.size());
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    EXPECT_EQ((bytes.size() - values.size() * 2) % 64, 0u);
    const std::string header = bytes.substr(10, bytes.size() - 10 - values.size() * 2);
    EXPECT_TRUE(header.starts_with("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }"));
    EXPECT_EQ(header.back(), '\n');
    const auto back = parse_npy(std::as_bytes(std::span(bytes)), "x.npy");
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(std::vector<std::uint16_t>(back.value().begin(), back.value().end()), values);
}

TEST(DatasetBuilder, RefusesAVocabularyOverSixteenBits) {
    const fs::path folder = test_support::fresh_folder("wide") / "data";
    EXPECT_THROW(DatasetBuilder(folder, base::Json::object(), 65537, 0), base::Error);
    EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace symphony::corpus
