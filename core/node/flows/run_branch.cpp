#include "core/node/flows/run_branch.h"

#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool hasSharedWorktree(const FlowDefinition &definition)
{
    return std::ranges::any_of(definition.steps, [](const StepDefinition &step) {
        return (step.isWork() && step.isolation == StepIsolation::Run) || step.kind == StepKind::Merge;
    });
}

// Whether one may read run.branch, however it says it: any use of `run` but for another field of it.
bool mayAskForBranch(const QStringList &expressions)
{
    static const QRegularExpression use(uR"(\brun\b(?!\s*\??\.\s*(id|number|flow)\b))"_s);
    return std::ranges::any_of(expressions, [](const QString &text) { return use.match(text).hasMatch(); });
}

} // namespace

RunBranch::RunBranch(ExpressionEvaluator &evaluator, Ledger &ledger, RunBooks &books,
                     ProjectService &projects, ChangesService &changes)
    : m_evaluator(evaluator)
    , m_ledger(ledger)
    , m_books(books)
    , m_projects(projects)
    , m_changes(changes)
{
}

void RunBranch::evaluate(const EvaluationRequest &request, Done done)
{
    const RunId run{request.scope.value(u"run"_s)[u"id"_s].toInteger()};
    const RunBook *book = m_books.find(run);
    if (!book || !mayAskForBranch(request.expressions) || !hasSharedWorktree(*book->definition))
        m_evaluator.evaluate(request, std::move(done));
    else
        (void)evaluateWith(book->run, book->project.root, request, std::move(done)); // ends with done()
}

Async<bool> RunBranch::evaluateWith(RunRow run, QString folder, EvaluationRequest request, Done done)
{
    const auto branch = co_await branchOf(std::move(run), std::move(folder));
    if (!branch) {
        done(std::unexpected(branch.error()));
        co_return false;
    }
    QJsonObject seen = request.scope.value(u"run"_s).toObject();
    seen.insert(u"branch"_s, *branch);
    request.scope.insert(u"run"_s, seen);
    m_evaluator.evaluate(request, std::move(done));
    co_return true;
}

Async<QString> RunBranch::branchOf(RunRow run, QString folder)
{
    const auto trees = co_await resultOf(
        m_ledger.readAsync([id = run.id](Connection &db) { return WorktreeRepository(db).ofRun(id); }));
    if (!trees)
        co_return std::unexpected(trees.error());
    // Also one that has ended: its commits are under that name, or were.
    const auto shared = std::ranges::find_if(trees->rbegin(), trees->rend(),
                                             [](const WorktreeRow &row) { return !row.step.isValid(); });
    if (shared != trees->rend())
        co_return shared->branch;
    const auto project = co_await m_projects.open(std::move(folder));
    if (!project)
        co_return std::unexpected(project.error());
    const auto made = co_await m_changes.worktreeFor({.project = project->info,
                                                      .projectId = run.project,
                                                      .run = run.id,
                                                      .runTag = runTagOf(run),
                                                      .step = {},
                                                      .name = {},
                                                      .from = {}},
                                                     project->gitTrust());
    co_return made.transform([](const WorktreeRow &row) { return row.branch; });
}

} // namespace muster
