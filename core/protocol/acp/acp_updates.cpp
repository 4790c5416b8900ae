// What an agent says in AcpAdapter: lines to messages, session/update to events.
#include "core/protocol/acp/acp_adapter.h"
#include "core/protocol/excerpt.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptLastText = 4096; // of the last message, for errors that come as text

// Text of a content block; what is not text is named, so that nothing vanishes.
QString blockText(const QJsonObject &block)
{
    const QString type = block.value("type"_L1).toString();
    if (type == "text"_L1)
        return block.value("text"_L1).toString();
    if (type == "resource"_L1)
        return block.value("resource"_L1)["text"_L1].toString();
    if (type == "resource_link"_L1)
        return block.value("uri"_L1).toString();
    return {};
}

} // namespace

void AcpAdapter::takeLine(const Frame &frame)
{
    if (frame.kind == Frame::Kind::TooLong)
        return warn(u"line_too_long"_s, QString::number(frame.size));
    if (frame.invalidUtf8)
        warn(u"invalid_utf8"_s, excerpt(frame.line));
    AcpChunk chunk;
    if (m_phase == Phase::Ready && m_chunks.read(frame.line, chunk) && chunk.sessionId == m_sessionId)
        return takeChunk(chunk);
    if (frame.line.trimmed().isEmpty())
        return;
    if (const auto read = m_peer.receive(frame.line); !read)
        warn(u"not_a_message"_s, excerpt(frame.line));
}

QString AcpAdapter::messageKey(const AcpChunk &chunk)
{
    if (!chunk.messageId.isEmpty()) {
        m_implicitMessage.clear();
        return chunk.messageId;
    }
    if (m_implicitMessage.isEmpty() || chunk.kind != m_lastChunkKind)
        m_implicitMessage = QString::number(m_turn) + u'.' + QString::number(++m_segment);
    m_lastChunkKind = chunk.kind;
    return m_implicitMessage;
}

void AcpAdapter::takeChunk(const AcpChunk &chunk)
{
    if (chunk.text.isEmpty())
        return;
    const QString key = messageKey(chunk);
    if (chunk.kind == AcpChunk::Kind::Thinking)
        return m_sink.happened(ThinkingDelta{.messageId = key, .text = chunk.text});
    if (!m_quirks.errorTexts.empty()) {
        if (m_lastMessage != key)
            m_lastText.clear();
        m_lastMessage = key;
        m_lastText += QStringView(chunk.text).left(keptLastText - m_lastText.size());
    }
    m_sink.happened(TextDelta{.messageId = key, .text = chunk.text});
}

void AcpAdapter::takeUpdate(const RpcNotification &notification)
{
    const auto params = asObject(notification.params);
    const QJsonObject update = params ? params->value("update"_L1).toObject() : QJsonObject();
    const QString kind = update.value("sessionUpdate"_L1).toString();
    if (kind.isEmpty())
        return warn(u"bad_update"_s, excerpt(notification.params));
    // Some agents speak of a session before they have told its id.
    const QString session = params->value("sessionId"_L1).toString();
    if (!m_sessionId.isEmpty() && session != m_sessionId)
        return warn(u"other_session"_s, session.left(256));
    applyUpdate(kind, update);
}

void AcpAdapter::applyUpdate(const QString &kind, const QJsonObject &update)
{
    if (kind.endsWith("_chunk"_L1))
        return takeUpdateChunk(kind, update);
    if (kind == "tool_call"_L1 || kind == "tool_call_update"_L1)
        return emitAll(m_tools.update(update));
    if (kind == "plan"_L1)
        return takePlan(update);
    if (kind == "session_info_update"_L1)
        return takeSessionInfo(update);
    if (kind == "usage_update"_L1) {
        m_state.insert("context_used"_L1, update.value("used"_L1));
        m_state.insert("context_size"_L1, update.value("size"_L1));
        if (const auto usage = m_usage.fromUpdate(update); usage && m_inTurn)
            emitEvent(*usage);
        return;
    }
    takeState(kind, update);
}

