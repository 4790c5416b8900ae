// Statement: one use of a prepared statement of a Connection's cache. Bind by position, then run() for
// changes or next() for rows; registered secrets are masked in every text (core/base/redactor.h). Its end
// always finishes the query, because an unfinished one keeps a read snapshot open and stops checkpoints. A
// statement that could not be prepared carries its error to the first run() or next(). Thread of its
// Connection only.
#pragma once

#include "core/base/result.h"
#include "core/store/sql_value.h"

#include <QSqlQuery>
#include <QVariantList>

#include <memory>
#include <tuple>

namespace muster {

class Connection;

// Of the parameter at this position, from 0.
[[nodiscard]] QString placeholderName(int position);

namespace detail {
struct PreparedQuery {
    QSqlQuery query;
    QVariantList bound; // what the query holds from its last use
    bool inUse = false;
};
} // namespace detail

class Statement {
public:
    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&) = delete;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    ~Statement();

    // Binds the next parameters in order.
    template <typename... Args> Statement &bind(const Args &...args)
    {
        (bindOne(args), ...);
        return *this;
    }
    template <typename... Args> Statement &bindTuple(const std::tuple<Args...> &values)
    {
        std::apply([this](const auto &...v) { this->bind(v...); }, values);
        return *this;
    }

    // A value that is one of SQL already.
    Statement &bindRaw(const QVariant &value)
    {
        bindValue(value);
        return *this;
    }

    // Runs to the end; how many rows changed.
    [[nodiscard]] Result<qint64> run();
    // The next row: true if there is one, false at the end. The first call runs the statement.
    [[nodiscard]] Result<bool> next();
    // After run() of an INSERT.
    [[nodiscard]] qint64 insertedId() const;

    // Reads the current row's columns from the first on.
    template <typename... Args> void read(Args &...out) const
    {
        int column = 0;
        (sql::fromSql(value(column++), out), ...);
    }
    template <typename... Args> void readTuple(const std::tuple<Args...> &out) const
    {
        std::apply([this](auto &...o) { this->read(o...); }, out);
    }
    [[nodiscard]] QVariant value(int column) const;

private:
    friend class Connection;
    explicit Statement(std::shared_ptr<detail::PreparedQuery> prepared)
        : m_prepared(std::move(prepared))
    {
    }
    explicit Statement(Error error)
        : m_status(std::unexpected(std::move(error)))
    {
    }

    // What most values are: as in the statement's last use. These are known without making a QVariant.
    template <typename T> void bindOne(const T &value)
    {
        if constexpr (std::integral<T>) {
            if (keepsNumber(static_cast<qint64>(value)))
                return;
        } else if constexpr (requires { value.has_value(); }) {
            if (!value.has_value() && keepsNull())
                return;
        }
        bindValue(sql::toSql(value));
    }
    [[nodiscard]] bool keepsNumber(qint64 value);
    [[nodiscard]] bool keepsNull();
    void bindValue(const QVariant &given);
    [[nodiscard]] Status execute();

    std::shared_ptr<detail::PreparedQuery> m_prepared;
    Status m_status;
    int m_bound = 0;
    bool m_executed = false;
};

} // namespace muster
