#include "symphony/cli/gap_maker.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/generate/variation.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

const tokens::StreamTokenizer& stream_of(const MusicModel& model) {
    const auto* stream = dynamic_cast<const tokens::StreamTokenizer*>(model.tokenizer.get());
    if (stream == nullptr)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("a model of the scheme {} cannot be told what is given",
                                      model.tokenizer->scheme()),
                          model.run, "take one whose music was prepared with --given");
    return *stream;
}

}  // namespace

void GapMaker::describe_source(base::OptionTable& table) {
    auto& file = table.add("file", path_, "the piece, any music file");
    file.positional = file.required = true;
    file.value_name = "FILE";
    table.add("model", maker.model, "folder of a model; else Symphony's own").value_name = "MODEL";
    // What is there is not to be played differently.
    maker.expression = "plain";
    maker.mixed = false;
}

const score::Score& GapMaker::source() {
    if (!is_read_) set_source(path_, io::read_score_file(path_).value().score);
    return source_;
}

void GapMaker::set_source(std::string path, score::Score score,
                          std::optional<generate::TakeRecord> then) {
    path_ = std::move(path);
    then_ = std::move(then);
    source_ = std::move(score);
    // What a file without a tempo plays at is said, so that the take plays as it did.
    if (source_.tempos.empty()) source_.tempos = {{score::Ticks(0), score::kDefaultTempoBpm}};
    is_read_ = true;
}

generate::TakeRecord GapMaker::record(const MusicModel& model, const std::string& verb,
                                      const base::Json& asked, const Context& context) const {
    generate::TakeRecord record = maker.record(model, context, verb);
    record.settings.update(asked);
    if (then_) {
        record.parent = then_->parent;
        record.parent_sha256 = then_->parent_sha256;
        return record;
    }
    record.parent = fs::path(path_).filename().string();
    record.parent_sha256 = file_sha256(path_);
    return record;
}

void GapMaker::fill(const MusicModel& model, const generate::Gap& gap, const std::string& verb,
                    base::Json asked, const Context& context, int first_take) {
    const generate::GapPlan plan(stream_of(model), source(), gap, path_, model.unseen);
    generate::Request asked_for = maker.request(model, context, nullptr);
    asked_for.first_take = first_take;
    plan.ask(asked_for);
    auto takes = maker.compose(model, asked_for, context);
    for (generate::Take& take : takes) take.score = plan.filled(take);
    const generate::TakeRecord common = record(model, verb, asked, context);
    const auto record_of = [&](std::size_t i) {
        generate::TakeRecord record = common;
        record.open = plan.open_cells(takes[i].score);
        record.parts_added = static_cast<int>(takes[i].score.parts.size() - source().parts.size());
        return record;
    };
    maker.write(takes, model, record_of, {}, context);
}

void GapMaker::vary(const MusicModel& model, double distance, const Context& context) {
    std::vector<generate::Take> takes;
    std::vector<std::vector<std::pair<int, int>>> open;
    std::vector<double> reached;
    base::make_folder(maker.output);
    context.progress->begin("vary", maker.takes);
    for (int index = 0; index < maker.takes; ++index) {
        const auto fill_once = [&](const generate::Gap& gap) {
            const generate::GapPlan plan(stream_of(model), source(), gap, path_, model.unseen);
            generate::Request asked_for = maker.request(model, context, nullptr);
            asked_for.first_take = index;
            plan.ask(asked_for);
            generate::Take take =
                std::move(generate::compose([&] { return model.another(); }, *model.tokenizer,
                                            asked_for, 1, 1, base::silent_progress())
                              .front());
            score::Score filled = plan.filled(take);
            return std::pair(std::move(take), std::move(filled));
        };
        auto variation = generate::vary(source(), distance,
                                        static_cast<std::uint64_t>(context.seed), index, fill_once);
        const generate::GapPlan plan(stream_of(model), source(), variation.gap, path_,
                                     model.unseen);
        open.push_back(plan.open_cells(variation.score));
        reached.push_back(variation.distance);
        context.progress->note(fmt::format("take-{}: {:.1f} % of the notes changed, asked {:.1f} %",
                                           index + 1, 100 * variation.distance, 100 * distance));
        variation.take.score = std::move(variation.score);
        takes.push_back(std::move(variation.take));
        context.progress->update(index + 1);
    }
    context.progress->end();
    const generate::TakeRecord common = record(model, "vary", {{"distance", distance}}, context);
    const auto record_of = [&](std::size_t i) {
        generate::TakeRecord record = common;
        record.open = open[i];
        record.settings["reached"] = reached[i];
        return record;
    };
    maker.write(takes, model, record_of, {}, context);
}

}  // namespace symphony::cli
