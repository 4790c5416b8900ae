#include "app/demo_agent/serve/actions.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/serve/command.h"

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QJsonObject diffOf(const Edit &edit)
{
    QJsonObject diff{{u"type"_s, u"diff"_s}, {u"path"_s, edit.path}, {u"newText"_s, edit.newText}};
    diff.insert(u"oldText"_s, edit.existed ? QJsonValue(edit.oldText) : QJsonValue(QJsonValue::Null));
    return diff;
}

} // namespace

Actions::Actions(QString root, Narrator &narrator, Standing &standing)
    : m_root(std::move(root))
    , m_narrator(narrator)
    , m_standing(standing)
{
}

void Actions::announce(QJsonObject call)
{
    call.insert(u"sessionUpdate"_s, u"tool_call"_s);
    m_narrator.port().update(call);
}

void Actions::settle(const QString &id, const QString &status, const QString &text,
                     const QJsonObject &rawOutput)
{
    QJsonObject update{
        {u"sessionUpdate"_s, u"tool_call_update"_s}, {u"toolCallId"_s, id}, {u"status"_s, status}};
    if (!text.isEmpty())
        update.insert(u"content"_s, textContent(text));
    if (!rawOutput.isEmpty())
        update.insert(u"rawOutput"_s, rawOutput);
    m_narrator.port().update(update);
}

Permission Actions::permissionFor(const QString &key, const QJsonObject &toolCall)
{
    if (m_standing.refused.contains(key) || m_standing.readOnly)
        return Permission::Rejected;
    if (m_standing.allowed.contains(key))
        return Permission::Allowed;
    const Permission answer = m_narrator.port().ask(toolCall);
    if (answer == Permission::AllowedAlways)
        m_standing.allowed.insert(key);
    if (answer == Permission::RejectedAlways)
        m_standing.refused.insert(key);
    return answer;
}

QString Actions::refusal(Permission answer, const QString &what) const
{
    if (answer == Permission::Cancelled)
        return u"The request to "_s + what + u" was cancelled, so nothing was changed."_s;
    return u"I was not allowed to "_s + what +
           (m_standing.readOnly ? u" (this session is read-only)"_s : u""_s) + u", so nothing was changed."_s;
}

QString Actions::write(const Edit &edit, const QString &within)
{
    m_done = false;
    const QString id = m_narrator.nextCallId();
    const QString what = (edit.existed ? u"change "_s : u"write "_s) + code(edit.shown);
    const QJsonObject call{{u"toolCallId"_s, id},
                           {u"title"_s, QString((edit.existed ? u"Change "_s : u"Write "_s) + edit.shown)},
                           {u"kind"_s, u"edit"_s},
                           {u"status"_s, u"pending"_s},
                           {u"locations"_s, QJsonArray{QJsonObject{{u"path"_s, edit.path}}}},
                           {u"rawInput"_s, QJsonObject{{u"path"_s, edit.path}}},
                           {u"content"_s, QJsonArray{diffOf(edit)}}};
    announce(call);
    const Permission answer = permissionFor(u"edit:"_s + edit.path, call);
    if (answer != Permission::Allowed && answer != Permission::AllowedAlways) {
        settle(id, u"failed"_s, u"Not allowed."_s);
        return refusal(answer, what);
    }
    settle(id, u"in_progress"_s, {});
    if (const Status done = applyEdit(within.isEmpty() ? m_root : within, edit); !done) {
        const QString why = done.error().code == ErrorCode::Conflict ? u"it changed while I was asking"_s
                                                                     : done.error().detail;
        settle(id, u"failed"_s, why);
        return u"I could not "_s + what + u": "_s + why + u'.';
    }
    m_done = true;
    QJsonObject update{{u"sessionUpdate"_s, u"tool_call_update"_s},
                       {u"toolCallId"_s, id},
                       {u"status"_s, u"completed"_s},
                       {u"content"_s, QJsonArray{diffOf(edit)}}};
    m_narrator.port().update(update);
    return (edit.existed ? u"Changed "_s : u"Wrote "_s) + code(edit.shown) + u" ("_s +
           counted(edit.newText.count(u'\n'), u"line"_s) + u")."_s;
}

QString Actions::run(const QString &command)
{
    m_done = false;
    const QString id = m_narrator.nextCallId();
    const QJsonObject call{{u"toolCallId"_s, id},
                           {u"title"_s, command},
                           {u"kind"_s, u"execute"_s},
                           {u"status"_s, u"pending"_s},
                           {u"rawInput"_s, QJsonObject{{u"command"_s, command}, {u"cwd"_s, m_root}}}};
    announce(call);
    const Permission answer = permissionFor(u"run:"_s + command, call);
    if (answer != Permission::Allowed && answer != Permission::AllowedAlways) {
        settle(id, u"failed"_s, u"Not allowed."_s);
        return refusal(answer, u"run "_s + code(command));
    }
    settle(id, u"in_progress"_s, {});
    return execute(id, command);
}

QString Actions::execute(const QString &id, const QString &command)
{
    const auto show = [&](const QString &output) {
        settle(id, u"in_progress"_s, output);
    };
    const CommandResult result = runCommand(m_root, command, m_narrator.port(), show);
    const QString output = result.output.trimmed();
    if (result.stopped) {
        settle(id, u"failed"_s, output + u"\n(stopped)"_s);
        return u"Stopped "_s + code(command) + u'.';
    }
    m_done = result.exitCode == 0;
    settle(id, m_done ? u"completed"_s : u"failed"_s, output, {{u"exitCode"_s, result.exitCode}});
    QString text = code(command) +
                   (result.started ? QString(u" ended with exit code "_s + QString::number(result.exitCode))
                                   : u" could not be started"_s);
    if (output.isEmpty())
        return text + u" and said nothing."_s;
    const QStringList lines = output.split(u'\n');
    const qsizetype shown = std::min<qsizetype>(lines.size(), 40);
    text += (shown < lines.size()
                 ? QString(u"; its last "_s + number(shown) + u" of "_s + counted(lines.size(), u"line"_s))
                 : QString()) +
            u":\n\n```\n"_s + lines.last(shown).join(u'\n') + u"\n```\n"_s;
    return text;
}

} // namespace muster::demo
