// What an agent says while it works: recorded, shown, and its questions brought to the rules or to the
// person.
#include "core/node/work/agent_job.h"
#include "core/node/work/task_usage.h"
#include "core/store/permission_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {
// Events on their way into the store. An agent that says more than the store can take waits in its pipe.
constexpr int mostUnrecorded = 256;
constexpr int fewUnrecorded = 64;

bool changesSomething(ToolKind kind)
{
    return kind != ToolKind::Read && kind != ToolKind::Search && kind != ToolKind::Think &&
           kind != ToolKind::Fetch;
}
} // namespace

void AgentJob::onEvent(const SessionEvent &event)
{
    if (diedUnheard(event))
        return;
    m_nudged = false;
    if (m_waitingFor.isEmpty())
        m_silence.start(static_cast<int>(m_context.stallMs()));
    for (const SessionEvent &told : m_mask.take(event))
        tell(told);
}

void AgentJob::tell(const SessionEvent &event)
{
    const StreamRecorder::Source source{.task = m_task.id, .refs = refs()};
    if (const auto *text = std::get_if<TextDelta>(&event)) {
        m_answer.add(text->text);
        sayText(source, *text);
    } else if (const auto *thinking = std::get_if<ThinkingDelta>(&event)) {
        m_context.streams.add(source, StreamChannel::Thinking, thinking->messageId, thinking->text);
        emit thought(thinking->text);
    } else if (const auto *output = std::get_if<ToolOutput>(&event)) {
        m_context.streams.add(source, StreamChannel::Tool, output->toolId, output->text, output->replaces);
    } else {
        record(event);
    }
}

// What follows on a tool call or belongs to another message is a paragraph of its own.
void AgentJob::sayText(const StreamRecorder::Source &source, const TextDelta &text)
{
    const QString key = text.messageId % u'#' % QString::number(m_outcome.usage.agentSteps);
    const bool another = std::exchange(m_textKey, key) != key && m_textUnits > 0;
    const QString shown = another ? QString(u"\n\n" % text.text) : text.text;
    m_textUnits += shown.size();
    m_context.streams.add(source, StreamChannel::Text, text.messageId, shown);
    emit said(key, text.text);
}

void AgentJob::record(const SessionEvent &event)
{
    if (const auto *finished = std::get_if<TurnFinished>(&event)) {
        recordTurn(*finished);
        onTurnFinished(*finished);
        return;
    }
    holdBack();
    const auto *started = std::get_if<SessionStarted>(&event);
    QJsonObject data = toJson(event);
    if (std::holds_alternative<ToolStarted>(event))
        data.insert(u"text_offset"_s, m_textUnits); // where in the answer it stands
    m_context.ledger.commit(this,
                            [refs = refs(), kind = kindOf(event), data = std::move(data), row = m_row,
                             native = started ? started->nativeId : QString()](
                                Connection &db, EventBatch &log) mutable -> Status {
        log.add(kind, refs, u"agent:"_s + refs.session.toString(), data);
        if (native.isEmpty())
            return {};
        row.nativeId = native;
        row.state = SessionRowState::Busy;
        row.activeMs = log.nowMs();
        return SessionRepository(db).update(row);
    },
                            [this](const Status &) { letGo(); });
    if (started) {
        onStarted(*started);
    } else if (std::holds_alternative<TurnStarted>(event)) {
        emit began();
    } else if (std::holds_alternative<ToolStarted>(event)) {
        m_answer.toolCalled();
        ++m_outcome.usage.agentSteps;
    } else if (const auto *request = std::get_if<PermissionRequested>(&event)) {
        onPermission(*request);
    } else if (const auto *usage = std::get_if<Usage>(&event)) {
        m_outcome.usage = usageOf(*usage, m_outcome.usage.agentSteps);
    } else if (const auto *limited = std::get_if<RateLimited>(&event)) {
        if (limited->hard && limited->resetAtMs)
            m_outcome.retryNotBeforeMs = *limited->resetAtMs;
    } else if (const auto *ended = std::get_if<SessionEnded>(&event)) {
        onSessionEnded(*ended);
    }
}

void AgentJob::holdBack()
{
    if (++m_unrecorded == mostUnrecorded && m_session)
        m_session->setOutputPaused(true);
}

void AgentJob::letGo()
{
    if (--m_unrecorded == fewUnrecorded && m_session)
        m_session->setOutputPaused(false);
}

// With a completed turn goes its answer, in one transaction: from then on the turn is never repeated, whoever
// carries the task to its end.
void AgentJob::recordTurn(const TurnFinished &finished)
{
    const bool completed = finished.outcome == TurnOutcome::Completed && !m_stopReason;
    m_context.ledger.commit(
        this,
        [refs = refs(), finished, completed, held = HeldLease{.id = m_task.id, .epoch = m_task.epoch},
         usage = m_outcome.usage, output = toJsonObject(TaskOutput{.text = m_answer.text()})](
            Connection &db, EventBatch &log) -> Status {
        log.add(kindOf(SessionEvent(finished)), refs, u"agent:"_s + refs.session.toString(),
                toJson(SessionEvent(finished)));
        if (!completed)
            return {};
        TaskRepository tasks(db);
        return writeResult(tasks, held, usage, output);
    });
}

void AgentJob::onStarted(const SessionStarted &started)
{
    m_row.nativeId = started.nativeId;
    m_row.model = started.model;
}

