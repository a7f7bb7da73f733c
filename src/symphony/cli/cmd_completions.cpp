// symphony completions SHELL: completions made from the verbs' own tables.
#include "symphony/cli/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace symphony::cli {
namespace {

struct VerbOptions {
    std::string name, summary;
    std::vector<base::Option> options;
};

std::vector<VerbOptions> collect() {
    std::vector<VerbOptions> all;
    for (const VerbEntry& entry : symphony_verbs()) {
        base::OptionTable table;
        const auto verb = entry.make();
        verb->describe(table);
        VerbOptions collected{entry.name, entry.summary, {}};
        for (const base::Option& option : table.options())
            if (!option.positional) collected.options.push_back(option);
        all.push_back(std::move(collected));
    }
    return all;
}

const std::vector<std::string> kGlobal{"json",   "seed", "threads", "progress",
                                       "config", "set",  "help"};

std::string words(const VerbOptions& verb) {
    std::vector<std::string> flags;
    for (const base::Option& option : verb.options) flags.push_back("--" + option.name);
    for (const std::string& name : kGlobal) flags.push_back("--" + name);
    return fmt::format("{}", fmt::join(flags, " "));
}

// zsh reads bash's completions through bashcompinit.
std::string bash(const std::vector<VerbOptions>& verbs, bool for_zsh) {
    std::string names, cases;
    for (const VerbOptions& verb : verbs) {
        names += verb.name + " ";
        cases += fmt::format("    {}) words=\"{}\" ;;\n", verb.name, words(verb));
    }
    return fmt::format(
        "{}_symphony() {{\n"
        "  local words word=\"${{COMP_WORDS[COMP_CWORD]}}\"\n"
        "  case \"${{COMP_WORDS[1]}}\" in\n{}    *) words=\"{}--help --version\" ;;\n  "
        "esac\n"
        "  [ \"$COMP_CWORD\" = 1 ] && words=\"{}--help --version\"\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "}}\ncomplete -o default -F _symphony symphony\n",
        for_zsh ? "autoload -U +X bashcompinit && bashcompinit\n" : "", cases, names, names);
}

std::string quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
        text.replace(at, 1, "\\'");
    return "'" + text + "'";
}

std::string fish(const std::vector<VerbOptions>& verbs) {
    std::string text;
    for (const VerbOptions& verb : verbs) {
        text += fmt::format("complete -c symphony -n __fish_use_subcommand -a {} -d {}\n",
                            verb.name, quoted(verb.summary));
        for (const base::Option& option : verb.options)
            text += fmt::format(
                "complete -c symphony -n '__fish_seen_subcommand_from {}' -l {} -d {}\n", verb.name,
                option.name, quoted(option.help));
    }
    for (const std::string& name : kGlobal)
        text += fmt::format("complete -c symphony -l {}\n", name);
    return text;
}

class Completions : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& shell = table.add("shell", shell_, "for which shell", {"bash", "zsh", "fish"});
        shell.positional = shell.required = true;
        shell.value_name = "SHELL";
    }

    int run(const Context& context) override {
        const std::vector<VerbOptions> all = collect();
        const std::string script = shell_ == "fish" ? fish(all) : bash(all, shell_ == "zsh");
        if (context.json)
            context.print_json({{"shell", shell_}, {"script", script}});
        else
            context.print(script);
        return 0;
    }

  private:
    std::string shell_;
};

}  // namespace

VerbEntry completions_verb() {
    return {"completions",
            "print completions for bash, zsh or fish",
            {"symphony completions bash >>~/.bashrc",
             "symphony completions fish >~/.config/fish/completions/symphony.fish"},
            [] { return std::make_unique<Completions>(); }};
}

}  // namespace symphony::cli
