#include "app/model_agent/serve/updates.h"

using namespace Qt::StringLiterals;

namespace muster::model {

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

} // namespace muster::model
