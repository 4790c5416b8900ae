// The columns of a task in the order of its fields, for the files that share them. Internal to core/store.
#pragma once

#include "core/store/task_rows.h"

#include <tuple>

namespace muster::sql {

inline QString taskColumns()
{
    return QStringLiteral(
        "id, key, project_id, run_id, step_run_id, conversation_id, session_id, source, source_ref, "
        "created_by, kind, pool, priority, answered, status, failure_reason, detail, exit_code, signal, "
        "created_at, queued_at, not_before, started_at, ended_at, deadline_at, cancel_requested_at, "
        "slot_claimed_at, lease_owner, lease_epoch, lease_expires_at, turns, tokens_in, tokens_out, "
        "tokens_cached, cost_micro_usd, retry_of, superseded_by, put_off, "
        "forced, time_left_ms, recovered, reserved_micro_usd");
}

template <typename Task> auto taskFields(Task &t)
{
    return std::tie(t.id, t.key, t.project, t.run, t.step, t.conversation, t.session, t.source, t.sourceRef,
                    t.createdBy, t.kind, t.pool, t.priority, t.answered, t.status, t.reason, t.detail,
                    t.exitCode, t.signal, t.createdMs, t.queuedMs, t.notBeforeMs, t.startedMs, t.endedMs,
                    t.deadlineMs, t.cancelRequestedMs, t.slotClaimedMs, t.lease.owner, t.lease.epoch,
                    t.lease.expiresAtMs, t.turns, t.usage.tokensIn, t.usage.tokensOut, t.usage.tokensCached,
                    t.usage.costMicroUsd, t.retryOf, t.supersededBy, t.putOff, t.forced, t.timeLeftMs,
                    t.recovered, t.reservedMicroUsd);
}

} // namespace muster::sql
