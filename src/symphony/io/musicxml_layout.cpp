// Measures to absolute time. Source: own.
#include "symphony/io/musicxml_layout.h"

#include "symphony/io/musicxml_dynamics.h"
#include "symphony/io/musicxml_order.h"
#include "symphony/io/musicxml_ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

namespace symphony::io::musicxml {
namespace {

using score::Ticks;

// Of one pitch at a time; the longest open goes first. Keeps the search for a tie's end short.
constexpr std::size_t kMostOpenTies = 64;
constexpr std::int64_t kLongestTieGapQuarters = 4;

// Where each measure stands: as written, and every time it is played.
struct Timeline {
    std::vector<std::int64_t> lengths;                 // by measure
    std::vector<std::int64_t> written;                 // by measure
    std::vector<int> order;                            // measures as played
    std::vector<std::int64_t> played;                  // onset of each in `order`
    std::vector<std::vector<std::int64_t>> onsets_of;  // by measure

    std::int64_t written_onset(Position at) const {
        return written[static_cast<std::size_t>(at.measure)] + at.offset;
    }
    template <class Body>
    void for_each_onset(Position at, const Body& body) const {
        for (const std::int64_t start : onsets_of[static_cast<std::size_t>(at.measure)])
            body(Ticks(start + at.offset));
    }
};

Timeline make_timeline(const RawScore& raw, bool expand_repeats, IssueLog& log) {
    Timeline line;
    line.lengths = measure_lengths(raw, log);
    std::int64_t at = 0;
    for (const std::int64_t length : line.lengths) {
        line.written.push_back(at);
        at += length;
    }
    PlayOrder order =
        expand_repeats ? performed_order(raw.measures, raw.spans) : written_order(raw.measures);
    if (order.was_cut) log.add(Issue::kRepeatsCut);
    line.order = std::move(order.measures);
    line.onsets_of.resize(raw.measures.size());
    at = 0;
    for (const int measure : line.order) {
        const auto index = static_cast<std::size_t>(measure);
        line.played.push_back(at);
        line.onsets_of[index].push_back(at);
        at += line.lengths[index];
    }
    return line;
}

// What holds at the start of each measure and what changes inside, replayed in the order played, so
// that a jump back brings back what held there.
template <class Raw, class Emit>
void replay(std::vector<Raw> marks, const Timeline& line, const Emit& emit) {
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Raw& a, const Raw& b) { return a.at < b.at; });
    for (std::size_t i = 0; i < line.order.size(); ++i) {
        const int measure = line.order[i];
        auto mark =
            std::lower_bound(marks.begin(), marks.end(), measure,
                             [](const Raw& m, int wanted) { return m.at.measure < wanted; });
        const bool jumped = i > 0 && line.order[i - 1] + 1 != measure;
        if (jumped && mark != marks.begin()) emit(Ticks(line.played[i]), *std::prev(mark));
        for (; mark != marks.end() && mark->at.measure == measure; ++mark)
            emit(Ticks(line.played[i] + mark->at.offset), *mark);
    }
}

void lay_out_bars(const RawScore& raw, const Timeline& line, score::Score& out) {
    std::vector<score::Meter> meters;
    score::Meter meter;
    bool any_meter = false;
    for (const RawMeasure& measure : raw.measures) {
        if (measure.meter) {
            meter = *measure.meter;
            any_meter = true;
        }
        meters.push_back(meter);
    }
    for (std::size_t i = 0; i < line.order.size(); ++i) {
        const auto index = static_cast<std::size_t>(line.order[i]);
        const Ticks onset(line.played[i]);
        out.bars.push_back({onset, Ticks(line.lengths[index]), meters[index]});
        const bool changes = out.meters.empty() || out.meters.back().meter != meters[index];
        if (any_meter && changes) out.meters.push_back({onset, meters[index]});
    }
}

