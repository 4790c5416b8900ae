// The sentence of each kind: what it was about first, then what came of it.
#include "core/base/enum_names.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/event_words.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <functional>

using namespace Qt::StringLiterals;

namespace muster {

using namespace event_words;

namespace {

// What is known better than its code.
QString warningWords(const QString &code)
{
    static const QHash<QString, const char *> known{
        {u"unknown_model"_s,
         QT_TRANSLATE_NOOP("DescribeEvent",
                           "The catalog does not know this model; it is used without a price")},
        {u"unknown_price"_s,
         QT_TRANSLATE_NOOP("DescribeEvent",
                           "Nobody says what this model costs, so no budget in dollars can stop it")},
        {u"invalid_utf8"_s, QT_TRANSLATE_NOOP("DescribeEvent", "The agent sent bytes that are no text")},
        {u"not_a_message"_s, QT_TRANSLATE_NOOP("DescribeEvent", "The agent sent a line that is no message")},
        {u"line_too_long"_s,
         QT_TRANSLATE_NOOP("DescribeEvent", "The agent sent a line that is too long; it was left out")},
        {u"account_changed"_s,
         QT_TRANSLATE_NOOP("DescribeEvent",
                           "Another account goes on, and does not know what was said before")},
        {u"unknown_update"_s,
         QT_TRANSLATE_NOOP("DescribeEvent", "The agent sent a message that Muster does not know")}};
    const char *words = known.value(code);
    return words ? DescribeEvent::tr(words) : code;
}

QString detailWords(const QJsonObject &data) { return describeDetail(text(data, "detail"_L1)); }

QString accountPath(const QJsonObject &data)
{
    return QString(text(data, "runtime"_L1) % u'/' % text(data, "account"_L1));
}

// Empty where there is only one.
QString accountWords(const QJsonObject &data)
{
    const QString reason = text(data, "account_reason"_L1);
    if (reason.isEmpty())
        return {};
    return DescribeEvent::tr("%1 (%2)", "account, and why it was taken")
        .arg(describeAccount(text(data, "account"_L1)), describeAccountReason(reason));
}

QString toolWords(const QJsonObject &data)
{
    const QString title = text(data, "title"_L1);
    return title.isEmpty() ? text(data, "tool"_L1) : title;
}

QString usageWords(const QJsonObject &data)
{
    QString tokens = DescribeEvent::tr("%1 tokens in, %2 out")
                         .arg(describeCount(data.value("tokens_in"_L1).toInteger()),
                              describeCount(data.value("tokens_out"_L1).toInteger()));
    const QJsonValue cost = data.value("cost_micro_usd"_L1);
    if (!cost.isDouble())
        return tokens;
    const QString money = describeMoney(cost.toInteger());
    return tokens % u", " %
           (data.value("priced"_L1).toBool() ? DescribeEvent::tr("about %1").arg(money) : money);
}

QString files(const QJsonObject &data)
{
    const QJsonArray list = data.value("files"_L1).toArray();
    QStringList names;
    for (const auto &name : list)
        names += name.toString();
    return DescribeEvent::tr("%n file(s): %1", nullptr, static_cast<int>(names.size()))
        .arg(names.mid(0, 8).join(u", "));
}

QString ended(const QJsonObject &data)
{
    QString words = failureIn(data);
    if (words.isEmpty())
        words = DescribeEvent::tr("closed");
    if (const int code = data.value("exit_code"_L1).toInt(); code != 0)
        words = DescribeEvent::tr("%1, exit code %2").arg(words, QString::number(code));
    return words;
}

using Writer = EventWriter;

Writer field(QLatin1StringView key)
{
    return [key](const QJsonObject &data) {
        return text(data, key);
    };
}

QHash<QString, Writer> sessionWriters()
{
    return {
        {u"session.started"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "agent"_L1) % u' ' % text(d, "agent_version"_L1) % u' ' % text(d, "model"_L1),
                      accountWords(d));
    }},
        {u"session.turn_started"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("Turn %1").arg(d.value("turn"_L1).toInt());
    }},
        {u"session.text"_s, field("text"_L1)},
        {u"session.thinking"_s, field("text"_L1)},
        {u"session.tool_started"_s, toolWords},
        {u"session.tool_output"_s, field("text"_L1)},
        {u"session.tool_finished"_s,
         [](const QJsonObject &d) {
        return joined(toolWords(d), outcomeWord(text(d, "outcome"_L1)));
    }},
        {u"session.file_changed"_s, field("path"_L1)},
        {u"session.plan_updated"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("%n entries", nullptr,
                                 static_cast<int>(d.value("entries"_L1).toArray().size()));
    }},
        {u"session.permission_requested"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "title"_L1), text(d, "command"_L1));
    }},
        {u"session.question_asked"_s, field("text"_L1)},
        {u"session.usage"_s, usageWords},
        {u"session.rate_limited"_s,
         [](const QJsonObject &d) {
        const qint64 reset = d.value("reset_at"_L1).toInteger();
        const QString words = reset > 0 ? DescribeEvent::tr("until %1").arg(describeTime(reset))
                                        : DescribeEvent::tr("for an unknown time");
        return withDetail(words, text(d, "detail"_L1));
    }},
        {u"session.warning"_s,
         [](const QJsonObject &d) {
        return withDetail(warningWords(text(d, "code"_L1)), text(d, "detail"_L1));
    }},
        {u"session.silent"_s,
         [](const QJsonObject &) {
        return DescribeEvent::tr("No sign of life for a while");
    }},
        {u"session.near_limit"_s, detailWords},
        {u"session.paused"_s, detailWords},
        {u"session.output_repair"_s,
         [](const QJsonObject &d) {
        return describeFailure(FailureReason::RuntimeError, text(d, "detail"_L1));
    }},
        {u"session.turn_finished"_s,
         [](const QJsonObject &d) {
        return joined(outcomeWord(text(d, "outcome"_L1)), failureIn(d));
    }},
        {u"session.ended"_s, ended},
        {u"permission.decided"_s,
         [](const QJsonObject &d) {
        const QString words =
            d.value("allowed"_L1).toBool() ? DescribeEvent::tr("allowed") : DescribeEvent::tr("denied");
        return joined(text(d, "title"_L1), withDetail(words, text(d, "message"_L1)));
    }},
        {u"question.declined"_s, field("title"_L1)},
        {u"permission.kept"_s, field("pattern"_L1)},
        {u"permission.revoked"_s, field("pattern"_L1)},
        {u"account.added"_s, accountPath},
        {u"account.removed"_s, accountPath},
        {u"secret.kept"_s, field("name"_L1)},
        {u"secret.removed"_s, field("name"_L1)},
        {u"secret.file_made"_s, field("file"_L1)},
        {u"secret.file_unlocked"_s, field("file"_L1)},
    };
}

