// symphony find DIR --like FILE: where a melody sounds in a folder of music.
#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/text.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/melody_search.h"
#include "symphony/io/abc_reader.h"
#include "symphony/io/score_file.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <tuple>

namespace symphony::cli {
namespace {

using corpus::MelodyPlace;
using corpus::Motif;

struct PieceHit {
    std::string id;
    std::vector<MelodyPlace> places;  // best first, at least one

    // Of pieces equally alike, first those that have it at the given speed.
    bool operator<(const PieceHit& other) const { return rank() < other.rank(); }

  private:
    std::tuple<double, double, const std::string&> rank() const {
        return {-places[0].likeness, std::abs(std::log2(places[0].speed)), id};
    }
};

// The best of many, and how many there were.
class BestHits {
  public:
    explicit BestHits(std::size_t most) : most_(most) {}

    void add(PieceHit hit) {
        ++found_;
        hits_.push_back(std::move(hit));
        std::push_heap(hits_.begin(), hits_.end());
        if (hits_.size() <= most_) return;
        std::pop_heap(hits_.begin(), hits_.end());
        hits_.pop_back();
    }
    std::size_t found() const { return found_; }
    std::vector<PieceHit> sorted() && {
        std::sort_heap(hits_.begin(), hits_.end());
        return std::move(hits_);
    }

