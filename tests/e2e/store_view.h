// What a store holds, read by plain SQL on a connection of its own that cannot write; and whether what it
// holds can be true.
#pragma once

#include <QSqlDatabase>
#include <QString>
#include <QStringList>

namespace muster::e2e {

class StoreView {
public:
    explicit StoreView(const QString &file);
    ~StoreView();
    StoreView(const StoreView &) = delete;
    StoreView &operator=(const StoreView &) = delete;

    // One text a row, its columns joined by '|', NULL as "-". An error is one row that says it.
    [[nodiscard]] QStringList rows(const QString &sql) const;
    [[nodiscard]] qint64 number(const QString &sql) const; // -1: no row

    // How a run ended, step by step, without what differs from run to run (times, ids).
    [[nodiscard]] QStringList outcome(qint64 run) const;

    // Damage, gaps in the event log, steps that were settled or tasks that ended twice, work that was taken
    // up after its end. Empty: all is well.
    [[nodiscard]] QStringList problems() const;
    // What is still open or held, though every run has ended.
    [[nodiscard]] QStringList loose() const;
    [[nodiscard]] QStringList markers() const;

private:
    QString m_name;
    QSqlDatabase m_db;
};

} // namespace muster::e2e
