#include "symphony/corpus/report.h"

#include "symphony/base/error.h"

#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

CorpusReport sample_report() {
    CorpusReport report;
    report.root = "music";
    report.account = {.found = 3, .used = 1, .refused = 1, .duplicates_exact = 1, .not_music = 2};
    report.account.files = {
        {.id = "a.mid", .repairs = {"MID013 vlq-overlong"}},
        {.id = "b.mid", .fate = FileFate::kRefused, .code = "MID001", .reason = "not-midi"},
        {.id = "c.mid", .fate = FileFate::kDuplicateExact, .duplicate_of = "a.mid"}};
    report.account.unreadable_folders = {"music/locked"};
    report.account.count_code("MID013", "vlq-overlong", 12, /*refuses=*/false);
    report.account.count_code("MID001", "not-midi", 1, /*refuses=*/true);
    report.account.count_code("MID013", "vlq-overlong", 3, /*refuses=*/false);
    report.pieces = 1;
    report.hours = 0.25;
    report.distributions = {{.name = "pitch",
                             .title = "Pitch",
                             .unit = "MIDI pitch",
                             .counted = "notes",
                             .numeric = true,
                             .bins = {{.label = "C4", .value = 60, .count = 12}},
                             .total = 12,
                             .mean = 60,
                             .median = 60}};
    report.remarks = {{.code = "constant-velocity", .text = "…", .pieces = {"a.mid"}}};
    report.summaries = {{.id = "a.mid",
                         .title = "Étude",
                         .notes = 12,
                         .key = {.sharps = -3, .minor = true},
                         .key_given = true,
                         .meter = "3/4"}};
    report.examples = {"a.mid"};
    report.related = {{"a.mid", "d.mid", "tune", "9 stretches of melody"}};
    return report;
}

TEST(CorpusReport, ComesBackFromItsOwnJson) {
    const CorpusReport report = sample_report();
    const base::Json json = to_json(report);
    const CorpusReport back = report_from_json(base::parse_json(json.dump()).value());
    EXPECT_EQ(to_json(back), json);
    EXPECT_EQ(back.account.files[1].fate, FileFate::kRefused);
    EXPECT_EQ(back.account.codes, report.account.codes);
    ASSERT_EQ(back.account.codes.size(), 2u);
    EXPECT_EQ(back.account.codes[0].code, "MID001");
    EXPECT_EQ(back.account.codes[1].times, 15);
    EXPECT_EQ(back.account.codes[1].files, 2);
    EXPECT_EQ(back.summaries[0].key, report.summaries[0].key);
    ASSERT_NE(back.distribution("pitch"), nullptr);
    EXPECT_EQ(back.distribution("pitch")->bins[0].count, 12);
    EXPECT_EQ(back.distribution("none"), nullptr);
}

TEST(CorpusReport, OtherJsonIsRefusedByName) {
    try {
        report_from_json(base::Json{{"root", "x"}}, "explore.json");
        FAIL() << "read";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_EQ(error.path, "explore.json");
    }
}

TEST(Account, SaysItsSumInOneSentence) {
    EXPECT_EQ(sample_report().account.sentence(),
              "3 found = 1 used + 0 repaired + 1 refused + 1 duplicates + 0 with the same music (2 "
              "other files left aside)");
}

}  // namespace
}  // namespace symphony::corpus
