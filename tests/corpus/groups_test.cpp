#include "symphony/corpus/groups.h"

#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

Groups group(const std::vector<WorkHints>& hints, const std::vector<score::Score>& scores) {
    std::vector<Fingerprint> fingerprints;
    for (const score::Score& score : scores) fingerprints.push_back(fingerprint_of(score));
    std::vector<const Fingerprint*> pointers;
    for (const Fingerprint& fingerprint : fingerprints) pointers.push_back(&fingerprint);
    return group_pieces(hints, pointers);
}

// Groups by names alone.
std::vector<int> groups_by_name(const std::vector<WorkHints>& hints) {
    return group(hints, std::vector<score::Score>(hints.size())).of_piece;
}

TEST(CatalogueNumbers, AreReadInTheirManyForms) {
    using List = std::vector<std::string>;
    EXPECT_EQ(catalogue_numbers("bwv248.23-s"), List{"bwv248"});
    EXPECT_EQ(catalogue_numbers("String_Quartet_in_D_major,_Op.1_No.6"), List{"op1"});
    EXPECT_EQ(catalogue_numbers("QuartetOpus18_No4_3"), List{"op18"});
    EXPECT_EQ(catalogue_numbers("Sonata in A, KV 331"), List{"k331"});
    EXPECT_EQ(catalogue_numbers("Winterreise, D.911"), List{"d911"});
    EXPECT_EQ(catalogue_numbers("Hob.XVI:52"), List{"hobxvi:52"});
    EXPECT_EQ(catalogue_numbers("loop 3, wood 4, Lied12"), List{});
}

TEST(Groups, MovementsOfOneWorkAreOneGroup) {
    EXPECT_EQ(groups_by_name({{"bwv244.3.mxl"}, {"bwv244.10.mxl"}, {"bwv26.6.mxl"}}),
              (std::vector<int>{0, 0, 1}));
    EXPECT_EQ(groups_by_name({{"Haydn/Quartet,_Op.20_No.1/sq1.mxl"},
                              {"Haydn/Quartet,_Op.20_No.2/sq2.mxl"},
                              {"Brahms/Quartet,_Op.20/sq3.mxl"}}),
              (std::vector<int>{0, 0, 1}));
    EXPECT_EQ(groups_by_name({{"x/sonata-1.mid"}, {"x/sonata-2.mid"}, {"x/rondo.mid"}}),
              (std::vector<int>{0, 0, 1}));
    EXPECT_EQ(groups_by_name({{"Bach/Partita/1 Praeludium.mid"},
                              {"Bach/Partita/2 Allemande.mid"},
                              {"Bach/aria.mid"}}),
              (std::vector<int>{0, 0, 1}));
    EXPECT_EQ(groups_by_name({{"Gounod/6_Melodies/3_Aubade/lc1.mxl"},
                              {"Gounod/6_Melodies/5_Le_lever/lc2.mxl"},
                              {"Gounod/_/Serenade/lc3.mxl"},
                              {"Gounod/_/Le_soir/lc4.mxl"}}),
              (std::vector<int>{0, 0, 1, 2}));
    EXPECT_EQ(groups_by_name({{"a.mid", "Wachet auf", "Bach"},
                              {"b.mid", "Wachet  auf!", "Bach"},
                              {"c.mid", "Wachet auf", "Distler"}}),
              (std::vector<int>{0, 0, 1}));
}

TEST(Groups, AMannerOfNamingIsNoWork) {
    std::vector<WorkHints> hints;
    for (int i = 0; i < 30; ++i)
        hints.push_back({"train/" + std::to_string(100 + i) + ".mid", "Untitled"});
    for (int i = 0; i < 30; ++i) hints.push_back({"song" + std::to_string(i) + ".mid"});
    EXPECT_EQ(groups_by_name(hints).back(), 59);
}

TEST(Groups, CopiesAndTunesAreFoundInTheMusic) {
    std::vector<score::Score> scores;
    for (std::uint64_t seed = 0; seed < 6; ++seed) scores.push_back(made_piece(seed, 48));
    scores.push_back(*score::transposed(scores[1], 4));  // 6: transposed copy
    scores.push_back(on_one_track(scores[2]));           // 7: re-tracked copy
    scores.push_back(scores[3]);                         // 8: another edition, transposed
    for (std::size_t i = 0; i < scores[8].parts[1].notes.size(); i += 12)
        scores[8].parts[1].notes[i].pitch -= 1;
    scores[8] = *score::transposed(scores[8], -2);
    scores.push_back(made_piece(99, 48));  // 9: another setting of the tune of 4
    scores[9].parts[0] = scores[4].parts[0];
    std::vector<WorkHints> hints;
    for (std::size_t i = 0; i < scores.size(); ++i)
        hints.push_back({std::string(1, static_cast<char>('a' + i)) + ".mid"});
    const Groups groups = group(hints, scores);
    EXPECT_EQ(groups.of_piece, (std::vector<int>{0, 1, 2, 3, 4, 5, 1, 2, 3, 4}));
    EXPECT_EQ(groups.largest(), 2u);
    std::vector<Relation> strongest(10, Relation::kWork);
    for (const Link& link : groups.links)
        strongest[static_cast<std::size_t>(link.b)] =
            std::min(strongest[static_cast<std::size_t>(link.b)], link.relation);
    EXPECT_EQ(strongest[6], Relation::kSameMusic);
    EXPECT_EQ(strongest[7], Relation::kSameMusic);
    EXPECT_EQ(strongest[8], Relation::kNearCopy);
    EXPECT_EQ(strongest[9], Relation::kTune);
}

}  // namespace
}  // namespace symphony::corpus
