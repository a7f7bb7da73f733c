// The page of `explore`: what a folder of music holds and what can be learned from it.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/report.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace symphony::view {

// A piece to look at; roles are set.
struct ExamplePiece {
    std::string id;
    score::Score score;
};

// Reads the pieces of these ids under report.root and sets their roles. Pieces that cannot be read
// any more are left out.
std::vector<ExamplePiece> read_pieces(const corpus::CorpusReport& report,
                                      std::span<const std::string> ids);
// Those that report.examples names.
std::vector<ExamplePiece> read_examples(const corpus::CorpusReport& report);

// What pages share: the account in a bar, its refusals and repairs; the remarks; the charts.
std::string account_html(const corpus::Account& account);
std::string remarks_html(const corpus::CorpusReport& report);
// Charts of the distributions named (all if empty), in a grid. Scripts, data and figures go to
// `figures`. `threads`: so many at a time, 0: all cores.
std::string distribution_charts_html(const corpus::CorpusReport& report,
                                     std::span<const std::string> names,
                                     const std::filesystem::path& figures, int threads,
                                     base::Progress& progress);
// The same of any distributions, those without values named below.
std::string charts_html(std::span<const corpus::Distribution* const> distributions,
                        const std::filesystem::path& figures, int threads,
                        base::Progress& progress);
std::string example_rolls_html(std::span<const ExamplePiece> examples, int bars);

// Pieces that the page shows.
struct ExplorePieces {
    std::vector<ExamplePiece> examples, forms, outliers;
};

// One self-contained page. Needs gnuplot. Throws Error (kInput).
std::string format_explore_page(const corpus::CorpusReport& report, const ExplorePieces& pieces,
                                const std::filesystem::path& figures, int threads,
                                base::Progress& progress);

// Writes the page to `path` and its figures, with scripts and data, to the folder figures/ beside
// it.
void write_explore_page(const corpus::CorpusReport& report, const std::filesystem::path& path,
                        int threads, base::Progress& progress);

}  // namespace symphony::view
