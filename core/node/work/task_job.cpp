#include "core/node/work/task_job.h"

namespace muster {

using namespace Qt::StringLiterals;

TaskJob::TaskJob(ClaimedTask task, WorkContext &context, QObject *parent)
    : QObject(parent)
    , m_task(std::move(task))
    , m_context(context)
    , m_data(fromJsonObject<TaskData>(m_task.request.data).value_or(TaskData{}))
{
    m_signs.begin(now());
}

api::WorkInfo TaskJob::look() const { return lookWith({}); }

api::WorkInfo TaskJob::lookWith(WorkSigns::Look look) const
{
    look.nowMs = now();
    const EventRefs &refs = m_task.request.refs;
    return {.task = m_task.id,
            .run = refs.run,
            .step = refs.step,
            .conversation = refs.conversation,
            .session = {},
            .runtime = {},
            .title = m_data.title,
            .state = m_signs.state(look),
            .tool = m_signs.tool(),
            .lastSignAt = m_context.ledger.clock().nowMs() - (look.nowMs - m_signs.lastMs())};
}

void TaskJob::steer(const QString &text, const QStringList &attachments,
                    const std::function<void(const Status &)> &done)
{
    Q_UNUSED(text)
    Q_UNUSED(attachments)
    done(fail(ErrorCode::Unsupported, u"steer"_s));
}

Async<std::optional<WorktreeRow>> TaskJob::findWorktree(OpenedProject project)
{
    using Found = Result<std::optional<WorktreeRow>>;
    if (m_data.isolation == "none"_L1)
        co_return Found(std::nullopt);
    if (m_data.isolation == "step"_L1 && !m_data.worktreeStep.isValid())
        co_return fail(ErrorCode::NotFound, m_data.step, u"worktree"_s);
    const auto row = co_await m_context.changes.worktreeFor({.project = project.info,
                                                             .projectId = project.row.id,
                                                             .run = m_task.request.refs.run,
                                                             .runTag = m_data.runTag,
                                                             .step = m_data.worktreeStep,
                                                             .name = m_data.worktreeName,
                                                             .from = m_data.beginsAt},
                                                            project.gitTrust());
    if (!row)
        co_return std::unexpected(row.error());
    emit placed(row->id);
    co_return Found(*row);
}

} // namespace muster
