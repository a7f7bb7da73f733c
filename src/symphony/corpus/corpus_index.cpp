#include "symphony/corpus/corpus_index.h"

#include "symphony/corpus/atlas/piece_record.h"
#include "symphony/corpus/reader_version.h"

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kSchemaVersion = "1";

// Large columns have a table of their own, so that a look at all contents reads few pages.
constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files(
    path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER, changed_ns INTEGER, inode INTEGER,
    is_music INTEGER, sha256 TEXT, refused_code TEXT, refused_reason TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents(
    id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, refused_code TEXT, refused_reason TEXT,
    grade INTEGER, title TEXT, composer TEXT, key_sharps INTEGER, key_minor INTEGER,
    key_given INTEGER, notes INTEGER, music TEXT);
CREATE TABLE IF NOT EXISTS details(
    content INTEGER PRIMARY KEY, fingerprint BLOB, statistics BLOB);
CREATE TABLE IF NOT EXISTS lines(content INTEGER PRIMARY KEY, lines BLOB);
CREATE TABLE IF NOT EXISTS findings(
    content INTEGER, code TEXT, name TEXT, times INTEGER,
    PRIMARY KEY(content, code, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS splits(path TEXT PRIMARY KEY, split TEXT, work_group TEXT) WITHOUT ROWID;
)";

constexpr const char* kForgetContents =
    "DELETE FROM contents; DELETE FROM details; DELETE FROM lines; "
    "DELETE FROM findings;";

std::int64_t number_of(bool value) { return value ? 1 : 0; }

}  // namespace

CorpusIndex::CorpusIndex(const fs::path& file) : database_(file) {
    // Readers go on while another process writes; a crash loses the last batches, never the rest.
    database_.run(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;");
    Transaction transaction(database_, Transaction::Kind::kWrite);
    database_.run(kSchema);
    const std::string schema = meta("schema"), reader = meta("reader");
    if (!schema.empty() && schema != kSchemaVersion)
        throw DamagedDatabase(base::ErrorKind::kInput, "an index of another kind", file.string());
    if (reader != kReaderVersion) {
        database_.run(kForgetContents);
        set_meta("schema", kSchemaVersion);
        set_meta("reader", kReaderVersion);
    }
    transaction.commit();
    find_fingerprint_.emplace(
        database_.prepare("SELECT fingerprint FROM details WHERE content = ?"));
    find_lines_.emplace(database_.prepare("SELECT lines FROM lines WHERE content = ?"));
    find_statistics_.emplace(database_.prepare("SELECT statistics FROM details WHERE content = ?"));
}

void CorpusIndex::set_meta(std::string_view name, std::string_view value) {
    database_.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)")
        .add_text(name)
        .add_text(value)
        .run();
}

std::string CorpusIndex::meta(std::string_view name) {
    Statement find = database_.prepare("SELECT value FROM meta WHERE name = ?");
    return find.add_text(name).step() ? std::string(find.bytes(0)) : std::string();
}

void CorpusIndex::for_each_file(const std::function<void(const IndexedFile&, bool)>& visit) {
    // A file that could not be read, or whose content made the reader fail, is tried again.
    Statement all = database_.prepare(
        "SELECT f.path, f.size, f.modified_ns, f.changed_ns, f.inode, f.is_music, "
        "NOT f.is_music OR (c.id IS NOT NULL AND c.refused_code <> ?) "
        "FROM files f LEFT JOIN contents c ON c.sha256 = f.sha256 ORDER BY f.path");
    all.add_text(kReaderFailed);
    IndexedFile file;
    while (all.step()) {
        file.path = all.bytes(0);
        file.stamp = {all.number(1), all.number(2), all.number(3), all.number(4)};
        file.is_music = all.number(5) != 0;
        visit(file, all.number(6) != 0);
    }
}

std::set<std::string> CorpusIndex::known_contents() {
    std::set<std::string> hashes;
    Statement all = database_.prepare("SELECT sha256 FROM contents WHERE refused_code <> ?");
    all.add_text(kReaderFailed);
    while (all.step()) hashes.emplace(all.bytes(0));
    return hashes;
}

void CorpusIndex::write(const Batch& batch) {
    Transaction transaction(database_, Transaction::Kind::kWrite);
    Statement forget_findings = database_.prepare("DELETE FROM findings WHERE content = ?");
    Statement add_content = database_.prepare(
        "INSERT INTO contents(sha256, refused_code, refused_reason, grade, title, composer, "
        "key_sharps, key_minor, key_given, notes, music) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(sha256) DO UPDATE SET refused_code = excluded.refused_code, "
        "refused_reason = excluded.refused_reason, grade = excluded.grade, title = excluded.title, "
        "composer = excluded.composer, key_sharps = excluded.key_sharps, "
        "key_minor = excluded.key_minor, key_given = excluded.key_given, notes = excluded.notes, "
        "music = excluded.music RETURNING id");
    Statement add_details = database_.prepare("INSERT OR REPLACE INTO details VALUES(?, ?, ?)");
    Statement add_lines = database_.prepare("INSERT OR REPLACE INTO lines VALUES(?, ?)");
    Statement add_finding = database_.prepare("INSERT INTO findings VALUES(?, ?, ?, ?)");
    for (const auto& [sha256, reading] : batch.contents) {
        add_content.add_text(sha256)
            .add_text(reading.refused_code)
            .add_text(reading.refused_reason)
            .add(static_cast<std::int64_t>(reading.grade))
            .add_text(reading.title)
            .add_text(reading.composer)
            .add(reading.key.sharps)
            .add(number_of(reading.key.minor))
            .add(number_of(reading.key_given))
            .add(reading.notes)
            .add_text(reading.fingerprint.music)
            .step();
        const std::int64_t content = add_content.number(0);
        add_content.step();
        forget_findings.add(content).run();
        if (reading.usable()) {
            add_details.add(content)
                .add_blob(to_bytes(reading.fingerprint))
                .add_blob(to_bytes(reading.statistics))
                .run();
            add_lines.add(content).add_blob(to_bytes(reading.lines)).run();
        }
        for (const Finding& finding : reading.findings)
            add_finding.add(content)
                .add_text(finding.code)
                .add_text(finding.name)
                .add(finding.times)
                .run();
    }
    Statement add_file =
        database_.prepare("INSERT OR REPLACE INTO files VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const IndexedFile& file : batch.files)
        add_file.add_text(file.path)
            .add(file.stamp.size)
            .add(file.stamp.modified_ns)
            .add(file.stamp.changed_ns)
            .add(file.stamp.inode)
            .add(number_of(file.is_music))
            .add_text(file.sha256)
            .add_text(file.refusal.code)
            .add_text(file.refusal.reason)
            .run();
    transaction.commit();
}

void CorpusIndex::remove(std::span<const std::string> paths) {
    Transaction transaction(database_, Transaction::Kind::kWrite);
    Statement forget = database_.prepare("DELETE FROM files WHERE path = ?");
    for (const std::string& path : paths) forget.add_text(path).run();
    database_.run(
        "DELETE FROM contents WHERE sha256 NOT IN (SELECT sha256 FROM files);"
        "DELETE FROM details WHERE content NOT IN (SELECT id FROM contents);"
        "DELETE FROM lines WHERE content NOT IN (SELECT id FROM contents);"
        "DELETE FROM findings WHERE content NOT IN (SELECT id FROM contents);");
    transaction.commit();
}

void CorpusIndex::for_each_reading(const std::function<void(FileReading&&)>& visit) {
    Statement all = database_.prepare(
        "SELECT f.path, f.is_music, f.sha256, f.refused_code, f.refused_reason, c.id, "
        "c.refused_code, c.refused_reason, c.grade, c.title, c.composer, c.key_sharps, "
        "c.key_minor, c.key_given, c.notes, c.music "
        "FROM files f LEFT JOIN contents c ON c.sha256 = f.sha256 ORDER BY f.path");
    Statement findings =
        database_.prepare("SELECT code, name, times FROM findings WHERE content = ?");
    while (all.step()) {
        FileReading file;
        file.path = all.bytes(0);
        file.is_music = all.number(1) != 0;
        Reading& reading = file.reading;
        file.sha256 = all.bytes(2);
        file.content = all.number(5);
        if (file.content == 0) {
            reading.refused_code = all.bytes(3);
            reading.refused_reason = all.bytes(4);
            // Another process that reads with other code shares this file.
            if (file.is_music && reading.refused_code.empty())
                throw base::Error(base::ErrorKind::kInput,
                                  "another process changed the index meanwhile", {},
                                  "run the command again");
        } else {
            reading.refused_code = all.bytes(6);
            reading.refused_reason = all.bytes(7);
            reading.grade = static_cast<io::Grade>(all.number(8));
            reading.title = all.bytes(9);
            reading.composer = all.bytes(10);
            reading.key = {static_cast<std::int8_t>(all.number(11)), all.number(12) != 0};
            reading.key_given = all.number(13) != 0;
            reading.notes = all.number(14);
            reading.fingerprint.music = all.bytes(15);
            findings.add(file.content);
            while (findings.step())
                reading.findings.push_back({std::string(findings.bytes(0)),
                                            std::string(findings.bytes(1)), findings.number(2)});
        }
        visit(std::move(file));
    }
}

std::string CorpusIndex::blob(Statement& find, std::int64_t content) {
    if (!find.add(content).step())
        throw DamagedDatabase(base::ErrorKind::kInput, "a content without its details");
    std::string bytes(find.bytes(0));
    find.step();
    return bytes;
}

Fingerprint CorpusIndex::fingerprint(std::int64_t content) {
    auto fingerprint = fingerprint_from_bytes(blob(*find_fingerprint_, content));
    if (!fingerprint) throw DamagedDatabase(base::ErrorKind::kInput, fingerprint.error().message);
    return std::move(fingerprint).value();
}

MelodyLines CorpusIndex::lines(std::int64_t content) {
    auto lines = melody_lines_from_bytes(blob(*find_lines_, content));
    if (!lines) throw DamagedDatabase(base::ErrorKind::kInput, lines.error().message);
    return std::move(lines).value();
}

PieceStatistics CorpusIndex::statistics(std::int64_t content) {
    auto statistics = piece_statistics_from_bytes(blob(*find_statistics_, content));
    if (!statistics) throw DamagedDatabase(base::ErrorKind::kInput, statistics.error().message);
    return std::move(statistics).value();
}

void CorpusIndex::keep_splits(std::span<const PieceSplit> splits,
                              const std::string& data_set_hash) {
    Transaction transaction(database_, Transaction::Kind::kWrite);
    database_.run("DELETE FROM splits");
    Statement add = database_.prepare("INSERT INTO splits VALUES(?, ?, ?)");
    for (const PieceSplit& piece : splits)
        add.add_text(piece.path).add_text(split_name(piece.split)).add_text(piece.group).run();
    set_meta("data_set", data_set_hash);
    transaction.commit();
}

std::vector<CorpusIndex::PieceSplit> CorpusIndex::splits() {
    std::vector<PieceSplit> splits;
    Statement all = database_.prepare("SELECT path, split, work_group FROM splits ORDER BY path");
    while (all.step())
        splits.push_back(
            {std::string(all.bytes(0)), std::string(all.bytes(2)), split_from_name(all.bytes(1))});
    return splits;
}

std::string CorpusIndex::split_data_set() { return meta("data_set"); }

}  // namespace symphony::corpus
