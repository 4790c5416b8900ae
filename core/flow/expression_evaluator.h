// ExpressionEvaluator: the port through which expressions are evaluated, outside the core, because an engine
// within it has no heap cap and cannot be stopped. The adapter drives `muster-eval` (protocol:
// eval_protocol.h) and kills it when a request takes too long. Core thread.
#pragma once

#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <functional>

namespace muster {

// Of the processor's time, so that a busy machine makes no run fail.
inline constexpr int kExpressionCpuMs = 100;
inline constexpr int kScriptCpuMs = 1000;

struct EvaluationRequest {
    QStringList expressions;
    bool script = false; // the one expression may be a function's body, and has kScriptCpuMs
    QJsonObject scope;   // each member becomes a name that the expressions see
};

[[nodiscard]] inline int cpuLimitMs(const EvaluationRequest &request)
{
    return request.script ? kScriptCpuMs : kExpressionCpuMs * static_cast<int>(request.expressions.size());
}

class ExpressionEvaluator {
public:
    ExpressionEvaluator() = default;
    ExpressionEvaluator(const ExpressionEvaluator &) = delete;
    ExpressionEvaluator &operator=(const ExpressionEvaluator &) = delete;
    virtual ~ExpressionEvaluator() = default;

    // `done` gets one value for each expression, or the first error; InvalidArgument: the expression threw
    // (detail is the message), Timeout: it took too long, TooLarge: memory or size of the result,
    // Unavailable: no evaluator. May be called before evaluate() returns. A request whose evaluator died for
    // another request's sake is sent again, not failed.
    virtual void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) = 0;
};

} // namespace muster
