// What the model says and does in ClaudeAdapter: pieces of a message as they stream, whole messages, results
// of tools.
#include "core/protocol/claude/claude_adapter.h"
#include "core/protocol/excerpt.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxMessages = 4096; // of one turn whose pieces are counted

QString contentText(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    QStringList texts;
    const QJsonArray parts = content.toArray();
    for (const auto &part : parts) {
        if (const QString text = part["text"_L1].toString(); !text.isEmpty())
            texts.append(text);
    }
    return texts.join(u'\n');
}

} // namespace

void ClaudeAdapter::takeStreamEvent(const QJsonObject &message, QByteArrayView raw)
{
    const QJsonObject event = message.value("event"_L1).toObject();
    const QString type = event.value("type"_L1).toString();
    const QString parent = message.value("parent_tool_use_id"_L1).toString();
    if (type == "content_block_delta"_L1) {
        const QJsonObject delta = event.value("delta"_L1).toObject();
        const bool thinking = delta.value("type"_L1).toString() == "thinking_delta"_L1;
        return takeDelta(thinking, delta.value(thinking ? "thinking"_L1 : "text"_L1).toString(), parent);
    }
    if (type == "message_start"_L1) {
        if (parent.isEmpty())
            m_message = event.value("message"_L1)["id"_L1].toString();
        return;
    }
    if (type == "message_delta"_L1) {
        const QString id = message.value("api_message_id"_L1).toString();
        if (const auto usage =
                m_usage.fromCall(id.isEmpty() ? m_message : id, event.value("usage"_L1).toObject());
            usage && m_inTurn)
            m_sink.happened(*usage);
        return;
    }
    if (!type.startsWith("content_block_"_L1) && type != "message_stop"_L1 && type != "ping"_L1 &&
        type != "goal_state"_L1)
        warn(u"unknown_message"_s, excerpt(raw));
}

void ClaudeAdapter::takeDelta(bool thinking, const QString &text, const QString &parent)
{
    if (text.isEmpty())
        return;
    if (!parent.isEmpty()) // a sub-agent's words come whole, as output of the tool that runs it
        return;
    if (m_message.isEmpty())
        m_message = u"m"_s + QString::number(++m_unnamed);
    if (m_said.size() >= maxMessages)
        m_said.clear();
    m_said[m_message].streamed[thinking ? 1 : 0] += text.size();
    if (thinking)
        m_sink.happened(ThinkingDelta{.messageId = m_message, .text = text});
    else
        m_sink.happened(TextDelta{.messageId = m_message, .text = text});
}

void ClaudeAdapter::takeAssistant(const QJsonObject &message)
{
    const QJsonObject body = message.value("message"_L1).toObject();
    const QString parent = message.value("parent_tool_use_id"_L1).toString();
    const QString id = body.value("id"_L1).toString();
    // An error that the agent words itself belongs to the turn's end, not to what the model said.
    if (const QString error = message.value("error"_L1).toString(); !error.isEmpty()) {
        m_lastError = error.left(keptRaw);
        return;
    }
    if (const auto usage = m_usage.fromCall(id, body.value("usage"_L1).toObject()); usage && m_inTurn)
        m_sink.happened(*usage);
    const QJsonArray blocks = body.value("content"_L1).toArray();
    for (const auto &block : blocks)
        takeBlock(block.toObject(), id, parent);
}

void ClaudeAdapter::takeBlock(const QJsonObject &block, const QString &messageId, const QString &parent)
{
    const QString type = block.value("type"_L1).toString();
    if (type == "text"_L1)
        return takeWholeText(false, block.value("text"_L1).toString(), messageId, parent);
    if (type == "thinking"_L1)
        return takeWholeText(true, block.value("thinking"_L1).toString(), messageId, parent);
    if (type == "tool_use"_L1 || type == "server_tool_use"_L1 || type == "mcp_tool_use"_L1)
        emitAll(m_tools.started(block.value("id"_L1).toString(), block.value("name"_L1).toString(),
                                block.value("input"_L1).toObject()));
}

// A block comes whole after its pieces, or without any when nothing was streamed: only what is new is said.
void ClaudeAdapter::takeWholeText(bool thinking, const QString &text, const QString &messageId,
                                  const QString &parent)
{
    if (!parent.isEmpty())
        return emitAll(m_tools.said(parent, thinking ? QString() : text));
    const QString key = messageId.isEmpty() ? m_message : messageId;
    Said said = m_said.value(key);
    const int which = thinking ? 1 : 0;
    said.confirmed[which] += text.size();
    const qsizetype missing = std::min(said.confirmed[which] - said.streamed[which], text.size());
    said.streamed[which] = std::max(said.streamed[which], said.confirmed[which]);
    if (m_said.contains(key))
        m_said.insert(key, said);
    if (missing <= 0)
        return;
    m_message = key;
    takeDelta(thinking, text.last(missing), parent);
    m_said.insert(m_message, said);
}

void ClaudeAdapter::takeUser(const QJsonObject &message)
{
    if (message.value("isReplay"_L1).toBool())
        return;
    const QJsonArray metas = message.value("tool_result_meta"_L1).toArray();
    const QJsonArray blocks = message.value("message"_L1)["content"_L1].toArray();
    for (const auto &item : blocks) {
        const QJsonObject block = item.toObject();
        if (block.value("type"_L1).toString() != "tool_result"_L1)
            continue;
        ClaudeToolResult result{.toolId = block.value("tool_use_id"_L1).toString(),
                                .output = contentText(block.value("content"_L1)),
                                .failed = block.value("is_error"_L1).toBool(),
                                .rejected = false,
                                .cancelled = m_cancelling,
                                .changedPath = message.value("tool_use_result"_L1)["filePath"_L1].toString()};
        for (const auto &meta : metas)
            result.rejected =
                result.rejected || (result.failed && meta["id"_L1].toString() == result.toolId &&
                                    meta["permission_decision"_L1]["decision"_L1].toString() == "reject"_L1);
        emitAll(m_tools.finished(result));
    }
}

} // namespace muster