void lay_out_tempos(const RawScore& raw, const Timeline& line, score::Score& out) {
    // Several parts may say the same; of two at one place the first stands.
    std::vector<RawTempo> tempos = raw.tempos;
    std::stable_sort(tempos.begin(), tempos.end(),
                     [](const RawTempo& a, const RawTempo& b) { return a.at < b.at; });
    tempos.erase(std::unique(tempos.begin(), tempos.end(),
                             [](const RawTempo& a, const RawTempo& b) { return a.at == b.at; }),
                 tempos.end());
    replay(tempos, line, [&](Ticks onset, const RawTempo& tempo) {
        if (!out.tempos.empty() && out.tempos.back().onset == onset) out.tempos.pop_back();
        if (out.tempos.empty() ||
            out.tempos.back().quarters_per_minute != tempo.quarters_per_minute)
            out.tempos.push_back({onset, tempo.quarters_per_minute});
    });
}

void lay_out_keys(const RawScore& raw, const Timeline& line, score::Score& out) {
    // The parts agree on the sounding key; one written in it says it best.
    const RawPart* source = nullptr;
    for (const RawPart& part : raw.parts) {
        if (part.keys.empty() || part.is_drums) continue;
        if (source == nullptr || (source->is_transposed && !part.is_transposed)) source = &part;
    }
    if (source == nullptr) return;
    replay(source->keys, line, [&](Ticks onset, const RawKey& key) {
        if (!out.keys.empty() && out.keys.back().onset == onset) out.keys.pop_back();
        if (out.keys.empty() || out.keys.back().key != key.key)
            out.keys.push_back({onset, key.key});
    });
}

// Spans after which a phrase ends. Those that overlap (a fermata in every voice) are one.
class PhraseSpans {
  public:
    void add(Ticks onset, Ticks end) { spans_.emplace_back(onset, end); }

    std::vector<score::PhraseMark> marks() {
        std::sort(spans_.begin(), spans_.end());
        std::vector<score::PhraseMark> marks;
        Ticks end;
        for (const auto& span : spans_) {
            const bool overlaps = !marks.empty() && span.first < end;
            end = overlaps ? std::max(end, span.second) : std::max(span.second, span.first);
            if (overlaps)
                marks.back().onset = end;
            else if (end > Ticks(0) && (marks.empty() || marks.back().onset < end))
                marks.push_back({end});
        }
        return marks;
    }

  private:
    std::vector<std::pair<Ticks, Ticks>> spans_;
};

void lay_out_bar_phrases(const RawScore& raw, const Timeline& line, PhraseSpans& phrases) {
    for (std::size_t i = 0; i < line.order.size(); ++i) {
        const auto index = static_cast<std::size_t>(line.order[i]);
        const RawMeasure& measure = raw.measures[index];
        const Ticks onset(line.played[i]);
        const Ticks end(line.played[i] + line.lengths[index]);
        if (measure.left.ends_section || measure.left.has_fermata) phrases.add(onset, onset);
        if (measure.right.ends_section || measure.right.has_fermata) phrases.add(end, end);
    }
    for (const RawPhrase& phrase : raw.phrases)
        line.for_each_onset(
            phrase.at, [&](Ticks onset) { phrases.add(onset, onset + Ticks(phrase.duration)); });
}

// A note on its way into a Part, with what its ties need.
struct TimedNote {
    score::Note note;
    std::uint8_t staff;
    bool is_drum, tie_start, tie_stop, ends_phrase;
    bool is_merged = false;  // gone into the note before it
};

std::vector<TimedNote> timed_notes(const RawPart& part, const Timeline& line,
                                   const DynamicsCurve& dynamics) {
    std::vector<TimedNote> notes;
    for (const RawNote& raw : part.notes) {
        TimedNote timed{};
        timed.note.duration = Ticks(raw.duration);
        timed.note.pitch = raw.pitch;
        timed.note.voice = raw.voice;
        timed.note.velocity = dynamics.velocity(raw, line.written_onset(raw.at));
        timed.staff = raw.staff;
        timed.is_drum = raw.is_drum;
        timed.tie_start = raw.tie_start;
        timed.tie_stop = raw.tie_stop;
        timed.ends_phrase = raw.ends_phrase;
        line.for_each_onset(raw.at, [&](Ticks onset) {
            timed.note.onset = onset;
            notes.push_back(timed);
        });
    }
    std::stable_sort(notes.begin(), notes.end(), [](const TimedNote& a, const TimedNote& b) {
        return a.note.onset < b.note.onset;
    });
    return notes;
}

