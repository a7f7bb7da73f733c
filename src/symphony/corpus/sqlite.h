// SQLite's connections and statements as values. Source: https://sqlite.org/c3ref/intro.html
#pragma once

#include "symphony/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace symphony::corpus {

// The file is no database, or not one that can be read any more.
struct DamagedDatabase : base::Error {
    using base::Error::Error;
};

// One statement; columns and parameters count from 0. Moves, does not copy.
class Statement {
  public:
    Statement(sqlite3* connection, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    // Parameters, in the order of the statement's question marks; the next run starts anew.
    Statement& add(std::int64_t value);
    Statement& add_null();
    Statement& add_text(std::string_view text);
    Statement& add_blob(std::string_view bytes);

    // Moves on to the next row; false at the end, after which parameters can be given again.
    bool step();
    // Runs a statement that has no rows.
    void run();

    bool is_null(int column) const;
    std::int64_t number(int column) const;
    // Valid until the next step; of a text or a blob, empty for NULL.
    std::string_view bytes(int column) const;

  private:
    void check(int code) const;

    sqlite3_stmt* statement_ = nullptr;
    int given_ = 0;
};

// One connection. Statements must not outlive it. One thread at a time.
class Database {
  public:
    // Opens or makes the file; with an empty path one that lies in the temporary folder and is gone
    // when closed. A second process that writes is waited for.
    explicit Database(const std::filesystem::path& path);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Statements without rows, parted by semicolons.
    void run(const char* sql);
    Statement prepare(std::string_view sql) { return {connection_, sql}; }

  private:
    sqlite3* connection_ = nullptr;
};

// Undone at its end unless committed.
class Transaction {
  public:
    // A writing one takes the database's one place for writers at once.
    enum class Kind { kRead, kWrite };
    Transaction(Database& database, Kind kind);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

}  // namespace symphony::corpus
