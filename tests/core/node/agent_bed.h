// A node in this process and a project with one flow, for tests of one runtime: runs and conversations with
// it, what was recorded of them, and the processes that work in the project. What the node reads at its start
// is set before this is made.
#pragma once

#include "tests/core/node/node_harness.h"

#include <QDir>
#include <QJsonObject>

namespace muster::testing {

using namespace Qt::StringLiterals;

class AgentBed {
public:
    // `prompt`: of the flow's only step, as YAML.
    AgentBed(const QString &runtimeId, const QByteArray &prompt)
        : node(false)
        , m_runtimeId(runtimeId)
    {
        (void)node.submit(api::SetSetting{.key = u"runtime.default"_s, .value = runtimeId});
        put(u"flows/own.flow.yaml"_s,
            "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: " + prompt + " }\n");
    }

    [[nodiscard]] RunId start()
    {
        const auto run = node.submit(api::StartRun{
            .project = m_project.path(), .flow = u"own"_s, .runtime = m_runtimeId, .trust = true});
        m_run = run ? run->refs.run : RunId();
        return m_run;
    }
    [[nodiscard]] std::optional<api::RunDetail> run() { return node.ended(start()); }

    // One message and its answer; `messagesAfter`: in the conversation then.
    [[nodiscard]] bool chat(const QString &text, size_t messagesAfter)
    {
        if (!m_conversation.isValid()) {
            const auto made =
                node.submit(api::NewConversation{.project = m_project.path(), .runtime = m_runtimeId});
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

    // Of the last run and the conversation.
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

    [[nodiscard]] QString path(const QString &relative) const { return m_project.filePath(relative); }
    void put(const QString &relative, const QByteArray &content) const { write(path(relative), content); }
    static void write(const QString &path, const QByteArray &content)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    // Everything that works in the project, by its folder: also what left every group and session.
    // `program`: how the path of its executable ends.
    [[nodiscard]] QList<qint64> processes(const QString &program = {}) const
    {
        return processesIn(m_project.path(), program);
    }
    [[nodiscard]] bool isEmptyOfProcesses() const
    {
        return waitFor([this] { return processes().isEmpty(); });
    }

private:
    QTemporaryDir m_project; // outlives the node

public:
    NodeHarness node;

private:
    QString m_runtimeId;
    RunId m_run;
    ConversationId m_conversation;
};

} // namespace muster::testing
