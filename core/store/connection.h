// Connection: one SQLite connection, for the thread that opened it and no other. Write-ahead log, foreign
// keys on, busy timeout, a cache of prepared statements. Never uses QSqlDatabase::transaction(): its deferred
// begin fails on upgrade when a second process writes. Errors: DiskFull, Io, Corrupt, Timeout (busy for
// longer than the timeout), AlreadyExists (unique), InvalidArgument (check, not null), NotFound (foreign
// key).
#pragma once

#include "core/base/result.h"
#include "core/store/statement.h"

#include <QHash>
#include <QSqlDatabase>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace muster {

// What an acknowledged commit survives: Full also a power cut, Normal only the death of the process.
enum class Durability : std::uint8_t { Full, Normal };

template <> struct EnumNames<Durability> {
    static constexpr std::array table{std::pair{Durability::Full, "full"},
                                      std::pair{Durability::Normal, "normal"}};
};

// "MSTR" at offset 68 of the file: by this a store is told from somebody else's database.
inline constexpr qint64 storeApplicationId = 0x4D535452;

struct ConnectionOptions {
    enum class Mode : std::uint8_t { ReadWrite, ReadOnly };

    QString file;
    Mode mode = Mode::ReadWrite;
    Durability durability = Durability::Full;
    int busyTimeoutMs = 5000;
};

class Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectionOptions &options);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // A cached statement; `sql` has `?` placeholders (or `?1`, `?2`, each in as many places as it is needed)
    // and never a value in its text.
    [[nodiscard]] Statement prepare(const QString &sql);
    // One statement without parameters that is not worth caching (pragma, DDL).
    [[nodiscard]] Status exec(const QString &sql);

    // Binds, runs, and gives the number of rows changed.
    template <typename... Args> [[nodiscard]] Result<qint64> run(const QString &sql, const Args &...args)
    {
        Statement statement = prepare(sql);
        return statement.bind(args...).run();
    }
    // Binds, runs, and gives the new row's id.
    template <typename... Args> [[nodiscard]] Result<qint64> insert(const QString &sql, const Args &...args)
    {
        Statement statement = prepare(sql);
        return statement.bind(args...).run().transform([&](qint64) { return statement.insertedId(); });
    }
    // The first column of the first row; nullopt without a row.
    template <typename T, typename... Args>
    [[nodiscard]] Result<std::optional<T>> value(const QString &sql, const Args &...args)
    {
        Statement statement = prepare(sql);
        const auto row = statement.bind(args...).next();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return std::nullopt;
        std::optional<T> out;
        statement.read(out.emplace());
        return out;
    }
    // Every row, read by `rowFields(row)` -> tuple of references in column order.
    template <typename Row, typename Fields, typename... Args>
    [[nodiscard]] Result<std::vector<Row>> rows(Fields rowFields, const QString &sql, const Args &...args)
    {
        Statement statement = prepare(sql);
        statement.bind(args...);
        return collect<Row>(statement, rowFields);
    }
    template <typename Row, typename Fields>
    [[nodiscard]] static Result<std::vector<Row>> collect(Statement &statement, Fields rowFields)
    {
        std::vector<Row> out;
        while (true) {
            const auto more = statement.next();
            if (!more)
                return std::unexpected(more.error());
            if (!*more)
                return out;
            statement.readTuple(rowFields(out.emplace_back()));
        }
    }

    [[nodiscard]] Status begin(); // BEGIN IMMEDIATE: takes the write lock now or says Timeout
    [[nodiscard]] Status commit();
    void rollback(); // harmless without a transaction
    // Runs `work` in a transaction of its own: commits on success, undoes on failure.
    template <typename Work> [[nodiscard]] auto inTransaction(Work work) -> decltype(work())
    {
        if (Status began = begin(); !began)
            return std::unexpected(began.error());
        auto result = work();
        if (!result) {
            rollback();
            return result;
        }
        if (Status committed = commit(); !committed) {
            rollback();
            return std::unexpected(committed.error());
        }
        return result;
    }

    // Changes when another connection (of any process) has committed since this one last looked.
    [[nodiscard]] Result<qint64> dataVersion();

private:
    Connection() = default;
    [[nodiscard]] Status configure(const ConnectionOptions &options);
    [[nodiscard]] Status switchToWal();
    [[nodiscard]] QSqlQuery newQuery() const;

    QString m_name;
    QSqlDatabase m_database;
    QHash<QString, std::shared_ptr<detail::PreparedQuery>> m_cache;
    // The same by where the text lies: its place is not used again while m_cache holds it.
    QHash<const QChar *, std::shared_ptr<detail::PreparedQuery>> m_constants;
};

} // namespace muster
