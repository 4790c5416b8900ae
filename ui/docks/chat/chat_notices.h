// ChatNotices: what stands over the composer while something is so that a person who writes should know: that
// nothing can be stored, that the answer waits for a limit of its runtime, that the swarm is at capacity.
// Each is hidden while it is not so. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QSet>
#include <QWidget>

namespace muster {

class NoticeBanner;
class PauseBanner;

class ChatNotices final : public QWidget {
    Q_OBJECT

public:
    explicit ChatNotices(QWidget *parent = nullptr);

    void setSideMargin(int pixels); // left and right of the words
    void setPause(const QString &reason);
    // The answer that is under way; nullptr: there is none.
    void setAnswer(const api::MessageInfo *answer);
    // Put away by the person it stays away from this conversation until the swarm was at capacity no more.
    void setLoad(ConversationId conversation, const api::NodeStatus &status);

signals:
    void cancelWanted();
    void activityWanted();

private:
    void showLoad();

    PauseBanner *m_pause;
    NoticeBanner *m_wait;
    NoticeBanner *m_capacity;
    ConversationId m_conversation;
    QString m_overload; // empty: the swarm is not at capacity
    QSet<ConversationId> m_putAway;
};

} // namespace muster
