#include "core/node/flows/child_runs.h"

#include "core/flow/inputs.h"
#include "core/flow/run_budget.h"
#include "core/node/flows/child_outcome.h"
#include "core/node/flows/stored_flows.h"
#include "core/store/run_repository.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

AttemptResult failedToStart(const Error &error)
{
    return {.outcome = AttemptOutcome::Error,
            .reason = FailureReason::LaunchFailed,
            .detail = error.where.isEmpty() ? error.detail : QString(error.where + u": "_s + error.detail)};
}

// The flow of a step, with all that the parent has: those that it starts in turn are among them.
Result<LoadedFlow> loadFlow(Connection &db, RunId run, const QString &name)
{
    auto flows = storedFlows(db, run);
    if (!flows)
        return std::unexpected(flows.error());
    const auto own = std::ranges::find(*flows, name, &NamedFlow::name);
    if (own == flows->end())
        return fail(ErrorCode::NotFound, name, u"flow"_s);
    LoadedFlow out{.found = own->found,
                   .text = own->text,
                   .parsed = {.definition = own->definition, .problems = {}},
                   .flows = {}};
    out.flows = std::move(*flows);
    return out;
}

} // namespace

ChildRuns::ChildRuns(Ledger &ledger, RunBooks &books, ProjectService &projects, RunService &runs,
                     QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_books(books)
    , m_projects(projects)
    , m_runs(runs)
{
    connect(&m_ledger.hub(), &EventHub::arrived, this, &ChildRuns::onEvents);
    connect(&m_runs, &RunService::advanced, this, &ChildRuns::onAdvanced);
    connect(&m_runs, &RunService::spent, this, [this](RunId run, qint64 costMicroUsd) {
        if (const auto child = m_children.constFind(run); child != m_children.cend())
            m_engine->attemptSpent(*child, costMicroUsd);
    });
}

void ChildRuns::start(const AttemptSpec &spec)
{
    const bool known =
        m_starting.contains(spec.key) ||
        std::ranges::any_of(m_children, [&](const AttemptKey &key) { return key == spec.key; });
    if (known || !m_books.find(spec.key.run))
        return;
    m_starting.insert(spec.key);
    (void)begin(spec); // ends with a report to the engine
}

Async<bool> ChildRuns::begin(AttemptSpec spec)
{
    const auto child = co_await findOrStart(spec);
    m_starting.remove(spec.key);
    const auto stopped =
        m_stopped.contains(spec.key) ? std::optional(m_stopped.take(spec.key)) : std::nullopt;
    if (!child) {
        m_engine->attemptFinished(spec.key, failedToStart(child.error()));
        co_return false;
    }
    m_children.insert(child->id, spec.key);
    m_engine->attemptStarted(spec.key);
    if (stopped)
        end(child->id, spec.key, *stopped);
    // It may have ended before anybody listened.
    (void)lookFromAfar(child->id);
    co_return true;
}

Async<RunRow> ChildRuns::findOrStart(AttemptSpec spec)
{
    const QString key = spec.key.toString();
    const auto find = [this, key] {
        return m_ledger.readAsync([key](Connection &db) { return RunRepository(db).childOf(key); });
    };
    const auto before = co_await resultOf(find());
    if (!before)
        co_return std::unexpected(before.error());
    if (*before)
        co_return **before;
    const auto parent = co_await resultOf(
        m_ledger.readAsync([id = spec.key.run](Connection &db) { return RunRepository(db).find(id); }));
    if (!parent)
        co_return std::unexpected(parent.error());
    const auto prepared = co_await prepare(spec, *parent);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    const auto made = co_await m_runs.begin(*prepared, {.by = u"step:"_s + key,
                                                        .data = {{u"run"_s, parent->id.value},
                                                                 {u"flow"_s, parent->flow},
                                                                 {u"number"_s, parent->number},
                                                                 {u"step"_s, spec.key.step}},
                                                        .onlyOnce = true,
                                                        .parent = spec.key});
    if (made || made.error().code != ErrorCode::Conflict)
        co_return made;
    const auto other = co_await resultOf(find());
    if (!other || !*other)
        co_return made;
    co_return **other;
}

// All that was accepted at the parent's start is so for its part.
Async<PreparedRun> ChildRuns::prepare(AttemptSpec spec, RunRow parent)
{
    const auto stored = co_await resultOf(m_ledger.readAsync(
        [parent, name = spec.flow](Connection &db) -> Result<std::pair<LoadedFlow, QString>> {
        const auto project = ProjectRepository(db).find(parent.project);
        if (!project)
            return std::unexpected(project.error());
        auto flow = loadFlow(db, parent.id, name);
        if (!flow)
            return std::unexpected(flow.error());
        return std::pair(std::move(*flow), project->path);
    }));
    if (!stored)
        co_return std::unexpected(stored.error());
    const auto &[flow, folder] = *stored;
    if (!flow.parsed.ok())
        co_return fail(ErrorCode::Corrupt, spec.flow, u"flow"_s);
    const auto project = co_await m_projects.open(folder);
    if (!project)
        co_return std::unexpected(project.error());
    const QJsonObject given = QJsonDocument::fromJson(spec.text.toUtf8()).object();
    const auto inputs =
        resolveInputs(*flow.parsed.definition, inputsFromValues(*flow.parsed.definition, given));
    if (!inputs) {
        const InputProblem &first = inputs.error().front();
        co_return fail(ErrorCode::InvalidArgument, enumName(first.code), u"inputs."_s + first.name);
    }
    const RunBook *book = m_books.find(parent.id);
    co_return PreparedRun{.request = {.project = folder,
                                      .flow = spec.flow,
                                      .inputs = *inputs,
                                      .runtime = parent.runtime,
                                      .unattended = parent.unattended,
                                      .approve = parent.yes,
                                      .trust = false},
                          .project = *project,
                          .trusted = book ? book->trusted : project->trusted,
                          .flow = flow,
                          .inputs = *inputs};
}

void ChildRuns::stop(const AttemptKey &key, FailureReason reason)
{
    const RunId child = m_children.key(key);
    if (m_starting.contains(key))
        m_stopped.insert(key, reason);
    else if (child.isValid())
        end(child, key, reason);
    else
        m_engine->attemptFinished(key, {.outcome = AttemptOutcome::Lost, .reason = FailureReason::Crashed});
}

// Where the money is spent its agents end and its commands go on, as in the parent.
void ChildRuns::end(RunId child, const AttemptKey &key, FailureReason reason)
{
    const FlowState *parent = m_engine->state(key.run);
    if (reason == FailureReason::BudgetExceeded && parent && m_engine->spendNoMore(child, parent->crossed))
        return;
    (void)cancel(child, parent && parent->forced);
}

// Once as it is asked, so that its last steps still run; a second time where that is meant.
Async<bool> ChildRuns::cancel(RunId child, bool byForce)
{
    const auto row = co_await resultOf(
        m_ledger.readAsync([child](Connection &db) { return RunRepository(db).find(child); }));
    if (!row || isSettled(row->status))
        co_return false;
    if (!row->cancelRequestedMs)
        (void)co_await m_runs.cancel(child, u"flow"_s);
    const FlowState *state = m_engine->state(child);
    if (byForce && !(state && state->forced))
        (void)co_await m_runs.cancel(child, u"flow"_s);
    co_return true;
}

void ChildRuns::reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer)
{
    (void)lookUp(spec.key, std::move(answer)); // ends with the answer
}

