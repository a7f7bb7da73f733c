// symphony generate [MODEL]: composes takes and writes each as MIDI, MusicXML, WAV, piano roll and
// provenance.
#include "symphony/base/error.h"
#include "symphony/cli/take_maker.h"
#include "symphony/generate/music_names.h"
#include "symphony/io/score_file.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMostBars = 10000;
// Below this a MIDI file cannot say a tempo (24 bits of microseconds a quarter).
constexpr double kSlowestTempo = 4;

class Generate : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& model = table.add("model", maker_.model,
                                "folder of a model or of its training run; else Symphony's own");
        model.positional = true;
        model.value_name = "MODEL";
        table.add("bars", bars_, "bars of each take, a prime's bars included", {1, kMostBars});
        table.add("seconds", seconds_,
                  "length of each take instead: the bars that fit best at --tempo and --meter, and "
                  "the tempo gives way for the rest",
                  {1, 36000});
        table.group("What is asked");
        table.add("prime", prime_, "music file to go on from").value_name = "FILE";
        table.add("primer-bars", primer_bars_, "bars of the prime that are kept", {1, 10000});
        table.add("key", key_, "key of the takes, such as \"G major\" or Dm");
        table.add("meter", meter_, "metre of the takes, such as 3/4");
        table.add("tempo", tempo_, "quarters a minute", {kSlowestTempo, 1000});
        table.group("Takes");
        maker_.describe(table);
    }

    int run(const Context& context) override {
        const MusicModel model = maker_.open();
        if (seconds_) plan_bars(model, context);
        maker_.sampler = sampling_for(model, maker_.sampler, *context.options);
        std::optional<score::Score> source, kept;
        if (prime_) {
            source = io::read_score_file(*prime_).value().score;
            kept = score::excerpt(*source, 0, static_cast<std::size_t>(primer_bars_));
        }
        generate::Request request = maker_.request(model, context, kept ? &*kept : nullptr);
        request.bars = bars_;
        request.tempo_bpm = tempo_;
        if (key_) request.key = generate::parse_key(*key_);
        if (meter_) request.meter = generate::parse_meter(*meter_);
        generate::TakeRecord record = maker_.record(model, context, "generate");
        if (prime_) {
            request.prime = generate::make_prime(*model.tokenizer, *source, primer_bars_, bars_,
                                                 *prime_, model.unseen);
            for (const auto& [code, count] : request.prime->losses)
                context.progress->note(fmt::format("lost of {}: {} ({})", *prime_, code, count));
            record.parent = fs::path(*prime_).filename().string();
            record.parent_sha256 = file_sha256(*prime_);
        }
        record.settings.update(settings(request));
        const auto takes = maker_.compose(model, request, context);
        maker_.write(
            takes, model, [&](std::size_t) { return record; }, {tempo_, seconds_}, context);
        return 0;
    }

  private:
    // How many bars last about as long as asked, at a tempo and in a metre that are then asked for.
    void plan_bars(const MusicModel& model, const Context& context) {
        if (prime_ || context.options->given("bars"))
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("--seconds does not go with --{}", prime_ ? "prime" : "bars"), {},
                "leave one of them out");
        constexpr double kUsualTempo = 100;
        if (!tempo_) tempo_ = model.default_tempo_bpm.value_or(kUsualTempo);
        const auto known = generate::known_meters(*model.tokenizer);
        score::Meter meter{4, 4};
        if (meter_)
            meter = generate::parse_meter(*meter_);
        else if (!known.empty() && std::find(known.begin(), known.end(), meter) == known.end())
            meter = known.front();
        if (!known.empty()) meter_ = generate::meter_text(meter);
        const double bar = 60 / *tempo_ * 4 * meter.numerator / meter.denominator;
        bars_ = std::max(1, static_cast<int>(std::lround(*seconds_ / bar)));
        if (bars_ > kMostBars)
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("--seconds {:g} at --tempo {:g} would be {} bars, expected "
                            "at most {}",
                            *seconds_, *tempo_, bars_, kMostBars),
                {}, "ask for less, or for a slower tempo");
    }

    // What decides a take besides the maker's own, without paths of this machine.
    base::Json settings(const generate::Request& request) const {
        base::Json json = {{"bars", bars_}};
        if (prime_) {
            json["prime"] = fs::path(*prime_).filename().string();
            json["primer-bars"] = request.prime->bars;
        }
        if (request.key) json["key"] = request.key->name();
        if (meter_) json["meter"] = *meter_;
        if (tempo_) json["tempo"] = *tempo_;
        if (seconds_) json["seconds"] = *seconds_;
        return json;
    }

    TakeMaker maker_;
    int bars_ = 16, primer_bars_ = 4;
    std::optional<std::string> prime_, key_, meter_;
    std::optional<double> tempo_, seconds_;
};

}  // namespace

VerbEntry generate_verb() {
    return {"generate",
            "compose with a model",
            {"symphony generate runs/lstm --bars 16 --takes 4 -o takes",
             "symphony generate runs/lstm --prime song.mid --primer-bars 4 --bars 24",
             "symphony generate runs/lstm --key \"D minor\" --meter 3/4 --temperature 0.9",
             "symphony generate runs/lstm --chords \"C | Am7 | F G | C\" --range melody=60..81",
             "symphony generate --seconds 30 --takes 4",
             "symphony generate runs/lstm --max-copy 2 --data data"},
            [] { return std::make_unique<Generate>(); }};
}

}  // namespace symphony::cli
