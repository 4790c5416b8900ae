// What a node that died left behind: its processes, its sessions, its questions; then its runs and tasks.
#include "core/node/service/node.h"
#include "core/process/process_identity.h"
#include "core/process/startup_sweep.h"

#include <QDir>

namespace muster {

using namespace Qt::StringLiterals;

// What a dead node left running is ended before its runs go on. Not while another one of these is under way.
void Node::takeOver(std::function<void()> done)
{
    if (std::exchange(m_takingOver, true))
        return;
    sweepSurvivors([this, done = std::move(done)] {
        if (m_stopping)
            return;
        m_runs.takeOver([this, done] {
            m_takingOver = false;
            done();
        });
    });
}

// Sessions of nodes that are proven dead: their processes are ended before anything is begun again. Only then
// are the sessions recorded as ended, so that a node that dies meanwhile leaves them to the next one.
void Node::sweepSurvivors(std::function<void()> done)
{
    m_ledger.read(this, [](Connection &db) -> Result<std::vector<SessionRow>> {
        auto open = SessionRepository(db).open();
        if (open)
            std::erase_if(*open, [](const SessionRow &row) { return !isProvenDead(row.owner); });
        return open;
    }, [this, done = std::move(done)](const Result<std::vector<SessionRow>> &dead) {
        if (!dead || dead->empty()) {
            done();
            return;
        }
        QStringList markers;
        for (const SessionRow &row : *dead)
            markers += row.marker;
        auto *sweep = new StartupSweep(markers, this);
        connect(sweep, &StartupSweep::finished, this,
                [this, sweep, sessions = *dead, done](const QList<qint64> &found, const StopReport &report) {
            sweep->deleteLater();
            noteSurvivors(found, report);
            removeTemporary(sessions);
            endSessions(sessions);
            done();
        });
        sweep->start();
    });
}

// What was asked by sessions, tasks and runs that ended without it. A store without any is not written to.
void Node::withdrawLeft()
{
    m_ledger.read(this, [](Connection &db) { return InboxRepository(db).orphans(); },
                  [this](const Result<std::vector<InboxRow>> &left) {
        if (left && !left->empty())
            m_ledger.commit(this, withdrawOrphans);
    });
}

// With what their agents were given to read at the start.
void Node::removeTemporary(const std::vector<SessionRow> &dead)
{
    QStringList folders;
    for (const SessionRow &row : dead) {
        if (!row.marker.isEmpty())
            folders += m_options.paths.tmpDir + u'/' + row.marker;
    }
    (void)onPool([folders]() -> Result<bool> {
        return std::ranges::all_of(folders,
                                   [](const QString &folder) { return QDir(folder).removeRecursively(); });
    });
}

void Node::noteSurvivors(const QList<qint64> &found, const StopReport &report)
{
    if (!found.isEmpty())
        m_status->addNote(u"survivors_ended\n%1"_s.arg(found.size()));
    if (report.survivors.isEmpty())
        return;
    QStringList pids;
    for (qint64 pid : report.survivors)
        pids += QString::number(pid);
    m_status->addNote(u"unkillable\n%1"_s.arg(pids.join(u", "_s)));
}

void Node::endSessions(const std::vector<SessionRow> &rows)
{
    m_ledger.commit(this, [rows](Connection &db, EventBatch &log) -> Status {
        SessionRepository sessions(db);
        for (const SessionRow &row : rows) {
            const Status ended = sessions.end(row.id, FailureReason::Crashed, u"node_died"_s, log.nowMs());
            if (!ended && ended.error().code == ErrorCode::NotFound)
                continue; // another node of this store was faster
            if (!ended)
                return ended;
            log.add(u"session.ended"_s,
                    {.project = row.project,
                     .task = row.task,
                     .session = row.id,
                     .conversation = row.conversation},
                    u"node"_s,
                    {{u"reason"_s, enumName(FailureReason::Crashed)}, {u"detail"_s, u"node_died"_s}});
        }
        return withdrawOrphans(db, log);
    });
}

} // namespace muster
