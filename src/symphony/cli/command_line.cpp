// The command line on CLI11, made from the verbs' option tables; the only file that sees CLI11.
#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/verb.h"
#include "symphony/cli/version.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace symphony::cli {

using base::Error;
using base::ErrorKind;
using base::Json;
using base::Option;
using base::OptionKind;
using base::OptionTable;

namespace {

// A full disk must be heard of; a reader that has had enough (`| head`) is no failure.
void check_output(bool written) {
    if (written || errno == EPIPE) return;
    throw Error(ErrorKind::kInput,
                fmt::format("cannot write standard output: {}", std::strerror(errno)), {},
                "what was printed is not whole");
}

void write_output(const std::string& text) {
    check_output(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void flush_output() { check_output(std::fflush(stdout) == 0); }

}  // namespace

void Context::print(const std::string& text) const {
    write_output(text.ends_with('\n') ? text : text + '\n');
}

void Context::print_json(const Json& document) const { write_output(base::format_json(document)); }

namespace {

struct GlobalOptions {
    std::vector<std::string> configs, settings;
    Context context;

    void describe(OptionTable& table) {
        table.group("Every verb");
        table.add("json", context.json, "print one JSON document on standard output");
        table.add("seed", context.seed, "seed of every random draw");
        table.add("threads", context.threads, "threads, 0: all cores", {0, 4096});
        table.add("progress", context.progress_style, "how progress is shown, on standard error",
                  {"auto", "bar", "plain", "json", "none"});
    }
};

base::ProgressStyle progress_style(const std::string& name) {
    if (name == "bar") return base::ProgressStyle::kBar;
    if (name == "plain") return base::ProgressStyle::kPlain;
    if (name == "json") return base::ProgressStyle::kJson;
    if (name == "none") return base::ProgressStyle::kNone;
    return base::ProgressStyle::kAuto;
}

// "-o" beside "--output": the only short name, since every tool that makes something has it.
std::string flag_names(const Option& option) {
    if (option.positional) return option.name;
    return (option.name == "output" ? "-o,--" : "--") + option.name;
}

std::string describe_default(const Option& option) {
    const Json& value = option.default_value;
    if (value.is_null() || value == Json("") || value == Json(false) || value == Json::array())
        return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string full_help(const Option& option) {
    std::string help = option.help;
    if (!option.choices.empty()) help += fmt::format(" ({})", fmt::join(option.choices, ", "));
    if (const std::string value = describe_default(option); !value.empty())
        help += " [" + value + "]";
    return help;
}

// What was typed, kept until TOML files and --set were applied, so that the command line has the
// last word.
using Typed = std::vector<std::function<void()>>;

void add_to_cli(CLI::App& app, OptionTable& table, const Option& option, Typed& typed) {
    CLI::Option* added = nullptr;
    const std::string name = option.name;
    if (option.kind == OptionKind::kFlag) {
        // A flag that is on by default is switched off with --no-NAME.
        const bool on = option.default_value == Json(true);
        const std::string names = on ? fmt::format("--{0},!--no-{0}", name) : "--" + name;
        added = app.add_flag_function(
            names,
            [&table, &typed, name](std::int64_t count) {
                typed.push_back([&table, name, count] { table.set(name, count > 0); });
            },
            full_help(option));
    } else {
        const CLI::callback_t keep = [&table, &typed, name,
                                      kind = option.kind](const CLI::results_t& texts) {
            typed.push_back([&table, name, kind, texts] {
                if (kind == OptionKind::kTextList)
                    table.set(name, Json(texts));
                else
                    table.set_from_text(name, texts.back());
            });
            return true;
        };
        added = app.add_option(flag_names(option), keep, full_help(option));
        added->type_name(option.value_name);
        if (option.kind == OptionKind::kTextList)
            added->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
        // Words of a known list may be joined by commas; paths may have them.
        if (option.kind == OptionKind::kTextList && !option.choices.empty()) added->delimiter(',');
    }
    if (option.positional && option.required) added->required();
    if (!option.group.empty()) added->group(option.group);
}

void add_repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                    const std::string& type, const std::string& help) {
    app.add_option(name, values, help)
        ->type_name(type)
        ->group("Every verb")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// Files first, then --set, then what was typed.
void apply(const GlobalOptions& global, OptionTable& table, const Typed& typed) {
    for (const std::string& path : global.configs) table.from_file(path);
    for (const std::string& setting : global.settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos)
            throw Error(ErrorKind::kUsage,
                        fmt::format("--set: got '{}', expected NAME=VALUE", setting));
        table.set_from_text(setting.substr(0, equals), setting.substr(equals + 1));
    }
    for (const auto& assign : typed) assign();
}

std::string usage_text(const std::string& program, const std::vector<VerbEntry>& verbs) {
    std::string text =
        "Symphony learns the music you give it and composes more of it.\n\n"
        "Examples:\n"
        "  symphony demo                        three models learn Bach's chorales and compose\n"
        "  symphony learn my-midi-folder        the same with your own music\n"
        "  symphony show song.mid -o song.svg   a piano roll by role\n\n"
        "Verbs:\n";
    for (const VerbEntry& verb : verbs)
        text += fmt::format("  {:12} {}\n", verb.name, verb.summary);
    text += fmt::format("\n`{} VERB --help` shows a verb's examples and options.\n", program);
    return text;
}

// CLI11's own words for a bad command line -> ours, with the nearest known option.
Error usage_error(const CLI::ParseError& failure, const std::vector<std::string>& names,
                  const std::string& verb) {
    std::string message = failure.what();
    std::string hint = fmt::format("`symphony {} --help` lists the options", verb);
    if (dynamic_cast<const CLI::ExtrasError*>(&failure)) {
        const std::size_t at = message.find("--");
        if (at != std::string::npos) {
            const std::string word = message.substr(at, message.find_first_of(" =,", at) - at);
            message = fmt::format("unknown option {}", word);
            if (const std::string nearest = base::nearest_name(word, names); !nearest.empty())
                hint = fmt::format("did you mean {}?", nearest);
        }
    }
    return Error(ErrorKind::kUsage, message, {}, hint);
}

bool has_option(const OptionTable& table, const std::string& name) {
    return std::any_of(table.options().begin(), table.options().end(),
                       [&](const Option& option) { return option.name == name; });
}

int run_verb(int argc, char** argv, const VerbEntry& entry) {
    GlobalOptions global;
    OptionTable global_table, table;
    const std::unique_ptr<Verb> verb = entry.make();
    verb->describe(table);
    global.describe(global_table);

    CLI::App app(entry.summary, "symphony " + entry.name);
    app.get_formatter()->column_width(34);
    Typed typed;
    for (const Option& option : table.options()) add_to_cli(app, table, option, typed);
    // A verb that keeps seed or threads among its own options (in TOML files, too) has its way.
    for (const Option& option : global_table.options())
        if (!has_option(table, option.name)) add_to_cli(app, global_table, option, typed);
    table.fall_back_on(global_table);
    add_repeatable(app, "--config", global.configs, "FILE",
                   "TOML or .json file with options of this verb (repeatable)");
    add_repeatable(app, "--set", global.settings, "NAME=VALUE", "over the files (repeatable)");
    try {
        app.parse(argc - 1, argv + 1);
        apply(global, table, typed);
    } catch (const CLI::CallForHelp&) {
        std::string text = "Examples:\n";
        for (const std::string& example : entry.examples) text += "  " + example + "\n";
        write_output(text + "\n" + app.help());
        return 0;
    } catch (const CLI::ParseError& failure) {
        std::vector<std::string> names{"--config", "--set", "--help"};
        for (const OptionTable* each : {&table, &global_table})
            for (const Option& option : each->options()) names.push_back("--" + option.name);
        throw usage_error(failure, names, entry.name);
    }

    Context& context = global.context;
    const auto progress = base::make_progress(progress_style(context.progress_style));
    context.progress = progress.get();
    context.program = argv[0];
    context.options = &table;
    try {
        const int code = verb->run(context);
        progress->end();
        return code;
    } catch (...) {
        progress->end();
        throw;
    }
}

const VerbEntry& verb_named(const std::string& name, const std::vector<VerbEntry>& verbs) {
    std::vector<std::string> names;
    for (const VerbEntry& verb : verbs) {
        if (verb.name == name) return verb;
        names.push_back(verb.name);
    }
    const std::string nearest = base::nearest_name(name, names);
    throw Error(ErrorKind::kUsage, fmt::format("unknown verb '{}'", name), {},
                nearest.empty() ? "`symphony --help` lists the verbs"
                                : fmt::format("did you mean '{}'?", nearest));
}

int dispatch(int argc, char** argv, const std::vector<VerbEntry>& verbs) {
    const std::string word = argc > 1 ? argv[1] : "";
    if (word.empty() || word == "--help" || word == "-h" || word == "help") {
        write_output(usage_text("symphony", verbs));
        return word.empty() ? base::exit_code(ErrorKind::kUsage) : 0;
    }
    if (word == "--version") {
        write_output(version_text() + "\n");
        return 0;
    }
    return run_verb(argc, argv, verb_named(word, verbs));
}

bool wants_json(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "--json") return true;
    return false;
}

// One line for people on standard error; for programs the same as JSON on standard output.
int report(const Error& error, bool json) {
    fmt::print(stderr, "{}\n", error.format());
    if (json) {
        Json body{{"code", base::exit_code(error.kind)}, {"message", error.message}};
        if (!error.hint.empty()) body["hint"] = error.hint;
        if (!error.path.empty()) body["path"] = error.path;
        const std::string text = base::format_json(Json{{"error", body}});
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }
    return base::exit_code(error.kind);
}

}  // namespace

int run_command_line(int argc, char** argv, const std::vector<VerbEntry>& verbs) {
    base::install_stop_handlers();
    own_program();  // now: later a new build may have taken its place
    const bool json = wants_json(argc, argv);
    try {
        const int code = dispatch(argc, argv, verbs);
        flush_output();
        return code;
    } catch (const Error& error) {
        return report(error, json);
    } catch (const std::filesystem::filesystem_error& failure) {
        return report(
            Error(ErrorKind::kInput, failure.code().message(), failure.path1(), "check this path"),
            json);
    } catch (const std::bad_alloc&) {
        return report(
            Error(ErrorKind::kInternal, "out of memory", {}, "use a smaller model, batch or file"),
            json);
    } catch (const std::exception& failure) {
        return report(Error(ErrorKind::kInternal, failure.what(), {}, "this is a bug in Symphony"),
                      json);
    }
}

}  // namespace symphony::cli
