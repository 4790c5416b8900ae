// ChatService: the node's chat: a person's commands go to the dispatcher, whose rows and turns are kept in
// the store and run as tasks. What a dead process left is settled at start and every few seconds after. Core
// thread.
#pragma once

#include "core/base/async.h"
#include "core/chat/chat_dispatcher.h"
#include "core/node/api/commands.h"
#include "core/node/chat/chat_runner.h"
#include "core/node/projects/project_service.h"

namespace muster {

class ChatService final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    ChatService(Ledger &ledger, ProjectService &projects, TaskService &tasks, TaskDispatcher &dispatcher,
                const QString &owner, QObject *parent = nullptr);

    // After survivors of dead nodes have ended.
    void start();
    // Every turn is settled as interrupted; none begins any more.
    void stop();
    [[nodiscard]] bool isIdle() const { return m_dispatcher.isIdle(); }

    [[nodiscard]] Async<api::CommandDone> create(api::NewConversation command, QString by);
    [[nodiscard]] Async<api::CommandDone> send(api::SendMessage command);
    [[nodiscard]] Result<api::CommandDone> stopTurn(const api::StopTurn &command);
    [[nodiscard]] Async<api::CommandDone> markRead(api::MarkRead command, QString by);
    [[nodiscard]] Async<api::CommandDone> retry(api::RetryTurn command);

private:
    void recover();

    Ledger &m_ledger;
    ProjectService &m_projects;
    TaskChatRunner m_runner;
    ChatDispatcher m_dispatcher;
    QTimer m_recovery;
};

} // namespace muster
