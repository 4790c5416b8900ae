// A node in this process, a fake hub in PATH, and a project, for tests of the runtime that is a hub of other
// agents.
#pragma once

#include "tests/core/node/agent_bed.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster::testing {

// The hub's program in PATH, and its folder.
class FakeHub {
public:
    FakeHub()
    {
        (void)QFile::link(QStringLiteral(MUSTER_TEST_DIR "/fake_paseo"), m_bin.filePath(u"paseo"_s));
        qputenv("PATH", QByteArray(m_bin.path().toUtf8() + ':' + m_path));
        qputenv("PASEO_HOME", m_hub.path().toUtf8());
        for (const char *name : {"MUSTER_PASEO_PROVIDER", "MUSTER_PASEO_MODE", "PASEO_HOST"})
            qunsetenv(name);
    }
    ~FakeHub() { qputenv("PATH", m_path); }
    FakeHub(const FakeHub &) = delete;
    FakeHub &operator=(const FakeHub &) = delete;

    [[nodiscard]] QString hub(const QString &file) const { return m_hub.filePath(file); }

private:
    QByteArray m_path = qgetenv("PATH");
    QTemporaryDir m_bin;
    QTemporaryDir m_hub;
};

class PaseoBed : public FakeHub, public AgentBed {
public:
    explicit PaseoBed(const QList<QJsonArray> &turns = {})
        : AgentBed(u"paseo"_s, R"("do it\nand well")")
    {
        script(turns);
    }

    // What the agents of the hub do from now on, a list for each turn.
    void script(const QList<QJsonArray> &turns)
    {
        QJsonArray all;
        for (const QJsonArray &turn : turns)
            all.append(turn);
        write(hub(u"script.json"_s), QJsonDocument(all).toJson());
    }
    static QJsonObject text(const QString &text) { return {{u"text"_s, text}}; }
    static QJsonObject tool(const QString &name, const QString &status)
    {
        return {{u"tool"_s, name}, {u"status"_s, status}};
    }
    static QJsonObject permission(const QString &file)
    {
        return {{u"permission"_s, u"permission-request-1"_s},
                {u"name"_s, u"Write"_s},
                {u"description"_s, QString(u"Write to "_s + file)},
                {u"file"_s, file}};
    }
    static QJsonObject stall() { return {{u"stall"_s, true}}; }

    [[nodiscard]] QStringList warnings()
    {
        QStringList codes;
        for (const Event &event : events(u"session.warning"_s))
            codes += event.data.value(u"code"_s).toString();
        return codes;
    }

    // Calls of one command, each with all of its arguments.
    [[nodiscard]] QList<QStringList> calls(const QString &command) const
    {
        QList<QStringList> found;
        QFile file(hub(u"calls.log"_s));
        if (!file.open(QIODevice::ReadOnly))
            return found;
        while (!file.atEnd()) {
            QStringList call;
            const QJsonArray words = QJsonDocument::fromJson(file.readLine()).array();
            for (const auto &word : words)
                call += word.toString();
            if (call.join(u' ').startsWith(command))
                found += call;
        }
        return found;
    }
    // The hub's own record of each agent.
    [[nodiscard]] QList<QJsonObject> agents() const
    {
        QList<QJsonObject> all;
        const QFileInfoList files = QDir(hub(u"agents"_s)).entryInfoList({u"*.json"_s});
        for (const QFileInfo &info : files) {
            QFile file(info.filePath());
            if (file.open(QIODevice::ReadOnly))
                all += QJsonDocument::fromJson(file.readAll()).object();
        }
        return all;
    }
    [[nodiscard]] static QJsonObject lastTurn(const QJsonObject &agent)
    {
        return agent.value(u"turns"_s).toArray().last().toObject();
    }
};

} // namespace muster::testing
