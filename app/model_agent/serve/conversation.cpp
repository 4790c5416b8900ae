#include "app/model_agent/serve/conversation.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::model {

Result<Conversation> ConversationStore::load(const QString &id) const
{
    auto conversation = m_sessions.load(id);
    if (conversation)
        closeOpenCalls(conversation->messages, u"Interrupted: what became of it is not known."_s);
    return conversation;
}

void closeOpenCalls(std::vector<ModelMessage> &messages, const QString &words)
{
    if (messages.empty())
        return;
    const auto lastModel =
        std::ranges::find(messages.rbegin(), messages.rend(), ModelRole::Model, &ModelMessage::role);
    if (lastModel == messages.rend())
        return;
    const auto after = lastModel.base(); // what came back, if anything did
    QStringList answered;
    if (after != messages.end()) {
        for (const ModelPart &part : after->parts)
            answered += part.callId;
    }
    std::vector<ModelPart> missing;
    for (const ModelPart &part : lastModel->parts) {
        if (part.kind == ModelPartKind::ToolCall && !answered.contains(part.callId))
            missing.push_back({.kind = ModelPartKind::ToolResult,
                               .text = words,
                               .callId = part.callId,
                               .tool = part.tool,
                               .failed = true});
    }
    if (missing.empty())
        return;
    if (after == messages.end())
        messages.push_back({.role = ModelRole::Person, .parts = std::move(missing)});
    else
        after->parts.insert(after->parts.begin(), missing.begin(), missing.end());
}

} // namespace muster::model
