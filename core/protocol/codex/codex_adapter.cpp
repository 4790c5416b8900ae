// What the app-server says of items, plans and diffs; the turn is in codex_turn.cpp, what it asks for in
// codex_requests.cpp, how it is opened in codex_handshake.cpp.
#include "core/protocol/codex/codex_adapter.h"

#include "core/protocol/excerpt.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

CodexAdapter::CodexAdapter(ProtocolSink &sink, qsizetype maxLine)
    : TurnAdapter(sink, maxLine)
    , m_peer([&sink](const QByteArray &bytes) { sink.send(bytes); }, {}, RpcDialect::Bare)
    , m_items(sink, tools())
{
    on(u"item/started"_s, &CodexAdapter::takeItemStarted);
    on(u"item/completed"_s, &CodexAdapter::takeItemCompleted);
    on(u"item/agentMessage/delta"_s, &CodexAdapter::takeText);
    on(u"item/plan/delta"_s, &CodexAdapter::takeText);
    on(u"item/reasoning/textDelta"_s, &CodexAdapter::takeThinking);
    on(u"item/reasoning/summaryTextDelta"_s, &CodexAdapter::takeThinking);
    on(u"item/reasoning/summaryPartAdded"_s, &CodexAdapter::takeThinkingPart);
    on(u"item/commandExecution/outputDelta"_s, &CodexAdapter::takeOutput);
    on(u"turn/diff/updated"_s, &CodexAdapter::takeDiff);
    on(u"turn/plan/updated"_s, &CodexAdapter::takePlan);
    on(u"serverRequest/resolved"_s, &CodexAdapter::takeResolved);
    on(u"warning"_s, &CodexAdapter::takeNote);
    on(u"configWarning"_s, &CodexAdapter::takeNote);
    on(u"guardianWarning"_s, &CodexAdapter::takeNote);
    on(u"deprecationNotice"_s, &CodexAdapter::takeNote);
    on(u"mcpServer/startupStatus/updated"_s, &CodexAdapter::takeServerStatus);
    registerTurn();
    registerRequests();
}

void CodexAdapter::on(const QString &method, Handler handler)
{
    m_peer.onNotification(method, [this, handler](const RpcNotification &notification) {
        const auto params = asObject(notification.params);
        if (!params)
            return warn(u"bad_message"_s, excerpt(notification.params));
        const QJsonValue thread = params->value("threadId"_L1);
        if (!thread.isString() || m_threadId.isEmpty() || thread.toString() == m_threadId)
            (this->*handler)(*params);
    });
}

bool CodexAdapter::takeLine(QByteArrayView line) { return m_peer.receive(line).has_value(); }

void CodexAdapter::connectionClosed()
{
    m_asked.clear();
    m_peer.close({.message = u"the stream has ended"_s});
}

void CodexAdapter::takeItemStarted(const QJsonObject &params)
{
    if (inTurn())
        m_items.started(params.value("item"_L1).toObject());
}

void CodexAdapter::takeItemCompleted(const QJsonObject &params)
{
    const QJsonObject item = params.value("item"_L1).toObject();
    if (inTurn() && !m_items.completed(item))
        warn(u"unknown_item"_s, item.value("type"_L1).toString().left(256));
}

void CodexAdapter::takeText(const QJsonObject &params)
{
    if (inTurn())
        m_items.textDelta(params.value("itemId"_L1).toString(), params.value("delta"_L1).toString());
}

void CodexAdapter::takeThinking(const QJsonObject &params)
{
    if (inTurn())
        m_items.thinkingDelta(params.value("itemId"_L1).toString(), params.value("delta"_L1).toString());
}

void CodexAdapter::takeThinkingPart(const QJsonObject &params)
{
    if (inTurn() && params.value("summaryIndex"_L1).toInteger() > 0)
        m_items.thinkingDelta(params.value("itemId"_L1).toString(), u"\n\n"_s);
}

void CodexAdapter::takeServerStatus(const QJsonObject &params)
{
    if (params.value("status"_L1).toString() == "failed"_L1)
        warn(u"mcp_server_failed"_s,
             params.value("name"_L1).toString() + u": " + params.value("error"_L1).toString());
}

void CodexAdapter::takeOutput(const QJsonObject &params)
{
    tools().output(params.value("itemId"_L1).toString(), params.value("delta"_L1).toString());
}

void CodexAdapter::takeDiff(const QJsonObject &params)
{
    if (inTurn())
        m_items.diff(params.value("diff"_L1).toString(), request().workingDir);
}

void CodexAdapter::takePlan(const QJsonObject &params)
{
    if (!inTurn())
        return;
    PlanUpdated plan;
    const QJsonArray steps = params.value("plan"_L1).toArray();
    for (const auto &step : steps) {
        const QString status = step["status"_L1].toString();
        plan.entries.push_back({.text = step["step"_L1].toString(),
                                .status = status == "inProgress"_L1 ? u"in_progress"_s : status});
    }
    say(plan);
}

void CodexAdapter::takeResolved(const QJsonObject &params)
{
    const QJsonValue id = params.value("requestId"_L1);
    const RpcId rpcId = id.isString() ? RpcId(id.toString()) : RpcId(id.toInteger());
    const QStringList asked = m_asked.take(rpcId);
    if (asked.isEmpty())
        return;
    m_peer.dismiss(rpcId);
    for (const QString &requestId : asked)
        requestGone(requestId);
}

void CodexAdapter::takeNote(const QJsonObject &params)
{
    const QString message = params.value("message"_L1).toString();
    warn(u"agent_note"_s, message.isEmpty() ? params.value("summary"_L1).toString() : message);
}

} // namespace muster
