#include "core/protocol/turn_adapter.h"

#include "core/protocol/excerpt.h"

#include <QJsonDocument>

#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxAsked = 256; // at once; an agent that asks more is broken

} // namespace

TurnAdapter::TurnAdapter(ProtocolSink &sink, qsizetype maxLine)
    : m_sink(sink)
    , m_framer(maxLine)
    , m_tools(sink)
{
}

void TurnAdapter::open(const OpenRequest &request)
{
    m_request = request;
    m_phase = Phase::Opening;
    startHandshake();
}

void TurnAdapter::finishOpening(const SessionStarted &started)
{
    if (m_phase != Phase::Opening)
        return;
    m_phase = Phase::Ready;
    m_sink.opened(started);
}

void TurnAdapter::failOpening(FailureReason reason, const QString &detail)
{
    if (m_phase != Phase::Opening)
        return;
    m_phase = Phase::Closed;
    m_sink.openFailed({.reason = reason, .detail = detail});
}

Status TurnAdapter::prompt(const Prompt &prompt)
{
    if (m_phase != Phase::Ready)
        return fail(ErrorCode::Unavailable, u"the session is not open"_s);
    if (m_inTurn)
        return fail(ErrorCode::Conflict, u"a turn is running"_s);
    m_inTurn = true;
    m_cancelling = false;
    m_promptSent = false;
    ++m_turn;
    say(TurnStarted{m_turn});
    if (!m_inTurn) // the sink closed us
        return {};
    sendPrompt(prompt);
    m_promptSent = true;
    if (m_inTurn && m_cancelling)
        sendCancel();
    return {};
}

void TurnAdapter::cancel()
{
    if (!m_inTurn || m_cancelling || m_finishing)
        return;
    m_cancelling = true;
    if (m_promptSent)
        sendCancel();
    withdrawAll();
}

void TurnAdapter::finishTurn(const TurnFinished &finished)
{
    if (!m_inTurn || m_finishing)
        return;
    m_finishing = true;
    turnEnding(finished);
    withdrawAll();
    m_tools.closeAll(finished.outcome);
    m_finishing = false;
    m_inTurn = false;
    m_cancelling = false;
    say(finished);
}

bool TurnAdapter::mayAsk() const
{
    return m_inTurn && !m_cancelling && !m_finishing && m_permissions.size() + m_questions.size() < maxAsked;
}

QString TurnAdapter::askPermission(PermissionRequested request, const PermissionReply &reply)
{
    if (!mayAsk()) {
        reply(nullptr);
        return {};
    }
    request.requestId = u'p' + QString::number(++m_lastRequest);
    m_permissions.insert(request.requestId, {.toolId = request.toolId, .reply = reply});
    say(request);
    return request.requestId;
}

QString TurnAdapter::askQuestion(QuestionAsked question, const QuestionReply &reply)
{
    if (!mayAsk()) {
        reply(nullptr);
        return {};
    }
    question.requestId = u'q' + QString::number(++m_lastRequest);
    m_questions.insert(question.requestId, reply);
    say(question);
    return question.requestId;
}

Status TurnAdapter::answerPermission(const QString &requestId, const PermissionAnswer &answer)
{
    const auto found = m_permissions.find(requestId);
    if (found == m_permissions.end())
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    const OpenPermission open = std::move(*found);
    m_permissions.erase(found);
    if (!answer.allowed)
        m_tools.declined(open.toolId);
    open.reply(&answer);
    return {};
}

Status TurnAdapter::answerQuestion(const QString &requestId, const QuestionAnswer &answer)
{
    const QuestionReply reply = m_questions.take(requestId);
    if (!reply)
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    reply(&answer);
    return {};
}

void TurnAdapter::requestGone(const QString &requestId)
{
    if (m_permissions.remove(requestId) + m_questions.remove(requestId) > 0)
        m_sink.withdrew(requestId);
}

void TurnAdapter::withdrawAll()
{
    const auto permissions = std::exchange(m_permissions, {});
    for (const auto &[requestId, permission] : permissions.asKeyValueRange()) {
        permission.reply(nullptr);
        m_sink.withdrew(requestId);
    }
    const auto questions = std::exchange(m_questions, {});
    for (const auto &[requestId, reply] : questions.asKeyValueRange()) {
        reply(nullptr);
        m_sink.withdrew(requestId);
    }
}

void TurnAdapter::receive(QByteArrayView bytes)
{
    if (m_phase == Phase::Closed)
        return;
    m_framer.feed(bytes, [this](const Frame &frame) {
        takeFrame(frame);
        return m_phase != Phase::Closed;
    });
}

void TurnAdapter::takeFrame(const Frame &frame)
{
    if (frame.kind == Frame::Kind::TooLong)
        return warn(u"line_too_long"_s, QString::number(frame.size));
    if (frame.invalidUtf8)
        warn(u"invalid_utf8"_s, excerpt(frame.line));
    if (frame.line.trimmed().isEmpty())
        return;
    if (!takeLine(frame.line))
        warn(u"not_a_message"_s, excerpt(frame.line));
}

void TurnAdapter::streamEnded(FailureReason reason, const QString &detail)
{
    if (m_phase == Phase::Closed)
        return;
    if (const auto rest = m_framer.finish())
        takeFrame(*rest);
    if (m_phase == Phase::Closed) // what came last may have ended the handshake
        return;
    const bool opening = m_phase == Phase::Opening;
    m_phase = Phase::Closed;
    if (opening)
        m_sink.openFailed({.reason = reason, .detail = detail});
    finishTurn({.outcome = m_cancelling ? TurnOutcome::Cancelled : TurnOutcome::Failed,
                .reason = m_cancelling ? FailureReason::Aborted : reason,
                .detail = detail});
    connectionClosed();
}

void TurnAdapter::warn(const QString &code, const QString &detail)
{
    if (++m_warnings <= maxWarnings)
        say(SessionWarning{.code = code, .detail = detail.left(keptRaw)});
}

QByteArray TurnAdapter::encoded(const QJsonObject &message)
{
    return QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace muster