// Whether `now` may continue `before`, which ends `gap` earlier; a note of an arpeggio that is
// written out is tied to its chord over those that follow it, and is held until there.
bool may_continue(const TimedNote& before, const TimedNote& now, Ticks longest_gap) {
    const Ticks gap = now.note.onset - before.note.end();
    return before.is_drum == now.is_drum && gap >= Ticks(0) && gap <= longest_gap;
}

// A tied note becomes part of the one it continues: same pitch, the last to end before it, same
// voice if there is a choice (ties may cross voices and staves).
void merge_ties(std::vector<TimedNote>& notes, Ticks longest_gap, int part, IssueLog& log) {
    std::vector<std::vector<std::size_t>> open(score::kPitches);
    for (std::size_t i = 0; i < notes.size(); ++i) {
        TimedNote& now = notes[i];
        auto& waiting = open[now.note.pitch];
        std::size_t target = i;
        if (now.tie_stop) {
            auto best = waiting.end();
            for (auto it = waiting.begin(); it != waiting.end(); ++it) {
                const TimedNote& before = notes[*it];
                if (!may_continue(before, now, longest_gap)) continue;
                const bool ends_later =
                    best == waiting.end() || before.note.end() > notes[*best].note.end();
                const bool ends_with_best =
                    best != waiting.end() && before.note.end() == notes[*best].note.end();
                if (ends_later || (ends_with_best && before.note.voice == now.note.voice))
                    best = it;
            }
            if (best != waiting.end()) {
                target = *best;
                waiting.erase(best);
                notes[target].note.duration = now.note.end() - notes[target].note.onset;
                notes[target].ends_phrase |= now.ends_phrase;
                now.is_merged = true;
            } else {
                log.add(Issue::kTieUnmatched, 0, part);
            }
        }
        if (now.tie_start) {
            // Ties that found no second note within their own time are over.
            std::erase_if(waiting, [&](std::size_t index) {
                const bool over = notes[index].note.end() + longest_gap < now.note.onset;
                if (over) log.add(Issue::kTieUnmatched, 0, part);
                return over;
            });
            if (waiting.size() >= kMostOpenTies) {
                log.add(Issue::kTieUnmatched, 0, part);
                waiting.erase(waiting.begin());
            }
            waiting.push_back(target);
        }
    }
}

void lay_out_part(const RawPart& raw, int index, const Timeline& line, std::int64_t resolution,
                  PhraseSpans& phrases, score::Score& out, IssueLog& log) {
    const DynamicsCurve dynamics(raw.dynamics, line.written, resolution);
    std::vector<TimedNote> notes = timed_notes(raw, line, dynamics);
    merge_ties(notes, Ticks(kLongestTieGapQuarters * resolution), index, log);

    std::map<std::pair<int, bool>, score::Part> parts;  // by staff, drums last
    for (const TimedNote& timed : notes) {
        if (timed.is_merged) continue;
        if (timed.ends_phrase) phrases.add(timed.note.onset, timed.note.end());
        parts[{timed.staff, timed.is_drum}].notes.push_back(timed.note);
    }
    if (parts.empty()) log.add(Issue::kPartEmpty, 0, index);
    bool is_first = true;
    for (auto& [key, made] : parts) {
        score::Part& part = made;  // lambdas of clang 14 take no structured binding
        part.name = raw.name;
        part.staff = raw.staves > 1 ? static_cast<std::uint8_t>(key.first) : std::uint8_t{0};
        part.is_drums = key.second || raw.is_drums;
        part.program = raw.program;
        part.bank = raw.bank;
        part.channel = raw.channel;
        if (raw.volume) part.controls.push_back({Ticks(0), 7, *raw.volume});
        if (raw.pan) part.controls.push_back({Ticks(0), 10, *raw.pan});
        for (const RawProgram& change : raw.programs)
            line.for_each_onset(change.at, [&](Ticks onset) {
                part.programs.push_back({onset, change.program, change.bank});
            });
        if (is_first)
            for (const RawText& lyric : raw.lyrics)
                line.for_each_onset(lyric.at, [&](Ticks onset) {
                    part.texts.push_back({onset, lyric.kind, lyric.text});
                });
        is_first = false;
        out.parts.push_back(std::move(part));
    }
}

