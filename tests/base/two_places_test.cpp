#include "symphony/base/two_places.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::base {
namespace {

namespace fs = std::filesystem;

TEST(TwoPlaces, AreOneByPathOrLink) {
    const fs::path folder = test_support::fresh_folder("places");
    const fs::path file = folder / "song.mid";
    write_file_atomically(file, "music");
    write_file_atomically(folder / "other.mid", "music");
    fs::create_symlink(file, folder / "soft.mid");
    fs::create_hard_link(file, folder / "hard.mid");
    for (const fs::path& same : {file, folder / "." / "song.mid", fs::relative(file),
                                 folder / "soft.mid", folder / "hard.mid"})
        EXPECT_THROW(require_two_places(file, same), Error) << same;
    EXPECT_NO_THROW(require_two_places(file, folder / "other.mid"));
    EXPECT_NO_THROW(require_two_places(file, folder / "new.mid"));
    EXPECT_NO_THROW(require_two_places(folder / "missing.mid", file));
}

}  // namespace
}  // namespace symphony::base
