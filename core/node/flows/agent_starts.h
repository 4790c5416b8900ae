// AgentStarts: flows that agents ask to have started. The person decides, by a rule or in the inbox; the
// agent is told at once what it may know (started, waits for the person, denied) and never waits for the
// answer, so a session that ends before it is given loses nothing. What is asked is one act to the letter:
// the flow as it stands, its inputs, the runtime. The same act asked again by the same agent is not done
// twice while its run is active. Core thread. Source: spec "safety" (an agent is not its person),
// docs/adr/0014.
#pragma once

#include "core/base/async.h"
#include "core/node/flows/run_service.h"
#include "core/node/work/agent_origin.h"
#include "core/node/work/inbox_desk.h"

#include <QSet>

namespace muster {

class AgentStarts final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    AgentStarts(Ledger &ledger, InboxDesk &inbox, ProjectService &projects, RunService &runs,
                QString personFolder, QObject *parent = nullptr);

    // Done with `run`: it was started, or runs already (`list`: existing). Done with `inbox`: the person was
    // asked (`list`: waiting). PermissionDenied{agent_start}: why not. Else as RunService::start.
    [[nodiscard]] Async<api::CommandDone> start(api::StartRun request, Caller caller);
    // What was allowed shortly before the node ended, and had not begun.
    void begin();

private:
    struct Ask {
        PreparedRun prepared;
        AgentOrigin origin;
        QString act; // as a command line says it
    };

    [[nodiscard]] Async<Ask> prepare(api::StartRun request, Caller caller);
    [[nodiscard]] Async<api::CommandDone> decide(Ask ask);
    [[nodiscard]] Async<api::CommandDone> run(Ask ask, QString by, QString allowedBy);
    void onAnswered(const InboxRow &item);
    [[nodiscard]] Async<bool> runAnswered(InboxRow item);
    void keepRule(const InboxRow &item);

    Ledger &m_ledger;
    InboxDesk &m_inbox;
    ProjectService &m_projects;
    RunService &m_runs;
    QString m_personFolder;
    QSet<QString> m_underWay; // who asks what, so that two calls at once are one
};

} // namespace muster