// How often somebody has taken the task; once is what everybody expects.
QString takenWords(const QJsonObject &data)
{
    const auto times = static_cast<int>(data.value("epoch"_L1).toInteger());
    return times > 1 ? DescribeEvent::tr("taken %n time(s) so far", nullptr, times) : QString();
}

QHash<QString, Writer> otherWriters()
{
    return {
        {u"task.queued"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), DescribeEvent::tr("waits for a slot in %1").arg(text(d, "pool"_L1)));
    }},
        {u"task.claimed"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), takenWords(d));
    }},
        {u"task.taken_over"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), takenWords(d));
    }},
        {u"task.fell_back"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("%1 instead of %2 (%3)", "runtimes, and why the wished one was not taken")
            .arg(text(d, "runtime"_L1), text(d, "wished"_L1), describeRuntimeState(text(d, "problem"_L1)));
    }},
        {u"task.account_refused"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("not %1: %2", "account, and why it was not taken")
            .arg(describeAccount(text(d, "account"_L1)), describeRuntimeState(text(d, "problem"_L1)));
    }},
        {u"task.put_off"_s,
         [](const QJsonObject &d) {
        const QString until =
            DescribeEvent::tr("begins again at %1").arg(describeTime(d.value("until"_L1).toInteger()));
        return joined(attemptIn(d), withDetail(until, failureIn(d)));
    }},
        {u"task.finished"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), joined(statusWord(d), failureIn(d)));
    }},
        {u"inbox.opened"_s, field("title"_L1)},
        {u"inbox.answered"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "title"_L1), withDetail(text(d, "answer"_L1), text(d, "message"_L1)));
    }},
        {u"worktree.made"_s, field("branch"_L1)},
        {u"worktree.committed"_s, files},
        {u"worktree.salvaged"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "ref"_L1), files(d));
    }},
        {u"worktree.merged"_s, field("branch"_L1)},
        {u"worktree.dropped"_s,
         [](const QJsonObject &d) {
        const QString kept = text(d, "result"_L1);
        return kept.isEmpty() ? text(d, "branch"_L1)
                              : joined(text(d, "branch"_L1), DescribeEvent::tr("kept as %1").arg(kept));
    }},
        {u"project.added"_s, field("path"_L1)},
        {u"project.trusted"_s, field("path"_L1)},
        {u"project.distrusted"_s, field("path"_L1)},
        {u"project.flow_written"_s, field("path"_L1)},
        {u"node.setting"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "key"_L1), d.value("value"_L1).toVariant().toString());
    }},
        {u"agent.asked"_s, field("query"_L1)},
        {u"agent.start_failed"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "title"_L1), text(d, "detail"_L1));
    }},
        {u"node.refused_agent"_s, field("command"_L1)},
    };
}