  private:
    std::size_t most_, found_ = 0;
    std::vector<PieceHit> hits_;  // a heap, the least alike on top
};

// "3" or "3-6", from 1. Throws Error (kUsage).
std::pair<std::size_t, std::size_t> parse_bars(const std::string& text) {
    const auto parts = base::split(text, '-');
    const auto number = [&](const std::string& word) -> std::size_t {
        const bool digits = !word.empty() && word.size() < 7 &&
                            word.find_first_not_of("0123456789") == std::string::npos;
        return digits ? std::stoul(word) : 0;
    };
    const std::size_t first = number(parts.front()), last = number(parts.back());
    if (parts.size() > 2 || first == 0 || last < first)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("--bars: got \"{}\", expected bars such as 3 or 3-6", text));
    return {first, last};
}

score::Score motif_from_abc(const std::string& tune) {
    const bool has_head = io::looks_like_abc(tune);
    const std::string text = has_head ? tune : "X:1\nL:1/8\nK:C\n" + tune + "\n";
    auto read = io::parse_abc(text, "--abc");
    if (!read)
        throw base::Error(base::ErrorKind::kUsage, "--abc: " + read.error().message, {},
                          "ABC notation: \"C D E C | G4\", lower case an octave higher");
    return std::move(read).value().score;
}

std::string transposition_text(int semitones) {
    return semitones == 0 ? "as given" : fmt::format("{:+d} semitones", semitones);
}

std::string speed_text(double speed) {
    return std::abs(std::log2(speed)) < 0.1 ? "" : fmt::format(", {:.3g} x as fast", speed);
}

std::string more_places(std::size_t count) {
    return count == 0 ? "" : fmt::format("; {} more place{}", count, count == 1 ? "" : "s");
}

base::Json to_json(const PieceHit& hit) {
    base::Json places = base::Json::array();
    for (const MelodyPlace& place : hit.places)
        places.push_back({{"part", place.part + 1},
                          {"part_name", place.part_name},
                          {"bar", place.bar},
                          {"onset_ticks", place.onset.value},
                          {"likeness", place.likeness},
                          {"transposition", place.transposition},
                          {"speed", place.speed}});
    return {{"path", hit.id}, {"places", places}};
}

class Find : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("music", music_, "folder of music to look through, or a file");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table.add("like", like_, "a music file: the melody to look for (its top line)").value_name =
            "FILE";
        table.add("bars", bars_, "only these bars of it, 1: the first").value_name = "A-B";
        table.add("notes", notes_, "the melody as note names, any rhythm: \"c d e c\"").value_name =
            "NAMES";
        table.add("abc", abc_, "the melody in ABC notation: \"C2 D E C2\"").value_name = "TUNE";
        table.add("top", top_, "name at most so many pieces", {1, 1e6});
        table.add("least", least_, "how alike it must be, 1: every note and the rhythm",
                  {0.3, 1.0});
        index_.describe(table);
    }

    int run(const Context& context) override {
        const Motif motif = read_motif(context);
        const std::filesystem::path index = index_.place(music_, *context.progress);
        BestHits best(static_cast<std::size_t>(top_));
        std::string account;
        const std::size_t pieces = corpus::with_sound_index(index, *context.progress, [&] {
            const corpus::Corpus corpus = corpus::load_corpus(
                music_, {.threads = context.threads, .keep_same_music = true, .index_file = index},
                *context.progress);
            account = corpus.account.sentence();
            best = listen(corpus, motif, context);
            return corpus.pieces.size();
        });
        const std::size_t found = best.found();
        const std::vector<PieceHit> hits = std::move(best).sorted();
        if (context.json) {
            base::Json json{{"looked_through", pieces},
                            {"account", account},
                            {"motif", {{"pitches", motif.pitches}, {"onsets", motif.onsets}}},
                            {"found", found},
                            {"pieces", base::Json::array()}};
            for (const PieceHit& hit : hits) json["pieces"].push_back(to_json(hit));
            context.print_json(json);
        } else {
            print(context, hits, found, pieces);
        }
        return 0;
    }

  private:
    // The files themselves are not read: the index holds their lines.
    BestHits listen(const corpus::Corpus& corpus, const Motif& motif, const Context& context) {
        BestHits best(static_cast<std::size_t>(top_));
        std::mutex index, hits;
        base::parallel_stage(*context.progress, "listening", corpus.pieces.size(), context.threads,
                             [&](std::size_t i) {
                                 const corpus::Piece& piece = corpus.pieces[i];
                                 const corpus::MelodyLines lines = [&] {
                                     const std::lock_guard lock(index);
                                     return corpus.lines(piece);
                                 }();
                                 auto places = corpus::find_melody(lines, motif, least_);
                                 if (places.empty()) return;
                                 const std::lock_guard lock(hits);
                                 best.add({piece.id, std::move(places)});
                             });
        return best;
    }

    Motif read_motif(const Context& context) const {
        const int ways =
            (like_.empty() ? 0 : 1) + (notes_.empty() ? 0 : 1) + (abc_.empty() ? 0 : 1);
        if (ways != 1)
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("got {} melodies to look for, expected one of --like FILE, "
                            "--notes NAMES and --abc TUNE",
                            ways),
                {}, "symphony find songs --notes \"c d e c\"");
        if (!bars_.empty() && like_.empty())
            throw base::Error(base::ErrorKind::kUsage, "--bars chooses bars of --like FILE");
        Motif motif;
        if (!notes_.empty()) {
            motif = corpus::parse_note_names(notes_);
        } else {
            score::Score score =
                like_.empty() ? motif_from_abc(abc_) : io::read_score_file(like_).value().score;
            if (!bars_.empty()) {
                const auto [first, last] = parse_bars(bars_);
                const std::size_t there = score::bars_of(score).size();
                if (last > there)
                    throw base::Error(
                        base::ErrorKind::kUsage,
                        fmt::format("--bars: got {}, expected bars from 1 to {}", bars_, there),
                        like_);
                score = score::excerpt(score, first - 1, last);
            }
            motif = corpus::motif_of(score);
        }
        if (motif.pitches.size() < corpus::kFewestMotifNotes)
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("the melody has {} notes, expected at least {}",
                                          motif.pitches.size(), corpus::kFewestMotifNotes),
                              like_);
        if (motif.pitches.size() == corpus::kMostMotifNotes)
            context.progress->note(
                fmt::format("the first {} notes of the melody are looked for (--bars A-B chooses "
                            "others)",
                            corpus::kMostMotifNotes));
        return motif;
    }

    void print(const Context& context, const std::vector<PieceHit>& hits, std::size_t found,
               std::size_t pieces) const {
        for (const PieceHit& hit : hits) {
            const MelodyPlace& best = hit.places[0];
            context.print(fmt::format(
                "{:3.0f} %  {}  bar {}, {}, {}{}{}", 100 * best.likeness, hit.id, best.bar,
                best.part_name.empty() ? fmt::format("part {}", best.part + 1) : best.part_name,
                transposition_text(best.transposition), speed_text(best.speed),
                more_places(hit.places.size() - 1)));
        }
        context.print(fmt::format(
            "{} of {} pieces have it{}", found, pieces,
            found > hits.size() ? fmt::format(" ({} named, --top names more)", hits.size()) : ""));
    }

    corpus::IndexOptions index_;
    std::string music_, like_, bars_, notes_, abc_;
    int top_ = 20;
    double least_ = 0.8;
};

}  // namespace

VerbEntry find_verb() {
    return {
        "find",
        "where a melody sounds in a folder of music, in any key, tempo and part",
        {"symphony find songs --like motif.mid",
         "symphony find songs --like song.mxl --bars 3-6 --top 5",
         "symphony find songs --notes \"c d e c\"", "symphony find songs --abc \"G3 E4\" --json"},
        [] { return std::make_unique<Find>(); }};
}

}  // namespace symphony::cli
