#include "core/node/flows/agent_starts.h"

#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"
#include "core/node/api/wire.h"
#include "core/store/inbox_repository.h"
#include "core/store/permission_repository.h"
#include "core/store/run_repository.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr auto startPrefix = "start:"_L1;
constexpr auto answeredAs = " inbox:"_L1; // whom the person has allowed it
constexpr auto refused = "agent_start"_L1;
constexpr qint64 stillDueMs = 3'600'000; // an answer that is older begins nothing by itself

std::unexpected<Error> denied(const QString &why)
{
    return fail(ErrorCode::PermissionDenied, why, QString(refused));
}

QString word(const QString &text)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_./:@%+=,-]+\\z"_s);
    if (plain.match(text).hasMatch())
        return text;
    return u'\'' + QString(text).replace(u'\'', u"'\\''"_s) + u'\'';
}

QString textOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.sliced(1).chopped(1));
}

QString actOf(const PreparedRun &prepared)
{
    QStringList words{u"muster"_s, u"run"_s, word(prepared.flow.parsed.definition->name)};
    for (auto it = prepared.inputs.constBegin(); it != prepared.inputs.constEnd(); ++it)
        words += {u"--input"_s, word(it.key() + u'=' + textOf(it.value()))};
    if (!prepared.request.runtime.isEmpty())
        words += {u"--runtime"_s, word(prepared.request.runtime)};
    return words.join(u' ');
}

struct Known {
    AgentOrigin origin;
    QString project; // the folder of the one it may start flows in; empty: none
    bool nested = false;
};

QString knownProject(Connection &db, const AgentOrigin &origin, const QString &asked)
{
    ProjectRepository projects(db);
    if (origin.refs.project.isValid()) {
        const auto own = projects.find(origin.refs.project);
        return own && (asked.isEmpty() || own->path == asked) ? own->path : QString();
    }
    const auto all = projects.list();
    QString deepest;
    for (const ProjectRow &row : all ? *all : std::vector<ProjectRow>()) {
        const bool holds = asked == row.path || asked.startsWith(row.path + u'/');
        if (holds && row.path.size() > deepest.size())
            deepest = row.path;
    }
    return deepest;
}

Result<Known> lookUp(Connection &db, const Caller &caller, const QString &asked)
{
    auto origin = originOf(db, caller);
    if (!origin)
        return std::unexpected(origin.error());
    const QString folder = asked.isEmpty() ? QString() : QFileInfo(asked).canonicalFilePath();
    if (folder.isEmpty() && !asked.isEmpty())
        return Known{.origin = *origin};
    Known known{.origin = *origin, .project = knownProject(db, *origin, folder)};
    // Also in a flow that the agent's flow has started.
    for (RunId at = origin->refs.run; at.isValid() && !known.nested;) {
        const auto run = RunRepository(db).find(at);
        known.nested = run && run->createdBy.startsWith("agent:"_L1);
        at = run ? run->parentRun : RunId();
    }
    return known;
}

// What the store says of an act that an agent asks for.
struct Before {
    RunId run; // active, the same act by the same agent
    int number = 0;
    std::optional<InboxRow> asked; // the newest time
    int times = 0;
    std::optional<PermissionRuleRow> rule;
};

Result<Before> lookBack(Connection &db, const PreparedRun &prepared, const AgentOrigin &origin,
                        const QString &act)
{
    Before before;
    const auto runs = RunRepository(db).list({.project = prepared.project.row.id,
                                              .flow = prepared.flow.parsed.definition->name,
                                              .activeOnly = true});
    const auto items = InboxRepository(db).list({.project = prepared.project.row.id});
    const auto rules = PermissionRepository(db).forProject(prepared.project.row.id);
    if (!runs)
        return std::unexpected(runs.error());
    if (!items)
        return std::unexpected(items.error());
    if (!rules)
        return std::unexpected(rules.error());
    for (const RunRow &row : *runs) {
        const bool same = row.createdBy == origin.by || row.createdBy.startsWith(origin.by + answeredAs);
        if (same && row.inputs == prepared.inputs && row.runtime == prepared.request.runtime) {
            before.run = row.id;
            before.number = static_cast<int>(row.number);
        }
    }
    for (const InboxRow &item : *items) {
        const bool same = item.key && item.key->startsWith(startPrefix) &&
                          item.body.value(u"by").toString() == origin.by &&
                          item.body.value(u"command") == act;
        before.times += same ? 1 : 0;
        if (same && !before.asked)
            before.asked = item;
    }
    for (const PermissionRuleRow &rule : *rules) {
        const bool fits = rule.toolKind == ToolKind::StartFlow && rule.pattern == act &&
                          (rule.profile.isEmpty() || rule.profile == origin.profile);
        if (fits && (!before.rule || rule.effect == RuleEffect::Deny))
            before.rule = rule;
    }
    return before;
}

