// What an agent asks while it works: permissions go to the rules and then to the person, questions to the
// person.
#include "core/node/work/agent_job.h"
#include "core/store/permission_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestTitle = 300;

bool changesSomething(ToolKind kind)
{
    return kind != ToolKind::Read && kind != ToolKind::Search && kind != ToolKind::Think &&
           kind != ToolKind::Fetch;
}

// The whole of a long question stands below its title.
QString titleOf(const QString &question)
{
    const QString line = question.section(u'\n', 0, 0);
    return line.size() > longestTitle ? QString(line.first(longestTitle) + u'…') : line;
}

} // namespace

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
    const QString key = askKey(request.requestId);
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

void AgentJob::onQuestion(const QuestionAsked &question)
{
    if (m_data.unattended) {
        declineUnattended(question);
        return;
    }
    const QString key = askKey(question.requestId);
    m_asked.insert(key, question);
    setWaiting(key, true);
    const QString title = titleOf(question.text);
    m_context.inbox.open({.key = key,
                          .kind = InboxKind::Question,
                          .refs = refs(),
                          .title = title,
                          .body = {{u"show"_s, title == question.text ? QString() : question.text},
                                   {u"choices"_s, QJsonArray::fromStringList(question.choices)},
                                   {u"details"_s, QJsonArray::fromStringList(question.details)},
                                   {u"several"_s, question.several},
                                   {u"who"_s, m_data.title}}});
}

void AgentJob::declineUnattended(const QuestionAsked &question)
{
    m_context.ledger.commit(this, [refs = refs(), question](Connection &, EventBatch &log) -> Status {
        log.add(u"question.declined"_s, refs, u"unattended"_s,
                {{u"request"_s, question.requestId}, {u"title"_s, titleOf(question.text)}});
        return {};
    });
    // Withdrawn meanwhile: nothing to do.
    (void)m_session->answerQuestion(question.requestId,
                                    {.given = false,
                                     .text = u"Nobody is here to answer. Decide by yourself and say what "
                                             "you decided, or say what you would have to know."_s});
}

void AgentJob::onAnswered(const InboxRow &item)
{
    if (!item.key || !m_session || answerRunaway(item) || !m_asked.contains(*item.key))
        return;
    passWhenItMay([this, asked = m_asked.take(*item.key), item] {
        if (const auto *request = std::get_if<PermissionRequested>(&asked))
            passOn(*request, item);
        else if (const auto *question = std::get_if<QuestionAsked>(&asked))
            (void)m_session->answerQuestion(question->requestId, // withdrawn meanwhile: nothing to do
                                            {.given = saysYes(item), .text = item.message});
    });
    setWaiting(*item.key, false);
}

// An agent that hears its answer goes on, which it may not without a slot.
void AgentJob::passWhenItMay(std::function<void()> pass)
{
    if (m_hasSlot)
        pass();
    else
        m_toPass.push_back(std::move(pass));
}

void AgentJob::goOn()
{
    m_hasSlot = true;
    if (!m_waitingFor.isEmpty())
        return; // it asks something else meanwhile
    m_signs.setWaits(false, now());
    m_silence.start(static_cast<int>(m_context.stallMs()));
    for (const auto &pass : std::exchange(m_toPass, {}))
        pass();
}

void AgentJob::passOn(const PermissionRequested &request, const InboxRow &item)
{
    const bool allowed = saysYes(item);
    if (item.scope == u"task")
        m_gate.remember(request, allowed);
    if (item.scope == u"always")
        keepRule(PermissionGate::ruleFor(request, m_task.request.refs.project, allowed, item.answeredBy));
    (void)m_session->answerPermission(request.requestId,
                                      {.allowed = allowed, .message = item.message}); // withdrawn meanwhile
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
    const QString key = askKey(requestId);
    if (m_asked.remove(key) == 0)
        return;
    m_context.inbox.withdraw(key, u"agent"_s);
    setWaiting(key, false);
}

QString AgentJob::askKey(const QString &requestId) const
{
    return u"ask:%1:%2"_s.arg(m_row.id.toString(), requestId);
}

void AgentJob::setWaiting(const QString &key, bool waits)
{
    const bool before = !m_waitingFor.isEmpty();
    if (waits)
        m_waitingFor.insert(key);
    else
        m_waitingFor.remove(key);
    const bool after = !m_waitingFor.isEmpty();
    if (before == after)
        return;
    if (after) {
        m_signs.setWaits(true, now());
        m_silence.stop();
        m_hasSlot = m_task.keepsSlot;
    }
    emit waiting(after); // and goes on with goOn()
}

} // namespace muster
