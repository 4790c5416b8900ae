#include "core/node/chat/chat_service.h"

#include "core/base/log.h"
#include "core/node/chat/chat_journal.h"
#include "core/store/conversation_repository.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int recoveryMs = 5000;
constexpr qsizetype longestMessage = 1024 * 1024;

Status checked(const api::SendMessage &command)
{
    if (command.text.trimmed().isEmpty() && command.attachments.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"empty_message"_s, u"text"_s);
    if (command.text.size() > longestMessage)
        return fail(ErrorCode::TooLarge, QString::number(longestMessage), u"text"_s);
    for (const QString &path : command.attachments)
        if (!QFileInfo(path).isAbsolute())
            return fail(ErrorCode::InvalidArgument, path, u"attachments"_s);
    return {};
}

} // namespace

ChatService::ChatService(Ledger &ledger, ProjectService &projects, TaskService &tasks,
                         TaskDispatcher &dispatcher, const QString &owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_projects(projects)
    , m_runner(ledger, tasks, dispatcher)
    , m_dispatcher(std::make_shared<StoreChatJournal>(ledger, owner), &m_runner, &ledger.clock())
{
    connect(&m_recovery, &QTimer::timeout, this, &ChatService::recover);
    connect(&m_dispatcher, &ChatDispatcher::storeFailed, this, [](const Error &error) {
        qCInfo(logChat).noquote() << "not stored:" << error.detail << error.where;
    });
}

void ChatService::start()
{
    recover();
    m_recovery.start(recoveryMs);
}

void ChatService::stop()
{
    m_recovery.stop();
    m_dispatcher.interruptAll(FailureReason::Aborted, u"node_stopped"_s);
}

void ChatService::recover()
{
    (void)m_dispatcher.recover(); // what cannot be read now is asked for again in a few seconds
}

Async<api::CommandDone> ChatService::create(api::NewConversation command, QString by)
{
    const auto project = co_await m_projects.open(command.project);
    if (!project)
        co_return std::unexpected(project.error());
    co_return co_await resultOf(m_ledger.commitAsync(
        [command, by, id = project->row.id](Connection &db, EventBatch &log) -> Result<api::CommandDone> {
        const auto conversation = ConversationRepository(db).create({.project = id,
                                                                     .title = command.title,
                                                                     .runtime = command.runtime,
                                                                     .createdMs = log.nowMs(),
                                                                     .updatedMs = log.nowMs()});
        if (!conversation)
            return std::unexpected(conversation.error());
        const EventRefs refs{.project = id, .conversation = *conversation};
        log.add(u"chat.created"_s, refs, by, {{u"title"_s, command.title}});
        return api::CommandDone{.refs = refs};
    }));
}

Async<api::CommandDone> ChatService::send(api::SendMessage command)
{
    if (const Status fine = checked(command); !fine)
        co_return std::unexpected(fine.error());
    PersonMessage message{.text = command.text, .attachments = command.attachments};
    const auto id = co_await resultOf(m_dispatcher.send(command.conversation, message, command.steer));
    if (!id)
        co_return std::unexpected(id.error());
    api::CommandDone done;
    done.refs.conversation = command.conversation;
    done.text = id->toString();
    co_return done;
}

Result<api::CommandDone> ChatService::stopTurn(const api::StopTurn &command)
{
    return m_dispatcher.stop(command.conversation, command.clearQueue).transform([&] {
        api::CommandDone done;
        done.refs.conversation = command.conversation;
        return done;
    });
}

Async<api::CommandDone> ChatService::markRead(api::MarkRead command, QString by)
{
    co_return co_await resultOf(
        m_ledger.commitAsync([command, by](Connection &db, EventBatch &log) -> Result<api::CommandDone> {
        ConversationRepository chats(db);
        const auto row = chats.find(command.conversation);
        const auto marked = row ? chats.markRead(command.conversation) : std::unexpected(row.error());
        if (!marked)
            return std::unexpected(marked.error());
        const EventRefs refs{.project = row->project, .conversation = row->id};
        if (*marked)
            log.add(u"chat.read"_s, refs, by);
        return api::CommandDone{.refs = refs};
    }));
}

Async<api::CommandDone> ChatService::retry(api::RetryTurn command)
{
    const Status begun = co_await resultOf(m_dispatcher.retry(command.conversation));
    if (!begun)
        co_return std::unexpected(begun.error());
    api::CommandDone done;
    done.refs.conversation = command.conversation;
    co_return done;
}

} // namespace muster
