#include "symphony/tokens/explain.h"

#include "symphony/score/beat.h"
#include "symphony/score/harmony.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/musical_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace symphony::tokens {
namespace {

// Says notes of one score in words; its bars and keys are looked up by onset.
class Narrator {
  public:
    Narrator(const score::Score& score, int steps_per_quarter)
        : score_(score), bars_(score::bars_of(score)), steps_per_quarter_(steps_per_quarter) {}

    // Spelled in `key`.
    ExplainedNote describe(std::size_t part_index, const score::Note& note, score::Key key) const {
        const score::Part& part = score_.parts[part_index];
        const auto steps = [&](score::Ticks at) {
            return score::rescaled(at, score_.ticks_per_quarter, steps_per_quarter_).value;
        };
        return {
            .part = part.name.empty() ? fmt::format("part {}", part_index + 1) : part.name,
            .place = place(note.onset),
            .pitch =
                part.is_drums ? fmt::format("drum {}", note.pitch) : spelled_pitch(note.pitch, key),
            .length = length_words(std::max<std::int64_t>(1, steps(note.end()) - steps(note.onset)),
                                   steps_per_quarter_),
            .dynamic = dynamic_mark(note.velocity)};
    }

    score::Key key_at(score::Ticks at) const {
        score::Key key;
        for (const score::KeyChange& change : score_.keys)
            if (change.onset <= at || &change == &score_.keys.front()) key = change.key;
        return key;
    }

  private:
    std::string place(score::Ticks at) const {
        const auto after = std::upper_bound(
            bars_.begin(), bars_.end(), at,
            [](score::Ticks onset, const score::Bar& bar) { return onset < bar.onset; });
        if (after == bars_.begin()) return "before bar 1";
        const score::Bar& bar = *(after - 1);
        const score::Ticks beat = score::beat_length(bar.meter, score_.ticks_per_quarter);
        const double beats =
            static_cast<double>((at - bar.onset).value) / static_cast<double>(beat.value);
        return fmt::format("{}:{:.4g}", after - bars_.begin(), beats + 1);
    }

    const score::Score& score_;
    std::vector<score::Bar> bars_;
    int steps_per_quarter_;
};

struct NoteRef {
    std::size_t part;
    const score::Note* note;
};

// Notes by pitch (drums apart), each list in the order of time, of unisons by program.
using NotesByPitch = std::map<std::pair<bool, int>, std::vector<NoteRef>>;

template <class Takes>
NotesByPitch notes_by_pitch(const score::Score& score, Takes takes) {
    NotesByPitch notes;
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (std::size_t n = 0; n < score.parts[p].notes.size(); ++n)
            if (takes(p, n)) {
                const score::Note& note = score.parts[p].notes[n];
                notes[{score.parts[p].is_drums, note.pitch}].push_back({p, &note});
            }
    const auto place = [&](const NoteRef& ref) {
        return std::pair(ref.note->onset, score.parts[ref.part].program);
    };
    for (auto& [pitch, list] : notes)
        std::stable_sort(list.begin(), list.end(),
                         [&](const NoteRef& a, const NoteRef& b) { return place(a) < place(b); });
    return notes;
}

// What became of each note that has a token: schemes keep the pitch of a note and the order in
// time of notes of one pitch, whatever the order of their tokens.
std::map<const score::Note*, NoteRef> match_notes(const score::Score& score, const Encoded& encoded,
                                                  const score::Score& decoded) {
    std::set<std::pair<std::size_t, std::size_t>> spelled;
    for (const TokenSource& source : encoded.sources)
        if (source.note >= 0)
            spelled.insert(
                {static_cast<std::size_t>(source.part), static_cast<std::size_t>(source.note)});
    const NotesByPitch before = notes_by_pitch(score, [&](std::size_t p, std::size_t n) {
        return spelled.contains({p, n});
    });
    const NotesByPitch after = notes_by_pitch(decoded, [](auto, auto) { return true; });
    std::map<const score::Note*, NoteRef> matched;
    for (const auto& [pitch, list] : before) {
        const auto there = after.find(pitch);
        if (there == after.end()) continue;
        for (std::size_t i = 0; i < std::min(list.size(), there->second.size()); ++i)
            matched.insert({list[i].note, there->second[i]});
    }
    return matched;
}

std::string after_underscore(const std::string& name) { return name.substr(name.find('_') + 1); }

base::Json json_of(const ExplainedNote& note) {
    return {{"part", note.part},
            {"place", note.place},
            {"pitch", note.pitch},
            {"length", note.length},
            {"dynamic", note.dynamic}};
}

std::string text_of(const ExplainedNote& note) {
    return fmt::format("{} {} {} {} {}", note.part, note.place, note.pitch, note.length,
                       note.dynamic);
}

}  // namespace

