#include "app/demo_agent/serve/narrator.h"

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// At most `wanted` characters, cut behind a blank in the second half if there is one, never inside a
// surrogate pair.
qsizetype pieceEnd(const QString &text, qsizetype from, qsizetype wanted)
{
    const qsizetype limit = from + std::max<qsizetype>(wanted, 1);
    if (limit >= text.size())
        return text.size();
    for (qsizetype at = limit; at > from + wanted / 2; --at) {
        if (text.at(at - 1).isSpace())
            return at;
    }
    return text.at(limit).isLowSurrogate() ? limit + 1 : limit;
}

} // namespace

QJsonArray textContent(const QString &text)
{
    return {QJsonObject{{u"type"_s, u"content"_s},
                        {u"content"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}}}}};
}

Narrator::Narrator(TurnPort &port, Pace pace, QString turnName)
    : m_port(port)
    , m_pace(pace)
    , m_turnName(std::move(turnName))
{
}

QString Narrator::nextCallId() { return u"call_"_s + m_turnName + u'_' + QString::number(++m_calls); }

void Narrator::sendPiece(const QString &updateName, const QString &piece)
{
    m_said += piece.size();
    m_port.update({{u"sessionUpdate"_s, updateName},
                   {u"messageId"_s, QString(u"msg_"_s + m_turnName)},
                   {u"content"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, piece}}}});
}

void Narrator::stream(const QString &updateName, const QString &text)
{
    for (qsizetype at = 0; at < text.size() && !m_port.stopped();) {
        const qsizetype end = pieceEnd(text, at, m_pace.chunk);
        sendPiece(updateName, text.sliced(at, end - at));
        at = end;
        if (at < text.size() && m_pace.ms > 0)
            m_port.rest(m_pace.ms);
    }
}

void Narrator::say(const QString &text) { stream(u"agent_message_chunk"_s, text); }

void Narrator::think(const QString &text) { stream(u"agent_thought_chunk"_s, text); }

void Narrator::plan(const QStringList &entries, int done)
{
    QJsonArray list;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString status = i < done ? u"completed"_s : i == done ? u"in_progress"_s : u"pending"_s;
        list.append(
            QJsonObject{{u"content"_s, entries.at(i)}, {u"priority"_s, u"medium"_s}, {u"status"_s, status}});
    }
    m_port.update({{u"sessionUpdate"_s, u"plan"_s}, {u"entries"_s, list}});
}

QString Narrator::startTool(const QString &kind, const QString &title, const QStringList &paths)
{
    const QString id = nextCallId();
    QJsonArray locations;
    for (const QString &path : paths)
        locations.append(QJsonObject{{u"path"_s, path}});
    m_port.update({{u"sessionUpdate"_s, u"tool_call"_s},
                   {u"toolCallId"_s, id},
                   {u"title"_s, title},
                   {u"kind"_s, kind},
                   {u"status"_s, u"in_progress"_s},
                   {u"locations"_s, locations}});
    return id;
}

void Narrator::finishTool(const QString &id, bool ok, const QString &text)
{
    m_port.update({{u"sessionUpdate"_s, u"tool_call_update"_s},
                   {u"toolCallId"_s, id},
                   {u"status"_s, ok ? u"completed"_s : u"failed"_s},
                   {u"content"_s, textContent(text)}});
}

} // namespace muster::demo
