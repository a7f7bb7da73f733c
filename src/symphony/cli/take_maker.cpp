#include "symphony/cli/take_maker.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/sha256.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/copy_limit.h"
#include "symphony/cli/model_prints.h"
#include "symphony/cli/version.h"
#include "symphony/evaluate/print_copying.h"
#include "symphony/generate/copy_proof.h"
#include "symphony/io/audio.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

#include <chrono>

namespace symphony::cli {

namespace fs = std::filesystem;

namespace {

// All threads' time is `threads` times the clock's, less where takes are few.
std::string speed_words(const std::vector<generate::Take>& takes,
                        std::chrono::duration<double> time, int threads) {
    std::int64_t kept = 0, read = 0;
    double choosing = 0;
    for (const generate::Take& take : takes) {
        kept += static_cast<std::int64_t>(take.ids.size()) - take.prime_tokens;
        read += take.tokens_read;
        choosing += take.choosing_seconds;
    }
    const auto workers = std::min<std::int64_t>(threads > 0 ? threads : base::available_threads(),
                                                std::ssize(takes));
    return fmt::format(
        "{} tokens composed in {:.2f} s, {:.0f} a second ({} with attempts given up; grammar, "
        "rules and drawing: {:.0f} % of the time)",
        kept, time.count(), static_cast<double>(kept) / time.count(), read,
        100 * choosing / (time.count() * static_cast<double>(workers)));
}

// Damaged fingerprints are no reason to lose takes.
std::optional<corpus::CopyPrints> prints_if_sound(const MusicModel& model, const Context& context) {
    try {
        return open_model_prints(model);
    } catch (const base::Error& error) {
        context.progress->note("what the takes copy is not told: " + error.format());
        return std::nullopt;
    }
}

std::string newness_words(const evaluate::PrintCopying& take, const corpus::PrintShape& shape) {
    if (!take.place)
        return fmt::format("; no {} notes in a row of what the model learned", shape.sure_notes());
    return fmt::format("; the longest match with what the model learned: {} notes, {} = {} {}",
                       take.longest_notes, take.place->bars.in_words(), take.place->source,
                       take.place->source_bars.in_words());
}

constexpr const char* kPleaseReport = "please report this with the command that you typed";

}  // namespace

std::string file_sha256(const std::string& path) {
    return base::sha256_hex(base::read_file(path).value());
}

void TakeMaker::describe(base::OptionTable& table) {
    table.add("output", output, "folder for the takes").value_name = "DIR";
    table.add("takes", takes, "how many takes", {1, 100000});
    table.group("How it is drawn");
    sampler.describe(table);
    table.add("precision", precision,
              "of a transformer's weights and cache: fewer bytes are faster",
              {"float32", "bf16", "int8"});
    rules.describe(table);
    table.add("rules", rules_file_, "file with such rules (TOML or JSON), below those named here")
        .value_name = "FILE";
    table
        .add("max-copy", max_copy,
             "nothing that is composed is the same as in a training piece, in pitch and rhythm and "
             "in any key, for longer",
             {1, 10000})
        .value_name = "BARS";
    table
        .add("data", data,
             "for --max-copy: the data set that the model learned; else by the fingerprints that "
             "come with the model")
        .value_name = "DIR";
    table.group("How it sounds");
    table.add("expression", expression,
              "gentle shapes velocity and tempo where the model learned none", {"gentle", "plain"});
    table.add("default-tempo", default_tempo,
              "quarters a minute where neither the music nor --tempo says, instead of the "
              "corpus's own",
              {1, 1000});
    table.add("no-musicxml", no_musicxml, "write no scores (MusicXML)");
    table.add("no-wav", no_wav, "write no sound files");
}

MusicModel TakeMaker::open() {
    if (!rules_file_.empty()) {
        generate::RuleBook book;
        base::OptionTable table;
        book.describe(table);
        table.from_file(rules_file_);
        // What the command line says goes before the file.
        const base::Json asked = rules.to_json();
        for (const auto& [name, value] : asked.items()) table.set(name, value);
        rules = book;
        rules_file_.clear();
    }
    const fs::path folder = model.empty() ? base_model() : fs::path(model);
    if (folder.empty())
        throw base::Error(base::ErrorKind::kUsage,
                          "no model was named, and none came with Symphony", {},
                          "name the folder of one, such as music-output/models/transformer");
    return open_music_model(folder, nn::precision_named(precision));
}

generate::Request TakeMaker::request(const MusicModel& opened, const Context& context,
                                     const score::Score* prime) {
    generate::Request request;
    if (!max_copy && !data.empty())
        throw base::Error(base::ErrorKind::kUsage, "--data does nothing without --max-copy", {},
                          "for instance --max-copy 2 --data " + data);
    if (max_copy && !copy_limit_) copy_limit_ = open_copy_limit(opened, data, *max_copy, context);
    request.copy_limit = copy_limit_;
    request.sampler = sampler;
    request.seed = static_cast<std::uint64_t>(context.seed);
    request.unseen = opened.unseen;
    request.laws = rules.laws(prime);
    request.chord_plan = rules.chord_track();
    const bool needs_stream = rules.any();
    if (needs_stream && !generate::can_obey(*opened.tokenizer))
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("a model of the scheme {} cannot be held to rules",
                                      opened.tokenizer->scheme()),
                          opened.run, "take one of the scheme remi or note");
    if (!rules.instruments.empty())
        request.players = generate::parts_named(*opened.tokenizer, rules.instruments);
    return request;
}

