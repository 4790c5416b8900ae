// Says things in a turn the way agents do: text in paced pieces with a message id, thoughts, tool calls,
// plans; counts what it said. Used from the turn's thread.
#pragma once

#include "app/demo_agent/serve/turn_port.h"

#include <QJsonArray>
#include <QString>
#include <QStringList>

namespace muster::demo {

struct Pace {
    int chunk = 24; // characters in a piece, cut at a blank where one is near
    int ms = 8;     // between pieces
};

class Narrator {
public:
    Narrator(TurnPort &port, Pace pace, QString turnName);

    [[nodiscard]] TurnPort &port() const { return m_port; }
    [[nodiscard]] Pace &pace() { return m_pace; }
    [[nodiscard]] qint64 charactersSaid() const { return m_said; }
    [[nodiscard]] QString nextCallId();

    void say(const QString &text);
    void think(const QString &text);
    void plan(const QStringList &entries,
              int done); // entries before `done` are completed, that one is in progress

    // A tool call that is announced, then ends with a text for people.
    QString startTool(const QString &kind, const QString &title, const QStringList &paths = {});
    void finishTool(const QString &id, bool ok, const QString &text);

private:
    void stream(const QString &updateName, const QString &text);
    void sendPiece(const QString &updateName, const QString &piece);

    TurnPort &m_port;
    Pace m_pace;
    QString m_turnName;
    qint64 m_said = 0;
    int m_calls = 0;
};

[[nodiscard]] QJsonArray textContent(const QString &text); // content of a tool call

} // namespace muster::demo
