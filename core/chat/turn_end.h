// How a turn's end settles the assistant's row, and how ends are counted. Spec "chat", A turn that cannot get
// lost. Pure, any thread.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/session_event.h"

#include <QMap>
#include <QString>

#include <vector>

namespace muster {

// pending → streaming → complete | interrupted | error; queued is of the person's own messages.
[[nodiscard]] bool isSettledMessage(MessageStatus status);
[[nodiscard]] bool mayFollow(MessageStatus from, MessageStatus to);

struct TurnEnd {
    TurnOutcome outcome = TurnOutcome::Completed;
    std::optional<FailureReason> reason;
    QString detail;
};

struct Settlement {
    MessageStatus status = MessageStatus::Complete;
    std::optional<FailureReason> reason; // set unless Complete
    QString detail;

    friend bool operator==(const Settlement &, const Settlement &) = default;
};

[[nodiscard]] Settlement settlementOf(const TurnEnd &end);

// Started must equal ended when nothing runs; the diagnostics page shows both.
struct TurnCounters {
    qint64 started = 0;
    QMap<QString, qint64> ended; // by "complete" or the reason
    qint64 reconciled = 0;       // left over by an earlier process; in neither of the above

    void countEnd(const Settlement &settlement);
    [[nodiscard]] qint64 endedTotal() const;
};

// A row as the store has it at start.
struct MessageRest {
    MessageId id;
    ConversationId conversation;
    MessageStatus status = MessageStatus::Pending;
};

struct SettleRow {
    MessageId id;
    Settlement settlement;

    friend bool operator==(const SettleRow &, const SettleRow &) = default;
};

// Whoever was to finish these rows is gone: each that is not settled is interrupted, by a crash. Queued ones
// are not its business, they go to the agent again.
[[nodiscard]] std::vector<SettleRow> reconcile(const std::vector<MessageRest> &rows);

} // namespace muster
