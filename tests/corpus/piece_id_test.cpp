// Names of any bytes as ids: text, never one id for two names, and every step after agrees.
#include "symphony/corpus/piece_id.h"

#include "symphony/base/text.h"
#include "symphony/corpus/prepare.h"
#include "symphony/io/midi_writer.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::corpus {
namespace {

namespace fs = std::filesystem;

TEST(PieceId, IsTextAndLeadsBackToTheName) {
    EXPECT_EQ(id_of_name("Fr\xc3\xa9"
                         "d/a.mid"),
              "Fr\xc3\xa9"
              "d/a.mid");
    EXPECT_EQ(id_of_name("\xe4.mid"), "\\xE4.mid");
    EXPECT_EQ(id_of_name("\\xE4.mid"), "\\x5CxE4.mid");
    const std::vector<std::string> pieces{"\\", "x", "E4", "5C", "\xe4", "\xc3\xa4", "\xc3", "e"};
    std::set<std::string> ids;
    std::size_t names = 0;
    for (const std::string& a : pieces)
        for (const std::string& b : pieces)
            for (const std::string& c : pieces)
                for (const std::string& d : pieces) {
                    const std::string name = a + "|" + b + c + d;
                    const std::string id = id_of_name(name);
                    EXPECT_TRUE(base::is_utf8(id)) << id;
                    EXPECT_EQ(name_of_id(id), name) << id;
                    ids.insert(id);
                    ++names;
                }
    EXPECT_EQ(ids.size(), names);
}

TEST(PieceId, ADataSetWithNamesThatAreNotUtf8OpensAndFindsItsFiles) {
    const fs::path root = test_support::fresh_folder("latin1");
    for (int i = 0; i < 42; ++i)
        io::write_midi_file(root / (std::to_string(i) + ".mid"),
                            made_piece(static_cast<std::uint64_t>(i)));
    io::write_midi_file(root / "\xe4.mid", made_piece(100));
    io::write_midi_file(root / "\xf6.mid", made_piece(101));
    const fs::path folder = test_support::fresh_folder("latin1-data");
    PrepareOptions options;
    options.augment = false;
    const auto result = prepare(root, folder, options, 1, 2, base::silent_progress(), {});
    const Dataset data = Dataset::open(folder);
    EXPECT_EQ(data.hash(), result.hash);
    ASSERT_EQ(data.pieces().size(), 44u);
    std::set<std::string> ids;
    for (const PieceInfo& piece : data.pieces()) {
        ids.insert(piece.id);
        EXPECT_TRUE(fs::exists(piece.path)) << piece.path;
    }
    EXPECT_EQ(ids.size(), 44u);
    EXPECT_TRUE(ids.contains("\\xE4.mid"));
    EXPECT_TRUE(ids.contains("\\xF6.mid"));
}

}  // namespace
}  // namespace symphony::corpus
