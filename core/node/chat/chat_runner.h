// TaskChatRunner: a chat's turn as a task of the pool `chat`, which has no cap, so that a person never queues
// behind scheduled work. The agent's session is resumed from the conversation's last one where its runtime
// can. Core thread.
#pragma once

#include "core/chat/chat_ports.h"
#include "core/node/work/sql_task_store.h"
#include "core/node/work/task_dispatcher.h"
#include "core/tasks/task_service.h"

namespace muster {

class TaskChatRunner final : public QObject, public ChatRunner {
    Q_OBJECT
public:
    TaskChatRunner(Ledger &ledger, TaskService &tasks, TaskDispatcher &dispatcher, QObject *parent = nullptr);

    void start(const TurnStart &turn, ChatTurnSink *sink) override;
    void stop(MessageId assistant) override;
    void steer(MessageId assistant, const PersonMessage &message, const SteerDone &done) override;

private:
    struct Turn {
        MessageId assistant;
        ChatTurnSink *sink = nullptr;
        bool queued = false; // its task is in the store
        bool stopAsked = false;
    };

    void queued(const QString &key, const Result<TaskId> &task);
    void end(const QString &key, const TurnEnd &end);

    Ledger &m_ledger;
    TaskService &m_tasks;
    TaskDispatcher &m_dispatcher;
    QHash<QString, Turn> m_turns; // by the task's key
};

} // namespace muster