// Nothing in the flow can end the fence.
QString fencedText(const QByteArray &flow)
{
    const QString text = QString::fromUtf8(flow);
    QString fence = u"```"_s;
    while (text.contains(fence))
        fence += u'`';
    return fence + u"yaml\n"_s + text + u'\n' + fence;
}

// The flow and all that it starts.
QString shownText(const PreparedRun &prepared)
{
    QString text = fencedText(prepared.flow.text);
    for (const NamedFlow &other : prepared.flow.flows)
        text += u"\n\n"_s + other.name + u":\n\n"_s + fencedText(other.text);
    return text;
}

InboxRow itemFor(const PreparedRun &prepared, const AgentOrigin &origin, const QString &act, int times)
{
    const QString flow = prepared.flow.parsed.definition->name;
    EventRefs refs = origin.refs;
    refs.project = prepared.project.row.id;
    refs.task = {}; // it outlives who asks
    refs.session = {};
    return {.key = startPrefix + u"%1:%2:%3"_s.arg(origin.by, QString::number(times), act),
            .kind = InboxKind::Permission,
            .refs = refs,
            .title = u"muster run "_s + flow,
            .body = {{u"command"_s, act},
                     {u"show"_s, shownText(prepared)},
                     {u"tool_kind"_s, enumName(ToolKind::StartFlow)},
                     {u"who"_s, origin.title.isEmpty() ? origin.client : origin.title},
                     {u"by"_s, origin.by},
                     {u"origin"_s, toJsonObjectOf(origin)},
                     {u"hash"_s, prepared.contentHash()},
                     {u"start"_s, toJsonObject(prepared.request)}}};
}

QString wordsOf(const Error &error)
{
    return api::errorToJson(error).value(u"code").toString() + u' ' + error.detail + u' ' + error.where;
}

api::CommandDone waiting(const InboxRow &item)
{
    return {.refs = {.project = item.refs.project, .inbox = item.id}, .list = {u"waiting"_s}};
}

} // namespace

