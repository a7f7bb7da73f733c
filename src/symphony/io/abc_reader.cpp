// Source: the ABC music standard 2.1, section 2 (file structure).
#include "symphony/io/abc_reader.h"

#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/base/text_encoding.h"
#include "symphony/io/abc_tune.h"
#include "symphony/io/musicxml_layout.h"

#include <algorithm>
#include <memory>

namespace symphony::io {
namespace {

using musicxml::Issue;

constexpr std::size_t kSearched = 1 << 16;

bool is_tune_start(std::string_view line) {
    return line.starts_with("X:") && line.find_first_of("0123456789") != std::string_view::npos;
}

// Calls body(line, offset) for each line of `text`, without its end.
template <class Body>
void for_each_line(std::string_view text, const Body& body) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
        body(text.substr(at, end - at), at);
        at = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    }
}

base::Result<musicxml::RawScore> read_tunes(std::string_view text, const std::string& name,
                                            const ReadOptions& options, musicxml::IssueLog& log) {
    musicxml::RawScore raw;
    raw.resolution = abc::kResolution;
    abc::Book book;
    std::unique_ptr<abc::TuneReader> tune;
    std::uint64_t notes = 0;
    bool any = false, too_many = false;
    const auto close = [&] {
        if (!tune) return;
        any |= tune->finish();
        too_many |= tune->is_full();
        notes += tune->notes_read();
        tune.reset();
    };
    for_each_line(text, [&](std::string_view line, std::size_t offset) {
        if (too_many) return;
        if (is_tune_start(line)) {
            base::throw_if_stop_requested();
            close();
            if (!too_many)
                tune = std::make_unique<abc::TuneReader>(raw, book, log, options.max_notes - notes);
        } else if (base::trim(line).empty()) {
            close();  // an empty line ends a tune
        } else if (tune) {
            tune->read_line(line, offset);
            too_many = tune->is_full();
        }
    });
    close();
    if (too_many)
        return musicxml::refusal(
            Issue::kTooManyNotes, name,
            "more than " + std::to_string(options.max_notes) + " notes or 200,000 bars", 0);
    if (!any) return musicxml::refusal(Issue::kAbcNoTune, name, "no tune has a K: field", 0);
    for (abc::AccompanimentParts& parts : book.accompaniments)
        for (musicxml::RawPart* part : {&parts.bass, &parts.chords, &parts.drums})
            if (!part->notes.empty()) raw.parts.push_back(std::move(*part));
    return raw;
}

}  // namespace

bool looks_like_abc(std::string_view bytes) {
    bytes = bytes.substr(0, kSearched);
    bool has_number = false, has_key = false;
    if (bytes.find('\0') != std::string_view::npos) return false;
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    for_each_line(bytes, [&](std::string_view line, std::size_t) {
        has_number |= is_tune_start(line);
        has_key |= has_number && line.starts_with("K:");
    });
    return has_key;
}

base::Result<ScoreFile> parse_abc(std::string_view bytes, const std::string& name,
                                  const ReadOptions& options) {
    if (bytes.size() > options.max_file_bytes)
        return musicxml::refusal(
            Issue::kTooLarge, name,
            "got more than " + std::to_string(options.max_file_bytes) + " bytes",
            options.max_file_bytes);
    if (!looks_like_abc(bytes))
        return musicxml::refusal(Issue::kNotAbc, name, "no X: and K: fields", 0);
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    std::string decoded;
    if (!base::is_utf8(bytes)) {
        decoded = base::TextDecoder(base::detect_encoding(bytes)).to_utf8(bytes);
        bytes = decoded;
    }
    musicxml::IssueLog log;
    const auto raw = read_tunes(bytes, name, options, log);
    if (!raw) return raw.error();
    auto laid_out = musicxml::lay_out(raw.value(), options, name, log);
    if (!laid_out) return laid_out.error();
    ScoreFile file;
    file.score = std::move(laid_out).value();
    return musicxml::graded(std::move(file), log, options, name);
}

}  // namespace symphony::io
