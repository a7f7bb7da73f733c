// symphony corpus list | get NAME: music that can be fetched by name.
#include "symphony/base/error.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/fetch.h"
#include "symphony/corpus/named_corpora.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

using corpus::NamedCorpus;

base::Json to_json(const NamedCorpus& named) {
    return base::Json{{"name", named.name},
                      {"title", named.title},
                      {"licence", named.licence},
                      {"licence_note", named.licence_note},
                      {"mechanism", corpus::mechanism_name(named.mechanism)},
                      {"source", named.source},
                      {"sha256", named.sha256},
                      {"download_bytes", named.download_bytes},
                      {"pieces", named.pieces}};
}

class Corpus : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& action = table.add("action", action_, "list them all, or get one", {"list", "get"});
        action.positional = action.required = true;
        auto& name = table.add("name", name_, "which one, or the URL of a zip of music");
        name.positional = true;
        name.value_name = "NAME";
        table.add("output", output_, "put it here instead of the user's data folder").value_name =
            "DIR";
        table.add("sha256", sha256_, "what a URL's download must hash to").value_name = "HEX";
    }

    int run(const Context& context) override {
        return action_ == "list" ? list(context) : get(context);
    }

  private:
    int list(const Context& context) const {
        base::Json json = base::Json::array();
        for (const NamedCorpus& named : corpus::named_corpora()) {
            const auto folder = corpus::corpora_folder() / named.name;
            const bool here = std::filesystem::exists(folder / "corpus.json");
            json.push_back(to_json(named));
            json.back()["folder"] = here ? folder.string() : "";
            if (context.json) continue;
            context.print(fmt::format("{}  {}", named.name, named.title));
            context.print(
                fmt::format("    licence  {}\n             {}", named.licence, named.licence_note));
            context.print(fmt::format("    source   {} {}, {:.1f} MB, {} pieces\n    sha256   {}",
                                      corpus::mechanism_name(named.mechanism), named.source,
                                      static_cast<double>(named.download_bytes) / 1e6, named.pieces,
                                      named.sha256));
            if (here) context.print("    here     " + folder.string());
        }
        if (context.json) context.print_json(json);
        return 0;
    }

    int get(const Context& context) const {
        if (name_.empty())
            throw base::Error(base::ErrorKind::kUsage, "corpus get: which one?", {},
                              "symphony corpus list shows what there is");
        const NamedCorpus named = wanted();
        const std::filesystem::path folder = output_.empty() ? corpus::corpora_folder() / named.name
                                                             : std::filesystem::path(output_);
        const auto fetched = corpus::fetch_corpus(named, folder, *context.progress);
        context.progress->note(fetched.licence_text);
        context.progress->note(fetched.was_present
                                   ? fmt::format("{} files, here already and whole", fetched.files)
                                   : fmt::format("{} files; {} others of the archive left out",
                                                 fetched.files, fetched.left_out));
        base::Json json = to_json(named);
        json["folder"] = fetched.folder.string();
        json["files"] = fetched.files;
        json["left_out"] = fetched.left_out;
        json["was_present"] = fetched.was_present;
        if (context.json)
            context.print_json(json);
        else
            context.print(fetched.folder.string());
        return 0;
    }

    // A row of the table, or one made for a URL, which must come with its hash.
    NamedCorpus wanted() const {
        if (!name_.starts_with("http://") && !name_.starts_with("https://"))
            return corpus::find_named_corpus(name_);
        if (sha256_.empty())
            throw base::Error(base::ErrorKind::kUsage, "a URL needs --sha256 HEX", name_,
                              "sha256sum FILE prints it, where the file is trusted");
        const std::string file = name_.substr(name_.rfind('/') + 1);
        return {.name = file.substr(0, file.rfind('.')),
                .title = "Music from " + name_,
                .licence = "unknown",
                .licence_note = "Its licence is for you to find out.",
                .mechanism = corpus::Mechanism::kUrl,
                .source = name_,
                .sha256 = sha256_};
    }

    std::string action_, name_, output_, sha256_;
};

}  // namespace

VerbEntry corpus_verb() {
    return {"corpus",
            "list or fetch music to learn from, with its licence",
            {"symphony corpus list", "symphony corpus get bach-chorales",
             "symphony corpus get openmsx -o game-music"},
            [] { return std::make_unique<Corpus>(); }};
}

}  // namespace symphony::cli
