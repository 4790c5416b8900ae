// The watchdog over a running turn: one look each second, and one whenever something counted has grown. What
// it finds ends the turn by the ladder, or pauses it and asks the person.
#include "core/node/work/agent_job.h"
#include "core/node/work/task_usage.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int watchMs = 1000;
constexpr qint64 lookEachBytes = 512LL * 1024;
const QString runawayRequest = u"runaway_output"_s;

} // namespace

void AgentJob::beginWatch()
{
    m_watchLimits = limitsOf(m_data, m_task.request.source, m_projectSettings, m_context.watchLimits()).watch;
    m_watchLimits.dayMicroUsd = m_context.dayCosts.cap();
    m_countedMicroUsd = m_task.spent.costMicroUsd.value_or(0);
    tellSpent(); // of before a restart
    m_session->setMemoryMark(m_watchLimits.memoryBytes);
    m_watchTimer.start(watchMs);
}

api::WorkInfo AgentJob::look() const
{
    const SessionState state = m_session ? m_session->state() : SessionState::Starting;
    api::WorkInfo info = lookWith({.stallMs = m_context.stallMs(),
                                   .isEnding = m_stopReason.has_value() || state == SessionState::Stopping,
                                   .heldBack = m_storeIsBusy && !m_finished});
    info.session = m_row.id;
    info.runtime = m_runtime ? m_runtime->id : QString();
    return info;
}

void AgentJob::tellSpent()
{
    if (const auto cost = used().costMicroUsd; cost && m_task.request.source == TaskSource::Flow)
        emit spent(*cost);
}

TaskUsage AgentJob::used() const { return sumOf(m_task.spent, m_outcome.usage); }

void AgentJob::watch()
{
    if (!m_session || m_finished || m_stopReason)
        return;
    const SessionHealth health = m_session->health();
    m_mostMemory = std::max(m_mostMemory, health.memoryBytes);
    const WatchFinding found = m_watch.look({.atMs = m_context.ledger.clock().monotonicMs(),
                                             .memoryBytes = health.memoryBytes,
                                             .textBytes = health.textBytes,
                                             .usage = used(),
                                             .dayMicroUsd = m_context.dayCosts.spent()},
                                            m_watchLimits);
    switch (found.kind) {
    case WatchFinding::Kind::Fine:
        break;
    case WatchFinding::Kind::NearLimit:
        note(u"session.near_limit"_s, found.detail);
        warnOfBudget(found);
        break;
    case WatchFinding::Kind::Runaway:
        pauseRunaway(found);
        break;
    case WatchFinding::Kind::Stop:
        stop(found.reason, found.detail);
        break;
    }
}

// A flood brings many times its limit within a second.
void AgentJob::lookAtText()
{
    if (!m_session)
        return;
    const qint64 now = m_session->health().textBytes;
    if (now - m_lookedAtText < lookEachBytes)
        return;
    m_lookedAtText = now;
    watch();
}

void AgentJob::note(const QString &kind, const QString &detail)
{
    m_context.ledger.commit(this, [refs = refs(), kind, detail](Connection &, EventBatch &log) -> Status {
        log.add(kind, refs, u"node"_s, {{u"detail"_s, detail}});
        return {};
    });
}

// What is not read stays in the agent's pipe, and the agent with it.
void AgentJob::pauseRunaway(const WatchFinding &found)
{
    if (std::exchange(m_runaway, true))
        return;
    if (m_data.unattended) {
        stop(found.reason, found.detail);
        return;
    }
    holdOutput();
    note(u"session.paused"_s, found.detail);
    const QString key = askKey(runawayRequest);
    setWaiting(key, true);
    m_context.inbox.open({.key = key,
                          .kind = InboxKind::Approval,
                          .refs = refs(),
                          .title = {},
                          .body = {{u"purpose"_s, runawayRequest}, {u"who"_s, m_data.title}}});
}

bool AgentJob::answerRunaway(const InboxRow &item)
{
    if (!m_runaway || item.key != askKey(runawayRequest))
        return false;
    if (saysYes(item)) {
        passWhenItMay([this] {
            m_runaway = false;
            m_watch.forgiveText();
            holdOutput();
        });
    } else {
        stop(FailureReason::Aborted, item.answeredBy);
    }
    setWaiting(*item.key, false);
    return true;
}

void AgentJob::endWatch()
{
    m_watchTimer.stop();
    m_context.sessionTook(std::exchange(m_mostMemory, 0));
    if (std::exchange(m_runaway, false))
        m_context.inbox.withdraw(askKey(runawayRequest), u"agent"_s);
    if (std::exchange(m_warned, false))
        m_context.inbox.withdraw(u"budget:"_s + m_task.id.toString(), u"node"_s);
}

// Two may hold it back: a store that has enough to do, and a person who has not answered yet. What is being
// stopped is read, so that its answer is heard.
void AgentJob::holdOutput()
{
    if (m_session && !m_stopReason)
        m_session->setOutputPaused(m_runaway || m_storeIsBusy);
}

} // namespace muster
