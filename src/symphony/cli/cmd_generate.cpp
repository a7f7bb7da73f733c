// symphony generate MODEL: composes takes and writes each as MIDI, MusicXML, WAV, piano roll and
// provenance.
#include "symphony/base/file.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/take_files.h"
#include "symphony/cli/verb.h"
#include "symphony/cli/version.h"
#include "symphony/generate/composer.h"
#include "symphony/generate/music_names.h"
#include "symphony/io/audio.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

#include <chrono>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

class Generate : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& model = table.add("model", model_, "folder of a model or of its training run");
        model.positional = model.required = true;
        model.value_name = "MODEL";
        table.add("output", output_, "folder for the takes").value_name = "DIR";
        table.add("takes", takes_, "how many takes", {1, 100000});
        table.add("bars", request_.bars, "bars of each take, a prime's bars included", {1, 10000});
        table.group("What is asked");
        table.add("prime", prime_, "music file to go on from").value_name = "FILE";
        table.add("primer-bars", primer_bars_, "bars of the prime that are kept", {1, 10000});
        table.add("key", key_, "key of the takes, such as \"G major\" or Dm");
        table.add("meter", meter_, "metre of the takes, such as 3/4");
        table.add("tempo", request_.tempo_bpm, "quarters a minute", {1, 1000});
        table.group("How it is drawn");
        request_.sampler.describe(table);
        table.add("precision", precision_,
                  "of a transformer's weights and cache: fewer bytes are faster",
                  {"float32", "bf16", "int8"});
        table.group("How it sounds");
        table.add("expression", expression_,
                  "gentle shapes velocity and tempo where the model learned none",
                  {"gentle", "plain"});
        table.add("default-tempo", default_tempo_,
                  "quarters a minute where neither the music nor --tempo says, instead of the "
                  "corpus's own",
                  {1, 1000});
        table.add("no-musicxml", no_musicxml_, "write no scores (MusicXML)");
        table.add("no-wav", no_wav_, "write no sound files");
    }

    int run(const Context& context) override {
        const MusicModel model = open_music_model(model_, nn::precision_named(precision_));
        request_.seed = static_cast<std::uint64_t>(context.seed);
        request_.unseen = model.unseen;
        if (key_) request_.key = generate::parse_key(*key_);
        if (meter_) request_.meter = generate::parse_meter(*meter_);
        if (prime_) read_prime(model, context);
        base::make_folder(output_);  // before the work, so that none is lost
        context.progress->begin("compose", takes_);
        const auto start = std::chrono::steady_clock::now();
        const auto takes = generate::compose([&] { return model.another(); }, *model.tokenizer,
                                             request_, takes_, context.threads, *context.progress);
        context.progress->end();
        context.progress->note(speed_words(takes, std::chrono::steady_clock::now() - start));
        if (!no_wav_ && !io::can_render_audio())
            context.progress->note(
                "no WAV files: install fluidsynth and "
                "fluidr3mono-gm-soundfont to hear the takes");
        context.progress->begin("write", takes_);
        base::Json written = base::Json::array();
        for (const generate::Take& take : takes) {
            written.push_back(write_take(take, *model.tokenizer, style(model)));
            if (take.ending == "held")
                context.progress->note(generate::take_name(take) +
                                       ": the model found no end, so its last chord is held");
            context.progress->update(static_cast<std::int64_t>(written.size()));
        }
        context.progress->end();
        if (context.json) {
            context.print_json({{"takes", written}});
        } else {
            for (const base::Json& take : written)
                context.print(fmt::format("{}  {} bars, {} notes, {:.0f} s",
                                          take["midi"].get<std::string>(), take["bars"].get<int>(),
                                          take["notes"].get<int>(), take["seconds"].get<double>()));
        }
        return 0;
    }

  private:
    void read_prime(const MusicModel& model, const Context& context) {
        request_.prime =
            generate::make_prime(*model.tokenizer, io::read_score_file(*prime_).value().score,
                                 primer_bars_, request_.bars, *prime_, model.unseen);
        for (const auto& [code, count] : request_.prime->losses)
            context.progress->note(fmt::format("lost of {}: {} ({})", *prime_, code, count));
    }

    static std::string speed_words(const std::vector<generate::Take>& takes,
                                   std::chrono::duration<double> time) {
        std::int64_t tokens = 0;
        for (const generate::Take& take : takes)
            tokens += static_cast<std::int64_t>(take.ids.size()) - take.prime_tokens;
        return fmt::format("{} tokens composed in {:.2f} s, {:.0f} a second", tokens, time.count(),
                           static_cast<double>(tokens) / time.count());
    }

    // The settings that decide a take, without paths of this machine.
    base::Json settings() const {
        base::Json json = {
            {"bars", request_.bars},           {"temperature", request_.sampler.temperature},
            {"top-k", request_.sampler.top_k}, {"top-p", request_.sampler.top_p},
            {"min-p", request_.sampler.min_p}, {"precision", precision_},
            {"expression", expression_}};
        if (prime_) {
            json["prime"] = fs::path(*prime_).filename().string();
            json["primer-bars"] = primer_bars_;
        }
        if (key_) json["key"] = request_.key->name();
        if (meter_) json["meter"] = *meter_;
        if (request_.tempo_bpm) json["tempo"] = *request_.tempo_bpm;
        if (default_tempo_) json["default-tempo"] = *default_tempo_;
        return json;
    }

    TakeStyle style(const MusicModel& model) const {
        TakeStyle style;
        style.folder = output_;
        style.provenance = {version(),
                            model.name,
                            model.loaded.model->family(),
                            model.tokenizer->scheme(),
                            model.loaded.weights_sha256,
                            request_.seed,
                            settings()};
        style.expression.rule = generate::expression_from_name(expression_);
        style.expression.asked_tempo_bpm = request_.tempo_bpm;
        style.expression.corpus_tempo_bpm =
            default_tempo_ ? default_tempo_ : model.default_tempo_bpm;
        style.expression.seed = request_.seed;
        style.notation = !no_musicxml_;
        style.sound = !no_wav_ && io::can_render_audio();
        return style;
    }

    generate::Request request_{.sampler = generate::kMusicalSampling};
    std::string model_, output_ = "takes", precision_ = "bf16", expression_ = "gentle";
    std::optional<std::string> prime_, key_, meter_;
    std::optional<double> default_tempo_;
    int takes_ = 1, primer_bars_ = 4;
    bool no_wav_ = false, no_musicxml_ = false;
};

}  // namespace

VerbEntry generate_verb() {
    return {"generate",
            "compose with a model",
            {"symphony generate runs/lstm --bars 16 --takes 4 -o takes",
             "symphony generate runs/lstm --prime song.mid --primer-bars 4 --bars 24",
             "symphony generate runs/lstm --key \"D minor\" --meter 3/4 --temperature 0.9"},
            [] { return std::make_unique<Generate>(); }};
}

}  // namespace symphony::cli
