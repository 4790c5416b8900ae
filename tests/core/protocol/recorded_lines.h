// Reads a recording of both directions between a client and an agent (.io.jsonl): a line is an object with
// `dir` (">" to the agent, "<" from it, "meta") and `msg`.
#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace muster::testing {

struct RecordedLine {
    QString direction = {};
    QJsonObject message = {}; // empty where `msg` is no object
    QByteArray bytes = {};    // of the agent, with its '\n', as they were
};

inline QList<RecordedLine> recordedLines(const QString &path)
{
    QList<RecordedLine> found;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return found;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QJsonObject entry = QJsonDocument::fromJson(line).object();
        RecordedLine one{.direction = entry.value(u"dir").toString(),
                         .message = entry.value(u"msg").toObject()};
        // The recorder wrapped the agent's line; its bytes stand in it unchanged.
        if (one.direction == QLatin1StringView("<"))
            one.bytes = line.sliced(line.indexOf("\"msg\":") + 6).chopped(1) + '\n';
        if (!one.direction.isEmpty())
            found.append(one);
    }
    return found;
}

} // namespace muster::testing