AgentStarts::AgentStarts(Ledger &ledger, InboxDesk &inbox, ProjectService &projects, RunService &runs,
                         QString personFolder, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_inbox(inbox)
    , m_projects(projects)
    , m_runs(runs)
    , m_personFolder(std::move(personFolder))
{
    connect(&m_inbox, &InboxDesk::answered, this, &AgentStarts::onAnswered);
}

Async<api::CommandDone> AgentStarts::start(api::StartRun request, Caller caller)
{
    const auto ask = co_await prepare(request, caller);
    if (!ask)
        co_return std::unexpected(ask.error());
    const QString key = ask->origin.by + u'\n' + ask->prepared.project.info.root + u'\n' + ask->act;
    if (m_underWay.contains(key))
        co_return fail(ErrorCode::Conflict, u"under_way"_s, QString(refused));
    m_underWay.insert(key);
    const auto done = co_await decide(*ask);
    m_underWay.remove(key);
    co_return done;
}

Async<AgentStarts::Ask> AgentStarts::prepare(api::StartRun request, Caller caller)
{
    // A file could be one that the agent has just written.
    const bool isFile = request.flow.contains(u'/') || request.flow.endsWith(".yaml"_L1);
    if (request.approve || request.trust || request.unattended || isFile)
        co_return denied(isFile ? u"file"_s : u"options"_s);
    const auto known = co_await resultOf(m_ledger.readAsync(
        [caller, asked = request.project](Connection &db) { return lookUp(db, caller, asked); }));
    if (!known)
        co_return std::unexpected(known.error());
    if (known->project.isEmpty())
        co_return denied(u"project"_s);
    if (known->nested)
        co_return denied(u"nested"_s);
    request.project = known->project;
    const auto prepared = co_await prepareRun(m_projects, m_personFolder, request);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    const QString act = actOf(*prepared);
    if (Redactor::global().redactKnown(act) != act)
        co_return denied(u"secret"_s);
    co_return Ask{.prepared = *prepared, .origin = known->origin, .act = act};
}

Async<api::CommandDone> AgentStarts::decide(Ask ask)
{
    const auto before = co_await resultOf(m_ledger.readAsync(
        [ask](Connection &db) { return lookBack(db, ask.prepared, ask.origin, ask.act); }));
    if (!before)
        co_return std::unexpected(before.error());
    if (before->run.isValid())
        co_return api::CommandDone{.refs = {.project = ask.prepared.project.row.id, .run = before->run},
                                   .text = QString::number(before->number),
                                   .list = {u"existing"_s}};
    if (before->rule) {
        const QString rule = u"rule:"_s + before->rule->id.toString();
        if (before->rule->effect == RuleEffect::Deny)
            co_return denied(u"rule"_s);
        m_ledger.commit(this, [id = before->rule->id](Connection &db, EventBatch &log) {
            return PermissionRepository(db).countUse(id, log.nowMs());
        });
        co_return co_await run(ask, ask.origin.by, rule);
    }
    if (before->asked && before->asked->status == InboxStatus::Open)
        co_return waiting(*before->asked);
    if (before->asked && before->asked->status == InboxStatus::Answered) {
        if (!saysYes(*before->asked))
            co_return fail(ErrorCode::PermissionDenied, before->asked->message, u"agent_start_no"_s);
        if (before->asked->scope == "task"_L1)
            co_return co_await run(ask, ask.origin.by, u"task"_s);
    }
    if (ask.origin.unattended)
        co_return denied(u"unattended"_s);
    const auto item = co_await m_inbox.ask(itemFor(ask.prepared, ask.origin, ask.act, before->times));
    if (!item)
        co_return std::unexpected(item.error());
    co_return waiting(*item);
}

Async<api::CommandDone> AgentStarts::run(Ask ask, QString by, QString allowedBy)
{
    m_ledger.commit(this, [ask, allowedBy](Connection &db, EventBatch &log) -> Status {
        QJsonObject data = toJsonObjectOf(ask.origin);
        data.insert(u"title"_s, ask.act);
        data.insert(u"allowed"_s, true);
        log.add(u"permission.decided"_s, ask.origin.refs, allowedBy, data);
        return AuditRepository(db).add({.atMs = log.nowMs(),
                                        .who = allowedBy,
                                        .what = u"permission.allowed"_s,
                                        .refs = ask.origin.refs,
                                        .data = data});
    });
    const auto run = co_await m_runs.begin(ask.prepared, {.by = by, .data = toJsonObjectOf(ask.origin)});
    if (!run)
        co_return std::unexpected(run.error());
    co_return api::CommandDone{.refs = {.project = run->project, .run = run->id},
                               .text = QString::number(run->number)};
}

void AgentStarts::onAnswered(const InboxRow &item)
{
    if (!item.key || !item.key->startsWith(startPrefix))
        return;
    if (item.scope == "always"_L1)
        keepRule(item);
    if (saysYes(item))
        (void)runAnswered(item); // goes on by itself
}

void AgentStarts::begin()
{
    m_ledger.read(this, [](Connection &db) {
        return InboxRepository(db).list({.status = InboxStatus::Answered});
    }, [this](const Result<std::vector<InboxRow>> &items) {
        for (const InboxRow &item : items ? *items : std::vector<InboxRow>()) {
            if (item.key && item.key->startsWith(startPrefix) && saysYes(item) &&
                m_ledger.clock().nowMs() - item.answeredMs.value_or(0) < stillDueMs)
                (void)runAnswered(item);
        }
    });
}

// Once for each answer, whichever node on this store hears of it first, and only what the person has seen.
Async<bool> AgentStarts::runAnswered(InboxRow item)
{
    const QString by = item.body.value(u"by").toString() + answeredAs + item.id.toString();
    const auto made = co_await resultOf(
        m_ledger.readAsync([by](Connection &db) { return RunRepository(db).createdBy(by); }));
    if (!made || *made)
        co_return made.has_value();
    const auto request = fromJsonObject<api::StartRun>(item.body.value(u"start").toObject());
    if (!request)
        co_return std::unexpected(request.error());
    const auto prepared = co_await prepareRun(m_projects, m_personFolder, *request);
    QString problem;
    if (!prepared)
        problem = wordsOf(prepared.error());
    else if (prepared->contentHash() != item.body.value(u"hash").toString())
        problem = u"the flow has changed since it was asked"_s;
    if (problem.isEmpty()) {
        const auto run = co_await m_runs.begin(
            *prepared, {.by = by, .data = item.body.value(u"origin").toObject(), .onlyOnce = true});
        if (!run && run.error().code != ErrorCode::Conflict)
            problem = wordsOf(run.error());
    }
    if (!problem.isEmpty()) {
        m_ledger.commit(this, [item, problem](Connection &, EventBatch &log) -> Status {
            EventRefs refs = item.refs;
            refs.inbox = item.id;
            log.add(u"agent.start_failed"_s, refs, u"node"_s,
                    {{u"title"_s, item.body.value(u"command")}, {u"detail"_s, problem}});
            return {};
        });
    }
    co_return problem.isEmpty();
}

void AgentStarts::keepRule(const InboxRow &item)
{
    m_ledger.commit(this, [item](Connection &db, EventBatch &log) -> Status {
        PermissionRepository rules(db);
        PermissionRuleRow rule{.project = item.refs.project,
                               .toolKind = ToolKind::StartFlow,
                               .pattern = item.body.value(u"command").toString(),
                               .effect = saysYes(item) ? RuleEffect::Allow : RuleEffect::Deny,
                               .scope = u"always"_s,
                               .createdBy = item.answeredBy,
                               .createdMs = log.nowMs()};
        const auto added = rules.add(rule);
        return added ? Status() : Status(std::unexpected(added.error()));
    });
}

} // namespace muster
