#include "symphony/cli/listening_excerpts.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/base/sha256.h"
#include "symphony/cli/music_files.h"
#include "symphony/io/score_file.h"
#include "symphony/score/transform.h"
#include "symphony/view/levelled.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKitNameLength = 12;

struct Excerpt {
    std::string set, file, pair;
    score::Score score;
};

std::string stem_of(const fs::path& file) { return file.stem().string(); }

// Short names of sets; the paths as given where those are equal.
std::vector<std::string> names_of(const std::vector<std::string>& sets) {
    std::vector<std::string> names;
    for (const std::string& set : sets) {
        fs::path path = fs::absolute(set).lexically_normal();
        if (!path.has_filename()) path = path.parent_path();
        names.push_back(path.filename().string());
    }
    return std::set<std::string>(names.begin(), names.end()).size() < names.size() ? sets : names;
}

// Names of files that every set has.
std::set<std::string> common_stems(const std::vector<std::vector<fs::path>>& files) {
    std::map<std::string, std::size_t> in_sets;
    for (const auto& set : files) {
        std::set<std::string> stems;
        for (const fs::path& file : set) stems.insert(stem_of(file));
        for (const std::string& stem : stems) ++in_sets[stem];
    }
    std::set<std::string> common;
    for (const auto& [stem, sets] : in_sets)
        if (sets == files.size() && files.size() > 1) common.insert(stem);
    return common;
}

// Common names in one order for all sets, then the rest in an order of each set's own.
void put_in_order(std::vector<fs::path>& files, const std::set<std::string>& common,
                  std::uint64_t seed, std::size_t set) {
    std::vector<std::string> stems(common.begin(), common.end());
    base::Rng(seed, "listening pairs").shuffle(std::span(stems));
    base::Rng(seed, "listening set", set).shuffle(std::span(files));
    const auto rank = [&](const fs::path& file) {
        return std::find(stems.begin(), stems.end(), stem_of(file)) - stems.begin();
    };
    std::stable_sort(files.begin(), files.end(),
                     [&](const fs::path& a, const fs::path& b) { return rank(a) < rank(b); });
}

score::Score cut(const score::Score& score, const ListeningOptions& options) {
    const std::size_t all = score::bars_of(score).size();
    const std::size_t bars = std::min(all, static_cast<std::size_t>(options.bars));
    const std::size_t first = options.from_the_end ? all - bars : 0;
    return score::excerpt(score, first, first + bars);
}

void make_equal(std::vector<Excerpt>& excerpts) {
    std::vector<const score::Score*> scores;
    std::vector<double> tempos;
    for (const Excerpt& excerpt : excerpts) {
        scores.push_back(&excerpt.score);
        if (!excerpt.score.tempos.empty())
            tempos.push_back(excerpt.score.tempos[0].quarters_per_minute);
    }
    const int program = view::usual_program(scores);
    const double tempo = view::usual_tempo(std::move(tempos));
    for (Excerpt& excerpt : excerpts) excerpt.score = view::levelled(excerpt.score, program, tempo);
}

// The first of the files that can be read and hold notes.
std::vector<Excerpt> read_excerpts(const std::vector<fs::path>& files, const std::string& name,
                                   const std::set<std::string>& common,
                                   const ListeningOptions& options, base::Progress& progress) {
    std::vector<Excerpt> excerpts;
    for (const fs::path& file : files) {
        if (static_cast<int>(excerpts.size()) == options.excerpts) break;
        auto read = io::read_score_file(file);
        score::Score score = read ? cut(read.value().score, options) : score::Score{};
        if (score.note_count() == 0) {
            progress.note(read ? file.string() + " has no notes where it is cut"
                               : "left out: " + read.error().format());
            continue;
        }
        const std::string stem = stem_of(file);
        excerpts.push_back(
            {name, file.string(), common.contains(stem) ? stem : "", std::move(score)});
    }
    if (excerpts.empty())
        throw base::Error(base::ErrorKind::kInput, "the set has no music to hear", name);
    return excerpts;
}

}  // namespace

ListeningExcerpts choose_excerpts(const std::vector<std::string>& sets,
                                  const ListeningOptions& options, base::Progress& progress) {
    std::vector<std::vector<fs::path>> files;
    for (const std::string& set : sets) files.push_back(music_files(set));
    const std::set<std::string> common = common_stems(files);
    ListeningExcerpts chosen;
    chosen.key.sets = names_of(sets);
    std::vector<Excerpt> all;
    for (std::size_t s = 0; s < sets.size(); ++s) {
        put_in_order(files[s], common, options.seed, s);
        for (Excerpt& excerpt :
             read_excerpts(files[s], chosen.key.sets[s], common, options, progress))
            all.push_back(std::move(excerpt));
    }
    if (options.equal_sound) make_equal(all);
    base::Rng(options.seed, "listening order").shuffle(std::span(all));
    for (Excerpt& excerpt : all) {
        chosen.key.items.push_back({fmt::format("excerpt-{:02}", chosen.key.items.size() + 1),
                                    excerpt.set, excerpt.file, excerpt.pair});
        chosen.scores.push_back(std::move(excerpt.score));
    }
    chosen.key.kit = base::sha256_hex(base::format_json(evaluate::to_json(chosen.key)) +
                                      fmt::format("{} {}", options.bars, options.seed))
                         .substr(0, kKitNameLength);
    return chosen;
}

}  // namespace symphony::cli
