// MusicXML file -> Score: unpack, parse, walk, lay out. Source: W3C MusicXML 4.0.
#include "symphony/io/musicxml_reader.h"

#include "symphony/base/stop_signal.h"
#include "symphony/io/musicxml_archive.h"
#include "symphony/io/musicxml_layout.h"
#include "symphony/io/musicxml_measure.h"
#include "symphony/io/musicxml_ticks.h"
#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace symphony::io {
namespace {

using musicxml::Issue;
using musicxml::IssueLog;

constexpr int kMaxDepth = 64;
// A document tree takes about 64 bytes an element, the smallest element four bytes of text.
constexpr std::uint64_t kMaxElements = 16'000'000;
constexpr std::size_t kMaxParts = 1024;
constexpr std::size_t kMaxMeasures = 200'000;

// One part's measures, however the file nests them.
struct PartMeasures {
    std::string id;
    pugi::xml_node node;
    std::vector<pugi::xml_node> measures;
};

bool is_too_deep(const pugi::xml_node& root) {
    int depth = 0;
    for (pugi::xml_node at = root.first_child(); at;) {
        if (const auto child = at.first_child()) {
            if (++depth > kMaxDepth) return true;
            at = child;
            continue;
        }
        while (!at.next_sibling()) {
            at = at.parent();
            if (!at || at == root) return false;
            --depth;
        }
        at = at.next_sibling();
    }
    return false;
}

PartMeasures& part_of(std::vector<PartMeasures>& parts, const char* id,
                      const pugi::xml_node& node) {
    for (PartMeasures& part : parts)
        if (part.id == id) return part;
    parts.push_back({id, node, {}});
    return parts.back();
}

std::vector<PartMeasures> collect_measures(const pugi::xml_node& score, bool is_timewise) {
    std::vector<PartMeasures> parts;
    if (is_timewise) {
        for (auto measure = score.child("measure"); measure;
             measure = measure.next_sibling("measure"))
            for (auto part = measure.child("part"); part; part = part.next_sibling("part")) {
                if (parts.size() > kMaxParts) return parts;
                part_of(parts, part.attribute("id").value(), part).measures.push_back(part);
            }
        return parts;
    }
    for (auto part = score.child("part"); part; part = part.next_sibling("part")) {
        if (parts.size() > kMaxParts) return parts;
        auto& measures = part_of(parts, part.attribute("id").value(), part).measures;
        for (auto measure = part.child("measure"); measure;
             measure = measure.next_sibling("measure"))
            measures.push_back(measure);
    }
    return parts;
}

// Every <divisions> in the file, each once.
std::vector<std::int64_t> collect_divisions(const std::vector<PartMeasures>& parts) {
    std::set<std::int64_t> divisions;
    for (const PartMeasures& part : parts)
        for (const auto& measure : part.measures)
            for (auto node = measure.child("attributes"); node;
                 node = node.next_sibling("attributes")) {
                const auto value =
                    musicxml::parse_decimal(musicxml::text_of(node.child("divisions")));
                if (!value || *value <= 0) continue;
                divisions.insert(std::max<std::int64_t>(1, std::llround(*value)));
            }
    return {divisions.begin(), divisions.end()};
}

// The head of each part in the order of their music; parts that the list does not name get one.
std::vector<musicxml::PartHead> heads_in_order(const pugi::xml_node& score,
                                               const std::vector<PartMeasures>& parts,
                                               IssueLog& log) {
    std::vector<musicxml::PartHead> listed = musicxml::read_part_list(score);
    std::vector<musicxml::PartHead> heads;
    for (const PartMeasures& part : parts) {
        const auto found = std::find_if(listed.begin(), listed.end(),
                                        [&](const auto& head) { return head.part.id == part.id; });
        if (found == listed.end()) {
            log.add(Issue::kPartUndeclared, part.node, static_cast<int>(heads.size()));
            heads.emplace_back();
            heads.back().part.id = part.id;
        } else {
            heads.push_back(std::move(*found));
            found->part.id = part.id;
        }
    }
    return heads;
}

base::Result<ScoreFile> read_score(const pugi::xml_node& score, bool is_timewise,
                                   const std::string& name, const ReadOptions& options,
                                   IssueLog& log) {
    const std::vector<PartMeasures> parts = collect_measures(score, is_timewise);
    std::size_t measures = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && parts[i].measures.size() != parts[0].measures.size())
            log.add(Issue::kMeasureCountDiffers, parts[i].node, static_cast<int>(i));
        measures = std::max(measures, parts[i].measures.size());
    }
    if (parts.size() > kMaxParts || measures > kMaxMeasures)
        return musicxml::refusal(Issue::kTooLarge, name, "more than 1,024 parts or 200,000 bars",
                                 0);

    musicxml::RawScore raw;
    const auto resolution = musicxml::common_resolution(collect_divisions(parts));
    raw.resolution = resolution.value_or(musicxml::kRoundedResolution);
    raw.is_exact = resolution.has_value();
    raw.measures.resize(measures);
    musicxml::read_titles(score, raw);
    const std::vector<musicxml::PartHead> heads = heads_in_order(score, parts, log);
    for (const auto& head : heads) raw.parts.push_back(head.part);

    std::uint64_t notes = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        base::throw_if_stop_requested();
        musicxml::PartReader reader(raw, static_cast<int>(i), heads[i].instruments, log);
        for (std::size_t m = 0; m < parts[i].measures.size(); ++m) {
            reader.read_measure(parts[i].measures[m], static_cast<int>(m));
            if (notes + reader.notes_read() > options.max_notes)
                return musicxml::refusal(
                    Issue::kTooManyNotes, name,
                    "more than " + std::to_string(options.max_notes) + " notes",
                    static_cast<std::uint64_t>(
                        std::max<std::ptrdiff_t>(0, parts[i].measures[m].offset_debug())));
        }
        notes += reader.notes_read();
    }

    auto laid_out = musicxml::lay_out(raw, options, name, log);
    if (!laid_out) return laid_out.error();
    ScoreFile file;
    file.score = std::move(laid_out).value();
    return file;
}

}  // namespace

