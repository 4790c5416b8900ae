// Control requests of ClaudeAdapter, both ways: the handshake, what a person is asked, the interrupt.
#include "core/protocol/claude/claude_adapter.h"
#include "core/protocol/claude/claude_permission.h"
#include "core/protocol/excerpt.h"

#include <QJsonArray>

#include <algorithm>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxAsked = 256; // at once; an agent that asks more is broken

// What model the agent would take by itself, as its answer to `initialize` lists them.
QString defaultModel(const QJsonObject &answer)
{
    const QJsonArray models = answer.value("models"_L1).toArray();
    for (const auto &model : models) {
        if (model["value"_L1].toString() == "default"_L1)
            return model["resolvedModel"_L1].toString().left(keptRaw);
    }
    return {};
}

// Of several choices these programs want one text.
QString onOneLine(const QString &answer) { return answer.split(u'\n', Qt::SkipEmptyParts).join(u", "_s); }

} // namespace

void ClaudeAdapter::sendControl(Awaited what, QJsonObject request)
{
    const QString id = u"req_"_s + QString::number(++m_lastControl);
    m_awaited.insert(id, what);
    write({{"type"_L1, "control_request"_L1}, {"request_id"_L1, id}, {"request"_L1, std::move(request)}});
}

void ClaudeAdapter::sendAnswer(const QJsonValue &controlId, const QJsonObject &response)
{
    write({{"type"_L1, "control_response"_L1},
           {"response"_L1, QJsonObject{{"subtype"_L1, "success"_L1},
                                       {"request_id"_L1, controlId},
                                       {"response"_L1, response}}}});
}

void ClaudeAdapter::takeControlResponse(const QJsonObject &message)
{
    const QJsonObject response = message.value("response"_L1).toObject();
    const auto found = m_awaited.constFind(response.value("request_id"_L1).toString());
    if (found == m_awaited.cend())
        return;
    const Awaited what = *found;
    m_awaited.erase(found);
    const bool refused = response.value("subtype"_L1).toString() == "error"_L1;
    const QString error = response.value("error"_L1).toString().left(keptRaw);
    switch (what) {
    case Awaited::Initialize:
        if (refused && m_quirks.needsInitialize)
            return failOpening(FailureReason::RuntimeError, error);
        return initialized(response.value("response"_L1).toObject());
    case Awaited::Mode:
        if (refused)
            warn(u"mode_refused"_s, error);
        return finishOpening();
    case Awaited::Interrupt:
        if (refused)
            warn(u"interrupt_refused"_s, error);
        return;
    }
}

void ClaudeAdapter::initialized(const QJsonObject &answer)
{
    if (m_phase != Phase::Opening)
        return;
    m_started.agentVersion = answer.value("claude_code_version"_L1).toString().left(keptRaw);
    if (m_started.model.isEmpty())
        m_started.model = defaultModel(answer);
    if (m_quirks.mode.isEmpty() || answer.value("current_permission_mode"_L1).toString() == m_quirks.mode)
        return finishOpening();
    sendControl(Awaited::Mode, {{"subtype"_L1, "set_permission_mode"_L1}, {"mode"_L1, m_quirks.mode}});
}

void ClaudeAdapter::finishOpening()
{
    if (m_phase != Phase::Opening)
        return;
    m_phase = Phase::Ready;
    m_sink.opened(m_started);
}

void ClaudeAdapter::failOpening(FailureReason reason, const QString &detail)
{
    if (m_phase != Phase::Opening)
        return;
    m_phase = Phase::Closed;
    m_awaited.clear();
    m_sink.openFailed({.reason = reason, .detail = detail});
}

bool ClaudeAdapter::mayAsk() const { return m_inTurn && !m_cancelling && m_asked.size() < maxAsked; }

