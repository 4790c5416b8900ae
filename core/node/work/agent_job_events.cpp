// What an agent says while it works: recorded and shown. What it asks is in agent_job_asks.cpp.
#include "core/agent/pricing.h"
#include "core/node/work/agent_job.h"
#include "core/node/work/task_usage.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {
// Events, and characters of text, on their way into the store. An agent that says more than the store can
// take waits in its pipe.
constexpr int mostUnrecorded = 256;
constexpr int fewUnrecorded = 64;
constexpr qint64 mostUnwritten = 512LL * 1024;
constexpr qint64 fewUnwritten = 64LL * 1024;
constexpr qint64 longestTimerMs = 24LL * 3600 * 1000;

bool isText(const SessionEvent &event)
{
    return std::holds_alternative<TextDelta>(event) || std::holds_alternative<ThinkingDelta>(event) ||
           std::holds_alternative<ToolOutput>(event);
}

} // namespace

void AgentJob::onEvent(const SessionEvent &event)
{
    if (diedUnheard(event))
        return;
    m_signs.hear(event, now());
    m_nudged = false;
    if (m_waitingFor.isEmpty() && m_hasSlot)
        m_silence.start(static_cast<int>(m_context.stallMs()));
    for (const SessionEvent &told : m_mask.take(event))
        tell(told);
    regulate();
}

void AgentJob::tell(const SessionEvent &event)
{
    lookAtText();
    if (m_runaway && m_stopReason && isText(event))
        return; // it was stopped for saying too much
    const StreamRecorder::Source source{.task = m_task.id, .refs = refs()};
    if (const auto *text = std::get_if<TextDelta>(&event)) {
        m_answer.add(text->text);
        sayText(source, *text);
    } else if (const auto *thinking = std::get_if<ThinkingDelta>(&event)) {
        m_context.streams.add(source, StreamChannel::Thinking, thinking->messageId, thinking->text);
        emit thought(thinking->text);
    } else if (const auto *output = std::get_if<ToolOutput>(&event)) {
        m_context.streams.add(source, StreamChannel::Tool, output->toolId, output->text, output->replaces);
    } else if (const auto *usage = std::get_if<Usage>(&event)) {
        count(*usage);
    } else {
        record(event, std::holds_alternative<SessionStarted>(event) ? accountData() : QJsonObject());
    }
}

const RuntimeModel *AgentJob::modelInUse() const
{
    const QString asked = m_resolution.model.isEmpty() ? m_runtime->defaultModel : m_resolution.model;
    return modelOf(*m_runtime, m_row.model.isEmpty() ? asked : m_row.model);
}

// Where the runtime does not say what it costs, the catalog's price of its model counts.
void AgentJob::count(const Usage &said)
{
    Usage usage = said;
    QJsonObject ours;
    if (const RuntimeModel *model = modelInUse(); model && model->prices && !said.costMicroUsd) {
        usage.costMicroUsd = costOf(said, *model->prices);
        ours.insert(u"priced"_s, true);
    }
    m_outcome.usage = usageOf(usage, m_outcome.usage.agentSteps);
    record(usage, ours);
    countForDay();
    if (!usage.costMicroUsd)
        warnOfUnknownPrice();
    tellSpent();
    watch();
}

// A budget that nobody can hold it to: what it costs is not guessed.
void AgentJob::warnOfUnknownPrice()
{
    const bool budgeted = m_data.budgetMicroUsd > 0 || m_data.runBudgetMicroUsd > 0;
    if (budgeted && !std::exchange(m_priceless, true))
        record(SessionWarning{.code = u"unknown_price"_s, .detail = m_row.model});
}

// A setting may name a model that is newer than the catalog: it is used, and its person is told.
void AgentJob::warnOfUnknownModel()
{
    const QString &asked = m_resolution.model;
    if (!asked.isEmpty() && !m_runtime->models.empty() && !modelOf(*m_runtime, asked))
        record(SessionWarning{.code = u"unknown_model"_s, .detail = asked});
}

// What follows on a tool call or belongs to another message is a paragraph of its own.
void AgentJob::sayText(const StreamRecorder::Source &source, const TextDelta &text)
{
    const QString key = text.messageId % u'#' % QString::number(m_task.putOffs) % u'.' %
                        QString::number(m_outcome.usage.agentSteps);
    const bool another = std::exchange(m_textKey, key) != key && m_textUnits > 0;
    const QString shown = another ? QString(u"\n\n" % text.text) : text.text;
    m_textUnits += shown.size();
    m_context.streams.add(source, StreamChannel::Text, text.messageId, shown);
    emit said(key, text.text);
}

