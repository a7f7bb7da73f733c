#include "symphony/tokens/scheme_options.h"

#include "symphony/base/error.h"
#include "symphony/base/option_table.h"
#include "symphony/base/text.h"
#include "symphony/tokens/registry.h"

#include <string_view>

namespace symphony::tokens {
namespace {

constexpr std::string_view kNot = "no-";

void set(base::OptionTable& table, const std::string& word, const std::string& words) {
    const std::size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    const bool negated = equals == std::string::npos && name.starts_with(kNot);
    if (negated) name.erase(0, kNot.size());
    std::vector<std::string> known;
    for (const base::Option& option : table.options()) {
        known.push_back(option.name);
        if (known.back() != name) continue;
        const bool flag = option.kind == base::OptionKind::kFlag;
        if (flag && equals == std::string::npos)
            table.set(option.name, !negated, words);
        else if (!flag && equals != std::string::npos)
            table.set_from_text(option.name, word.substr(equals + 1));
        else
            throw base::Error(base::ErrorKind::kUsage,
                              "'" + word + "' in '" + words + "': expected " +
                                  (flag ? name + " or no-" + name : name + "=N"));
        return;
    }
    const std::string near = base::nearest_name(name, known);
    throw base::Error(base::ErrorKind::kUsage,
                      "unknown option '" + word + "' of tokens in '" + words + "'", {},
                      near.empty() ? "" : "did you mean " + near + "?");
}

}  // namespace

void StreamOptions::describe(base::OptionTable& table) {
    table.add("parts", parts, "remi: say who plays each note; else all pitched parts are one");
    table.add("tempo", tempo, "remi, note: say the tempo");
    table.add("metre", metre, "remi, note: say the metre; else the commonest is for all");
    table.add("rests", rests, "remi, note: say silence, positions only where something sounds");
    table.add("chords", chords, "remi: announce the chord of each beat (note always does)");
    table.add("velocity-bins", velocity_bins,
              "remi, note: so many classes of velocity; 0: as the corpus has them", {0, 127});
    table.add("micro-timing", micro_timing_bins,
              "remi, note: places of an onset around its step, odd; 0: on the grid", {0, 127});
    table.add("pedal", pedal, "remi: the sustain pedal, down or up");
    table.add("controls", controls, "remi: volume, pan and expression, in steps of eight");
    table.add("given", given, "remi: can be told notes ahead, to fill gaps and to accompany");
}

void check_stream_options(const TokenizerOptions& options) {
    const StreamOptions& stream = options.stream;
    const auto refuse = [](const std::string& why, const std::string& hint) {
        throw base::Error(base::ErrorKind::kUsage, why, {}, hint);
    };
    const bool is_remi = options.scheme == "remi";
    if (!is_remi && options.scheme != "note" && stream != StreamOptions{})
        refuse(
            "the scheme " + options.scheme + " has no options of tokens, got " + words_of(options),
            "take --scheme remi");
    if ((!is_remi || !stream.parts) && (stream.pedal || stream.controls))
        refuse("one stream for all parts holds no pedal and no controls",
               "take --scheme remi, with its parts");
    if (stream.given && (!is_remi || !stream.parts || stream.rests || stream.micro_timing_bins > 0))
        refuse(
            "notes can be given ahead only in remi with parts, without rests and micro-timing, "
            "got " +
                words_of(options),
            "take --scheme remi --given alone");
    if (stream.micro_timing_bins > 0 && stream.micro_timing_bins % 2 == 0)
        refuse("micro-timing: got " + std::to_string(stream.micro_timing_bins) +
                   ", expected an odd number",
               "the middle place is the step itself");
}

TokenizerOptions options_from_words(const std::string& words, int steps_per_quarter) {
    const std::vector<std::string> list = base::split(words, '+');
    TokenizerOptions options{.scheme = base::trim(list.front()),
                             .steps_per_quarter = steps_per_quarter};
    scheme_named(options.scheme, base::ErrorKind::kUsage);
    base::OptionTable table;
    options.stream.describe(table);
    for (std::size_t i = 1; i < list.size(); ++i) set(table, base::trim(list[i]), words);
    check_stream_options(options);
    return options;
}

std::string words_of(const TokenizerOptions& options) {
    StreamOptions given = options.stream, plain;
    base::OptionTable table, defaults;
    given.describe(table);
    plain.describe(defaults);
    std::string words = options.scheme;
    for (std::size_t i = 0; i < table.options().size(); ++i) {
        const base::Option& option = table.options()[i];
        const base::Json value = option.get();
        if (value == defaults.options()[i].get()) continue;
        words += '+';
        if (value.is_boolean())
            words += (value.get<bool>() ? "" : std::string(kNot)) + option.name;
        else
            words += option.name + '=' + value.dump();
    }
    return words;
}

}  // namespace symphony::tokens
