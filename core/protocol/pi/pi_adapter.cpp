// How PiAdapter opens a session, prompts, aborts and settles.
#include "core/protocol/pi/pi_adapter.h"

#include "core/protocol/excerpt.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

PiAdapter::PiAdapter(ProtocolSink &sink, PiGate gate, qsizetype maxLine)
    : TurnAdapter(sink, maxLine)
    , m_gate(gate)
{
}

QStringList PiAdapter::arguments(const OpenRequest &request) const
{
    QStringList arguments;
    if (!request.resumeId.isEmpty())
        arguments << u"--session-id"_s << request.resumeId;
    if (!request.model.isEmpty())
        arguments << u"--model"_s << request.model;
    return arguments;
}

QString PiAdapter::nextId() { return u'm' + QString::number(++m_lastId); }

void PiAdapter::startHandshake()
{
    m_stateId = nextId();
    send({{"id"_L1, m_stateId}, {"type"_L1, "get_state"_L1}});
}

void PiAdapter::sendPrompt(const Prompt &prompt)
{
    m_begun = false;
    m_stopReason.clear();
    m_failure.reset();
    m_usage = {};
    m_costUsd = 0;
    m_message = 0;
    m_askedTools.clear();
    const QJsonObject message = command(u"prompt"_s, prompt);
    m_promptId = message.value("id"_L1).toString();
    send(message);
}

QJsonObject PiAdapter::command(const QString &type, const Prompt &prompt)
{
    QString text = prompt.text;
    QJsonArray images;
    for (const auto &entry : prompt.attachments) { // content blocks of the Agent Client Protocol
        const QJsonObject block = entry.toObject();
        const QString kind = block.value("type"_L1).toString();
        if (kind == "image"_L1)
            images.append(QJsonObject{{"type"_L1, kind},
                                      {"data"_L1, block.value("data"_L1)},
                                      {"mimeType"_L1, block.value("mimeType"_L1)}});
        else if (kind == "resource"_L1)
            text += u"\n\n" + block.value("resource"_L1)["text"_L1].toString();
        else
            text += u"\n\n" + block.value(kind == "text"_L1 ? "text"_L1 : "uri"_L1).toString();
    }
    QJsonObject made{{"id"_L1, nextId()}, {"type"_L1, type}, {"message"_L1, text}};
    if (!images.isEmpty())
        made.insert("images"_L1, images);
    return made;
}

// Its answer says that the words are queued for the next call of the model in this turn.
void PiAdapter::steer(const Prompt &prompt, const SteerDone &done)
{
    if (!inTurn() || isCancelling() || !m_begun)
        return done(fail(ErrorCode::Conflict, u"no turn that could be steered"_s));
    const QJsonObject message = command(u"steer"_s, prompt);
    m_steering.insert(message.value("id"_L1).toString(), done);
    send(message);
}

void PiAdapter::turnEnding(const TurnFinished &finished)
{
    Q_UNUSED(finished)
    const auto unanswered = std::exchange(m_steering, {});
    for (const SteerDone &done : unanswered)
        done(fail(ErrorCode::Conflict, u"the turn has ended"_s));
}

void PiAdapter::sendCancel() { send({{"id"_L1, nextId()}, {"type"_L1, "abort"_L1}}); }

bool PiAdapter::takeLine(QByteArrayView line)
{
    const QJsonDocument document = QJsonDocument::fromJson(line.toByteArray());
    const QString type = document.object().value("type"_L1).toString();
    if (type.isEmpty())
        return false;
    if (const Handler handler = handlerOf(type))
        (this->*handler)(document.object());
    else
        warn(u"unknown_message"_s, excerpt(line));
    return true;
}

void PiAdapter::takeResponse(const QJsonObject &response)
{
    const QString id = response.value("id"_L1).toString();
    const bool ok = response.value("success"_L1).toBool();
    const QString error = response.value("error"_L1).toString();
    if (phase() == Phase::Opening && id == m_stateId)
        return ok ? takeState(response) : failOpening(FailureReason::RuntimeError, u"get_state: "_s + error);
    if (inTurn() && id == m_promptId) {
        m_begun = m_begun || ok;
        if (!ok)
            finishTurn({.outcome = isCancelling() ? TurnOutcome::Cancelled : TurnOutcome::Failed,
                        .reason = isCancelling() ? FailureReason::Aborted : reasonOfPiError(error),
                        .detail = error});
        return;
    }
    if (const SteerDone done = m_steering.take(id))
        return done(ok ? Status() : Status(fail(ErrorCode::Conflict, error)));
    if (!ok)
        warn(u"command_refused"_s, response.value("command"_L1).toString() + u": " + error);
}

void PiAdapter::takeState(const QJsonObject &response)
{
    if (m_gate == PiGate::Required && !m_gateSeen)
        return failOpening(FailureReason::ProtocolError,
                           u"the extension that asks for permissions is not loaded"_s);
    const QJsonObject state = response.value("data"_L1).toObject();
    const QString sessionId = state.value("sessionId"_L1).toString();
    const QString resumeId = request().resumeId;
    if (!resumeId.isEmpty() && sessionId != resumeId)
        return failOpening(FailureReason::RuntimeError, u"another session was opened: "_s + sessionId);
    // An id that Pi does not know becomes a new, empty session of that id.
    finishOpening({.nativeId = sessionId,
                   .agentName = u"Pi"_s,
                   .agentVersion = {},
                   .model = state.value("model"_L1)["id"_L1].toString(),
                   .resumed = !resumeId.isEmpty() && state.value("messageCount"_L1).toInt() > 0});
}

void PiAdapter::settled()
{
    if (isCancelling() || m_stopReason == "aborted"_L1)
        return finishTurn({TurnOutcome::Cancelled, FailureReason::Aborted, {}});
    if (m_failure) {
        const Failure failure = *m_failure;
        if (failure.reason == FailureReason::RateLimited)
            say(RateLimited{.hard = true, .resetAtMs = {}, .detail = failure.message});
        return finishTurn({TurnOutcome::Failed, failure.reason, failure.message});
    }
    if (m_stopReason == "length"_L1)
        return finishTurn({TurnOutcome::LimitReached, FailureReason::RuntimeError, u"max_tokens"_s});
    finishTurn({});
}

} // namespace muster
