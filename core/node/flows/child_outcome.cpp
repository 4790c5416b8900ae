#include "core/node/flows/child_outcome.h"

#include "core/flow/evaluation.h"
#include "core/flow/flow_parser.h"
#include "core/flow/rules.h"
#include "core/node/flows/journal.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostText = 16 * 1024; // characters of one step's output
constexpr qsizetype mostJson = 32 * 1024; // of its JSON
constexpr qsizetype mostAll = 256 * 1024;
constexpr qsizetype mostFiles = 1000;

// What expressions see of a step is taken as long as there is room.
class StepsReport {
public:
    StepsReport(const FlowDefinition &definition, const FlowState &state)
        : m_definition(definition)
        , m_state(state)
    {
    }

    QJsonObject run(bool &cut)
    {
        for (int step = 0; step < m_definition.stepCount(); ++step) {
            if (m_left <= 0) {
                cut = true;
                break;
            }
            m_steps.insert(m_definition.step(step).id, reportOf(step));
        }
        return m_steps;
    }

private:
    QJsonObject reportOf(int step)
    {
        const QJsonObject seen = stepScope(m_definition, m_state, step);
        QJsonObject report{{u"status"_s, seen.value(u"status"_s)}};
        m_left -= m_definition.step(step).id.size() + 40;
        const QString output = seen.value(u"output"_s).toString();
        bool cut = output.size() > mostText;
        if (!output.isEmpty())
            report.insert(u"output"_s, output.left(mostText));
        m_left -= std::min(output.size(), mostText);
        for (const QString &key : {u"json"_s, u"outputs"_s, u"branch"_s}) {
            const QJsonValue value = seen.value(key);
            if (value.isNull() || value.isUndefined())
                continue;
            const qsizetype size = valueAsText(value).size();
            const bool fits = size <= mostJson && size <= m_left;
            cut = cut || !fits;
            if (fits) {
                report.insert(key, value);
                m_left -= size;
            }
        }
        if (cut)
            report.insert(u"cut"_s, true);
        return report;
    }

    const FlowDefinition &m_definition;
    const FlowState &m_state;
    QJsonObject m_steps;
    qsizetype m_left = mostAll;
};

// The last step that has something to say speaks for the run.
QString outputOf(const FlowDefinition &definition, const FlowState &state)
{
    for (int step = definition.stepCount() - 1; step >= 0; --step) {
        const UnitState &unit = state.unit({step, kNoItem});
        if (unit.status == StepStatus::Completed && definition.step(step).kind != StepKind::Approval &&
            !unit.result.output.isEmpty())
            return unit.result.output;
    }
    return {};
}

QStringList filesOf(const FlowState &state)
{
    QStringList files;
    for (const StepState &step : state.steps) {
        files += step.unit.result.files;
        for (const UnitState &item : step.items)
            files += item.result.files;
    }
    files.sort();
    files.removeDuplicates();
    return files.first(std::min(files.size(), mostFiles));
}

AttemptResult endOf(const RunRow &run)
{
    AttemptResult result{.outcome = AttemptOutcome::Error, .reason = run.reason, .detail = run.detail};
    if (run.status == RunStatus::Completed)
        result = {};
    else if (run.status == RunStatus::Cancelled)
        result = {.outcome = AttemptOutcome::Cancelled, .reason = FailureReason::Aborted};
    else if (!result.reason)
        result.reason = FailureReason::Unknown;
    return result;
}

Result<QString> branchOf(Connection &db, RunId run)
{
    const auto trees = WorktreeRepository(db).ofRun(run);
    if (!trees)
        return std::unexpected(trees.error());
    const auto shared = std::ranges::find_if(
        *trees, [](const WorktreeRow &row) { return !row.step.isValid() && !row.headCommit.isEmpty(); });
    return shared == trees->end() ? QString() : shared->branch;
}

// Of all attempts, those that were tried again included.
AttemptUsage usageOf(const std::vector<FlowEvent> &journal)
{
    AttemptUsage usage;
    for (const FlowEvent &event : journal) {
        const auto *finished = std::get_if<AttemptFinished>(&event.fact);
        if (!finished)
            continue;
        const AttemptUsage &one = finished->result.usage;
        usage.tokensIn += one.tokensIn;
        usage.tokensOut += one.tokensOut;
        usage.tokensCached += one.tokensCached;
        if (one.costMicroUsd)
            usage.costMicroUsd = usage.costMicroUsd.value_or(0) + *one.costMicroUsd;
    }
    return usage;
}

} // namespace

Result<AttemptResult> childOutcome(Connection &db, const RunRow &run)
{
    RunRepository runs(db);
    AttemptResult result = endOf(run);
    const auto stored = runs.definition(run.definition);
    const auto journal = readJournal(db, run.id);
    const auto branch = branchOf(db, run.id);
    if (!stored)
        return std::unexpected(stored.error());
    if (!journal)
        return std::unexpected(journal.error());
    if (!branch)
        return std::unexpected(branch.error());
    result.usage = usageOf(*journal);
    result.branch = *branch;
    QJsonObject json{{u"run"_s, run.number}, {u"status"_s, enumName(run.status)}};
    const FlowParseResult parsed = parseFlow(stored->text.toUtf8(), stored->path, {});
    const auto state = parsed.ok() ? foldJournal(*parsed.definition, *journal)
                                   : Result<FlowState>(fail(ErrorCode::Corrupt, stored->path));
    if (state) {
        bool cut = false;
        json.insert(u"steps"_s, StepsReport(*parsed.definition, *state).run(cut));
        if (cut)
            json.insert(u"cut"_s, true);
        result.output = outputOf(*parsed.definition, *state);
        result.files = filesOf(*state);
        const QString step = state->verdict ? state->verdict->step : QString();
        if (!step.isEmpty())
            result.detail = result.detail.isEmpty() ? step : QString(step + u": "_s + result.detail);
    }
    result.json = json;
    return result;
}

Result<AttemptUsage> childUsage(Connection &db, RunId run) { return readJournal(db, run).transform(usageOf); }

} // namespace muster
