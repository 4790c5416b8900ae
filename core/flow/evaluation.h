// What is asked of the evaluator for a unit, and what its answer means for the run. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/flow/flow_state.h"
#include "core/flow/intents.h"

#include <QJsonArray>

namespace muster {

inline constexpr int kMostForeachItems = 10000;

// For a unit whose phase is Condition, List or Text.
[[nodiscard]] Evaluate evaluationOf(const FlowDefinition &definition, const FlowState &state, UnitRef unit);

// The fact to submit for an answer: a value of each expression, or why there is none.
[[nodiscard]] FlowFact factFromEvaluation(const FlowDefinition &definition, const Evaluate &asked,
                                          const Result<QJsonArray> &answer);

// What the evaluator's expressions see as steps.ID. `withItems`: also what came of each item of a foreach
// step.
[[nodiscard]] QJsonObject stepScope(const FlowDefinition &definition, const FlowState &state, int step,
                                    bool withItems = true);

// `values` fill the places of the text's expressions.
[[nodiscard]] QString renderText(const FlowText &text, const QJsonArray &values, qsizetype first = 0);
[[nodiscard]] QString valueAsText(const QJsonValue &value);

// An agent's answer that should be JSON: all of it, or its last fenced block, or its outermost object or
// list. Error InvalidArgument if there is none.
[[nodiscard]] Result<QJsonValue> jsonFromAnswer(const QString &answer);

} // namespace muster