Async<bool> ChildRuns::lookUp(AttemptKey key, std::function<void(Reconciled, AttemptResult)> answer)
{
    const auto known = co_await resultOf(m_ledger.readAsync(
        [key = key.toString()](Connection &db) { return RunRepository(db).childOf(key); }));
    if (!known || !*known) {
        answer(known ? Reconciled::NotBegun : Reconciled::Lost, {});
        co_return known.has_value();
    }
    // Listened to before it is looked at: its end is not missed between the two.
    const RunId child = (*known)->id;
    m_children.insert(child, key);
    answer(Reconciled::StillRunning, {});
    co_return co_await lookFromAfar(child);
}

// At a child of which nothing has been heard: it may have ended, or be in the hands of another process.
Async<bool> ChildRuns::lookFromAfar(RunId child)
{
    const auto now = co_await resultOf(
        m_ledger.readAsync([child](Connection &db) { return RunRepository(db).find(child); }));
    if (!now)
        co_return std::unexpected(now.error());
    if (isSettled(now->status))
        co_return co_await tellEnd(child);
    if (const FlowState *here = m_engine->state(child)) {
        m_engine->attemptSpent(m_children.value(child), spentOf(*here));
        tellStatus(child, runStatusOf(*here));
        co_return true;
    }
    const auto used =
        co_await resultOf(m_ledger.readAsync([child](Connection &db) { return childUsage(db, child); }));
    if (used && used->costMicroUsd)
        m_engine->attemptSpent(m_children.value(child), *used->costMicroUsd);
    tellStatus(child, now->status);
    co_return true;
}

void ChildRuns::onAdvanced(RunId run)
{
    const FlowState *state = m_children.contains(run) ? m_engine->state(run) : nullptr;
    if (state)
        tellStatus(run, runStatusOf(*state));
}

void ChildRuns::tellStatus(RunId child, RunStatus status)
{
    const AttemptKey key = m_children.value(child);
    if (status == RunStatus::Waiting)
        m_engine->attemptWaiting(key);
    else
        m_engine->attemptContinued(key);
}

void ChildRuns::onEvents(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        if (event.kind == u"run.finished" && m_children.contains(event.refs.run)) {
            (void)tellEnd(event.refs.run);
        } else if (event.kind.startsWith("step."_L1) && m_children.contains(event.refs.run) &&
                   !m_engine->state(event.refs.run)) {
            (void)lookFromAfar(event.refs.run);
        } else if (event.kind == u"run.cancel_requested") {
            const FlowState *state = m_engine->state(event.refs.run);
            if (!state || !state->forced)
                continue;
            for (auto it = m_children.cbegin(); it != m_children.cend(); ++it) {
                if (it->run == event.refs.run)
                    (void)cancel(it.key(), true);
            }
        }
    }
}

Async<bool> ChildRuns::tellEnd(RunId child)
{
    const AttemptKey key = m_children.take(child);
    if (!key.run.isValid())
        co_return false; // told already
    const auto result = co_await resultOf(m_ledger.readAsync([child](Connection &db) {
        return RunRepository(db).find(child).and_then(
            [&](const RunRow &row) { return childOutcome(db, row); });
    }));
    if (result)
        m_engine->attemptFinished(key, *result);
    else
        m_engine->attemptFinished(key, {.outcome = AttemptOutcome::Error,
                                        .reason = FailureReason::RuntimeError,
                                        .detail = result.error().detail});
    co_return true;
}

} // namespace muster
