// What the app-server asks of CodexAdapter. All else it may ask for is answered "method not found".
#include "core/protocol/codex/codex_adapter.h"
#include "core/protocol/excerpt.h"

#include <QJsonArray>

#include <memory>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxQuestions = 16; // of one request

QuestionAsked readQuestion(const QJsonObject &question)
{
    QuestionAsked asked{.requestId = {}, .text = question.value("question"_L1).toString()};
    const QJsonArray options = question.value("options"_L1).toArray();
    for (const auto &option : options) {
        asked.choices.append(option["label"_L1].toString());
        asked.details.append(option["description"_L1].toString());
    }
    return asked;
}

} // namespace

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
                     [this](const RpcRequest &request) { takeQuestions(request); });
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
        m_asked.insert(request.id, {permission});
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
        sendOn(answer->message);
}

void CodexAdapter::takeElicitation(const RpcRequest &request)
{
    const auto params = asObject(request.params);
    const QJsonObject meta = params ? params->value("_meta"_L1).toObject() : QJsonObject();
    if (meta.value("codex_approval_kind"_L1).toString() == "mcp_tool_call"_L1)
        return takeApproval(CodexApproval::McpTool, request);
    const QString message = params ? params->value("message"_L1).toString() : QString();
    m_peer.respond(request.id, approvalAnswer(CodexApproval::McpTool, {}, CodexDecision::Decline));
    warn(u"unanswered_form"_s, message); // a form of a server's own, which nothing here can fill in
}

void CodexAdapter::takeQuestions(const RpcRequest &request)
{
    const auto params = asObject(request.params);
    const QJsonArray questions = params ? params->value("questions"_L1).toArray() : QJsonArray();
    if (questions.isEmpty() || questions.size() > maxQuestions) { // it would wait for ever
        m_peer.respond(request.id, QJsonObject{{"answers"_L1, QJsonObject()}});
        return warn(u"bad_question"_s, excerpt(request.params));
    }
    askQuestions(request.id, questions);
}

// Codex takes the answers to all questions of a request at once.
void CodexAdapter::askQuestions(const RpcId &id, const QJsonArray &questions)
{
    struct Given {
        QJsonObject answers;
        qsizetype open = 0;
    };
    const auto given = std::make_shared<Given>(QJsonObject(), questions.size());
    QStringList asked;
    for (const auto &question : questions) {
        const auto reply = [this, id, given,
                            key = question["id"_L1].toString()](const QuestionAnswer *answer) {
            if (answer && answer->given)
                given->answers.insert(key, QJsonObject{{"answers"_L1, QJsonArray{answer->text}}});
            if (--given->open > 0)
                return;
            m_asked.remove(id);
            m_peer.respond(id, QJsonObject{{"answers"_L1, given->answers}});
            if (answer && !answer->given && !answer->text.isEmpty())
                sendOn(answer->text);
        };
        asked += askQuestion(readQuestion(question.toObject()), reply);
    }
    asked.removeAll(QString());
    // All may be answered already: then this entry finds nothing.
    if (!asked.isEmpty())
        m_asked.insert(id, asked);
}

} // namespace muster