void AcpAdapter::takeUpdateChunk(const QString &kind, const QJsonObject &update)
{
    const QString text = blockText(update.value("content"_L1).toObject());
    if (kind == "user_message_chunk"_L1) {
        if (m_replaying)
            m_sink.repeated({.personText = text, .event = {}});
        return;
    }
    if (kind != "agent_message_chunk"_L1 && kind != "agent_thought_chunk"_L1)
        return warn(u"unknown_update"_s, excerpt(update));
    if (const auto usage = m_usage.fromAnswer(update); usage && m_inTurn)
        emitEvent(*usage);
    AcpChunk chunk{.kind = kind == "agent_thought_chunk"_L1 ? AcpChunk::Kind::Thinking : AcpChunk::Kind::Text,
                   .sessionId = m_sessionId,
                   .messageId = update.value("messageId"_L1).toString(),
                   .text = text};
    if (!m_replaying)
        return takeChunk(chunk);
    const QString key = messageKey(chunk);
    m_sink.repeated({.personText = {},
                     .event = chunk.kind == AcpChunk::Kind::Text
                                  ? SessionEvent(TextDelta{.messageId = key, .text = text})
                                  : SessionEvent(ThinkingDelta{.messageId = key, .text = text})});
}

void AcpAdapter::takePlan(const QJsonObject &update)
{
    PlanUpdated plan;
    const QJsonArray entries = update.value("entries"_L1).toArray();
    for (const auto &entry : entries)
        plan.entries.push_back(
            {.text = entry["content"_L1].toString(), .status = entry["status"_L1].toString()});
    emitEvent(plan);
}

// Codex says here, in fields of its own, what its answer to the prompt then leaves out.
void AcpAdapter::takeSessionInfo(const QJsonObject &update)
{
    if (const QString title = update.value("title"_L1).toString(); !title.isEmpty())
        m_state.insert("title"_L1, title);
    // Ours says so when it asks a model again.
    const QJsonObject warning = update.value("_meta"_L1)["muster"_L1]["warning"_L1].toObject();
    if (!warning.isEmpty() && m_inTurn)
        warn(warning.value("code"_L1).toString(), warning.value("message"_L1).toString().left(keptRaw));
    const QJsonObject codex = update.value("_meta"_L1)["codex"_L1].toObject();
    if (const QJsonObject error = codex.value("error"_L1).toObject(); !error.isEmpty()) {
        int status = 0;
        const QJsonObject info = error.value("codexErrorInfo"_L1).toObject();
        for (auto it = info.constBegin(); it != info.constEnd(); ++it)
            status = std::max(status, it.value()["httpStatusCode"_L1].toInt());
        m_lastError = {.code = status, .message = error.value("additionalDetails"_L1).toString()};
        const QString message = error.value("message"_L1).toString();
        if (status == 429)
            emitEvent(RateLimited{.hard = false, .resetAtMs = {}, .detail = message});
        else
            warn(u"agent_error"_s, message);
    }
    m_gaveUp = m_gaveUp || codex.value("threadStatus"_L1)["type"_L1].toString() == "systemError"_L1;
}

void AcpAdapter::takeState(const QString &kind, const QJsonObject &update)
{
    static const QHash<QString, std::pair<QString, QString>> states{
        {u"available_commands_update"_s, {u"availableCommands"_s, u"commands"_s}},
        {u"current_mode_update"_s, {u"currentModeId"_s, u"mode"_s}},
        {u"config_option_update"_s, {u"configOptions"_s, u"config_options"_s}},
    };
    const auto found = states.constFind(kind);
    if (found == states.cend())
        return warn(u"unknown_update"_s, excerpt(update));
    m_state.insert(found->second, update.value(found->first));
}

void AcpAdapter::emitEvent(const SessionEvent &event)
{
    if (m_replaying)
        return m_sink.repeated({.personText = {}, .event = event});
    m_sink.happened(event);
}

void AcpAdapter::emitAll(const AcpTools::Events &events)
{
    if (!events.empty())
        m_implicitMessage.clear(); // what an agent says after a tool is another message
    for (const SessionEvent &event : events)
        emitEvent(event);
}

void AcpAdapter::warn(const QString &code, const QString &detail)
{
    if (++m_warnings <= maxWarnings)
        m_sink.happened(SessionWarning{.code = code, .detail = detail});
}

} // namespace muster
