#include "symphony/view/report/report.h"

#include "symphony/base/error.h"
#include "symphony/base/process.h"
#include "symphony/view/report/listening.h"
#include "symphony/view/report/pdf.h"
#include "symphony/view/report/section.h"

#include "journey_fixture.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <set>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;

struct ReportTest : testing::Test {
    static fs::path folder() {
        static const test_support::TemporaryFolder made;
        return made.path;
    }
    static void SetUpTestSuite() { write_journey(folder()); }
    void SetUp() override {
        if (base::find_program("gnuplot").empty()) GTEST_SKIP() << "gnuplot is not installed";
    }
};

// Elements that must be closed are, in order.
void expect_balanced(const std::string& html) {
    static const std::regex kTag(R"(<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>)");
    static const std::set<std::string> kVoid = {"meta", "link", "br", "img", "input", "hr"};
    std::string text = std::regex_replace(html, std::regex(R"(<script>[^]*?</script>)"), "");
    text = std::regex_replace(text, std::regex(R"(data:[a-z/]+;base64,[A-Za-z0-9+/=]*)"), "data:");
    std::vector<std::string> open;
    for (auto it = std::sregex_iterator(text.begin(), text.end(), kTag);
         it != std::sregex_iterator(); ++it) {
        const std::string name = (*it)[2];
        if (kVoid.contains(name) || (*it)[3].length() > 0) continue;
        if ((*it)[1].length() == 0) {
            open.push_back(name);
        } else {
            ASSERT_FALSE(open.empty()) << it->position();
            ASSERT_EQ(open.back(), name) << text.substr(
                static_cast<std::size_t>(std::max<long>(0, it->position() - 200)), 300);
            open.pop_back();
        }
    }
    EXPECT_TRUE(open.empty()) << open.back();
}

