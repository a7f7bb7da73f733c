#include "symphony/generate/music_names.h"

#include "symphony/base/error.h"

#include <gtest/gtest.h>

namespace symphony::generate {
namespace {

TEST(MusicNames, Keys) {
    EXPECT_EQ(parse_key("C major"), (score::Key{0, false}));
    EXPECT_EQ(parse_key("g"), (score::Key{1, false}));
    EXPECT_EQ(parse_key("F"), (score::Key{-1, false}));
    EXPECT_EQ(parse_key("Am"), (score::Key{0, true}));
    EXPECT_EQ(parse_key("f# minor"), (score::Key{3, true}));
    EXPECT_EQ(parse_key("Eb-major"), (score::Key{-3, false}));
    EXPECT_EQ(parse_key("bb"), (score::Key{-2, false}));
    EXPECT_EQ(parse_key(" Bbm "), (score::Key{-5, true}));
    EXPECT_EQ(parse_key("C#"), (score::Key{7, false}));
    for (const char* wrong : {"", "H", "C dorian", "G# major", "Fb", "Dbm", "C##"})
        EXPECT_THROW(parse_key(wrong), base::Error) << wrong;
}

TEST(MusicNames, EveryKeyComesBackFromItsName) {
    for (int sharps = -7; sharps <= 7; ++sharps)
        for (const bool minor : {false, true}) {
            const score::Key key{static_cast<std::int8_t>(sharps), minor};
            EXPECT_EQ(parse_key(key.name()), key) << key.name();
        }
}

TEST(MusicNames, Meters) {
    EXPECT_EQ(parse_meter("3/4"), (score::Meter{3, 4}));
    EXPECT_EQ(parse_meter("12/8"), (score::Meter{12, 8}));
    for (const char* wrong : {"", "3", "3/", "/4", "3/5", "0/4", "3/4 ", "-3/4", "300/4", "3/256"})
        EXPECT_THROW(parse_meter(wrong), base::Error) << wrong;
}

}  // namespace
}  // namespace symphony::generate
