// Measures role assignment with all parts merged into one, beside the skyline, and learns the
// weights of the role path. Chorales: the four voices; songs: the sung part is the melody;
// quartets: the cello is the bass. Results and data are described in docs/roles.md.
//
//   measure_roles SHARED                 a table on the valid files
//   measure_roles SHARED --split train   the same on the train files
//   measure_roles SHARED --fit melody    learns on train files, prints weights (--fit bass: those)
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/rng.h"
#include "symphony/base/text.h"
#include "symphony/io/score_file.h"
#include "symphony/score/role_path.h"
#include "symphony/score/roles.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace symphony;
using score::Note;
using score::Role;
using score::Ticks;

constexpr int kGridPerQuarter = 4;  // of the chorales

// A piece as one part without names, and what each of its notes truly is.
struct Example {
    score::Score merged;
    std::vector<Role> truth;
    std::vector<bool> is_left_out;  // of the measurement; empty: none is
};

// Notes of equal onset and pitch become one, the longest; it is melody if one of them was, else
// bass if one of them was.
Example merge(const score::Score& source, const std::vector<Role>& role_of_part) {
    struct Merged {
        Note note;
        Role truth = Role::kHarmony;
    };
    const auto rank = [](Role role) {
        return role == Role::kMelody ? 2 : role == Role::kBass ? 1 : 0;
    };
    std::map<std::pair<Ticks, int>, Merged> notes;
    for (std::size_t p = 0; p < source.parts.size(); ++p) {
        if (source.parts[p].is_drums) continue;
        for (const Note& note : source.parts[p].notes) {
            auto [at, is_new] = notes.try_emplace({note.onset, note.pitch});
            Merged& merged = at->second;
            if (is_new || note.duration > merged.note.duration) merged.note = note;
            if (rank(role_of_part[p]) > rank(merged.truth)) merged.truth = role_of_part[p];
        }
    }
    Example example;
    example.merged.ticks_per_quarter = source.ticks_per_quarter;
    example.merged.parts.emplace_back();
    for (auto& [key, merged] : notes) {
        merged.note.voice = 0;
        merged.note.velocity = 64;
        merged.note.role = Role::kUnknown;
        example.merged.parts[0].notes.push_back(merged.note);
        example.truth.push_back(merged.truth);
    }
    return example;
}

// The grid does not tell held notes from repeated ones: equal pitches in a row are one note.
score::Score chorale_score(const nlohmann::json& frames) {
    score::Score piece;
    piece.ticks_per_quarter = kGridPerQuarter;
    piece.parts.resize(4);
    for (std::size_t voice = 0; voice < 4; ++voice) {
        std::vector<Note>& notes = piece.parts[voice].notes;
        int before = -1;
        for (std::size_t t = 0; t < frames.size(); ++t) {
            const int pitch = static_cast<int>(frames[t][voice].get<double>());
            if (pitch >= 0 && pitch == before) {
                notes.back().duration += Ticks(1);
            } else if (pitch >= 0) {
                Note note;
                note.onset = Ticks(static_cast<std::int64_t>(t));
                note.duration = Ticks(1);
                note.pitch = static_cast<std::uint8_t>(pitch);
                notes.push_back(note);
            }
            before = pitch;
        }
    }
    return piece;
}

std::vector<Example> load_chorales(const fs::path& shared, const std::string& split) {
    const auto text = base::read_file(shared / "data/jsb-chorales/Jsb16thSeparated.json").value();
    const auto sets = nlohmann::json::parse(text);
    std::vector<Example> examples;
    for (const auto& frames : sets.at(split))
        examples.push_back(merge(chorale_score(frames),
                                 {Role::kMelody, Role::kHarmony, Role::kHarmony, Role::kBass}));
    return examples;
}

// The files of `split` as data/splits/NAME.tsv lists them, read in parallel; `roles_of` gives the
// true role of each part, or nothing if the piece cannot be judged.
template <class RolesOf>
std::vector<Example> load_split(const fs::path& shared, const std::string& name,
                                const std::string& split, const RolesOf& roles_of) {
    std::vector<std::string> paths;
    const auto table = base::read_file(shared / "data/splits" / (name + ".tsv")).value();
    for (const std::string& line : base::split(table, '\n')) {
        const auto cells = base::split(line, '\t');
        if (cells.size() == 2 && cells[0] == split) paths.push_back(cells[1]);
    }
    std::vector<std::optional<Example>> found(paths.size());
    base::parallel_for(paths.size(), 0, [&](std::size_t i) {
        const auto file = io::read_score_file(shared / "data" / paths[i]);
        const score::Score& piece = file.value().score;
        const std::vector<Role> roles = roles_of(piece);
        if (!roles.empty()) found[i] = merge(piece, roles);
    });
    std::vector<Example> examples;
    for (auto& example : found)
        if (example) examples.push_back(std::move(*example));
    return examples;
}

