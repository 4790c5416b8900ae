// InboxDesk: everything that waits for a person goes through here: opened once under its key, answered once
// by whoever is first, written down in the audit. Those who asked listen for `answered`. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/events/ledger.h"
#include "core/store/inbox_repository.h"

#include <QObject>

namespace muster {

class InboxDesk final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    explicit InboxDesk(Ledger &ledger, QObject *parent = nullptr);

    // Asks; an item that was answered before under this key is told again through `answered`.
    void open(const InboxRow &item);
    // The same for who goes on at once: the item as it stands then, open or not.
    [[nodiscard]] Async<InboxRow> ask(InboxRow item);
    // Answered at the same moment as it is asked (--yes), so that history shows who decided.
    void openAnswered(const InboxRow &item, const InboxAnswer &answer);
    void withdraw(const QString &key, const QString &by);

    // Conflict (`inbox_closed`: how it was answered, `withdrawn` or `timeout`): nobody waits for it any more.
    // NotFound. `later` keeps it open.
    void answer(const api::AnswerInbox &answer, const QString &by,
                std::function<void(Result<InboxRow>)> done);

signals:
    void opened(const muster::InboxRow &item);
    void answered(const muster::InboxRow &item);

private:
    void onEvents(const std::vector<Event> &events);
    void tell(InboxId id);
    [[nodiscard]] static Result<InboxRow> write(Connection &db, EventBatch &log, InboxRow item);
    void askAgainLater(const Error &error, std::function<void()> ask);

    Ledger &m_ledger;
};

// Within the transaction that settles who asked: what nobody waits for any more is withdrawn.
[[nodiscard]] Status withdrawOrphans(Connection &db, EventBatch &log);
[[nodiscard]] Status withdrawOfTask(Connection &db, EventBatch &log, TaskId task);

[[nodiscard]] bool saysYes(const InboxRow &item);

} // namespace muster
