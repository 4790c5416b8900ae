#include "core/chat/turn_end.h"

#include <numeric>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Cut off from outside, so that going on makes sense; anything else failed by itself.
bool isInterruption(FailureReason reason)
{
    switch (reason) {
    case FailureReason::Aborted:
    case FailureReason::Crashed:
    case FailureReason::Stalled:
    case FailureReason::DeadlineExceeded:
    case FailureReason::LeaseExpired:
    case FailureReason::TurnLimitExceeded:
    case FailureReason::BudgetExceeded:
    case FailureReason::Unkillable:
        return true;
    default:
        return false;
    }
}

} // namespace

bool isSettledMessage(MessageStatus status)
{
    return status == MessageStatus::Complete || status == MessageStatus::Interrupted ||
           status == MessageStatus::Error;
}

bool mayFollow(MessageStatus from, MessageStatus to)
{
    switch (from) {
    case MessageStatus::Queued:
        return to == MessageStatus::Complete;
    case MessageStatus::Pending:
        return to == MessageStatus::Streaming || isSettledMessage(to);
    case MessageStatus::Streaming:
        return isSettledMessage(to);
    default:
        return false;
    }
}

Settlement settlementOf(const TurnEnd &end)
{
    switch (end.outcome) {
    case TurnOutcome::Completed:
        return {.status = MessageStatus::Complete, .reason = std::nullopt, .detail = end.detail};
    case TurnOutcome::Cancelled:
        return {.status = MessageStatus::Interrupted,
                .reason = end.reason.value_or(FailureReason::Aborted),
                .detail = end.detail};
    case TurnOutcome::LimitReached:
        return {.status = MessageStatus::Interrupted,
                .reason = end.reason.value_or(FailureReason::TurnLimitExceeded),
                .detail = end.detail};
    case TurnOutcome::Refused:
    case TurnOutcome::Failed:
        break;
    }
    const FailureReason reason = end.reason.value_or(FailureReason::Unknown);
    return {.status = isInterruption(reason) ? MessageStatus::Interrupted : MessageStatus::Error,
            .reason = reason,
            .detail = end.detail};
}

void TurnCounters::countEnd(const Settlement &settlement)
{
    ++ended[settlement.reason ? enumName(*settlement.reason) : u"complete"_s];
}

qint64 TurnCounters::endedTotal() const { return std::accumulate(ended.cbegin(), ended.cend(), qint64{0}); }

std::vector<SettleRow> reconcile(const std::vector<MessageRest> &rows)
{
    std::vector<SettleRow> settled;
    for (const MessageRest &row : rows) {
        if (row.status == MessageStatus::Pending || row.status == MessageStatus::Streaming)
            settled.push_back({.id = row.id,
                               .settlement = {.status = MessageStatus::Interrupted,
                                              .reason = FailureReason::Crashed,
                                              .detail = u"node_died"_s}});
    }
    return settled;
}

} // namespace muster