// The one part with words is the melody; songs for several voices are left out.
std::vector<Role> song_roles(const score::Score& piece) {
    std::vector<Role> roles;
    for (const auto& part : piece.parts)
        roles.push_back(part.texts.empty() ? Role::kHarmony : Role::kMelody);
    return std::count(roles.begin(), roles.end(), Role::kMelody) == 1 ? roles : std::vector<Role>();
}

std::vector<Role> quartet_roles(const score::Score& piece) {
    std::vector<Role> roles;
    for (const auto& part : piece.parts)
        roles.push_back(base::contains_ignoring_case(part.name, "cello") ? Role::kBass
                                                                         : Role::kHarmony);
    return std::count(roles.begin(), roles.end(), Role::kBass) == 1 ? roles : std::vector<Role>();
}

struct Counts {
    double hits = 0, found = 0, wanted = 0;
    double f1() const { return found + wanted > 0 ? 2 * hits / (found + wanted) : 0; }
    double precision() const { return found > 0 ? hits / found : 0; }
    double recall() const { return wanted > 0 ? hits / wanted : 0; }
};

Counts sum_of(const std::vector<Counts>& each) {
    Counts total;
    for (const Counts& c : each) {
        total.hits += c.hits;
        total.found += c.found;
        total.wanted += c.wanted;
    }
    return total;
}

template <class Assign>
Counts measure(const std::vector<Example>& examples, Role role, const Assign& assign) {
    std::vector<Counts> each(examples.size());
    base::parallel_for(examples.size(), 0, [&](std::size_t i) {
        score::Score piece = examples[i].merged;
        assign(piece);
        const auto& notes = piece.parts[0].notes;
        for (std::size_t n = 0; n < notes.size(); ++n) {
            if (!examples[i].is_left_out.empty() && examples[i].is_left_out[n]) continue;
            const bool is = notes[n].role == role, should = examples[i].truth[n] == role;
            each[i].found += is;
            each[i].wanted += should;
            each[i].hits += is && should;
        }
    });
    return sum_of(each);
}

void print_rows(const std::string& name, const std::vector<Example>& examples,
                const std::vector<Role>& roles) {
    for (const Role role : roles) {
        const Counts ours = measure(examples, role, score::assign_roles);
        const Counts skyline = measure(examples, role, score::assign_roles_skyline);
        fmt::print(
            "| {} | {} | {} | {:.0f} | {:.3f} ({:.3f}, {:.3f}) | {:.3f} ({:.3f}, {:.3f}) |\n", name,
            examples.size(), score::role_name(role), ours.wanted, ours.f1(), ours.precision(),
            ours.recall(), skyline.f1(), skyline.precision(), skyline.recall());
    }
}

// The same with only the notes that sound together with the melody: in a prelude nothing says that
// the piano's tune is not the one.
std::vector<Example> while_sung(std::vector<Example> examples) {
    for (Example& example : examples) {
        const auto& notes = example.merged.parts[0].notes;
        std::vector<std::pair<Ticks, Ticks>> sung;
        for (std::size_t n = 0; n < notes.size(); ++n)
            if (example.truth[n] == Role::kMelody)
                sung.emplace_back(notes[n].onset, notes[n].end());
        for (const Note& note : notes)
            example.is_left_out.push_back(
                std::none_of(sung.begin(), sung.end(), [&](const auto& span) {
                    return note.onset < span.second && note.end() > span.first;
                }));
    }
    return examples;
}

struct Lesson {
    std::vector<score::PathNote> notes;
    std::vector<std::size_t> truth;  // the notes of the line
};

Lesson lesson_of(const Example& example, Role role) {
    Lesson lesson;
    const double per_quarter = example.merged.ticks_per_quarter;
    const auto& notes = example.merged.parts[0].notes;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        // The bass is sought among what the melody leaves.
        if (role == Role::kBass && example.truth[i] == Role::kMelody) continue;
        if (example.truth[i] == role) lesson.truth.push_back(lesson.notes.size());
        lesson.notes.push_back({static_cast<double>(notes[i].onset.value) / per_quarter,
                                static_cast<double>(notes[i].duration.value) / per_quarter,
                                notes[i].pitch});
    }
    return lesson;
}

std::vector<Lesson> lessons_of(const std::vector<Example>& examples, Role role,
                               std::size_t at_most) {
    std::vector<Lesson> lessons;
    const std::size_t stride = std::max<std::size_t>(1, examples.size() / at_most);
    for (std::size_t i = 0; i < examples.size() && lessons.size() < at_most; i += stride)
        lessons.push_back(lesson_of(examples[i], role));
    return lessons;
}

void add_path(score::PathWeights& sum, const Lesson& lesson,
              const std::vector<score::NoteFeatures>& features,
              const std::vector<std::size_t>& path, double sign) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        for (std::size_t f = 0; f < score::kNoteFeatures; ++f)
            sum.note[f] += sign * features[path[i]][f];
        if (i == 0) continue;
        const auto step = score::step_features(lesson.notes[path[i - 1]], lesson.notes[path[i]]);
        for (std::size_t f = 0; f < score::kStepFeatures; ++f) sum.step[f] += sign * step[f];
    }
}