// What the score will hold once repeats are played; marks are words, tempos, keys, programs,
// phrases.
struct Amount {
    std::uint64_t notes = 0, marks = 0, text_bytes = 0;
};

Amount amount_played(const RawScore& raw, const Timeline& line) {
    Amount amount;
    const auto plays = [&](const auto& what) {
        return line.onsets_of[static_cast<std::size_t>(what.at.measure)].size();
    };
    const auto add_marks = [&](const auto& marks) {
        for (const auto& mark : marks) amount.marks += plays(mark);
    };
    const auto add_texts = [&](const std::vector<RawText>& texts) {
        for (const RawText& text : texts) amount.text_bytes += plays(text) * text.text.size();
        add_marks(texts);
    };
    add_texts(raw.texts);
    add_marks(raw.tempos);
    add_marks(raw.phrases);
    for (const RawPart& part : raw.parts) {
        for (const RawNote& note : part.notes) amount.notes += plays(note);
        add_texts(part.lyrics);
        add_marks(part.keys);
        add_marks(part.programs);
    }
    return amount;
}

}  // namespace

std::vector<std::int64_t> measure_lengths(const RawScore& raw, IssueLog& log) {
    std::vector<std::int64_t> lengths;
    score::Meter meter;
    bool is_free = true;  // until a meter is given
    for (std::size_t i = 0; i < raw.measures.size(); ++i) {
        const RawMeasure& measure = raw.measures[i];
        if (measure.meter) {
            meter = *measure.meter;
            is_free = false;
        }
        if (measure.meter_is_free) is_free = true;
        const std::int64_t nominal =
            std::max<std::int64_t>(1, raw.resolution * 4 * meter.numerator / meter.denominator);
        const bool may_be_short = measure.implicit || i == 0;
        std::int64_t length = measure.notes_end;
        if (length == 0) {
            // Only whole-measure rests, which some programs write four quarters long in any meter.
            const bool is_sloppy = !measure.implicit && !is_free && measure.rest_end > nominal;
            length = measure.rest_end > 0 && !is_sloppy ? measure.rest_end : nominal;
        } else if (measure.rest_end > length && !may_be_short) {
            length = std::max(length, std::min(measure.rest_end, nominal));
        }
        // Septuplets and the like, written in whole divisions, sum to a few ticks more or less than
        // the bar; let stand, they would shift all music after it off its beats.
        if (std::abs(length - nominal) <= raw.resolution / 48) length = nominal;
        if (length > nominal && !measure.implicit && !is_free) log.add(Issue::kBarOverfull);
        lengths.push_back(length);
    }
    return lengths;
}

base::Result<score::Score> lay_out(const RawScore& raw, const ReadOptions& options,
                                   const std::string& name, IssueLog& log) {
    const Timeline line = make_timeline(raw, options.expand_repeats, log);
    const auto [notes, marks, text_bytes] = amount_played(raw, line);
    if (notes > options.max_notes)
        return refusal(Issue::kTooManyNotes, name,
                       std::to_string(notes) + " notes, at most " +
                           std::to_string(options.max_notes) + " are read",
                       0);
    if (marks > options.max_notes || text_bytes > options.max_file_bytes)
        return refusal(
            Issue::kTooLarge, name,
            fmt::format("{} marks and {} bytes of words as played, at most {} and {} are read",
                        marks, text_bytes, options.max_notes, options.max_file_bytes),
            0);

    score::Score out;
    out.title = raw.title;
    out.composer = raw.composer;
    lay_out_bars(raw, line, out);
    lay_out_tempos(raw, line, out);
    lay_out_keys(raw, line, out);
    for (const RawText& text : raw.texts)
        line.for_each_onset(text.at, [&](Ticks onset) {
            out.texts.push_back({onset, text.kind, text.text});
        });
    PhraseSpans phrases;
    lay_out_bar_phrases(raw, line, phrases);
    for (std::size_t i = 0; i < raw.parts.size(); ++i)
        lay_out_part(raw.parts[i], static_cast<int>(i), line, raw.resolution, phrases, out, log);
    out.phrases = phrases.marks();
    to_ticks(out, raw.resolution, raw.is_exact, log);
    score::sort_events(out);
    return out;
}

}  // namespace symphony::io::musicxml
