// RunBranch: an ExpressionEvaluator that gives expressions the branch that the run's worktree really is on.
// Its name is only known once the worktree is made, since another may have it: an expression that asks for it
// has it made. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/flow/expression_evaluator.h"
#include "core/node/flows/run_book.h"
#include "core/node/projects/changes_service.h"

namespace muster {

class RunBranch final : public ExpressionEvaluator, public AsyncOwner {
public:
    RunBranch(ExpressionEvaluator &evaluator, Ledger &ledger, RunBooks &books, ProjectService &projects,
              ChangesService &changes);

    void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) override;

private:
    using Done = std::function<void(Result<QJsonArray>)>;

    [[nodiscard]] Async<bool> evaluateWith(RunRow run, QString folder, EvaluationRequest request, Done done);
    [[nodiscard]] Async<QString> branchOf(RunRow run, QString folder);

    ExpressionEvaluator &m_evaluator;
    Ledger &m_ledger;
    RunBooks &m_books;
    ProjectService &m_projects;
    ChangesService &m_changes;
};

} // namespace muster
