// ApprovalDesk over the inbox: an approval waits there under its attempt's key, is asked once however often
// the engine asks, and its answer goes back to the engine from wherever it was given. Core thread.
#pragma once

#include "core/flow/flow_engine.h"
#include "core/node/flows/run_book.h"
#include "core/node/work/inbox_desk.h"

#include <QObject>

namespace muster {

class Approvals final : public QObject, public ApprovalDesk {
    Q_OBJECT
public:
    Approvals(InboxDesk &inbox, RunBooks &books, QObject *parent = nullptr);

    void setEngine(FlowEngine *engine) { m_engine = engine; }

    void ask(const ApprovalSpec &spec) override;
    void withdraw(const AttemptKey &key, const QString &by) override;

private:
    void onAnswered(const InboxRow &item);

    InboxDesk &m_inbox;
    RunBooks &m_books;
    FlowEngine *m_engine = nullptr;
};

} // namespace muster