void expect_harmless(const std::string& html) {
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_EQ(html.find("</pre><script>"), std::string::npos);
    for (const char* load : {"src=\"http", "href=\"http", "url(http", "@import"})
        EXPECT_EQ(html.find(load), std::string::npos) << load;
    std::set<std::string> ids;
    static const std::regex kId(R"( id="([^"]*)\")");
    for (auto it = std::sregex_iterator(html.begin(), html.end(), kId);
         it != std::sregex_iterator(); ++it)
        EXPECT_TRUE(ids.insert((*it)[1]).second) << "twice: " << (*it)[1];
}

TEST_F(ReportTest, WithoutSoundHasEverySectionAndIsWellFormed) {
    const ReportData data = read_report_data(folder());
    ReportOptions options{
        .page = folder() / "quiet.html", .slides = folder() / "quiet-deck.html", .audio = false};
    const ReportFiles files = write_report(data, options, base::silent_progress());
    const std::string page = base::read_file(options.page).value();
    EXPECT_EQ(page.size(), files.page_bytes);
    expect_balanced(page);
    expect_harmless(page);
    for (const char* id :
         {"quiz", "corpus", "tokens", "curves", "comparison", "pretraining", "base", "generated",
          "takes", "learning", "voices", "settings", "outcome"})
        EXPECT_NE(page.find(fmt::format("<section id=\"{}\"", id)), std::string::npos) << id;
    EXPECT_NE(page.find("Starting from the base saves 0.400 bits per note"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert"), std::string::npos);
    EXPECT_NE(page.find("grace-dropped"), std::string::npos);
    EXPECT_TRUE(fs::exists(folder() / "figures" / "loss.gp"));
    EXPECT_TRUE(fs::exists(folder() / "figures" / "loss.dat"));
    EXPECT_NE(page.find("Gradients through time"), std::string::npos);
    // Scaled to the first; the vanished fourth has no place on a logarithmic axis.
    const std::string flow = base::read_file(folder() / "figures" / "gradient-flow.dat").value();
    EXPECT_NE(flow.find("2 0.01"), std::string::npos) << flow;
    EXPECT_EQ(flow.find("\n3 "), std::string::npos) << flow;

    const std::string deck = base::read_file(options.slides).value();
    expect_balanced(deck);
    expect_harmless(deck);
    std::size_t slides = 0;
    for (auto at = deck.find("class=\"slide "); at != std::string::npos;
         at = deck.find("class=\"slide ", at + 1))
        ++slides;
    EXPECT_GE(slides, 8u);
    EXPECT_LE(slides, 12u);
}

TEST_F(ReportTest, TheBlindTestIsFair) {
    const ReportData data = read_report_data(folder());
    const auto items = choose_quiz(data, 1);
    ASSERT_GE(items.size(), 8u);
    ASSERT_LE(items.size(), 10u);
    int real = 0;
    std::set<std::string> models;
    for (const QuizItem& item : items) {
        real += item.real;
        if (!item.real) models.insert(item.model);
        EXPECT_EQ(item.score.tempos.size(), 1u);
        EXPECT_EQ(item.score.tempos[0], items[0].score.tempos[0]);
        EXPECT_TRUE(item.score.title.empty());
        for (const score::Part& part : item.score.parts) {
            EXPECT_TRUE(part.name.empty());
            EXPECT_TRUE(part.controls.empty());
            EXPECT_EQ(part.program, items[0].score.parts[0].program);
            for (const score::Note& note : part.notes) EXPECT_EQ(note.velocity, 80);
        }
    }
    EXPECT_EQ(real, 2);  // all there are
    EXPECT_EQ(models.size(), 3u);
    const auto again = choose_quiz(data, 1);
    for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(items[i].source, again[i].source);
}

TEST_F(ReportTest, MissingStagesAreSaidNotFaked) {
    const auto bare = folder() / "bare";
    fs::create_directories(bare);
    fs::copy_file(folder() / "explore.json", bare / "explore.json",
                  fs::copy_options::overwrite_existing);
    const ReportData data = read_report_data(bare);
    const ReportOptions options{.page = bare / "report.html", .slides = bare / "deck.html"};
    write_report(data, options, base::silent_progress());
    const std::string page = base::read_file(options.page).value();
    expect_balanced(page);
    for (const char* file : {"evaluation.json", "pretraining.json", "base.json", "generated.json",
                             "take-1.mid", "metrics.jsonl", "samples"})
        EXPECT_NE(page.find(file), std::string::npos) << file;
    EXPECT_EQ(page.find("bits per note, 95 %"), std::string::npos);
}

TEST_F(ReportTest, PrintsToPdf) {
    if (base::find_program("chromium").empty()) GTEST_SKIP() << "chromium is not installed";
    const auto page = folder() / "small.html";
    base::write_file_atomically(page, "<!DOCTYPE html><title>t</title><p>hello");
    print_to_pdf(page, folder() / "small.pdf");
    EXPECT_TRUE(base::read_file(folder() / "small.pdf").value().starts_with("%PDF"));
}

TEST(ReportDataTest, WrongFoldersAndDamagedFilesAreErrors) {
    EXPECT_THROW(read_report_data("/no/such/folder"), base::Error);
    const auto folder = test_support::fresh_folder("damaged");
    EXPECT_THROW(read_report_data(folder), base::Error);
    base::write_file_atomically(folder / "evaluation.json", "{\"models\": 3}");
    try {
        read_report_data(folder);
        ADD_FAILURE() << "no error";
    } catch (const base::Error& error) {
        EXPECT_NE(error.path.find("evaluation.json"), std::string::npos);
    }
}

TEST(RunLogTest, ReadsCurvesAndIgnoresAHalfLastLine) {
    const auto folder = test_support::fresh_folder("run-log");
    write_run(folder, "rnn");
    const RunLog run = read_run(folder / "models" / "rnn");
    ASSERT_EQ(run.valid.size(), 8u);
    EXPECT_EQ(run.train.size(), 8u);
    EXPECT_EQ(run.valid[2].step, 100);
    EXPECT_NEAR(*run.best_valid_loss(), 1 + 2 * std::exp(-3.5), 1e-9);
    EXPECT_EQ(run.end_reason, "patience");
    ASSERT_EQ(run.samples.size(), 3u);
    EXPECT_EQ(run.samples[2].step, 350);
    base::write_file_atomically(folder / "models" / "rnn" / "metrics.jsonl", "{bad\n{}\n");
    EXPECT_THROW(read_run(folder / "models" / "rnn"), base::Error);
}

TEST(UnigramLoss, IsTheCrossEntropyOfCounts) {
    const auto folder = test_support::fresh_folder("unigram");
    corpus::DatasetBuilder builder(folder, {{"scheme", "note"}}, 3, 0);
    const int train[] = {1, 1, 1, 2, 0}, valid[] = {1, 2, 0};
    corpus::PieceInfo a{.id = "a", .group = "a", .split = corpus::Split::kTrain, .notes = 4};
    corpus::PieceInfo b{.id = "b", .group = "b", .split = corpus::Split::kValid, .notes = 2};
    builder.add_sequence(builder.add_piece(a), 0, train);
    builder.add_sequence(builder.add_piece(b), 0, valid);
    builder.write();
    // Counts plus one: 4, 3 and 2... of 8: id 1: 4/8, id 2: 2/8, id 0: 2/8.
    const double expected = -(std::log(4 / 8.0) + 2 * std::log(2 / 8.0)) / 3;
    EXPECT_NEAR(unigram_loss(corpus::Dataset::open(folder)), expected, 1e-12);
}

TEST(VoiceLeadingMarks, FrameTheVoicesAtFault) {
    score::Score score = four_voices(2);
    for (int voice = 0; voice < 4; ++voice)
        for (score::Note& note : score.parts[static_cast<std::size_t>(voice)].notes)
            note.pitch = static_cast<std::uint8_t>(72 - 7 * voice);
    // Soprano and alto a fifth apart step up together.
    score.parts[0].notes[1].pitch = 74;
    score.parts[1].notes[1].pitch = 67;
    const auto marks = voice_leading_marks(score);
    ASSERT_FALSE(marks.empty());
    EXPECT_EQ(marks[0].onset, score::Ticks(4));
    bool fifths = false;
    for (const RollMark& mark : marks)
        fifths = fifths || (mark.label == "5ths" && mark.low_pitch == 67 && mark.high_pitch == 74);
    EXPECT_TRUE(fifths);
    EXPECT_TRUE(voice_leading_marks(score::Score{}).empty());
}

}  // namespace
}  // namespace symphony::view
