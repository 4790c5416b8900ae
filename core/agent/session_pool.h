// SessionPool: sessions between their turns, kept warm so that the next turn needs no start and no loading of
// history. A session is either here, idle, or with whoever took it: never both. Only idle ones are let go:
// the one that waits longest when there are too many, each when its time is over, all with close(). One that
// ends by itself is forgotten. Core thread. Source: spec "agents", Session.
#pragma once

#include "core/agent/agent_session.h"
#include "core/base/clock.h"
#include "core/events/event.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QTimer>

#include <chrono>
#include <functional>
#include <vector>

namespace muster {

// What a turn must share with the one before to go on in its session.
struct SessionPoolKey {
    ConversationId conversation;
    QString runtime;
    QString account;   // of that runtime
    QString workspace; // absolute
    QString profile;
    QString model;
    QJsonObject servers; // of the Model Context Protocol

    friend bool operator==(const SessionPoolKey &, const SessionPoolKey &) = default;
};

struct SessionPoolLimits {
    int most = 4; // idle ones; 0: none is kept
    std::chrono::milliseconds idleFor = std::chrono::minutes(5);
};

class SessionPool final : public QObject {
    Q_OBJECT
public:
    // The limits are asked for whenever they matter, as they may change.
    SessionPool(const Clock &clock, std::function<SessionPoolLimits()> limits, QObject *parent = nullptr);

    // Takes the session over. False: not now (it is not ready, none is kept, or close() was called), and it
    // stays with the caller.
    [[nodiscard]] bool park(const SessionPoolKey &key, SessionId id, AgentSession *session);
    // The session that take() would give; not valid: none.
    [[nodiscard]] SessionId find(const SessionPoolKey &key) const;
    // The caller's from now on, no child of the pool; nullptr: none.
    [[nodiscard]] AgentSession *take(const SessionPoolKey &key);

    // Done when no session of the conversation is being ended any more: two of them would work on one
    // history.
    [[nodiscard]] QFuture<Result<bool>> whenEnded(ConversationId conversation);

    // Ends them all and takes no more; `done` when their processes are verified gone.
    void close(std::function<void()> done);

    struct Idle {
        SessionPoolKey key;
        SessionId id;
        qint64 sinceMs = 0; // Clock::monotonicMs()
    };
    [[nodiscard]] std::vector<Idle> idle() const;
    [[nodiscard]] int idleCount() const { return static_cast<int>(m_idle.size()); }

signals:
    // One of those that were here; its process tree is gone, or its survivors are named.
    void ended(muster::SessionId id, const muster::SessionEnded &end);

private:
    struct Entry {
        SessionPoolKey key;
        SessionId id;
        AgentSession *session = nullptr;
        qint64 sinceMs = 0; // Clock::monotonicMs()
    };

    void onEvent(AgentSession *session, const SessionEvent &event);
    void onEnded(AgentSession *session, const SessionEnded &end);
    void letGo(size_t index);
    void letGoOfTheOld();
    void watch();
    [[nodiscard]] bool isEnding(ConversationId conversation) const;
    void tellWhoWaits();

    struct Waiting {
        ConversationId conversation;
        QPromise<Result<bool>> promise;
    };

    const Clock &m_clock;
    std::function<SessionPoolLimits()> m_limits;
    std::vector<Entry> m_idle;   // the longest idle first
    std::vector<Entry> m_ending; // being closed
    std::vector<Waiting> m_waiting;
    QTimer m_timer;
    bool m_closed = false;
    std::function<void()> m_whenGone;
};

} // namespace muster