void add(score::PathWeights& to, const score::PathWeights& what, double factor) {
    for (std::size_t f = 0; f < to.note.size(); ++f) to.note[f] += factor * what.note[f];
    for (std::size_t f = 0; f < to.step.size(); ++f) to.step[f] += factor * what.step[f];
}

double f1_of(const std::vector<Lesson>& lessons, const score::PathWeights& weights, bool is_bass) {
    std::vector<Counts> each(lessons.size());
    base::parallel_for(lessons.size(), 0, [&](std::size_t i) {
        const auto path = score::best_path(lessons[i].notes, weights, is_bass);
        std::vector<std::size_t> common;
        std::set_intersection(path.begin(), path.end(), lessons[i].truth.begin(),
                              lessons[i].truth.end(), std::back_inserter(common));
        each[i] = {static_cast<double>(common.size()), static_cast<double>(path.size()),
                   static_cast<double>(lessons[i].truth.size())};
    });
    return sum_of(each).f1();
}

void print_weights(const score::PathWeights& weights) {
    const auto list = [](const auto& values) {
        std::string text;
        for (const double value : values)
            text += fmt::format("{}{:.4f}", text.empty() ? "" : ", ", value);
        return text;
    };
    fmt::print("{{{{{}}},\n {{{}}}}}\n", list(weights.note), list(weights.step));
}

// Averaged structured perceptron with a margin; starts from the weights in use.
void fit(const std::vector<std::vector<Lesson>>& groups, bool is_bass, int epochs) {
    constexpr double kMargin = 0.3;  // a wrong note counts for more, a right one for less
    std::vector<const Lesson*> order;
    for (const auto& group : groups)
        for (const Lesson& lesson : group) order.push_back(&lesson);
    score::PathWeights weights = is_bass ? score::bass_weights() : score::melody_weights();
    score::PathWeights sum{};
    double summed = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        base::Rng rng(1, "roles-fit", static_cast<std::uint64_t>(epoch));
        rng.shuffle(std::span<const Lesson*>(order));
        const double rate = 1.0 / (1 + epoch);
        for (const Lesson* lesson : order) {
            if (lesson->truth.empty()) continue;
            std::vector<double> bonus(lesson->notes.size(), kMargin);
            for (const std::size_t i : lesson->truth) bonus[i] = -kMargin;
            const auto path = score::best_path(lesson->notes, weights, is_bass, bonus);
            const auto features = score::note_features(lesson->notes, is_bass);
            score::PathWeights difference{};
            add_path(difference, *lesson, features, lesson->truth, 1);
            add_path(difference, *lesson, features, path, -1);
            add(weights, difference, rate / static_cast<double>(lesson->truth.size()));
            if (epoch < epochs / 2) continue;
            add(sum, weights, 1);
            ++summed;
        }
        score::PathWeights mean{};
        add(mean, summed > 0 ? sum : weights, 1 / std::max(1.0, summed));
        std::string line = fmt::format("epoch {}: F1 on train", epoch);
        for (const auto& group : groups)
            line += fmt::format(" {:.4f}", f1_of(group, mean, is_bass));
        fmt::print(stderr, "{}\n", line);
        if (epoch + 1 == epochs) print_weights(mean);
    }
}

void fit_role(const fs::path& shared, Role role) {
    const bool is_bass = role == Role::kBass;
    std::vector<std::vector<Lesson>> groups;
    groups.push_back(lessons_of(load_chorales(shared, "train"), role, 229));
    if (is_bass)
        groups.push_back(
            lessons_of(load_split(shared, "openscore-quartets", "train", quartet_roles), role, 98));
    else
        groups.push_back(
            lessons_of(load_split(shared, "openscore-lieder", "train", song_roles), role, 500));
    fit(groups, is_bass, 16);
}

void print_table(const fs::path& shared, const std::string& split) {
    fmt::print(
        "| set | pieces | role | notes | ours: F1 (P, R) | skyline: F1 (P, R) |\n"
        "|---|---|---|---|---|---|\n");
    print_rows("chorales", load_chorales(shared, split),
               {Role::kMelody, Role::kBass, Role::kHarmony});
    const auto songs = load_split(shared, "openscore-lieder", split, song_roles);
    print_rows("songs", songs, {Role::kMelody});
    print_rows("songs, while sung", while_sung(songs), {Role::kMelody});
    print_rows("quartets", load_split(shared, "openscore-quartets", split, quartet_roles),
               {Role::kBass});
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty() || arguments.size() % 2 == 0) {
        std::fputs("usage: measure_roles SHARED [--split train|valid] [--fit melody|bass]\n",
                   stderr);
        return 2;
    }
    std::string split = "valid", role;
    for (std::size_t i = 1; i < arguments.size(); i += 2)
        (arguments[i] == "--fit" ? role : split) = arguments[i + 1];
    try {
        if (role.empty())
            print_table(arguments[0], split);
        else
            fit_role(arguments[0], role == "bass" ? Role::kBass : Role::kMelody);
        return 0;
    } catch (const base::Error& error) {
        std::fprintf(stderr, "%s\n", error.format().c_str());
        return base::exit_code(error.kind);
    }
}
