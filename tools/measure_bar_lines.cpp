// Measures how well bar lines are judged. Of every score below DIR whose bars are right, the bar
// lines are shifted by each beat (and by each half beat of the eighth grid with --features), and of
// those in 3/4 and 6/8 the metre is set to 4/4. Results are in docs/corpus.md.
//
//   measure_bar_lines DIR... --half even|odd|all       a table of what was found of each fault
//   measure_bar_lines DIR... --features --half even    lines for tools/fit_bar_lines.py
//   measure_bar_lines --pairs INDEX.tsv ROOT           MIDI files beside the scores that tell the
//   truth
#include "symphony/base/file.h"
#include "symphony/corpus/bar_fit.h"
#include "symphony/io/score_file.h"
#include "symphony/score/score.h"

#include "planted_bars.h"
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symphony;
namespace fs = std::filesystem;

struct Choice {
    std::vector<std::string> folders;
    std::string half = "all";
    bool features = false;
};

// Songs and movements of one set (composer/set/...) are in one half; files that lie in no such
// folders are dealt one by one.
bool is_in_half(const fs::path& path, const std::string& half) {
    if (half == "all") return true;
    std::vector<std::string> names;
    for (const fs::path& name : path) names.push_back(name.string());
    const std::string work = names.size() > 3 ? names[0] + "/" + names[1] : path.string();
    std::uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : work) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return ((hash >> 8) % 2 == 0) == (half == "even");
}

void for_each_score(const Choice& choice,
                    const std::function<void(const fs::path&, const score::Score&)>& visit) {
    for (const std::string& folder : choice.folders)
        for (const fs::path& path : base::list_files(folder)) {
            if (!io::has_music_ending(path) ||
                !is_in_half(path.lexically_relative(folder), choice.half))
                continue;
            auto read = io::read_score_file(path);
            if (read.ok() && read.value().score.note_count() > 0) visit(path, read.value().score);
        }
}

// One line per barring of each right score and each of its 4/4 forms: 1 for the true one, then the
// features.
void print_features(const Choice& choice) {
    std::size_t question = 0;
    for_each_score(choice, [&](const fs::path&, const score::Score& right) {
        for (const tools::PlantedBars& planted : tools::planted_bars(right)) {
            if (planted.shift_units != 0 && !planted.as_common_time) continue;
            const corpus::Accents accents =
                corpus::accents_of(planted.score, score::bars_of(planted.score));
            if (accents.bars < 8 || accents.units_per_bar < 2) continue;
            ++question;
            for (const corpus::Barring& barring : corpus::barrings_for(accents)) {
                const bool is_true =
                    planted.meter == barring.meter && barring.phase == planted.true_phase;
                std::string line = fmt::format("{} {}", question, is_true ? 1 : 0);
                for (const double f : corpus::features_of(accents, barring))
                    line += fmt::format(" {:.4f}", f);
                std::puts(line.c_str());
            }
        }
    });
}

struct Row {
    std::size_t cases = 0, named = 0, right = 0;
};

void print_rows(const std::map<std::string, Row>& rows) {
    fmt::print("{:28} {:>7} {:>7} {:>7}\n", "case", "pieces", "named", "right");
    for (const auto& [name, row] : rows)
        fmt::print("{:28} {:7} {:7} {:7}\n", name, row.cases, row.named, row.right);
}

void count(Row& row, const corpus::BarFit& fit, const tools::PlantedBars& truth) {
    ++row.cases;
    if (fit.fits) return;
    ++row.named;
    row.right +=
        fit.meter == truth.meter && std::abs(fit.shift_quarters - truth.true_shift_quarters) < 0.01;
}

void print_table(const Choice& choice) {
    std::map<std::string, Row> rows;
    for_each_score(choice, [&](const fs::path&, const score::Score& right) {
        for (const tools::PlantedBars& planted : tools::planted_bars(right)) {
            if (!planted.whole_beat) continue;
            const corpus::BarFit fit =
                corpus::bar_fit(planted.score, score::bars_of(planted.score));
            count(rows[planted.name], fit, planted);
        }
    });
    print_rows(rows);
}

// The MIDI file's bars begin at its first tick; the score says where they should.
int print_pairs(const fs::path& index, const fs::path& root) {
    std::map<std::string, Row> rows;
    const std::string table = base::read_file(index).value();
    std::size_t at = table.find('\n') + 1;
    while (at < table.size()) {
        const std::size_t tab = table.find('\t', at), end = table.find('\n', at);
        const fs::path midi = root / table.substr(at, tab - at);
        const fs::path truth = root / table.substr(tab + 1, end - tab - 1);
        at = end == std::string::npos ? table.size() : end + 1;
        const score::Score played = io::read_score_file(midi).value().score;
        const score::Score score = io::read_score_file(truth).value().score;
        const std::vector<score::Bar> bars = score::bars_of(score);
        const auto full = [&](const score::Bar& bar) {
            return std::int64_t{4} * score.ticks_per_quarter * bar.meter.numerator /
                   bar.meter.denominator;
        };
        const bool has_upbeat = bars.size() > 1 && bars.front().length.value < full(bars.front());
        tools::PlantedBars answer{.score = {}, .meter = bars.front().meter};
        if (has_upbeat)
            answer.true_shift_quarters =
                static_cast<double>(bars.front().length.value) / score.ticks_per_quarter;
        const corpus::BarFit fit = corpus::bar_fit(played, score::bars_of(played));
        count(rows[has_upbeat ? "upbeat not marked" : "no upbeat"], fit, answer);
        if (fit.fits == has_upbeat)
            fmt::print("{}: {} ({:.2f}), upbeat of {:g}\n", midi.filename().string(),
                       fit.fits ? "fits" : fit.words(), fit.confidence, answer.true_shift_quarters);
    }
    print_rows(rows);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Choice choice;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--pairs" && i + 2 < argc) return print_pairs(argv[i + 1], argv[i + 2]);
        if (word == "--half" && i + 1 < argc)
            choice.half = argv[++i];
        else if (word == "--features")
            choice.features = true;
        else
            choice.folders.emplace_back(word);
    }
    if (choice.folders.empty()) {
        std::fputs("measure_bar_lines DIR... [--half even|odd] [--features]\n", stderr);
        return 64;
    }
    if (choice.features)
        print_features(choice);
    else
        print_table(choice);
    return 0;
}
