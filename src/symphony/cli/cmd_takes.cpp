// symphony takes DIR: which take came from which file, as a tree; symphony reproduce TAKE: the same
// take again, from its file alone and the model that composed it.
#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/cli/gap_maker.h"
#include "symphony/generate/music_names.h"
#include "symphony/io/score_file.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

struct Found {
    std::string path, sha256;
    std::optional<generate::TakeRecord> record;
};

std::string span_words(const std::vector<std::pair<int, int>>& open) {
    if (open.empty()) return "";
    return fmt::format(", bars {}-{}", open.front().first + 1, open.back().first + 1);
}

std::string words_of(const generate::TakeRecord& record) {
    std::string words =
        fmt::format("{}{}, {}, seed {}, take {}", record.verb, span_words(record.open),
                    record.model, record.seed, record.take);
    if (record.settings.contains("rules")) words += ", rules " + record.settings["rules"].dump();
    return words;
}

class Takes : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("folder", folder_, "folder with takes, at any depth");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
    }

    int run(const Context& context) override {
        const std::vector<Found> files = find();
        std::map<std::string, std::vector<std::size_t>> children;  // by the parent's hash
        for (std::size_t i = 0; i < files.size(); ++i)
            if (files[i].record) children[files[i].record->parent_sha256].push_back(i);
        std::map<std::string, std::size_t> known;
        for (std::size_t i = 0; i < files.size(); ++i) known.emplace(files[i].sha256, i);
        base::Json tree = base::Json::array();
        const auto add = [&](const auto& self, std::size_t i, int depth) -> base::Json {
            const Found& file = files[i];
            if (!context.json)
                context.print(std::string(static_cast<std::size_t>(2 * depth), ' ') + file.path +
                              (file.record ? "  " + words_of(*file.record) : ""));
            base::Json json = {{"file", file.path}};
            if (file.record) json["record"] = file.record->to_json();
            for (const std::size_t child : children[file.sha256])
                if (child != i) json["takes"].push_back(self(self, child, depth + 1));
            return json;
        };
        for (std::size_t i = 0; i < files.size(); ++i) {
            const Found& file = files[i];
            const bool has_takes = children.contains(file.sha256);
            if (!file.record && !has_takes) continue;
            const bool hangs = file.record && !file.record->parent_sha256.empty();
            if (hangs && known.contains(file.record->parent_sha256)) continue;
            if (hangs && !context.json)
                context.print(fmt::format("({}, not here)", file.record->parent));
            tree.push_back(add(add, i, hangs ? 1 : 0));
        }
        if (context.json) context.print_json({{"takes", tree}});
        return 0;
    }

  private:
    std::vector<Found> find() const {
        std::vector<std::string> paths;
        for (const auto& entry : fs::recursive_directory_iterator(folder_))
            if (entry.is_regular_file() &&
                (entry.path().extension() == ".mid" || entry.path().extension() == ".midi"))
                paths.push_back(entry.path().string());
        std::sort(paths.begin(), paths.end());
        std::vector<Found> files;
        for (const std::string& path : paths) {
            const auto read = io::read_score_file(path);
            if (!read.ok()) continue;  // `check` tells of broken files
            files.push_back(
                {path, file_sha256(path), generate::record_of(read.value().score, path)});
        }
        return files;
    }

    std::string folder_;
};

