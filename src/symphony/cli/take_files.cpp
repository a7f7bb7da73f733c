#include "symphony/cli/take_files.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/io/audio.h"
#include "symphony/io/midi_writer.h"
#include "symphony/io/musicxml_writer.h"
#include "symphony/score/roles.h"
#include "symphony/view/piano_roll.h"

namespace symphony::cli {

base::Json write_take(const generate::Take& take, const tokens::Tokenizer& tokenizer,
                      TakeStyle style) {
    style.expression.take = static_cast<std::uint64_t>(take.index);
    auto performance = generate::perform(take.score, style.expression);
    score::assign_roles(performance.score);  // for the colours of the roll
    const score::Score score = generate::with_provenance(take, performance, style.record);
    base::Json json = generate::take_json(tokenizer, take, performance, style.record);
    const std::string stem = (style.folder / generate::take_name(take)).string();
    io::write_midi_file(stem + ".mid", score,
                        style.mixed ? io::Mix::kComplete : io::Mix::kAsStated);
    base::write_file_atomically(stem + ".svg", view::format_piano_roll(score));
    base::write_json_file(stem + ".json", json);
    json["midi"] = stem + ".mid";
    json["svg"] = stem + ".svg";
    if (style.notation && score.note_count() > 0) {
        // Drawn from what was composed, not from how it is performed.
        score::Score drawn = take.score;
        drawn.title = score.title;
        if (drawn.tempos.empty() && !score.tempos.empty()) drawn.tempos = {score.tempos.front()};
        io::NotationOptions notation;
        for (const score::Text& text : score.texts)
            if (text.kind == score::TextKind::kText) notation.remarks.push_back(text.text);
        for (const io::Diagnostic& diagnostic :
             io::write_musicxml_file(stem + ".musicxml", drawn, notation))
            json["notation"].push_back(diagnostic.code + " " + diagnostic.detail);
        json["musicxml"] = stem + ".musicxml";
    }
    if (style.sound) {
        io::write_audio_file(stem + ".wav", io::render(score));
        json["wav"] = stem + ".wav";
    }
    return json;
}

}  // namespace symphony::cli
