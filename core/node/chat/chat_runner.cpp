#include "core/node/chat/chat_runner.h"

#include "core/store/conversation_repository.h"
#include "core/store/project_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString keyOf(MessageId assistant) { return u"chat:"_s + assistant.toString(); }

TurnEnd endOf(const TaskOutcome &outcome)
{
    const TurnOutcome kind = outcome.status == TaskStatus::Completed   ? TurnOutcome::Completed
                             : outcome.status == TaskStatus::Cancelled ? TurnOutcome::Cancelled
                                                                       : TurnOutcome::Failed;
    return {.outcome = kind, .reason = outcome.reason, .detail = outcome.detail};
}

// The task of a turn, and the row that tells whose it is, in one.
Result<TaskId> insertTurn(Connection &db, EventBatch &log, const TurnStart &turn)
{
    ConversationRepository chats(db);
    const auto conversation = chats.find(turn.conversation);
    auto message = chats.message(turn.assistant);
    if (!conversation || !message)
        return std::unexpected(conversation ? message.error() : conversation.error());
    const auto project = ProjectRepository(db).find(conversation->project);
    if (!project)
        return std::unexpected(project.error());
    const TaskData data{
        .project = project->path, .title = conversation->title, .attachments = turn.prompt.attachments};
    const auto task =
        insertTask(db, log,
                   {.key = keyOf(turn.assistant),
                    .kind = TaskKind::Agent,
                    .source = TaskSource::Chat,
                    .createdBy = u"person"_s,
                    .refs = {.project = conversation->project, .conversation = turn.conversation},
                    .pools = {u"chat"_s},
                    .prompt = turn.prompt.text,
                    .runtime = conversation->runtime,
                    .model = conversation->model,
                    .profile = conversation->profile,
                    .data = toJsonObject(data)});
    if (!task)
        return task;
    message->task = *task;
    if (Status linked = chats.updateMessage(*message); !linked)
        return std::unexpected(linked.error());
    return task;
}

} // namespace

TaskChatRunner::TaskChatRunner(Ledger &ledger, TaskService &tasks, TaskDispatcher &dispatcher,
                               QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_tasks(tasks)
    , m_dispatcher(dispatcher)
{
    connect(&dispatcher, &TaskDispatcher::said, this,
            [this](const QString &key, const QString &messageKey, const QString &text) {
        if (const auto turn = m_turns.constFind(key); turn != m_turns.cend())
            turn->sink->turnText(turn->assistant, messageKey, text);
    });
    connect(&dispatcher, &TaskDispatcher::thought, this, [this](const QString &key, const QString &text) {
        if (const auto turn = m_turns.constFind(key); turn != m_turns.cend())
            turn->sink->turnThinking(turn->assistant, text);
    });
    connect(&tasks, &TaskService::settled, this,
            [this](TaskId, const QString &key, const TaskOutcome &outcome) { end(key, endOf(outcome)); });
    connect(&tasks, &TaskService::lost, this, [this](TaskId, const QString &key) {
        end(key, {.outcome = TurnOutcome::Failed, .reason = FailureReason::LeaseExpired, .detail = {}});
    });
}

void TaskChatRunner::start(const TurnStart &turn, ChatTurnSink *sink)
{
    const QString key = keyOf(turn.assistant);
    m_turns.insert(key, {.assistant = turn.assistant, .sink = sink});
    m_ledger.commit(this, [turn](Connection &db, EventBatch &log) { return insertTurn(db, log, turn); },
                    [this, key](const Result<TaskId> &task) { queued(key, task); });
}

void TaskChatRunner::queued(const QString &key, const Result<TaskId> &task)
{
    const auto turn = m_turns.find(key);
    if (turn == m_turns.end())
        return;
    if (!task) {
        end(key, {.outcome = TurnOutcome::Failed,
                  .reason = FailureReason::LaunchFailed,
                  .detail = task.error().detail});
        return;
    }
    turn->queued = true;
    if (turn->stopAsked)
        m_tasks.stop(key, FailureReason::Aborted, u"person"_s);
    else
        m_tasks.drain();
}

void TaskChatRunner::stop(MessageId assistant)
{
    const QString key = keyOf(assistant);
    const auto turn = m_turns.find(key);
    if (turn == m_turns.end())
        return;
    turn->stopAsked = true;
    if (turn->queued)
        m_tasks.stop(key, FailureReason::Aborted, u"person"_s);
}

void TaskChatRunner::steer(MessageId assistant, const PersonMessage &message, const SteerDone &done)
{
    m_dispatcher.steer(keyOf(assistant), message.text, message.attachments, done);
}

void TaskChatRunner::end(const QString &key, const TurnEnd &end)
{
    const auto turn = m_turns.constFind(key);
    if (turn == m_turns.cend())
        return;
    const Turn ended = *turn;
    m_turns.erase(turn);
    ended.sink->turnEnded(ended.assistant, end);
}

} // namespace muster