void ClaudeAdapter::takeControlRequest(const QJsonObject &message, QByteArrayView raw)
{
    const QJsonValue controlId = message.value("request_id"_L1);
    const QJsonObject request = message.value("request"_L1).toObject();
    if (request.value("subtype"_L1).toString() != "can_use_tool"_L1) {
        write({{"type"_L1, "control_response"_L1},
               {"response"_L1, QJsonObject{{"subtype"_L1, "error"_L1},
                                           {"request_id"_L1, controlId},
                                           {"error"_L1, "unsupported control request"_L1}}}});
        return warn(u"unknown_message"_s, excerpt(raw));
    }
    Asked asked{.controlId = controlId,
                .toolId = request.value("tool_use_id"_L1).toString(),
                .input = request.value("input"_L1).toObject()};
    if (mayAsk())
        emitAll(m_tools.started(asked.toolId, request.value("tool_name"_L1).toString(), asked.input));
    if (!mayAsk()) // whoever heard of the tool may have cancelled
        return sendAnswer(controlId, claudeDeny(u"The turn has ended."_s));
    if (std::vector<QuestionAsked> questions = claudeQuestions(request); !questions.empty())
        return askQuestions(std::move(asked), std::move(questions));
    PermissionRequested event = claudePermission(request);
    event.requestId = u'p' + QString::number(++m_lastRequest);
    m_asked.insert(event.requestId, asked);
    m_sink.happened(event);
}

void ClaudeAdapter::askQuestions(Asked asked, std::vector<QuestionAsked> questions)
{
    asked.isQuestion = true;
    for (size_t i = 0; i < questions.size(); ++i) {
        questions[i].requestId = u'q' + QString::number(++m_lastRequest);
        asked.questions.append({.requestId = questions[i].requestId,
                                .key = m_quirks.answersByIndex ? QString::number(i) : questions[i].text,
                                .several = questions[i].several});
    }
    const QString key = questions.front().requestId;
    m_asked.insert(key, asked);
    for (const QuestionAsked &question : questions) {
        if (!m_asked.contains(key)) // whoever was asked the one before may have cancelled
            return;
        m_sink.happened(question);
    }
}

Status ClaudeAdapter::answerPermission(const QString &requestId, const PermissionAnswer &answer)
{
    const auto found = m_asked.find(requestId);
    if (found == m_asked.end() || found->isQuestion)
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    const Asked asked = std::move(*found);
    m_asked.erase(found);
    if (!answer.allowed)
        m_tools.declined(asked.toolId);
    sendAnswer(asked.controlId, answer.allowed ? claudeAllow(asked.input) : claudeDeny(answer.message));
    return {};
}

Status ClaudeAdapter::answerQuestion(const QString &requestId, const QuestionAnswer &answer)
{
    for (auto it = m_asked.begin(); it != m_asked.end(); ++it) {
        const auto open = std::ranges::find(it->questions, requestId, &OpenQuestion::requestId);
        if (open == it->questions.end())
            continue;
        if (answer.given)
            it->answers.insert(open->key, open->several ? onOneLine(answer.text) : answer.text);
        it->questions.erase(open);
        if (!it->questions.isEmpty())
            return {};
        const Asked asked = std::move(*it);
        m_asked.erase(it);
        if (asked.answers.isEmpty()) {
            m_tools.declined(asked.toolId);
            sendAnswer(asked.controlId,
                       claudeDeny(answer.text.isEmpty() ? u"The question was not answered."_s : answer.text));
            return {};
        }
        QJsonObject input = asked.input;
        input.insert("answers"_L1, asked.answers);
        sendAnswer(asked.controlId, claudeAllow(input));
        return {};
    }
    return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
}

void ClaudeAdapter::takeControlCancel(const QJsonObject &message)
{
    const QJsonValue controlId = message.value("request_id"_L1);
    for (auto it = m_asked.cbegin(); it != m_asked.cend(); ++it) {
        if (it->controlId == controlId)
            return withdraw(QString(it.key()), false);
    }
}

void ClaudeAdapter::withdraw(const QString &key, bool denyIt)
{
    const Asked asked = m_asked.take(key);
    if (denyIt)
        sendAnswer(asked.controlId, claudeDeny(u"The turn was cancelled."_s));
    if (!asked.isQuestion)
        return m_sink.withdrew(key);
    for (const OpenQuestion &question : asked.questions)
        m_sink.withdrew(question.requestId);
}

void ClaudeAdapter::withdrawAll(bool denyThem)
{
    while (!m_asked.isEmpty())
        withdraw(QString(m_asked.firstKey()), denyThem);
}

} // namespace muster