void AgentJob::onPermission(const PermissionRequested &request)
{
    m_context.ledger.read(this, [project = m_task.request.refs.project](Connection &db) {
        return PermissionRepository(db).forProject(project);
    }, [this, request](const Result<std::vector<PermissionRuleRow>> &rules) {
        if (!m_session || m_finished || m_sessionEnd)
            return; // withdrawn with the turn
        const PermissionVerdict verdict =
            m_gate.decide(request, rules ? *rules : std::vector<PermissionRuleRow>());
        if (verdict.kind == PermissionVerdict::Kind::Ask) {
            askPerson(request, verdict);
            return;
        }
        const bool allowed = verdict.kind == PermissionVerdict::Kind::Allow;
        m_context.ledger.commit(
            this, [refs = refs(), request, verdict, allowed](Connection &db, EventBatch &log) -> Status {
            log.add(u"permission.decided"_s, refs, verdict.by,
                    {{u"request"_s, request.requestId},
                     {u"allowed"_s, allowed},
                     {u"title"_s, request.title},
                     {u"message"_s, verdict.message}});
            if (verdict.rule.isValid()) // one that was removed meanwhile is not counted any more
                (void)PermissionRepository(db).countUse(verdict.rule, log.nowMs());
            return AuditRepository(db).add(
                {.atMs = log.nowMs(),
                 .who = verdict.by,
                 .what = allowed ? u"permission.allowed"_s : u"permission.denied"_s,
                 .refs = refs,
                 .data = toJsonObjectOf(request)});
        });
        (void)m_session->answerPermission(
            request.requestId,
            {.allowed = allowed, .message = verdict.message}); // withdrawn meanwhile: nothing to do
    });
}

void AgentJob::askPerson(const PermissionRequested &request, const PermissionVerdict &verdict)
{
    const QString key = u"permission:%1:%2"_s.arg(m_row.id.toString(), request.requestId);
    m_asked.insert(key, request);
    setWaiting(key, true);
    WorkPlace place = m_place.worktree ? WorkPlace::Worktree : WorkPlace::Project;
    if (!changesSomething(request.kind))
        place = WorkPlace::None;
    InboxRow item{.key = key,
                  .kind = InboxKind::Permission,
                  .refs = refs(),
                  .title = request.title,
                  .body = {{u"command"_s, request.command},
                           {u"diff"_s, request.diff},
                           {u"paths"_s, QJsonArray::fromStringList(request.paths)},
                           {u"tool_kind"_s, enumName(request.kind)},
                           {u"risk"_s, enumName(verdict.risk)},
                           {u"risk_detail"_s, verdict.detail},
                           {u"place"_s, enumName(place)},
                           {u"folder"_s, place == WorkPlace::None ? QString() : m_place.folder},
                           {u"who"_s, m_data.title}}};
    m_context.inbox.open(item);
}

void AgentJob::onAnswered(const InboxRow &item)
{
    if (!item.key || !m_asked.contains(*item.key) || !m_session)
        return;
    const PermissionRequested request = m_asked.take(*item.key);
    const bool allowed = saysYes(item);
    if (item.scope == u"task")
        m_gate.remember(request, allowed);
    if (item.scope == u"always")
        keepRule(PermissionGate::ruleFor(request, m_task.request.refs.project, allowed, item.answeredBy));
    (void)m_session->answerPermission(request.requestId,
                                      {.allowed = allowed, .message = item.message}); // withdrawn meanwhile
    setWaiting(*item.key, false);
}

void AgentJob::keepRule(const Result<PermissionRuleRow> &made)
{
    if (!made)
        return; // it was answered for once
    m_context.ledger.commit(this, [rule = *made](Connection &db, EventBatch &log) mutable -> Status {
        rule.createdMs = log.nowMs();
        const auto added = PermissionRepository(db).add(rule);
        return added ? Status() : Status(std::unexpected(added.error()));
    });
}

void AgentJob::onWithdrawn(const QString &requestId)
{
    const QString key = u"permission:%1:%2"_s.arg(m_row.id.toString(), requestId);
    if (m_asked.remove(key) == 0)
        return;
    m_context.inbox.withdraw(key, u"agent"_s);
    setWaiting(key, false);
}

void AgentJob::setWaiting(const QString &requestId, bool waits)
{
    const bool before = !m_waitingFor.isEmpty();
    if (waits)
        m_waitingFor.insert(requestId);
    else
        m_waitingFor.remove(requestId);
    const bool after = !m_waitingFor.isEmpty();
    if (before == after)
        return;
    if (after)
        m_silence.stop();
    else
        m_silence.start(static_cast<int>(m_context.stallMs()));
    emit waiting(after);
}

void AgentJob::onSilence()
{
    if (std::exchange(m_nudged, true)) {
        stop(FailureReason::Stalled, u"no word for %1 s"_s.arg(2 * m_context.stallMs() / 1000));
        return;
    }
    m_context.ledger.commit(this, [refs = refs()](Connection &, EventBatch &log) -> Status {
        log.add(u"session.silent"_s, refs, u"node"_s);
        return {};
    });
    m_silence.start(static_cast<int>(m_context.stallMs()));
}

void AgentJob::onTurnFinished(const TurnFinished &finished)
{
    m_finished = finished;
    m_silence.stop();
    if (keepWarm())
        onSessionEnded({});
    else
        m_session->close();
}

} // namespace muster