bool looks_like_musicxml(std::string_view bytes) {
    if (musicxml::looks_like_zip(bytes)) return true;
    if (bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.remove_prefix(3);
    if (bytes.substr(0, 2) == "\xff\xfe" || bytes.substr(0, 2) == "\xfe\xff")  // UTF-16
        return bytes.substr(2, 2).find('<') != std::string_view::npos;
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '<';
}

base::Result<ScoreFile> parse_musicxml(std::string_view bytes, const std::string& name,
                                       const ReadOptions& options) {
    IssueLog log;
    if (bytes.size() > options.max_file_bytes)
        return musicxml::refusal(
            Issue::kTooLarge, name,
            "got more than " + std::to_string(options.max_file_bytes) + " bytes",
            options.max_file_bytes);
    if (!looks_like_musicxml(bytes))
        return musicxml::refusal(Issue::kNotMusicXml, name,
                                 "neither XML text nor a zip archive, expected MusicXML", 0);
    std::string text;
    if (musicxml::looks_like_zip(bytes)) {
        auto unpacked =
            musicxml::unpack_score(bytes, name, options.max_file_bytes, options.strictness, log);
        if (!unpacked) return unpacked.error();
        text = std::move(unpacked).value();
    } else {
        text = bytes;
    }
    const auto elements = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '<'));
    if (elements > kMaxElements)
        return musicxml::refusal(Issue::kTooLarge, name,
                                 "more than " + std::to_string(kMaxElements) + " elements", 0);

    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer_inplace(
        text.data(), text.size(),
        pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_embed_pcdata);
    const auto score_of = [&](const char* root) { return document.child(root); };
    const bool is_timewise = static_cast<bool>(score_of("score-timewise"));
    const pugi::xml_node score = score_of(is_timewise ? "score-timewise" : "score-partwise");
    if (!parsed) {
        if (options.strictness != Strictness::kSalvage || !score)
            return musicxml::refusal(Issue::kMalformed, name, parsed.description(),
                                     static_cast<std::uint64_t>(parsed.offset));
        log.add(Issue::kTruncated, static_cast<std::uint64_t>(parsed.offset));
    }
    if (!score) {
        const std::string root = document.document_element().name();
        return musicxml::refusal(
            Issue::kNotAScore, name,
            "the root element is <" + root.substr(0, 40) + ">, expected <score-partwise>", 0);
    }
    if (is_too_deep(document))
        return musicxml::refusal(Issue::kTooDeep, name,
                                 "elements nest more than " + std::to_string(kMaxDepth) + " deep",
                                 0);

    auto file = read_score(score, is_timewise, name, options, log);
    if (!file) return file;
    auto result = musicxml::graded(std::move(file).value(), log, options, name);
    if (result.ok() && !parsed) result.value().grade = Grade::kSalvaged;
    return result;
}

}  // namespace symphony::io
