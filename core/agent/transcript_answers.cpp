#include "core/agent/transcript_answers.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QByteArray lineOf(const QJsonObject &message)
{
    return QJsonDocument(message).toJson(QJsonDocument::Compact);
}

// Where an answer has the id of what it answers; None: it is no answer.
enum class IdPlace : std::uint8_t { None, Top, Response };

IdPlace placeOfId(const QJsonObject &message)
{
    const QString type = message.value(u"type").toString();
    if (type == u"control_response")
        return IdPlace::Response;
    if (type == u"response" && message.contains(u"id"))
        return IdPlace::Top;
    const bool answers = message.contains(u"result") || message.contains(u"error");
    return answers && message.contains(u"id") && !message.contains(u"method") ? IdPlace::Top : IdPlace::None;
}

QJsonObject withId(QJsonObject message, IdPlace place, const QJsonValue &id)
{
    if (place == IdPlace::Top) {
        message.insert(u"id"_s, id);
        return message;
    }
    QJsonObject response = message.value(u"response").toObject();
    response.insert(u"request_id"_s, id);
    message.insert(u"response"_s, response);
    return message;
}

} // namespace

TranscriptAnswers::Request TranscriptAnswers::requestIn(const QJsonObject &message)
{
    const QString type = message.value(u"type").toString();
    if (type == u"control_request")
        return {message.value(u"request_id"), message.value(u"request")[u"subtype"].toString()};
    const QString kind = message.contains(u"method") ? message.value(u"method").toString() : type;
    return {message.value(u"id"), kind};
}

void TranscriptAnswers::adapterSent(const QByteArray &bytes)
{
    const QJsonObject message = QJsonDocument::fromJson(bytes).object();
    const Request request = requestIn(message);
    if (placeOfId(message) == IdPlace::None && !request.id.isUndefined() && !request.kind.isEmpty())
        m_ours.append(request);
}

void TranscriptAnswers::clientSent(const QJsonObject &message)
{
    const Request request = requestIn(message);
    if (placeOfId(message) == IdPlace::None && !request.id.isUndefined())
        m_theirs.append(request);
}

QByteArray TranscriptAnswers::fitted(const QByteArray &line)
{
    const QJsonObject message = QJsonDocument::fromJson(line).object();
    const IdPlace place = placeOfId(message);
    if (place == IdPlace::None)
        return line;
    const QJsonValue id =
        place == IdPlace::Top ? message.value(u"id") : message.value(u"response")[u"request_id"];
    QString kind = message.value(u"command").toString();
    if (const auto theirs = std::ranges::find(m_theirs, id, &Request::id); theirs != m_theirs.end()) {
        kind = theirs->kind;
        m_theirs.erase(theirs);
    }
    const auto ours = kind.isEmpty() ? std::ranges::find(m_ours, id, &Request::id)
                                     : std::ranges::find(m_ours, kind, &Request::kind);
    if (ours == m_ours.end())
        return line;
    const QJsonValue known = ours->id;
    m_ours.erase(ours);
    return known == id ? line : lineOf(withId(message, place, known));
}

QList<QByteArray> TranscriptAnswers::missing()
{
    QList<QByteArray> answers;
    const auto answer = [&](const QString &kind, const auto &made) {
        const auto asked = std::ranges::find(m_ours, kind, &Request::kind);
        if (asked == m_ours.end())
            return;
        answers += lineOf(made(asked->id));
        m_ours.erase(asked);
    };
    if (m_protocol == RuntimeProtocol::StreamJson) {
        answer(u"initialize"_s, [](const QJsonValue &id) {
            return QJsonObject{{u"type"_s, u"control_response"_s},
                               {u"response"_s, QJsonObject{{u"subtype"_s, u"success"_s},
                                                           {u"request_id"_s, id},
                                                           {u"response"_s, QJsonObject()}}}};
        });
    } else if (m_protocol == RuntimeProtocol::Pi) {
        answer(u"get_state"_s, [](const QJsonValue &id) {
            return QJsonObject{{u"id"_s, id},
                               {u"type"_s, u"response"_s},
                               {u"command"_s, u"get_state"_s},
                               {u"success"_s, true},
                               {u"data"_s, QJsonObject{{u"sessionId"_s, u""_s}, {u"messageCount"_s, 0}}}};
        });
    }
    return answers;
}

} // namespace muster
