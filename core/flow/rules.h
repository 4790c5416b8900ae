// The engine's rules: pure functions of (definition, state), no input or output, no clock but what is passed
// in. Source: spec "flows", Rules of the engine; docs/adr/0004-flow-engine.md.
//
//   reduce   folds one event into the state
//   plan     says what follows from the state: events that record a decision
//   advance  reduce, then plan and reduce until nothing follows: one transition, to be stored in one
//            transaction, and the intents to act upon after it is committed
#pragma once

#include "core/base/result.h"
#include "core/flow/flow_state.h"
#include "core/flow/intents.h"

#include <vector>

namespace muster {

enum class Reduced : std::uint8_t {
    Changed,
    Duplicate, // said before, or too late to matter: the state is as it was
};

// Error{InvalidArgument} for what can not have happened (an unknown step, an attempt that was never queued).
[[nodiscard]] Result<Reduced> reduce(const FlowDefinition &definition, FlowState &state,
                                     const FlowEvent &event);

// Empty when nothing follows. Costs what is ready, not the number of steps.
[[nodiscard]] std::vector<FlowFact> plan(const FlowDefinition &definition, const FlowState &state,
                                         qint64 nowMs);

struct Transition {
    std::vector<FlowEvent> events; // only journalled ones, the cause first; empty for a duplicate
    std::vector<Intent> intents;
};

[[nodiscard]] Result<Transition> advance(const FlowDefinition &definition, FlowState &state, FlowFact cause,
                                         qint64 nowMs);

// Folds a stored journal.
[[nodiscard]] Result<FlowState> foldJournal(const FlowDefinition &definition,
                                            const std::vector<FlowEvent> &events);

// What an attempt or an approval that is under way was begun with (for acts and for finding them again).
[[nodiscard]] AttemptKey keyOf(const FlowDefinition &definition, const FlowState &state, UnitRef unit);
[[nodiscard]] AttemptSpec attemptSpec(const FlowDefinition &definition, const FlowState &state, UnitRef unit);
[[nodiscard]] ApprovalSpec approvalSpec(const FlowDefinition &definition, const FlowState &state,
                                        UnitRef unit);

[[nodiscard]] bool isFailure(StepStatus status); // failed, timed out, cancelled
// Whether `on_error` makes good that a step came to this end; it is about what a step did itself.
[[nodiscard]] bool isMadeGood(const StepDefinition &step, StepStatus status,
                              std::optional<FailureReason> reason);

// Backoff before retry number `retry` (1, 2, …): doubling, with jitter seeded by the key, at most ten
// minutes, not before a known reset.
[[nodiscard]] qint64 retryMomentMs(const RetryPolicy &policy, int retry, const AttemptKey &key, qint64 nowMs,
                                   std::optional<qint64> resetAtMs);

} // namespace muster
