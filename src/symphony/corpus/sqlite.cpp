#include "symphony/corpus/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace symphony::corpus {
namespace {

constexpr int kBusyMilliseconds = 60'000;

[[noreturn]] void fail(sqlite3* connection, int code) {
    const char* name = connection ? sqlite3_db_filename(connection, "main") : nullptr;
    const std::string path = name ? name : "";
    const std::string why = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            throw DamagedDatabase(base::ErrorKind::kInput, "damaged database: " + why, path);
        case SQLITE_BUSY:
            throw base::Error(base::ErrorKind::kInput,
                              "another process has kept the index for itself for a minute", path,
                              "run the command again when it is done, or with --no-index");
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
            throw base::Error(base::ErrorKind::kInput, "cannot write the index: " + why, path,
                              "name another place with --index FILE, or use --no-index");
        default:
            throw base::Error(base::ErrorKind::kInternal, "SQLite: " + why, path);
    }
}

}  // namespace

Statement::Statement(sqlite3* connection, std::string_view sql) {
    const int code = sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()),
                                        &statement_, nullptr);
    if (code != SQLITE_OK) fail(connection, code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), given_(other.given_) {}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code);
}

Statement& Statement::add(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, ++given_, value));
    return *this;
}

Statement& Statement::add_null() {
    check(sqlite3_bind_null(statement_, ++given_));
    return *this;
}

Statement& Statement::add_text(std::string_view text) {
    check(sqlite3_bind_text64(statement_, ++given_, text.data() ? text.data() : "", text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::add_blob(std::string_view bytes) {
    check(sqlite3_bind_blob64(statement_, ++given_, bytes.data() ? bytes.data() : "", bytes.size(),
                              SQLITE_TRANSIENT));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    sqlite3* const connection = sqlite3_db_handle(statement_);
    const int reset = sqlite3_reset(statement_);
    given_ = 0;
    if (code != SQLITE_DONE) fail(connection, code);
    check(reset);
    return false;
}

void Statement::run() {
    while (step()) continue;
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return data ? std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size))
                : std::string_view();
}

Database::Database(const std::filesystem::path& path) {
    const int code = sqlite3_open_v2(path.c_str(), &connection_,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(connection_, kBusyMilliseconds);
        return;
    }
    // The destructor does not run for an object that was never made.
    try {
        fail(connection_, code);
    } catch (...) {
        sqlite3_close(connection_);
        throw;
    }
}

Database::~Database() { sqlite3_close(connection_); }

void Database::run(const char* sql) {
    const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(connection_, code);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
    database_.run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.run("ROLLBACK");
    } catch (const base::Error&) {
        // What could not be undone now is undone when the database is next opened.
    }
}

void Transaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace symphony::corpus