const QHash<QString, Writer> &writers()
{
    static const QHash<QString, Writer> all = [] {
        QHash<QString, Writer> table = flowEventWriters();
        table.insert(scheduleEventWriters());
        table.insert(sessionWriters());
        table.insert(otherWriters());
        return table;
    }();
    return all;
}

// "epoch: 2, why: slow", of what is short; the rest as it is.
QString plainData(const QJsonObject &data)
{
    QStringList parts;
    for (auto it = data.begin(); it != data.end(); ++it) {
        const QJsonValue &value = it.value();
        const QByteArray nested =
            value.isArray()    ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
            : value.isObject() ? QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact)
                               : QByteArray();
        const QString words = nested.isEmpty() ? value.toVariant().toString() : QString::fromUtf8(nested);
        parts += it.key() % u": " % words.left(maxSentence * 4);
    }
    return parts.join(u", "_s);
}

// Kinds without a sentence of their own: the step they are about, else the data as it is.
QString plainSentence(const Event &event)
{
    const KeyParts parts = partsOf(text(event.data, "key"_L1));
    if (!parts.step.isEmpty())
        return attemptIn(event.data);
    if (const QString step = text(event.data, "step"_L1); !step.isEmpty())
        return step;
    return plainData(event.data);
}

} // namespace

QString describeEvent(const Event &event)
{
    const auto found = writers().constFind(event.kind);
    return oneLine(found == writers().cend() ? plainSentence(event) : (*found)(event.data));
}

QString stepNameOf(const Event &event)
{
    if (const KeyParts parts = partsOf(text(event.data, "key"_L1)); !parts.step.isEmpty())
        return parts.step;
    return stepIn(event.data);
}

EventTone toneOf(const Event &event)
{
    const QJsonObject &data = event.data;
    const QString outcome = event.kind == "step.finished"_L1
                                ? text(data.value("result"_L1).toObject(), "outcome"_L1)
                                : text(data, "outcome"_L1);
    const QString status = text(data, "status"_L1);
    static const QSet<QString> bad{u"failed"_s, u"error"_s, u"timed_out"_s,
                                   u"stuck"_s,  u"lost"_s,  u"declined"_s};
    static const QSet<QString> warning{u"step.evaluation_failed"_s, u"session.warning"_s,
                                       u"task.fell_back"_s,         u"task.account_refused"_s,
                                       u"agent.start_failed"_s,     u"node.refused_agent"_s,
                                       u"schedule.unreadable"_s,    u"schedule.missed"_s};
    static const QSet<QString> waiting{u"step.waiting"_s,
                                       u"task.waiting"_s,
                                       u"task.put_off"_s,
                                       u"session.paused"_s,
                                       u"session.near_limit"_s,
                                       u"run.near_budget"_s,
                                       u"run.budget_crossed"_s,
                                       u"inbox.opened"_s,
                                       u"session.permission_requested"_s,
                                       u"step.approval_requested"_s,
                                       u"session.rate_limited"_s,
                                       u"session.silent"_s,
                                       u"session.question_asked"_s,
                                       u"schedule.put_back"_s,
                                       u"schedule.delayed"_s,
                                       u"schedule.skipped"_s};
    if (bad.contains(outcome) || bad.contains(status) || warning.contains(event.kind) ||
        (event.kind == "permission.decided"_L1 && !data.value("allowed"_L1).toBool()) ||
        (event.kind == "session.ended"_L1 && !text(data, "reason"_L1).isEmpty()))
        return EventTone::Bad;
    if (waiting.contains(event.kind))
        return EventTone::Waiting;
    if (status == "completed"_L1)
        return EventTone::Good;
    if (event.kind == "step.started"_L1 || event.kind == "run.started"_L1 ||
        event.kind == "task.claimed"_L1 || event.kind == "schedule.started"_L1)
        return EventTone::Running;
    return EventTone::Plain;
}

} // namespace muster
