// Unpacks .mxl with libzip, within limits. Source: MusicXML 4.0, container.xsd.
#include "symphony/io/musicxml_archive.h"

#include "symphony/base/text.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace symphony::io::musicxml {
namespace {

constexpr std::uint64_t kMaxContainerBytes = 1 << 20;

struct ZipCloser {
    void operator()(zip_t* archive) const { zip_discard(archive); }
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, ZipCloser>;
using Entry = std::unique_ptr<zip_file_t, ZipCloser>;

struct Unpacked {
    std::string text;
    bool too_large = false;
    bool damaged = false;  // cut short, or the checksum is wrong
    std::string cause;
};

Unpacked unpack(zip_t* archive, zip_int64_t index, std::uint64_t max_bytes) {
    Unpacked result;
    const Entry entry(zip_fopen_index(archive, static_cast<zip_uint64_t>(index), 0));
    if (!entry) {
        result.damaged = true;
        result.cause = zip_strerror(archive);
        return result;
    }
    std::array<char, 1 << 16> block{};
    for (;;) {
        const zip_int64_t got = zip_fread(entry.get(), block.data(), block.size());
        if (got == 0) break;
        if (got < 0) {
            result.damaged = true;
            result.cause = zip_file_strerror(entry.get());
            break;
        }
        if (result.text.size() + static_cast<std::uint64_t>(got) > max_bytes) {
            result.too_large = true;
            break;
        }
        result.text.append(block.data(), static_cast<std::size_t>(got));
    }
    return result;
}

bool has_score_ending(const std::string& path) {
    const auto ends_with = [&](std::string_view ending) {
        return path.size() >= ending.size() &&
               base::to_lower(std::string_view(path).substr(path.size() - ending.size())) == ending;
    };
    return ends_with(".xml") || ends_with(".musicxml");
}

// The path that container.xml gives for the score, if any.
std::optional<std::string> rootfile_of(const std::string& container) {
    pugi::xml_document document;
    if (!document.load_buffer(container.data(), container.size())) return std::nullopt;
    for (const auto rootfile :
         document.child("container").child("rootfiles").children("rootfile")) {
        const std::string type = rootfile.attribute("media-type").value();
        const std::string path = rootfile.attribute("full-path").value();
        const bool is_score = type.empty() || type == "application/vnd.recordare.musicxml+xml" ||
                              type == "application/vnd.recordare.musicxml";
        if (is_score && !path.empty()) return path;
    }
    return std::nullopt;
}

zip_int64_t find_score(zip_t* archive, IssueLog& log) {
    const zip_int64_t container = zip_name_locate(archive, "META-INF/container.xml", ZIP_FL_NOCASE);
    if (container >= 0) {
        const Unpacked text = unpack(archive, container, kMaxContainerBytes);
        if (!text.too_large && !text.damaged)
            if (const auto path = rootfile_of(text.text)) {
                const zip_int64_t index = zip_name_locate(archive, path->c_str(), 0);
                if (index >= 0) return index;
            }
    }
    const zip_int64_t entries = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < entries; ++i) {
        const char* raw = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        const std::string path = raw != nullptr ? raw : "";
        if (path.rfind("META-INF/", 0) == 0 || path.rfind("__MACOSX/", 0) == 0) continue;
        if (!has_score_ending(path)) continue;
        log.add(Issue::kContainerMissing);
        return i;
    }
    return -1;
}

}  // namespace

bool looks_like_zip(std::string_view bytes) {
    return bytes.substr(0, 4) == "PK\x03\x04" || bytes.substr(0, 4) == "PK\x05\x06";
}

base::Result<std::string> unpack_score(std::string_view bytes, const std::string& name,
                                       std::uint64_t max_bytes, Strictness strictness,
                                       IssueLog& log) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    Archive archive(source != nullptr ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
    const std::string cause = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!archive) {
        if (source != nullptr) zip_source_free(source);
        return refusal(Issue::kZipDamaged, name, cause, 0);
    }
    const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
    if (entries > kMaxEntries)
        return refusal(Issue::kTooLarge, name,
                       "the archive has " + std::to_string(entries) + " entries, at most " +
                           std::to_string(kMaxEntries) + " are read",
                       0);
    const zip_int64_t index = find_score(archive.get(), log);
    if (index < 0)
        return refusal(Issue::kZipWithoutScore, name,
                       "the archive holds no MusicXML score (no container.xml, no .xml entry)", 0);
    Unpacked score = unpack(archive.get(), index, max_bytes);
    if (score.too_large)
        return refusal(Issue::kTooLarge, name,
                       "the score unpacks to more than " + std::to_string(max_bytes >> 20) + " MiB",
                       0);
    if (score.damaged) {
        if (strictness != Strictness::kSalvage || score.text.empty())
            return refusal(Issue::kZipDamaged, name, score.cause, 0);
        log.add(Issue::kZipChecksum);
    }
    return std::move(score.text);
}

namespace {

constexpr std::string_view kContainer =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container>\n <rootfiles>\n"
    "  <rootfile full-path=\"score.musicxml\" "
    "media-type=\"application/vnd.recordare.musicxml+xml\"/>\n"
    " </rootfiles>\n</container>\n";

void add_entry(zip_t* archive, const char* name, std::string_view bytes, std::int32_t method) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = source ? zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        if (source != nullptr) zip_source_free(source);
        throw base::Error(base::ErrorKind::kInternal,
                          "cannot zip: " + std::string(zip_strerror(archive)));
    }
    const auto entry = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, entry, method, 0);
    zip_file_set_dostime(archive, entry, 0, 0x21, 0);  // 1980-01-01: no clock in the bytes
}

}  // namespace

std::string pack_score(std::string_view xml) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    if (target != nullptr) zip_source_keep(target);
    Archive archive(target ? zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error)
                           : nullptr);
    const auto fail = [&](const char* what) {
        return base::Error(base::ErrorKind::kInternal, "cannot zip: " + std::string(what));
    };
    if (!archive) throw fail(zip_error_strerror(&error));
    // The media type comes first and unpacked, so that other programs know the file by its head.
    add_entry(archive.get(), "mimetype", "application/vnd.recordare.musicxml", ZIP_CM_STORE);
    add_entry(archive.get(), "META-INF/container.xml", kContainer, ZIP_CM_DEFLATE);
    add_entry(archive.get(), "score.musicxml", xml, ZIP_CM_DEFLATE);
    zip_t* open = archive.release();
    if (zip_close(open) != 0) {
        const std::string cause = zip_strerror(open);
        zip_discard(open);
        zip_source_free(target);
        throw fail(cause.c_str());
    }
    std::string bytes;
    zip_stat_t state;
    zip_stat_init(&state);
    bool ok = zip_source_stat(target, &state) == 0 && zip_source_open(target) == 0;
    if (ok) {
        bytes.resize(state.size);
        ok = zip_source_read(target, bytes.data(), bytes.size()) ==
             static_cast<zip_int64_t>(bytes.size());
        zip_source_close(target);
    }
    zip_source_free(target);
    if (!ok) throw fail("its bytes cannot be taken");
    return bytes;
}

}  // namespace symphony::io::musicxml
