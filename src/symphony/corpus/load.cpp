#include "symphony/corpus/load.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/sha256.h"
#include "symphony/score/harmony.h"
#include "symphony/score/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <unordered_map>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

// What the corpus itself refuses; the readers have codes of their own.
constexpr const char* kUnreadable = "COR001";
constexpr const char* kReaderFailed = "COR002";
constexpr const char* kNoNotes = "COR003";

// A file without a music ending counts as music if it opens as MIDI does. (Zip archives and XML
// open alike whatever is in them: there the ending decides.)
bool opens_like_midi(const fs::path& path) {
    char head[12] = {};
    std::ifstream file(path, std::ios::binary);
    file.read(head, sizeof head);
    const std::string_view bytes(head, static_cast<std::size_t>(file.gcount()));
    return bytes.starts_with("MThd") ||
           (bytes.starts_with("RIFF") && bytes.size() == 12 && bytes.substr(8) == "RMID");
}

std::string id_of(const fs::path& file, const fs::path& root) {
    if (file == root) return file.filename().generic_string();
    return file.lexically_relative(root).generic_string();
}

// Splits "MID001 not-midi: text" into its code and the rest; what has no code could not be read.
void set_refusal(FileRecord& record, const base::Error& error) {
    const std::string& text = error.message;
    const std::size_t space = text.find(' ');
    const std::string word = text.substr(0, space);
    const bool coded = space != std::string::npos && word.size() > 3 &&
                       word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == word.size() - 3 &&
                       word.find_first_not_of("0123456789", word.size() - 3) == std::string::npos;
    record.fate = FileFate::kRefused;
    record.code = coded ? word : kUnreadable;
    record.reason = coded ? text.substr(space + 1) : text;
}

struct Slot {
    fs::path path;
    FileRecord record;
    std::optional<Piece> piece;
};

// Whatever a file makes a reader do, the other files go on.
void guarded(Slot& slot, const std::function<void()>& read) {
    try {
        read();
    } catch (const std::exception& e) {
        slot.piece.reset();
        set_refusal(slot.record,
                    base::Error(base::ErrorKind::kInput,
                                fmt::format("{} reader-failed: {}", kReaderFailed, e.what())));
    }
}

// Reads the slot's bytes for their hash only; a file that cannot be read is refused here.
void hash_file(Slot& slot, std::string& sha256, std::uint64_t max_bytes) {
    const auto bytes = base::read_file(slot.path, max_bytes);
    if (bytes)
        sha256 = base::sha256_hex(bytes.value());
    else
        set_refusal(slot.record, bytes.error());
}

void read_piece(Slot& slot, const std::string& sha256, const LoadOptions& options) {
    base::Result<io::ScoreFile> read = io::read_score_file(slot.path, options.read);
    if (!read) return set_refusal(slot.record, read.error());
    io::ScoreFile file = std::move(read).value();
    if (file.score.note_count() == 0)
        return set_refusal(
            slot.record,
            base::Error(base::ErrorKind::kInput, fmt::format("{} no-notes: well-formed, but holds "
                                                             "no note",
                                                             kNoNotes)));
    slot.record.fate = file.grade == io::Grade::kClean ? FileFate::kUsed : FileFate::kRepaired;
    for (const io::Diagnostic& diagnostic : file.diagnostics) {
        std::string name = diagnostic.code + " " + diagnostic.name;
        auto& known = slot.record.repairs;
        if (std::find(known.begin(), known.end(), name) == known.end())
            known.push_back(std::move(name));
    }
    Piece piece{.id = slot.record.id, .path = slot.path, .sha256 = sha256};
    piece.score = std::move(file.score);
    score::assign_roles(piece.score);
    piece.key_given = !piece.score.keys.empty();
    piece.key = piece.key_given ? piece.score.keys.front().key : score::estimate_key(piece.score);
    piece.fingerprint = fingerprint_of(piece.score);
    slot.piece = std::move(piece);
}

