#include "core/store/history_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

auto stepFields(PastStepRow &r)
{
    return std::tie(r.run, r.stepId, r.itemIndex, r.runtime, r.tokensIn, r.tokensOut, r.costMicroUsd,
                    r.outputChars, r.rounds);
}

auto taskFields(PastTaskRow &r) { return std::tie(r.profile, r.runtime, r.tokensIn, r.tokensOut); }

} // namespace

Result<std::vector<PastStepRow>> HistoryRepository::steps(ProjectId project, const QString &flow,
                                                          int mostRuns, int mostRows)
{
    static const QString sql =
        u"SELECT s.run_id, s.step_id, s.item_index, COALESCE(t.runtime, ''), s.tokens_in, s.tokens_out, "
        "s.cost_micro_usd, COALESCE(length(s.output_text), 0), "
        "CASE WHEN json_valid(s.output_json) THEN CASE json_type(s.output_json, '$.rounds') "
        "WHEN 'integer' THEN json_extract(s.output_json, '$.rounds') END END "
        "FROM step_runs s LEFT JOIN task_specs t ON t.task_id = s.task_id "
        "WHERE s.run_id IN (SELECT id FROM runs WHERE project_id = ? AND flow = ? ORDER BY id DESC LIMIT ?) "
        "AND s.status = 'completed' ORDER BY s.run_id DESC LIMIT ?"_s;
    return m_db.rows<PastStepRow>(stepFields, sql, project, flow, mostRuns, mostRows);
}

Result<std::vector<PastTaskRow>> HistoryRepository::tasks(ProjectId project, int mostTasks)
{
    static const QString sql =
        u"SELECT p.profile, p.runtime, t.tokens_in, t.tokens_out "
        "FROM (SELECT id, tokens_in, tokens_out, status FROM tasks WHERE project_id = ? "
        "ORDER BY id DESC LIMIT ?) t JOIN task_specs p ON p.task_id = t.id "
        "WHERE t.status = 'completed' AND p.profile <> '' ORDER BY t.id DESC"_s;
    return m_db.rows<PastTaskRow>(taskFields, sql, project, mostTasks);
}

} // namespace muster
