// A node in this process, a fake hub in PATH, and a project, for tests of the runtime that is a hub of other
// agents.
#pragma once

#include "tests/core/node/node_harness.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace muster::testing {

using namespace Qt::StringLiterals;

class PaseoBed {
public:
    explicit PaseoBed(const QList<QJsonArray> &turns = {})
        : m_isSet(setEnvironment())
        , node(false)
    {
        (void)node.submit(api::SetSetting{.key = u"runtime.default"_s, .value = u"paseo"_s});
        write(m_project.filePath(u"flows/own.flow.yaml"_s),
              "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: \"do it\\nand well\" }\n");
        script(turns);
    }
    ~PaseoBed() { qputenv("PATH", m_path); }
    PaseoBed(const PaseoBed &) = delete;
    PaseoBed &operator=(const PaseoBed &) = delete;

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

    [[nodiscard]] RunId start()
    {
        const auto run = node.submit(api::StartRun{
            .project = m_project.path(), .flow = u"own"_s, .runtime = u"paseo"_s, .trust = true});
        m_run = run ? run->refs.run : RunId();
        return m_run;
    }
    [[nodiscard]] std::optional<api::RunDetail> run() { return node.ended(start()); }

    // One message and its answer; `messagesAfter`: in the conversation then.
    [[nodiscard]] bool chat(const QString &text, size_t messagesAfter)
    {
        if (!m_conversation.isValid()) {
            const auto made =
                node.submit(api::NewConversation{.project = m_project.path(), .runtime = u"paseo"_s});
            if (!made)
                return false;
            m_conversation = made->refs.conversation;
        }
        return node.submit(api::SendMessage{.conversation = m_conversation, .text = text}) && waitFor([&] {
            const auto all = node.query(api::ListMessages{.conversation = m_conversation});
            return all && all->size() == messagesAfter && all->back().status == MessageStatus::Complete;
        });
    }
    [[nodiscard]] QString lastMessage()
    {
        const auto all = node.query(api::ListMessages{.conversation = m_conversation});
        return all && !all->empty() ? all->back().text : QString();
    }

    [[nodiscard]] std::vector<Event> events(const QString &kind)
    {
        return node
            .query(api::ListEvents{.filter = {.run = m_run, .conversation = m_conversation, .kinds = {kind}}})
            .value_or(std::vector<Event>());
    }
    [[nodiscard]] QJsonObject lastEvent(const QString &kind)
    {
        const auto all = events(kind);
        return all.empty() ? QJsonObject() : all.back().data;
    }
    [[nodiscard]] QStringList warnings()
    {
        QStringList codes;
        for (const Event &event : events(u"session.warning"_s))
            codes += event.data.value(u"code"_s).toString();
        return codes;
    }

    [[nodiscard]] QString hub(const QString &file) const { return m_hub.filePath(file); }
    [[nodiscard]] QString path(const QString &file) const { return m_project.filePath(file); }
    static void write(const QString &path, const QByteArray &content)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
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

    // Everything that works in the project, by its folder: also what left every group and session.
    [[nodiscard]] QList<qint64> processes(const QString &program = {}) const
    {
        QList<qint64> pids;
        const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : all) {
            if (QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)) == m_project.path() &&
                QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).endsWith(program))
                pids += pid.toLongLong();
        }
        return pids;
    }
    [[nodiscard]] bool isEmptyOfProcesses() const
    {
        return waitFor([this] { return processes().isEmpty(); });
    }

private:
    [[nodiscard]] bool setEnvironment() const
    {
        return QFile::link(QStringLiteral(MUSTER_TEST_DIR "/fake_paseo"), m_bin.filePath(u"paseo"_s)) &&
               qputenv("PATH", QByteArray(m_bin.path().toUtf8() + ':' + m_path)) &&
               qputenv("PASEO_HOME", m_hub.path().toUtf8()) && qunsetenv("MUSTER_PASEO_PROVIDER") &&
               qunsetenv("MUSTER_PASEO_MODE") && qunsetenv("PASEO_HOST");
    }

    QByteArray m_path = qgetenv("PATH");
    QTemporaryDir m_bin;
    QTemporaryDir m_hub;
    QTemporaryDir m_project;
    bool m_isSet;

public:
    NodeHarness node;

private:
    RunId m_run;
    ConversationId m_conversation;
};

} // namespace muster::testing