std::vector<Slot> find_files(const fs::path& root, Account& account) {
    std::vector<fs::path> unreadable;
    std::vector<Slot> slots;
    for (const fs::path& path : base::list_files(root, &unreadable)) {
        if (!io::has_music_ending(path) && !opens_like_midi(path)) {
            ++account.not_music;
            continue;
        }
        Slot& slot = slots.emplace_back();
        slot.path = path;
        slot.record.id = id_of(path, root);
    }
    for (const fs::path& folder : unreadable)
        account.unreadable_folders.push_back(folder.generic_string());
    std::sort(slots.begin(), slots.end(),
              [](const Slot& a, const Slot& b) { return a.record.id < b.record.id; });
    return slots;
}

void count_fates(Account& account) {
    for (const FileRecord& file : account.files) {
        ++account.found;
        switch (file.fate) {
            case FileFate::kUsed:
                ++account.used;
                break;
            case FileFate::kRepaired:
                ++account.repaired;
                break;
            case FileFate::kRefused:
                ++account.refused;
                break;
            case FileFate::kDuplicateExact:
                ++account.duplicates_exact;
                break;
            case FileFate::kDuplicateMusic:
                ++account.duplicates_music;
                break;
        }
    }
}

}  // namespace

Corpus load_corpus(const fs::path& given_root, const LoadOptions& options, base::Progress& progress,
                   std::vector<std::size_t>* piece_slots) {
    Corpus corpus{.root = given_root.lexically_normal()};
    if (!corpus.root.has_filename()) corpus.root = corpus.root.parent_path();
    std::vector<Slot> slots = find_files(corpus.root, corpus.account);
    if (slots.empty())
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("no music file found ({} other files), expected .mid, .midi, "
                                      ".kar, .rmi, .smf, .musicxml, .xml or .mxl",
                                      corpus.account.not_music),
                          given_root,
                          "give a folder that holds MIDI or MusicXML, or fetch one: symphony "
                          "corpus get bach-chorales");

    // Exact copies are found before anything is parsed; the first by name is the one that is used.
    std::vector<std::string> hashes(slots.size());
    base::parallel_stage(
        progress, "looking at files", slots.size(), options.threads, [&](std::size_t i) {
            guarded(slots[i], [&] { hash_file(slots[i], hashes[i], options.read.max_file_bytes); });
        });
    std::unordered_map<std::string, std::size_t> first_of;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (slots[i].record.fate == FileFate::kRefused) continue;
        const auto [first, is_new] = first_of.emplace(hashes[i], i);
        if (is_new) continue;
        slots[i].record.fate = FileFate::kDuplicateExact;
        slots[i].record.duplicate_of = slots[first->second].record.id;
    }

    base::parallel_stage(progress, "reading music", slots.size(), options.threads,
                         [&](std::size_t i) {
                             Slot& slot = slots[i];
                             if (slot.record.fate != FileFate::kUsed) return;
                             guarded(slot, [&] { read_piece(slot, hashes[i], options); });
                             if (slot.piece && options.reduce) {
                                 options.reduce(i, *slot.piece);
                                 slot.piece->score = {};
                             }
                         });

    // A copy of a file that was refused is refused with it, not the duplicate of something used.
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const Slot& first = slots[first_of.contains(hashes[i]) ? first_of[hashes[i]] : i];
        FileRecord& record = slots[i].record;
        if (record.fate != FileFate::kDuplicateExact) continue;
        if (first.record.fate != FileFate::kRefused) continue;
        record.fate = FileFate::kRefused;
        record.code = first.record.code;
        record.reason = first.record.reason;
        record.duplicate_of.clear();
    }

    std::unordered_map<std::string, std::string> id_of_music;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Slot& slot = slots[i];
        if (slot.piece && !options.keep_same_music) {
            const auto [first, is_new] =
                id_of_music.emplace(slot.piece->fingerprint.music, slot.record.id);
            if (!is_new) {
                slot.record.fate = FileFate::kDuplicateMusic;
                slot.record.duplicate_of = first->second;
                slot.piece.reset();
            }
        }
        if (slot.piece) {
            corpus.pieces.push_back(std::move(*slot.piece));
            if (piece_slots) piece_slots->push_back(i);
        }
        corpus.account.files.push_back(std::move(slot.record));
    }
    count_fates(corpus.account);
    return corpus;
}

}  // namespace symphony::corpus
