// symphony fill, accompany, vary: music that is partly given. All three open cells (a part in a
// bar) of a piece and compose those; the rest comes back event for event.
#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/cli/gap_maker.h"
#include "symphony/generate/variation.h"
#include "symphony/score/roles.h"

#include <fmt/format.h>

#include <charconv>

namespace symphony::cli {
namespace {

// "9-12" or "9", counted from 1: the bars [first, last], from 0.
std::pair<int, int> parse_span(const std::string& text, int bars) {
    const auto dash = text.find('-');
    int ends[2] = {0, 0};
    const std::string words[2] = {
        base::trim(text.substr(0, dash)),
        dash == std::string::npos ? base::trim(text) : base::trim(text.substr(dash + 1))};
    for (int i = 0; i < 2; ++i) {
        const auto [end, error] =
            std::from_chars(words[i].data(), words[i].data() + words[i].size(), ends[i]);
        if (error != std::errc() || end != words[i].data() + words[i].size() || ends[i] < 1)
            throw base::Error(base::ErrorKind::kUsage, "bars: got \"" + text + "\"", {},
                              "expected a bar or a span of bars, such as 9-12");
    }
    if (ends[1] < ends[0] || ends[1] > bars)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("bars: got {}, the piece has {} bars", text, bars));
    return {ends[0] - 1, ends[1] - 1};
}

// Which parts the words name; all for none.
std::vector<bool> parts_chosen(const score::Score& source, const std::vector<std::string>& words) {
    score::Score music = source;
    score::assign_roles(music);
    std::vector<bool> chosen(music.parts.size(), words.empty());
    for (const std::string& word : words) {
        const generate::Scope scope = generate::parse_scope(word);
        bool any = false;
        for (std::size_t p = 0; p < chosen.size(); ++p) {
            generate::Place place;
            place.part = static_cast<int>(p);
            place.role = music.parts[p].role;
            if (!scope.has(place)) continue;
            chosen[p] = any = true;
        }
        if (!any)
            throw base::Error(base::ErrorKind::kUsage, "no part of the piece is \"" + word + "\"",
                              {}, "its parts: symphony explore or show tell them");
    }
    return chosen;
}

generate::Gap closed(const score::Score& source) {
    generate::Gap gap;
    gap.open.assign(score::bars_of(source).size(), std::vector<bool>(source.parts.size(), false));
    return gap;
}

class Fill : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        maker_.describe_source(table);
        table.add("bars", bars_, "the bars to compose anew, from 1: 9-12; else all");
        table.add("parts", parts_, "the parts: melody, bass, \"part 2\"; else all");
        maker_.describe(table);
    }
    int run(const Context& context) override {
        const MusicModel model = maker_.open();
        const score::Score& source = maker_.source();
        if (bars_.empty() && parts_.empty())
            throw base::Error(base::ErrorKind::kUsage, "neither --bars nor --parts was given", {},
                              "say what to compose anew: --bars 9-12, or --parts melody");
        generate::Gap gap = closed(source);
        const auto bars = static_cast<int>(gap.open.size());
        const auto [first, last] = bars_.empty() ? std::pair(0, bars - 1) : parse_span(bars_, bars);
        const std::vector<bool> chosen = parts_chosen(source, parts_);
        for (int b = first; b <= last; ++b) gap.open[static_cast<std::size_t>(b)] = chosen;
        maker_.fill(model, gap, "fill", {{"bars", bars_}, {"parts", parts_}}, context);
        return 0;
    }

  private:
    GapMaker maker_;
    std::string bars_;
    std::vector<std::string> parts_;
};

class Accompany : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        maker_.describe_source(table);
        table.add("with", players_,
                  "players to add, such as Violin Violoncello; else the model's choice");
        table.add("most", most_, "how many players the model may choose", {1, 8});
        maker_.describe(table);
    }
    int run(const Context& context) override {
        const MusicModel model = maker_.open();
        generate::Gap gap = closed(maker_.source());
        gap.added = players_;
        gap.most_chosen = most_;
        maker_.fill(model, gap, "accompany", {{"with", players_}, {"most", most_}}, context);
        return 0;
    }

  private:
    GapMaker maker_;
    std::vector<std::string> players_;
    int most_ = 3;
};

class Vary : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        maker_.describe_source(table);
        table.add("distance", distance_, "share of notes that change", {0.01, 1});
        maker_.describe(table);
    }
    int run(const Context& context) override {
        const MusicModel model = maker_.open();
        maker_.vary(model, distance_, context);
        return 0;
    }

  private:
    GapMaker maker_;
    double distance_ = 0.25;
};

}  // namespace

VerbEntry fill_verb() {
    return {"fill",
            "compose some bars or parts of a piece anew",
            {"symphony fill song.mid --bars 9-12 --takes 4 -o fills",
             "symphony fill song.mid --parts bass --model runs/transformer -o fills"},
            [] { return std::make_unique<Fill>(); }};
}

VerbEntry accompany_verb() {
    return {"accompany",
            "add parts to a melody or any piece",
            {"symphony accompany melody.mid --takes 3 -o accompanied",
             "symphony accompany melody.mid --with Violin Violoncello --polyphony all=1"},
            [] { return std::make_unique<Accompany>(); }};
}

VerbEntry vary_verb() {
    return {"vary",
            "takes close to a piece, at a stated distance",
            {"symphony vary song.mid --distance 0.2 --takes 4 -o variations"},
            [] { return std::make_unique<Vary>(); }};
}

}  // namespace symphony::cli
