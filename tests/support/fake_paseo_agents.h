// The agents of the fake hub (fake_paseo.cpp): a file each in $PASEO_HOME/agents, with what each was asked
// and when. What has become of that follows from its script and the clock.
#pragma once

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>

#include <functional>

namespace fake_paseo {

using namespace Qt::StringLiterals;

inline QString home() { return qEnvironmentVariable("PASEO_HOME"); }
inline qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

inline QByteArray readAll(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QString agentPath(const QString &id) { return home() + u"/agents/"_s + id + u".json"_s; }

inline QJsonObject loadAgent(const QString &id)
{
    return QJsonDocument::fromJson(readAll(agentPath(id))).object();
}

inline void saveAgent(const QJsonObject &agent)
{
    QDir().mkpath(home() + u"/agents"_s);
    QSaveFile file(agentPath(agent.value(u"id"_s).toString()));
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(agent).toJson());
        file.commit();
    }
}

inline QJsonArray nextTurnOfScript()
{
    QLockFile lock(home() + u"/script.lock"_s);
    lock.lock();
    QJsonArray turns = QJsonDocument::fromJson(readAll(home() + u"/script.json"_s)).array();
    const QJsonArray steps = turns.isEmpty() ? QJsonArray() : turns.takeAt(0).toArray();
    QFile file(home() + u"/script.json"_s);
    if (file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(turns).toJson());
    return steps;
}

inline void beginTurn(QJsonObject &agent, const QString &prompt)
{
    QJsonArray turns = agent.value(u"turns"_s).toArray();
    turns.append(QJsonObject{{u"prompt"_s, prompt}, {u"steps"_s, nextTurnOfScript()}, {u"start"_s, now()}});
    agent.insert(u"turns"_s, turns);
    agent.insert(u"archived"_s, false);
}

// What of a turn has happened by now.
struct View {
    QJsonArray items; // as in a timeline
    QString status = u"idle"_s;
    QString error;
    QJsonObject pending; // the permission that it waits for
};

inline View viewOf(const QJsonObject &turn)
{
    View view;
    view.items.append(QJsonObject{{u"user"_s, turn.value(u"prompt"_s)}});
    qint64 at = turn.value(u"start"_s).toInteger();
    const qint64 end = turn.value(u"stopped"_s).toInteger(now());
    const QJsonObject answers = turn.value(u"answers"_s).toObject();
    const QJsonArray steps = turn.value(u"steps"_s).toArray();
    for (const auto &value : steps) {
        const QJsonObject step = value.toObject();
        at += step.value(u"after"_s).toInteger(20);
        const bool isStopped = turn.contains(u"stopped"_s);
        if (at > end || step.contains(u"stall"_s)) {
            view.status = isStopped ? u"idle"_s : u"running"_s;
            return view;
        }
        if (const QString id = step.value(u"permission"_s).toString(); !id.isEmpty()) {
            view.items.append(step);
            const QJsonObject given = answers.value(id).toObject();
            if (given.isEmpty()) {
                view.status = isStopped ? u"idle"_s : u"running"_s;
                if (!isStopped)
                    view.pending = step;
                return view;
            }
            at = given.value(u"at"_s).toInteger();
            view.items.append(given);
        } else if (step.contains(u"error"_s)) {
            view.status = u"error"_s;
            view.error = step.value(u"error"_s).toString();
        } else {
            view.items.append(step);
        }
    }
    return view;
}

inline View lastView(const QJsonObject &agent)
{
    return viewOf(agent.value(u"turns"_s).toArray().last().toObject());
}

inline void changeLastTurn(QJsonObject agent, const std::function<void(QJsonObject &)> &change)
{
    QJsonArray turns = agent.value(u"turns"_s).toArray();
    QJsonObject turn = turns.last().toObject();
    change(turn);
    turns.replace(turns.size() - 1, turn);
    agent.insert(u"turns"_s, turns);
    saveAgent(agent);
}

inline QJsonArray timelineOf(const QJsonObject &agent)
{
    QJsonArray all;
    const QJsonArray turns = agent.value(u"turns"_s).toArray();
    for (const auto &turn : turns) {
        const QJsonArray items = viewOf(turn.toObject()).items;
        for (const auto &item : items)
            all.append(item);
    }
    return all;
}

} // namespace fake_paseo