base::Json TakeMaker::settings() const {
    base::Json json = {{"temperature", sampler.temperature},
                       {"top-k", sampler.top_k},
                       {"top-p", sampler.top_p},
                       {"min-p", sampler.min_p},
                       {"precision", precision},
                       {"expression", expression}};
    if (default_tempo) json["default-tempo"] = *default_tempo;
    if (max_copy) {
        json["max-copy"] = *max_copy;
        if (data.empty()) json["max-copy-by"] = "fingerprints";
    }
    if (rules.any()) json["rules"] = rules.to_json();
    return json;
}

void TakeMaker::take_settings(const base::Json& settings) {
    base::OptionTable table;
    describe(table);
    for (const char* name : {"temperature", "top-k", "top-p", "min-p", "precision", "expression",
                             "default-tempo", "max-copy"})
        if (settings.contains(name)) table.set(name, settings[name], "settings of the take");
    if (settings.contains("rules")) table.from_json(settings["rules"], "rules of the take");
}

generate::TakeRecord TakeMaker::record(const MusicModel& opened, const Context& context,
                                       const std::string& verb) const {
    generate::TakeRecord record;
    record.version = version();
    record.model = opened.name;
    record.family = opened.loaded.model->family();
    record.scheme = opened.tokenizer->scheme();
    record.weights_sha256 = opened.loaded.weights_sha256;
    record.verb = verb;
    record.seed = static_cast<std::uint64_t>(context.seed);
    record.settings = settings();
    return record;
}

void TakeMaker::prove(const std::string& midi, const generate::TakeRecord& record,
                      const tokens::Tokenizer& tokenizer) const {
    const score::Score score = io::read_score_file(midi).value().score;
    const generate::Promise promise = generate::promise_of(record);
    if (const auto breach = generate::first_breach(score, promise))
        throw base::Error(
            base::ErrorKind::kInternal,
            fmt::format("bar {}: {}, against the rule {}", breach->bar, breach->what, breach->rule),
            midi, kPleaseReport);
    if (!copy_limit_) return;
    const auto* stream = dynamic_cast<const tokens::StreamTokenizer*>(&tokenizer);
    const bool keeps = record.open.empty() || stream == nullptr
                           ? generate::take_keeps(*copy_limit_, tokenizer, score,
                                                  record.settings.value("primer-bars", 0))
                           : generate::filling_keeps(*copy_limit_, *stream, score, record.open);
    if (!keeps)
        throw base::Error(
            base::ErrorKind::kInternal,
            fmt::format("a training piece is copied for more than {} bars", copy_limit_->bars),
            midi, kPleaseReport);
}

std::vector<generate::Take> TakeMaker::compose(const MusicModel& opened,
                                               const generate::Request& request,
                                               const Context& context) const {
    base::make_folder(output);  // before the work, so that none is lost
    context.progress->begin("compose", takes);
    const auto start = std::chrono::steady_clock::now();
    auto composed = generate::compose([&] { return opened.another(); }, *opened.tokenizer, request,
                                      takes, context.threads, *context.progress);
    context.progress->end();
    context.progress->note(
        speed_words(composed, std::chrono::steady_clock::now() - start, context.threads));
    return composed;
}

void TakeMaker::write(const std::vector<generate::Take>& composed, const MusicModel& opened,
                      const std::function<generate::TakeRecord(std::size_t)>& record_of,
                      const generate::Pace& asked, const Context& context) const {
    if (!no_wav && !io::can_render_audio())
        context.progress->note(
            "no WAV files: install fluidsynth and fluidr3mono-gm-soundfont to hear the takes");
    TakeStyle style;
    style.folder = output;
    style.expression.rule = generate::expression_from_name(expression);
    style.expression.asked = asked;
    style.expression.corpus_tempo_bpm = default_tempo ? default_tempo : opened.default_tempo_bpm;
    style.mixed = mixed;
    style.notation = !no_musicxml;
    style.sound = !no_wav && io::can_render_audio();
    context.progress->begin("write", static_cast<std::int64_t>(composed.size()));
    base::Json written = base::Json::array();
    // Of what goes on from given music the given part may well be a copy.
    const bool is_all_composed = !composed.empty() && record_of(0).parent.empty();
    const auto prints = is_all_composed ? prints_if_sound(opened, context) : std::nullopt;
    std::vector<std::string> newness(composed.size());
    for (std::size_t i = 0; i < composed.size(); ++i) {
        const generate::Take& take = composed[i];
        style.record = record_of(i);
        style.expression.seed = style.record.seed;
        written.push_back(write_take(take, *opened.tokenizer, style));
        prove(written.back()["midi"].get<std::string>(), generate::record_for(take, style.record),
              *opened.tokenizer);
        if (prints) {
            const auto copying =
                evaluate::judge_by_prints(*prints, *opened.tokenizer, generate::take_name(take),
                                          take.score, evaluate::kLeastCopiedNotes);
            written.back()["copying"] = evaluate::to_json(copying);
            newness[i] = newness_words(copying, prints->shape());
        }
        if (take.ending == "held")
            context.progress->note(generate::take_name(take) +
                                   ": the model found no end, so its last chord is held");
        context.progress->update(static_cast<std::int64_t>(written.size()));
    }
    context.progress->end();
    if (context.json) return context.print_json({{"takes", written}});
    for (std::size_t i = 0; i < written.size(); ++i) {
        const base::Json& take = written[i];
        context.print(fmt::format("{}  {} bars, {} notes, {:.0f} s{}",
                                  take["midi"].get<std::string>(), take["bars"].get<int>(),
                                  take["notes"].get<int>(), take["seconds"].get<double>(),
                                  newness[i]));
    }
}

}  // namespace symphony::cli
