// A small made-up journey's output folder: four-voice pieces, a data set, three runs with curves,
// samples and takes, an evaluation and a comparison, all written as the verbs write them.
#pragma once

#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/base/rng.h"
#include "symphony/corpus/dataset_builder.h"
#include "symphony/corpus/report.h"
#include "symphony/evaluate/comparison.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/io/midi_writer.h"

#include "synthetic.h"
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::view {

inline const char* const kJourneyModels[] = {"ngram", "rnn", "transformer"};
inline const char* const kHostileName = "<script>alert(1)</script>";

inline void write_corpus_report(const std::filesystem::path& folder) {
    corpus::CorpusReport report;
    report.root = (folder / "music").string();
    report.pieces = 6;
    report.notes = 600;
    report.hours = 0.1;
    report.groups = 6;
    report.account.found = 8;
    report.account.used = 6;
    report.account.refused = report.account.duplicates_exact = 1;
    report.account.files = {
        {kHostileName, corpus::FileFate::kRefused, "MID001", "not MIDI", "", {}}};
    report.remarks = {{"constant-velocity",
                       "velocity is constant in 6 of 6 files: dynamics cannot be learned",
                       true,
                       {kHostileName}}};
    corpus::Distribution pitch{.name = "pitch",
                               .title = "Pitch of notes",
                               .unit = "MIDI pitch",
                               .counted = "notes",
                               .numeric = true};
    for (int p = 40; p < 80; ++p) {
        pitch.bins.push_back({std::to_string(p), static_cast<double>(p), 10 + p % 7});
        pitch.total += 10 + p % 7;
    }
    report.distributions = {pitch};
    for (int i = 0; i < 6; ++i)
        report.summaries.push_back({.id = fmt::format("piece-{}.mid", i),
                                    .title = kHostileName,
                                    .composer = "J. S. Bach",
                                    .notes = 100,
                                    .parts = 4,
                                    .bars = 12});
    base::write_json_file(folder / "explore.json", corpus::to_json(report));
}

inline void write_data(const std::filesystem::path& folder) {
    const base::Json tokenizer = {{"scheme", "remi"}, {"steps_per_quarter", 4}};
    corpus::DatasetBuilder builder(folder / "data", tokenizer, 20, 0);
    for (int i = 0; i < 6; ++i) {
        const auto path = folder / "music" / fmt::format("piece-{}.mid", i);
        io::write_midi_file(path, four_voices(12 + i));
        corpus::PieceInfo piece{.id = fmt::format("piece-{}.mid", i),
                                .path = path.string(),
                                .group = std::to_string(i),
                                .split = i < 2    ? corpus::Split::kTest
                                         : i == 2 ? corpus::Split::kValid
                                                  : corpus::Split::kTrain,
                                .notes = 100};
        piece.losses["grace-dropped"] = i;
        const int index = builder.add_piece(piece);
        std::vector<int> ids;
        for (int t = 0; t < 50; ++t) ids.push_back(1 + (t * (i + 3)) % 19);
        ids.push_back(0);
        builder.add_sequence(index, 0, ids);
    }
    builder.write();
}

inline evaluate::ModelLikelihood likelihood(const std::string& name, double bits) {
    evaluate::ModelLikelihood model;
    model.name = name;
    model.folder = "models/" + name;
    model.family = name;
    model.scheme = "remi";
    model.steps_per_quarter = 4;
    model.vocabulary_size = 20;
    model.parameters = 123456;
    model.split = "test";
    for (int i = 0; i < 8; ++i) {
        evaluate::PieceLikelihood piece;
        piece.id = fmt::format("piece-{}.mid", i);
        piece.group = std::to_string(i);
        piece.notes = 100;
        for (int k = 0; k < 3; ++k) {
            piece.bits[static_cast<std::size_t>(k)] = 100 * bits / 3 + i % 3;
            piece.tokens[static_cast<std::size_t>(k)] = 100;
        }
        piece.all = {300, static_cast<std::int64_t>(600 / bits), 280};
        piece.pitch = {100, static_cast<std::int64_t>(120 / bits), 90};
        model.pieces.push_back(piece);
    }
    return model;
}

inline void write_evaluations(const std::filesystem::path& folder) {
    auto evaluation = evaluate::compare_all(
        {likelihood("ngram", 6), likelihood("rnn", 5.2), likelihood("transformer", 4.1)});
    evaluation.split = "test";
    base::write_json_file(folder / "evaluation.json", evaluate::to_json(evaluation));
    auto pretraining = evaluate::compare_all(
        {likelihood("minor-only", 4.9), likelihood("major-only", 5.4),
         likelihood("major-then-minor", 4.4), likelihood("major-and-minor", 4.5)});
    base::write_json_file(folder / "pretraining.json", evaluate::to_json(pretraining));
    auto base = evaluate::compare_all(
        {likelihood("from-scratch", 4.6), likelihood("base", 6.1), likelihood("base-tuned", 4.2)});
    base::write_json_file(folder / "base.json", evaluate::to_json(base));
}

inline score::Score noisy(int bars, std::uint64_t seed) {
    score::Score score = four_voices(bars);
    base::Rng rng(seed, "noisy");
    for (score::Part& part : score.parts)
        for (score::Note& note : part.notes)
            note.pitch = static_cast<std::uint8_t>(note.pitch + rng.below(5));
    return score;
}

inline void write_generated(const std::filesystem::path& folder) {
    std::vector<evaluate::TakeSet> sets;
    for (const char* model : kJourneyModels) {
        sets.push_back({model, {}});
        for (std::uint64_t i = 0; i < 12; ++i) sets.back().takes.push_back(noisy(8, i));
    }
    std::vector<score::Score> held_out, train;
    for (int i = 0; i < 6; ++i) {
        held_out.push_back(noisy(12, 100 + static_cast<std::uint64_t>(i)));
        train.push_back(noisy(13, 200 + static_cast<std::uint64_t>(i)));
    }
    base::write_json_file(folder / "generated.json",
                          evaluate::to_json(evaluate::compare_generated(sets, held_out, train, 8)));
}

inline void write_run(const std::filesystem::path& folder, const std::string& name) {
    const auto run = folder / "models" / name;
    std::string lines =
        R"({"event":"start","step":0,"seconds":0,"parameters":123456,"uniform_loss":2.9957})"
        "\n";
    const int evaluations = name == "ngram" ? 1 : 8;
    for (int i = 0; i < evaluations; ++i)
        for (const char* split : {"train", "valid"})
            lines += fmt::format(
                R"({{"event":"evaluation","step":{},"seconds":{},"split":"{}","epoch":{},"loss":{},"accuracy":{}}})"
                "\n",
                50 * i, 10 * i, split, 0.5 * i, 1 + 2 * std::exp(-0.5 * i), 0.1 + 0.05 * i);
    lines += R"({"event":"end","step":350,"seconds":75,"reason":"patience","best_step":300})"
             "\n{\"ev";
    base::write_file_atomically(run / "metrics.jsonl", lines);
    base::write_file_atomically(run / "run.toml", "seed = 7\n# </pre><script>x</script>\n");
    base::write_json_file(run / "model" / "symphony.json",
                          {{"seed", 7}, {"made_by", "symphony"}, {"data_sha256", "abc"}});
    if (name != "ngram")
        base::write_json_file(run / "gradient-flow.json",
                              {{"model", name}, {"norm_by_distance", {0.5, 0.05, 0.005, 0.0}}});
    if (name != "ngram")
        for (int step : {50, 100, 350})
            io::write_midi_file(run / "samples" / fmt::format("step-{:06}.mid", step),
                                noisy(4, static_cast<std::uint64_t>(step)));
    for (int take = 1; take <= 3; ++take) {
        score::Score score = noisy(12, static_cast<std::uint64_t>(take));
        score.parts[0].name = kHostileName;
        const auto stem = folder / name / fmt::format("take-{}", take);
        io::write_midi_file(stem.string() + ".mid", score);
        base::write_json_file(stem.string() + ".json",
                              {{"seed", 3}, {"velocity", kHostileName}, {"tempo", "76"}});
    }
}

// The whole folder, made anew.
inline void write_journey(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    write_corpus_report(folder);
    write_data(folder);
    write_evaluations(folder);
    write_generated(folder);
    for (const char* model : kJourneyModels) write_run(folder, model);
}

}  // namespace symphony::view
