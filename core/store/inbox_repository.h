// Inbox: what waits for a person. An item is answered once: the first answer wins, from wherever it comes.
// The same key is never asked twice. Thread of the connection; writes on the writer.
#pragma once

#include "core/events/event.h"
#include "core/events/reasons.h"
#include "core/store/connection.h"

namespace muster {

struct InboxRow {
    InboxId id;
    std::optional<QString> key;
    InboxKind kind = InboxKind::Question;
    InboxStatus status = InboxStatus::Open;
    EventRefs refs; // `inbox` is not used
    QString title;
    QJsonObject body; // exactly what is asked
    QString answer;   // yes, no, or an option's id
    QString message;
    QString scope; // once, task, always
    std::optional<qint64> expiresMs;
    qint64 createdMs = 0;
    std::optional<qint64> answeredMs;
    QString answeredBy;
};

struct InboxAnswer {
    QString answer;
    QString message;
    QString scope;
    QString by; // person, rule:<id>, flow, timeout
    qint64 nowMs = 0;
};

struct InboxFilter {
    std::optional<InboxStatus> status;
    ProjectId project;
    RunId run;
    RunId within; // the run, and those that its flow steps have started
    TaskId task;
    int limit = 500; // newest first
};

class InboxRepository {
public:
    explicit InboxRepository(Connection &db)
        : m_db(db)
    {
    }

    struct Opened {
        InboxId id;
        bool created = false; // false: there was one with this key, answered or not
    };
    [[nodiscard]] Result<Opened> open(const InboxRow &item);
    // Conflict: answered or withdrawn before. NotFound.
    [[nodiscard]] Status answer(InboxId id, const InboxAnswer &answer);
    [[nodiscard]] Status withdraw(InboxId id, const QString &by, qint64 nowMs);
    // Stays open and says that the person has put it off. Conflict, NotFound: as above.
    [[nodiscard]] Status putOff(InboxId id);
    [[nodiscard]] Result<InboxRow> find(InboxId id);
    [[nodiscard]] Result<std::optional<InboxRow>> findByKey(const QString &key);
    [[nodiscard]] Result<std::vector<InboxRow>> list(const InboxFilter &filter);
    // Open items whose time is over.
    [[nodiscard]] Result<std::vector<InboxRow>> expired(qint64 nowMs);
    // Open items that nobody waits for: the session, task or run that asked has ended or is not there.
    [[nodiscard]] Result<std::vector<InboxRow>> orphans();
    // Without results, for which nobody waits.
    [[nodiscard]] Result<qint64> openCount();

private:
    [[nodiscard]] Status close(InboxId id, InboxStatus status, const InboxAnswer &answer);

    Connection &m_db;
};

} // namespace muster