class Reproduce : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& file = table.add("file", file_, "a take's MIDI file");
        file.positional = file.required = true;
        file.value_name = "TAKE";
        table.add("model", gap_.maker.model, "folder of the model; else Symphony's own")
            .value_name = "MODEL";
        table.add("data", data_, "of a take with --max-copy: the data set that the model learned")
            .value_name = "DIR";
        table.add("output", output_, "folder for the take").value_name = "DIR";
    }

    int run(const Context& context) override {
        score::Score score = io::read_score_file(file_).value().score;
        const auto record = generate::record_of(score, file_);
        if (!record)
            throw base::Error(base::ErrorKind::kInput, "the file carries no record of a take",
                              file_, "only files that Symphony composed can be made again");
        TakeMaker& maker = gap_.maker;
        maker.no_musicxml = maker.no_wav = true;
        maker.take_settings(record->settings);
        if (maker.max_copy && !record->settings.contains("max-copy-by")) {
            if (data_.empty())
                throw base::Error(base::ErrorKind::kUsage, "--data is missing", file_,
                                  "it was composed with --max-copy: give the data set that the "
                                  "model learned");
            maker.data = data_;
        }
        maker.output = output_;
        maker.takes = 1;
        const MusicModel model = maker.open();
        if (model.loaded.weights_sha256 != record->weights_sha256)
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("the take was composed with {} (weights {})",
                                          record->model, record->weights_sha256),
                              model.run, "name that model: --model MODEL");
        generate::remove_record(score);
        Context as_then = context;
        as_then.seed = static_cast<std::int64_t>(record->seed);
        if (record->verb == "generate")
            compose_again(model, score, *record, as_then);
        else
            fill_again(model, std::move(score), *record, as_then);
        return 0;
    }

  private:
    void compose_again(const MusicModel& model, const score::Score& score,
                       const generate::TakeRecord& record, const Context& context) {
        TakeMaker& maker = gap_.maker;
        const base::Json& settings = record.settings;
        const generate::AskedForm asked = generate::asked_form(settings);
        std::optional<score::Score> prime;
        if (settings.contains("prime"))
            prime = score::excerpt(score, 0, static_cast<std::size_t>(asked.primer_bars));
        generate::Request request = maker.request(model, context, prime ? &*prime : nullptr);
        request.bars = asked.bars.value_or(request.bars);
        request.key = asked.key;
        request.meter = asked.meter;
        request.tempo_bpm = asked.pace.tempo_bpm;
        request.first_take = record.take - 1;
        if (prime)
            request.prime = generate::make_prime(*model.tokenizer, score, asked.primer_bars,
                                                 request.bars, file_, model.unseen);
        maker.write(
            maker.compose(model, request, context), model, [&](std::size_t) { return record; },
            asked.pace, context);
    }

    void fill_again(const MusicModel& model, score::Score score, const generate::TakeRecord& record,
                    const Context& context) {
        std::vector<std::size_t> playing;  // the parts that the record counts
        for (std::size_t p = 0; p < score.parts.size(); ++p)
            if (!score.parts[p].notes.empty()) playing.push_back(p);
        generate::Gap gap;
        const auto parts = score.parts.size() - static_cast<std::size_t>(record.parts_added);
        gap.open.assign(score::bars_of(score).size(), std::vector<bool>(parts, false));
        for (const auto& [bar, part] : record.open)
            if (const std::size_t p = playing.at(static_cast<std::size_t>(part)); p < parts)
                gap.open.at(static_cast<std::size_t>(bar))[p] = true;
        score.parts.resize(parts);
        if (record.verb == "accompany") {
            gap.added = record.settings.at("with").get<std::vector<std::string>>();
            gap.most_chosen = record.settings.at("most").get<int>();
        }
        gap_.maker.mixed = false;
        gap_.set_source(file_, std::move(score), record);
        gap_.fill(model, gap, record.verb, record.settings, context, record.take - 1);
    }

    GapMaker gap_;
    std::string file_, data_, output_ = "again";
};

}  // namespace

VerbEntry takes_verb() {
    return {"takes", "which take came from which file, as a tree", {"symphony takes my-takes"}, [] {
                return std::make_unique<Takes>();
            }};
}

VerbEntry reproduce_verb() {
    return {"reproduce",
            "a take again, from its MIDI file and the model",
            {"symphony reproduce takes/take-3.mid --model runs/transformer -o again"},
            [] { return std::make_unique<Reproduce>(); }};
}

}  // namespace symphony::cli
