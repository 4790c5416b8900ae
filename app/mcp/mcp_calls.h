// McpCalls: what each tool of `muster mcp` does: asks the node as any client does, and tells the answer with
// the keys of --json (docs/cli.md). What is refused or wrong is told in words that say what to do. Main
// thread.
#pragma once

#include "core/node/api/node_api.h"
#include "core/protocol/mcp/mcp_server.h"

namespace muster::app {

class McpCalls final : public QObject {
    Q_OBJECT
public:
    using Answer = McpServer::Answer;

    // `project`: the one that is meant where a call names none.
    McpCalls(api::NodeApi &node, QString project, QObject *parent);

    // The tool is one of mcpTools(); its arguments are checked here.
    void call(const QString &tool, const QJsonObject &arguments, const Answer &answer);

    void status(const QJsonObject &arguments, const Answer &answer);
    void listProjects(const QJsonObject &arguments, const Answer &answer);
    void listFlows(const QJsonObject &arguments, const Answer &answer);
    void showFlow(const QJsonObject &arguments, const Answer &answer);
    void checkFlow(const QJsonObject &arguments, const Answer &answer);
    void startRun(const QJsonObject &arguments, const Answer &answer); // mcp_starts.cpp
    void listRuns(const QJsonObject &arguments, const Answer &answer);
    void showRun(const QJsonObject &arguments, const Answer &answer);
    void listTasks(const QJsonObject &arguments, const Answer &answer);
    void listRuntimes(const QJsonObject &arguments, const Answer &answer);
    void listSettings(const QJsonObject &arguments, const Answer &answer);
    void listInbox(const QJsonObject &arguments, const Answer &answer);
    void listWorktrees(const QJsonObject &arguments, const Answer &answer);
    void showChanges(const QJsonObject &arguments, const Answer &answer);

private:
    [[nodiscard]] QString projectOf(const QJsonObject &arguments) const;
    void tellRun(RunId run, const QJsonObject &said, const Answer &answer);

    // Asks, and tells what `value` makes of the reply, or the error.
    template <typename Query, typename Value> void ask(const Query &query, const Answer &answer, Value value)
    {
        m_node.query(query, this, [answer, value](const Result<typename Query::Reply> &reply) {
            if (reply)
                answer({.value = value(*reply)});
            else
                answer({.error = inWords(reply.error())});
        });
    }
    [[nodiscard]] static QString inWords(const Error &error);

    api::NodeApi &m_node;
    QString m_project;
};

} // namespace muster::app
