// Voice leading of four-part music: rates beside real Bach, and the places marked on rolls.
#include "symphony/evaluate/voice_leading.h"
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

using evaluate::VoiceFault;

std::string_view label_of(VoiceFault fault) {
    switch (fault) {
        case VoiceFault::kParallelFifths:
            return "5ths";
        case VoiceFault::kParallelOctaves:
            return "8ves";
        case VoiceFault::kCrossing:
            return "cross";
        case VoiceFault::kRange:
            return "range";
        case VoiceFault::kLeap:
            return "leap";
    }
    return "";
}

// The four voices from high to low, as analyse_voice_leading counts them.
std::vector<const score::Part*> voices_of(const score::Score& score) {
    std::vector<std::pair<double, const score::Part*>> parts;
    for (const score::Part& part : score.parts) {
        if (part.is_drums || part.notes.empty()) continue;
        double sum = 0;
        for (const score::Note& note : part.notes) sum += note.pitch;
        parts.emplace_back(-sum / static_cast<double>(part.notes.size()), &part);
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const score::Part*> voices;
    for (const auto& [pitch, part] : parts) voices.push_back(part);
    return voices;
}

const score::Note* sounding(const score::Part& part, score::Ticks at) {
    for (const score::Note& note : part.notes)
        if (note.onset <= at && at < note.end()) return &note;
    return nullptr;
}

void add_row(Table& table, const std::string& name_html, const evaluate::VoiceLeading& result) {
    std::vector<std::string> row = {name_html, thousands(result.chords)};
    for (int f = 0; f < evaluate::kVoiceFaults; ++f)
        row.push_back(fixed(result.per_100_chords(static_cast<VoiceFault>(f)), 2));
    table.rows_html.push_back(std::move(row));
}

Table rates_table() {
    Table table{.caption =
                    "Per 100 chords (moments at which a note begins while all four voices "
                    "sound)",
                .headers = {"music", "chords"}};
    for (int f = 0; f < evaluate::kVoiceFaults; ++f)
        table.headers.emplace_back(evaluate::voice_fault_name(static_cast<VoiceFault>(f)));
    table.numeric.assign(table.headers.size(), true);
    table.numeric[0] = false;
    return table;
}

std::string marked_roll(const score::Score& score, const std::string& title) {
    RollOptions options{.title = title, .roll_height_px = 220, .bars = 20, .dress = Dress::kPage};
    options.marks = voice_leading_marks(score);
    return figure(format_piano_roll(score, options),
                  counted(static_cast<std::int64_t>(options.marks.size()), "place") +
                      " marked in the whole piece.");
}

}  // namespace

std::vector<RollMark> voice_leading_marks(const score::Score& score) {
    std::vector<RollMark> marks;
    const auto result = evaluate::analyse_voice_leading(score);
    if (!result) return marks;
    const auto voices = voices_of(score);
    for (const evaluate::VoiceFaultAt& place : result->faults) {
        RollMark mark{place.onset, place.onset, 127, 0, std::string(label_of(place.fault))};
        for (const int voice : {place.upper_voice, place.lower_voice}) {
            const score::Note* note =
                sounding(*voices.at(static_cast<std::size_t>(voice)), place.onset);
            if (!note) continue;
            mark.low_pitch = std::min<int>(mark.low_pitch, note->pitch);
            mark.high_pitch = std::max<int>(mark.high_pitch, note->pitch);
            mark.end = std::max(mark.end, note->end());
        }
        if (mark.end > mark.onset) marks.push_back(std::move(mark));
    }
    return marks;
}

ReportSection voice_leading_section(ReportContext& context) {
    ReportSection section{"voices", "Voice leading", "Voice leading", ""};
    const ReportData& data = context.data;
    const bool rates = data.generated && (data.generated->held_out_voice_leading ||
                                          data.generated->train_voice_leading);
    const auto real =
        std::find_if(data.held_out.begin(), data.held_out.end(), [](const HeldOutPiece& piece) {
            return evaluate::analyse_voice_leading(piece.score).has_value();
        });
    if (!rates && real == data.held_out.end()) {
        section.html = missing(
            "The music is not in four voices, so there is no voice leading to "
            "judge.");
        return section;
    }
    const std::string author = data.is_bach() ? "Bach" : "real music";
    section.html = fmt::format(
        "<p>What a teacher marks in red. The rules are those of the textbooks, and {} breaks them "
        "too: a model is near when its rates are near his, not when they are zero.</p>",
        author);
    if (rates) {
        Table table = rates_table();
        const evaluate::GeneratedReport& report = *data.generated;
        if (report.held_out_voice_leading)
            add_row(table, author + ", held out", *report.held_out_voice_leading);
        if (report.train_voice_leading)
            add_row(table, author + ", training", *report.train_voice_leading);
        for (std::size_t m = 0; m < report.models.size() && m < report.voice_leading.size(); ++m)
            if (report.voice_leading[m])
                add_row(table, model_key(report.models[m].model), *report.voice_leading[m]);
        section.html += format_table(table);
    }
    for (const std::string& model : data.composing_models()) {
        const TakeFile& take = *data.first_take(model);
        if (!evaluate::analyse_voice_leading(take.score)) continue;
        section.html += marked_roll(
            take.score, fmt::format("Composed: {}, take {}", model_title(model), take.number));
        break;
    }
    if (real != data.held_out.end()) section.html += marked_roll(real->score, "Real: " + real->id);
    return section;
}

}  // namespace symphony::view
