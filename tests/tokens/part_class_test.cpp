#include "symphony/tokens/part_class.h"

#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

TEST(NameClass, KnowsPlayersInSeveralLanguages) {
    EXPECT_EQ(name_class("Violin II"), "Violin");
    EXPECT_EQ(name_class("Violino primo"), "Violin");
    EXPECT_EQ(name_class("S."), "Soprano");
    EXPECT_EQ(name_class("Singstimme"), "Voice");
    EXPECT_EQ(name_class("Klavier"), "Piano");
    EXPECT_EQ(name_class("Bass clarinet"), "Clarinet");
    EXPECT_EQ(name_class("Alto Saxophone"), "Saxophone");
    EXPECT_EQ(name_class("BASS"), "Bass");
    EXPECT_EQ(name_class("Track 7"), "");
    EXPECT_EQ(name_class(""), "");
}

TEST(NameClass, AClassMeansItself) {
    for (const char* name :
         {"Soprano", "Mezzo-soprano", "Alto",       "Tenor",    "Baritone",    "Bass",
          "Voice",   "Choir",         "Piano",      "Organ",    "Harpsichord", "Violin",
          "Viola",   "Violoncello",   "Contrabass", "Flute",    "Oboe",        "Clarinet",
          "Bassoon", "Horn",          "Trumpet",    "Trombone", "Tuba",        "Harp",
          "Guitar",  "Timpani",       "Strings",    "Melody",   "Chords",      "Synth",
          "Pad",     "Piccolo",       "Recorder",   "Saxophone"}) {
        EXPECT_EQ(name_class(name), name);
        EXPECT_EQ(name_class(std::string(name) + " 2"), name);
    }
}

PartClass violin(int ordinal) { return {false, 40, "Violin", ordinal}; }

TEST(PartClasses, EqualPlayersStayApart) {
    std::vector<score::Part> parts(3);
    for (score::Part& part : parts) {
        part.program = 40;
        part.name = "Violin";
    }
    parts[1].program = 41;
    const auto classes = part_classes(parts);
    EXPECT_EQ(classes[0], violin(1));
    EXPECT_EQ(classes[2], violin(2));
    EXPECT_EQ(classes[2].token(), "Part_Violin/40#2");
    EXPECT_EQ(display_names(classes),
              (std::vector<std::string>{"Violin 1", "Violin 2", "Violin 3"}));
}

TEST(AssignClasses, TakesTheNearestForTheUnknownAndKeepsOrdinalsInOrder) {
    const std::vector<PartClass> known{
        {false, 0, "Piano", 1}, violin(1), violin(2), {true, 0, "", 1}};
    const std::vector<PartClass> wanted{{false, 41, "Viola", 1},
                                        violin(1),
                                        {true, 8, "", 1},
                                        {false, 7, "Harpsichord", 1},
                                        {false, 60, "Horn", 1}};
    // The viola sits before the violin, so it becomes the first one.
    EXPECT_EQ(assign_classes(wanted, known), (std::vector<int>{1, 2, 3, 0, -1}));
}

}  // namespace
}  // namespace symphony::tokens