// `ours`: what the node adds to what the agent has said.
void AgentJob::record(const SessionEvent &event, const QJsonObject &ours)
{
    if (const auto *finished = std::get_if<TurnFinished>(&event)) {
        endTurn(*finished);
        return;
    }
    ++m_unrecorded;
    const bool spends = std::holds_alternative<Usage>(event);
    const auto *started = std::get_if<SessionStarted>(&event);
    QJsonObject data = toJson(event);
    for (auto each = ours.begin(); each != ours.end(); ++each)
        data.insert(each.key(), each.value());
    if (std::holds_alternative<ToolStarted>(event))
        data.insert(u"text_offset"_s, m_textUnits); // where in the answer it stands
    m_context.ledger.commit(this,
                            [refs = refs(), kind = kindOf(event), data = std::move(data), row = m_row, spends,
                             held = HeldLease{.id = m_task.id, .epoch = m_task.epoch}, usage = used(),
                             native = started ? started->nativeId : QString()](
                                Connection &db, EventBatch &log) mutable -> Status {
        log.add(kind, refs, u"agent:"_s + refs.session.toString(), data);
        // Kept as it grows, so that whoever goes on with the task after a crash does not begin at nothing. A
        // task that somebody else holds by now is his to write.
        if (spends)
            (void)writeUsage(db, held, usage, log.nowMs());
        if (native.isEmpty())
            return {};
        row.nativeId = native;
        row.state = SessionRowState::Busy;
        row.activeMs = log.nowMs();
        return SessionRepository(db).update(row);
    },
                            [this](const Status &) { recorded(); });
    if (started) {
        onStarted(*started);
    } else if (std::holds_alternative<TurnStarted>(event)) {
        emit began();
    } else if (const auto *tool = std::get_if<ToolStarted>(&event)) {
        if (tool->kind == ToolKind::Read)
            m_reads += tool->paths;
        m_answer.toolCalled();
        ++m_outcome.usage.agentSteps;
        emit stepped(used().agentSteps);
        watch();
    } else if (const auto *request = std::get_if<PermissionRequested>(&event)) {
        onPermission(*request);
    } else if (const auto *question = std::get_if<QuestionAsked>(&event)) {
        onQuestion(*question);
    } else if (const auto *limited = std::get_if<RateLimited>(&event)) {
        if (m_context.accounts.has(account()))
            m_context.limits.heard(account(), *limited);
        if (limited->hard && limited->resetAtMs)
            waitForReset(*limited->resetAtMs);
    } else if (const auto *ended = std::get_if<SessionEnded>(&event)) {
        onSessionEnded(*ended);
    }
}

// Until then its silence is none, and its time stands still.
void AgentJob::waitForReset(qint64 resetMs)
{
    m_outcome.retryNotBeforeMs = resetMs;
    const qint64 wait = resetMs - m_context.ledger.clock().nowMs();
    if (wait <= 0 || wait > RuntimeLimits::furthestResetMs || resetMs <= m_standsUntilMs)
        return;
    emit standsStill(resetMs - std::max(m_standsUntilMs, m_context.ledger.clock().nowMs()));
    m_standsUntilMs = resetMs;
    if (m_waitingFor.isEmpty() && m_hasSlot)
        m_silence.start(static_cast<int>(std::min<qint64>(wait + m_context.stallMs(), longestTimerMs)));
}

void AgentJob::recorded()
{
    --m_unrecorded;
    regulate();
}

void AgentJob::regulate()
{
    const qint64 unwritten = m_context.streams.unwritten(m_task.id);
    if (m_unrecorded >= mostUnrecorded || unwritten >= mostUnwritten)
        setStoreBusy(true);
    else if (m_unrecorded <= fewUnrecorded && unwritten <= fewUnwritten)
        setStoreBusy(false);
}

void AgentJob::setStoreBusy(bool busy)
{
    if (std::exchange(m_storeIsBusy, busy) != busy)
        holdOutput();
}

// With a completed turn goes its answer, in one transaction: from then on the turn is never repeated, whoever
// carries the task to its end.
void AgentJob::recordTurn(const TurnFinished &finished)
{
    const bool completed = finished.outcome == TurnOutcome::Completed && !m_stopReason;
    m_context.ledger.commit(
        this,
        [refs = refs(), finished, completed, held = HeldLease{.id = m_task.id, .epoch = m_task.epoch},
         usage = used(), output = toJsonObject(TaskOutput{.text = m_answer.text(), .fault = m_outputFault})](
            Connection &db, EventBatch &log) -> Status {
        log.add(kindOf(SessionEvent(finished)), refs, u"agent:"_s + refs.session.toString(),
                toJson(SessionEvent(finished)));
        if (!completed)
            return {};
        return writeResult(db, held, usage, output, log.nowMs());
    });
}

void AgentJob::onStarted(const SessionStarted &started)
{
    m_row.nativeId = started.nativeId;
    m_row.model = started.model;
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
    setStoreBusy(false); // nobody would see to it, once it waits for its next turn
    endWatch();
    if (finished.outcome == TurnOutcome::Completed)
        m_context.limits.worked(account());
    if (keepWarm())
        onSessionEnded({});
    else
        m_session->close();
}

} // namespace muster
