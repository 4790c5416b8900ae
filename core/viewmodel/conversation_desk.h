// ConversationDesk: what a person does in a chat, as commands to the node: begin a conversation, send, stop,
// ask again. Refusals are told by failed(); what was to be sent comes back so that nothing is lost. GUI
// thread.
#pragma once

#include "core/viewmodel/node_feed.h"

#include <QStringList>

namespace muster {

class ProjectContext;

class ConversationDesk final : public QObject {
    Q_OBJECT

public:
    ConversationDesk(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    // To the chosen conversation, or to a new one with this runtime (empty: as usual), which is then chosen.
    void send(const QString &text, const QStringList &attachments, const QString &runtime);
    // Into the answer that is being written, where its runtime takes it; else after it.
    void steer(const QString &text, const QStringList &attachments);
    void stop(bool clearQueue);
    void retry();
    // The chosen one was looked at.
    void markRead();

signals:
    void failed(const muster::Error &error);
    void notSent(const QString &text, const QStringList &attachments);

private:
    void sendTo(ConversationId conversation, const QString &text, const QStringList &attachments, bool steer);
    void submit(const api::Command &command);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    ConversationId m_marking; // until it is answered
};

} // namespace muster
