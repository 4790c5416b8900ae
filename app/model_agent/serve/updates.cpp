#include "app/model_agent/serve/updates.h"

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

QJsonObject textContent(const QString &text) { return {{"type"_L1, "text"_L1}, {"text"_L1, text}}; }

} // namespace

QJsonObject textUpdate(const QString &kind, const QString &messageId, const QString &text)
{
    QJsonObject update{{"sessionUpdate"_L1, kind}, {"content"_L1, textContent(text)}};
    if (!messageId.isEmpty())
        update.insert("messageId"_L1, messageId);
    return update;
}

QJsonObject usageJson(const ModelUsage &turn)
{
    return {{"inputTokens"_L1, turn.input},
            {"outputTokens"_L1, turn.output},
            {"cachedReadTokens"_L1, turn.cached},
            {"totalTokens"_L1, turn.input + turn.output}};
}

QJsonObject usageUpdate(const ModelUsage &turn)
{
    QJsonObject update = textUpdate(u"agent_message_chunk"_s, {}, {});
    update.insert("_meta"_L1, QJsonObject{{"usage"_L1, usageJson(turn)}});
    return update;
}

QJsonObject warningUpdate(const QString &code, const QString &message)
{
    const QJsonObject warning{{"code"_L1, code}, {"message"_L1, message}};
    return {{"sessionUpdate"_L1, "session_info_update"_L1},
            {"_meta"_L1, QJsonObject{{"muster"_L1, QJsonObject{{"warning"_L1, warning}}}}}};
}

QJsonObject toolCall(const QString &id, const ToolPlan &plan)
{
    QJsonArray locations;
    if (!plan.path.isEmpty())
        locations.append(QJsonObject{{"path"_L1, plan.path}});
    QJsonObject call{{"toolCallId"_L1, id},
                     {"title"_L1, plan.title},
                     {"kind"_L1, plan.kind},
                     {"status"_L1, "pending"_L1},
                     {"locations"_L1, locations}};
    if (!plan.command.isEmpty())
        call.insert("rawInput"_L1, QJsonObject{{"command"_L1, plan.command}});
    else if (!plan.path.isEmpty())
        call.insert("rawInput"_L1, QJsonObject{{"path"_L1, plan.path}});
    if (plan.edit) {
        const QJsonValue before = plan.edit->existed ? QJsonValue(plan.edit->before) : QJsonValue();
        call.insert("content"_L1, QJsonArray{QJsonObject{{"type"_L1, "diff"_L1},
                                                         {"path"_L1, plan.path},
                                                         {"oldText"_L1, before},
                                                         {"newText"_L1, plan.edit->after}}});
    }
    return call;
}

QJsonObject toolUpdate(const QString &id, const QString &status, const QString &text)
{
    QJsonObject update{
        {"sessionUpdate"_L1, "tool_call_update"_L1}, {"toolCallId"_L1, id}, {"status"_L1, status}};
    if (!text.isEmpty())
        update.insert("content"_L1,
                      QJsonArray{QJsonObject{{"type"_L1, "content"_L1}, {"content"_L1, textContent(text)}}});
    return update;
}

} // namespace muster::model
