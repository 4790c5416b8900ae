// What the app-server asks of CodexAdapter. All else it may ask for is answered "method not found".
#include "core/protocol/codex/codex_adapter.h"
#include "core/protocol/excerpt.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

void CodexAdapter::registerRequests()
{
    const auto approval = [this](const QString &method, CodexApproval kind) {
        m_peer.onRequest(method, [this, kind](const RpcRequest &request) { takeApproval(kind, request); });
    };
    approval(u"item/commandExecution/requestApproval"_s, CodexApproval::Command);
    approval(u"item/fileChange/requestApproval"_s, CodexApproval::FileChange);
    approval(u"item/permissions/requestApproval"_s, CodexApproval::Permissions);
    m_peer.onRequest(u"mcpServer/elicitation/request"_s,
                     [this](const RpcRequest &request) { takeElicitation(request); });
    m_peer.onRequest(u"item/tool/requestUserInput"_s,
                     [this](const RpcRequest &request) { takeQuestion(request); });
}

void CodexAdapter::takeApproval(CodexApproval kind, const RpcRequest &request)
{
    const auto params = asObject(request.params);
    if (!params) {
        m_peer.respondError(request.id, {.code = RpcInvalidParams, .message = params.error().detail});
        return warn(u"bad_permission_request"_s, excerpt(request.params));
    }
    const QString itemId = params->value("itemId"_L1).toString();
    const QString permission =
        askPermission(readApproval(kind, *params, tools().find(itemId), m_items.diffOf(itemId)),
                      [this, kind, id = request.id, params = *params](const PermissionAnswer *answer) {
        answered(kind, id, params, answer);
    });
    // The sink may have answered already: then the id is no longer open, and this entry finds nothing.
    if (!permission.isEmpty())
        m_asked.insert(request.id, permission);
}

void CodexAdapter::answered(CodexApproval kind, const RpcId &id, const QJsonObject &params,
                            const PermissionAnswer *answer)
{
    m_asked.remove(id);
    CodexDecision decision = CodexDecision::Cancel;
    if (answer)
        decision = answer->allowed ? CodexDecision::Accept : CodexDecision::Decline;
    else if (!isCancelling()) // refused without a person: the agent may go on
        decision = CodexDecision::Decline;
    m_peer.respond(id, approvalAnswer(kind, params, decision));
    // A decision has no place for words; said into the running turn they reach the agent with it.
    if (answer && !answer->allowed && !answer->message.isEmpty())
        steer(answer->message);
}

void CodexAdapter::takeElicitation(const RpcRequest &request)
{
    const auto params = asObject(request.params);
    const QJsonObject meta = params ? params->value("_meta"_L1).toObject() : QJsonObject();
    if (meta.value("codex_approval_kind"_L1).toString() == "mcp_tool_call"_L1)
        return takeApproval(CodexApproval::McpTool, request);
    const QString message = params ? params->value("message"_L1).toString() : QString();
    m_peer.respond(request.id, approvalAnswer(CodexApproval::McpTool, {}, CodexDecision::Decline));
    if (inTurn())
        tellQuestion(message, {});
}

void CodexAdapter::takeQuestion(const RpcRequest &request)
{
    const auto params = asObject(request.params);
    // Answered at once, with no answers: Codex would wait for ever.
    m_peer.respond(request.id, QJsonObject{{"answers"_L1, QJsonObject()}});
    const QJsonArray questions = params ? params->value("questions"_L1).toArray() : QJsonArray();
    for (qsizetype i = 0; inTurn() && i < std::min<qsizetype>(questions.size(), 16); ++i) {
        const QJsonObject question = questions.at(i).toObject();
        QStringList choices;
        const QJsonArray options = question.value("options"_L1).toArray();
        for (const auto &option : options)
            choices.append(option["label"_L1].toString());
        tellQuestion(question.value("question"_L1).toString(), choices);
    }
}

} // namespace muster
