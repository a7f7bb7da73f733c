// symphony verify: does a finished file keep its rules? By those its own record promises, or those
// named here. Exit 0 if it does; 1 and the first bar that breaks one if not.
#include "symphony/base/error.h"
#include "symphony/cli/verb.h"
#include "symphony/generate/music_names.h"
#include "symphony/generate/take_record.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

class Verify : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& file = table.add("file", file_, "music file");
        file.positional = file.required = true;
        file.value_name = "FILE";
        table.add("rules", rules_file_, "file with rules (TOML or JSON)").value_name = "FILE";
        table.add("bars", bars_, "exactly so many bars", {1, 10000});
        table.add("key", key_, "key that the file states");
        table.add("meter", meter_, "metre of every bar");
        table.add("tempo", tempo_, "quarters a minute at the start", {1, 1000});
        table.add("seconds", seconds_, "it lasts so long, to the end of its last note", {0.1, 1e5});
        table.add("from-bar", from_bar_, "the notes' rules hold from this bar on", {1, 100000});
        rules_.describe(table);
    }

    int run(const Context& context) override {
        const score::Score score = io::read_score_file(file_).value().score;
        const auto breach = generate::first_breach(score, promise(score));
        if (context.json) {
            base::Json json = {{"file", file_}, {"kept", !breach}};
            if (breach)
                json["breach"] = {
                    {"bar", breach->bar}, {"rule", breach->rule}, {"what", breach->what}};
            context.print_json(json);
        } else if (breach) {
            context.print(
                fmt::format("{}: {}{}, against the rule {}", file_,
                            breach->bar > 0 ? fmt::format("bar {}: ", breach->bar) : std::string(),
                            breach->what, breach->rule));
        } else {
            context.print(file_ + ": every rule is kept");
        }
        return breach ? 1 : 0;
    }

  private:
    generate::Promise promise(const score::Score& score) {
        const auto record = generate::record_of(score, file_);
        const bool asks =
            !rules_file_.empty() || bars_ || key_ || meter_ || tempo_ || seconds_ || rules_.any();
        if (!asks) {
            if (record) return generate::promise_of(*record);
            throw base::Error(base::ErrorKind::kUsage,
                              "the file carries no record of a take, and no rule was named", file_,
                              "name one, such as --scale \"D dorian\" or --rules rules.toml");
        }
        generate::Promise promise;
        if (!rules_file_.empty()) {
            base::OptionTable table;
            promise.rules.describe(table);
            table.from_file(rules_file_);
        }
        base::OptionTable table;
        promise.rules.describe(table);
        const base::Json named = rules_.to_json();
        for (const auto& [name, value] : named.items()) table.set(name, value);
        promise.bars = bars_;
        promise.tempo_bpm = tempo_;
        promise.seconds = seconds_;
        promise.where.first_bar = from_bar_ - 1;
        if (key_) promise.key = generate::parse_key(*key_);
        if (meter_) promise.meter = generate::parse_meter(*meter_);
        // Who plays which role is what the composer said, where it says so.
        if (record) promise.roles = record->roles;
        return promise;
    }

    std::string file_, rules_file_;
    generate::RuleBook rules_;
    std::optional<int> bars_;
    std::optional<std::string> key_, meter_;
    std::optional<double> tempo_, seconds_;
    int from_bar_ = 1;
};

}  // namespace

VerbEntry verify_verb() {
    return {"verify",
            "prove that a file keeps its rules",
            {"symphony verify takes/take-1.mid",
             "symphony verify song.mid --scale \"G major\" --range melody=60..81"},
            [] { return std::make_unique<Verify>(); }};
}

}  // namespace symphony::cli
