// Sessions: what process runs them, how to resume them, and how they ended. Times UTC milliseconds. Thread of
// the connection; writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/reasons.h"
#include "core/store/connection.h"

namespace muster {

enum class SessionRowState : std::uint8_t { Starting, Idle, Busy, Waiting, Ended };

template <> struct EnumNames<SessionRowState> {
    static constexpr std::array table{
        std::pair{SessionRowState::Starting, "starting"}, std::pair{SessionRowState::Idle, "idle"},
        std::pair{SessionRowState::Busy, "busy"}, std::pair{SessionRowState::Waiting, "waiting"},
        std::pair{SessionRowState::Ended, "ended"}};
};

struct SessionRow {
    SessionId id;
    ProjectId project;
    ConversationId conversation;
    TaskId task;
    QString nativeId; // the runtime's own, to resume it
    QString runtime;
    QString account; // of that runtime; empty: the first
    QString model;
    QString profile;
    QString cwd;
    QString marker; // in its processes' environment
    qint64 pid = 0;
    qint64 pidStart = 0; // the system's start time of that pid
    QString owner;       // lease owner of the node that runs it
    SessionRowState state = SessionRowState::Starting;
    qint64 turns = 0;
    qint64 createdMs = 0;
    qint64 activeMs = 0;
    std::optional<qint64> endedMs;
    std::optional<FailureReason> endReason; // none: closed on purpose
    QString endDetail;
};

class SessionRepository {
public:
    explicit SessionRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<SessionId> insert(const SessionRow &session);
    [[nodiscard]] Status update(const SessionRow &session); // all of it; NotFound
    [[nodiscard]] Status setState(SessionId id, SessionRowState state, qint64 nowMs);
    // NotFound: no such session or it has ended before.
    [[nodiscard]] Status end(SessionId id, std::optional<FailureReason> reason, const QString &detail,
                             qint64 nowMs);
    [[nodiscard]] Result<SessionRow> find(SessionId id);
    [[nodiscard]] Result<std::vector<SessionRow>> open(); // not ended, oldest first
    // The conversation's newest that the runtime has given an id of its own. NotFound.
    [[nodiscard]] Result<SessionRow> lastOf(ConversationId conversation);
    [[nodiscard]] Result<std::vector<SessionRow>> newest(ProjectId project, int limit); // none: all projects

private:
    Connection &m_db;
};

} // namespace muster