Explanation explain(const Tokenizer& tokenizer, const score::Score& score) {
    const Encoded encoded = tokenizer.encode(score);
    const score::Score decoded = tokenizer.decode(encoded.ids);
    const auto decoded_of = match_notes(score, encoded, decoded);
    const Narrator before(score, tokenizer.steps_per_quarter());
    const Narrator after(decoded, tokenizer.steps_per_quarter());

    Explanation result;
    result.scheme = tokenizer.scheme();
    result.vocabulary_size = tokenizer.vocabulary().size();
    result.tokens = static_cast<std::int64_t>(encoded.ids.size());
    result.source_notes = encoded.source_notes;
    result.decoded_notes = static_cast<std::int64_t>(decoded.note_count());
    result.losses = encoded.losses;

    const auto grammar = tokenizer.grammar();
    std::set<std::pair<int, int>> spelled;
    std::string chord;
    TokenSource source_before;
    int bars_before = -1;
    std::int64_t position_before = -1;
    for (std::size_t i = 0; i < encoded.ids.size(); ++i) {
        const TokenId id = encoded.ids[i];
        const TokenSource source = encoded.sources[i];
        const std::string& name = tokenizer.vocabulary().name(id);
        grammar->step(id);
        if (tokenizer.is_plan(id)) chord = after_underscore(name);
        const bool new_note = source.note >= 0 && (source.part != source_before.part ||
                                                   source.note != source_before.note);
        const bool new_place =
            grammar->bars_begun() != bars_before || grammar->position_steps() != position_before;
        // The tokens of a note stay together, whichever of them moves time on.
        if (new_note ||
            (source.note < 0 && (new_place || grammar->ended() || source_before.note >= 0)))
            result.lines.emplace_back();
        ExplainedLine& line = result.lines.back();
        line.tokens += (line.tokens.empty() ? "" : " ") + name;
        if (new_note) {
            const auto part = static_cast<std::size_t>(source.part);
            spelled.insert({source.part, source.note});
            const score::Note& note =
                score.parts[part].notes[static_cast<std::size_t>(source.note)];
            const score::Key key = before.key_at(note.onset);
            line.note = before.describe(part, note, key);
            line.chord = chord;
            if (const auto found_at = decoded_of.find(&note); found_at != decoded_of.end()) {
                const NoteRef found = found_at->second;
                // A scheme without keys is read in the key of the source.
                line.decoded =
                    after.describe(found.part, *found.note,
                                   decoded.keys.empty() ? key : after.key_at(found.note->onset));
            }
        }
        source_before = source;
        bars_before = grammar->bars_begun();
        position_before = grammar->position_steps();
    }
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (std::size_t n = 0; n < score.parts[p].notes.size(); ++n)
            if (!spelled.contains({static_cast<int>(p), static_cast<int>(n)}))
                result.not_spelled.push_back(before.describe(
                    p, score.parts[p].notes[n], before.key_at(score.parts[p].notes[n].onset)));
    return result;
}

std::string to_text(const Explanation& explanation) {
    std::size_t width = 0;
    for (const ExplainedLine& line : explanation.lines)
        if (line.note) width = std::max(width, text_of(*line.note).size());
    std::string text;
    for (const ExplainedLine& line : explanation.lines) {
        if (!line.note) {
            text += line.tokens + '\n';
            continue;
        }
        text += fmt::format("  {:<{}} -> {}", text_of(*line.note), width, line.tokens);
        if (!line.chord.empty()) text += fmt::format("  [in {}]", line.chord);
        if (line.decoded) text += " -> " + text_of(*line.decoded);
        text += '\n';
    }
    for (const ExplainedNote& note : explanation.not_spelled)
        text += "  " + text_of(note) + " -> no token\n";
    text += fmt::format("{} notes -> {} tokens of {} -> {} notes\n", explanation.source_notes,
                        explanation.tokens, explanation.vocabulary_size, explanation.decoded_notes);
    for (const auto& [code, count] : explanation.losses)
        text += fmt::format("loss {}: {}\n", code, count);
    return text;
}

base::Json to_json(const Explanation& explanation) {
    base::Json json;
    json["scheme"] = explanation.scheme;
    json["vocabulary_size"] = explanation.vocabulary_size;
    json["source_notes"] = explanation.source_notes;
    json["tokens"] = explanation.tokens;
    json["decoded_notes"] = explanation.decoded_notes;
    json["losses"] = explanation.losses;
    json["lines"] = base::Json::array();
    for (const ExplainedLine& line : explanation.lines) {
        base::Json& item = json["lines"].emplace_back();
        item["tokens"] = line.tokens;
        if (line.note) item["note"] = json_of(*line.note);
        if (!line.chord.empty()) item["chord"] = line.chord;
        if (line.decoded) item["decoded"] = json_of(*line.decoded);
    }
    json["not_spelled"] = base::Json::array();
    for (const ExplainedNote& note : explanation.not_spelled)
        json["not_spelled"].push_back(json_of(note));
    return json;
}

}  // namespace symphony::tokens
