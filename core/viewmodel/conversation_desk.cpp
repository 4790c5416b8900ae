#include "core/viewmodel/conversation_desk.h"

#include "core/viewmodel/project_context.h"

namespace muster {

ConversationDesk::ConversationDesk(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_context(context)
{
}

void ConversationDesk::send(const QString &text, const QStringList &attachments, const QString &runtime)
{
    if (m_context->conversation().isValid()) {
        sendTo(m_context->conversation(), text, attachments, false);
        return;
    }
    m_feed->node().submit(
        api::NewConversation{.project = m_context->project().path, .runtime = runtime, .title = {}}, this,
        [this, text, attachments](const Result<api::CommandDone> &made) {
        if (!made) {
            emit notSent(text, attachments);
            emit failed(made.error());
            return;
        }
        m_context->setConversation(made->refs.conversation);
        sendTo(made->refs.conversation, text, attachments, false);
    });
}

void ConversationDesk::sendTo(ConversationId conversation, const QString &text,
                              const QStringList &attachments, bool steer)
{
    m_feed->node().submit(
        api::SendMessage{
            .conversation = conversation, .text = text, .attachments = attachments, .steer = steer},
        this, [this, text, attachments](const Result<api::CommandDone> &sent) {
        if (sent)
            return;
        emit notSent(text, attachments);
        emit failed(sent.error());
    });
}

void ConversationDesk::steer(const QString &text, const QStringList &attachments)
{
    sendTo(m_context->conversation(), text, attachments, true);
}

void ConversationDesk::stop(bool clearQueue)
{
    submit(api::StopTurn{.conversation = m_context->conversation(), .clearQueue = clearQueue});
}

void ConversationDesk::retry() { submit(api::RetryTurn{.conversation = m_context->conversation()}); }

void ConversationDesk::markRead()
{
    const ConversationId conversation = m_context->conversation();
    if (std::exchange(m_marking, conversation) == conversation)
        return;
    m_feed->node().submit(api::MarkRead{.conversation = conversation}, this,
                          [this](const Result<api::CommandDone> &) { m_marking = {}; });
}

void ConversationDesk::submit(const api::Command &command)
{
    m_feed->node().submit(command, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
    });
}

} // namespace muster
