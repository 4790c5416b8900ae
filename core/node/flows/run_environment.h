// RunEnvironment: an ExpressionEvaluator that gives expressions the variables of the node's environment which
// their flow declares. Read when they are used and never stored: what an expression makes of them is. Core
// thread.
#pragma once

#include "core/flow/expression_evaluator.h"
#include "core/node/flows/run_book.h"

namespace muster {

class RunEnvironment final : public ExpressionEvaluator {
public:
    RunEnvironment(ExpressionEvaluator &evaluator, RunBooks &books);

    void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) override;

private:
    ExpressionEvaluator &m_evaluator;
    RunBooks &m_books;
};

// Those of the names that the node's environment does not have.
[[nodiscard]] QStringList missingVariables(const QStringList &names);

} // namespace muster
