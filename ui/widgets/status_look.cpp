#include "ui/widgets/status_look.h"

#include "core/viewmodel/describe.h"

using namespace Qt::StringLiterals;

namespace muster {

StatusLook lookOf(RunStatus status)
{
    switch (status) {
    case RunStatus::Running:
        return {iconFor(status), &ThemeColors::running};
    case RunStatus::Waiting:
    case RunStatus::Paused:
        return {iconFor(status), &ThemeColors::waiting};
    case RunStatus::Completed:
        return {iconFor(status), &ThemeColors::completed};
    case RunStatus::Failed:
    case RunStatus::Stuck:
        return {iconFor(status), &ThemeColors::failed};
    case RunStatus::Queued:
    case RunStatus::Cancelled:
        break;
    }
    return {iconFor(status), &ThemeColors::neutral};
}

StatusLook lookOf(StepStatus status)
{
    switch (status) {
    case StepStatus::Running:
        return {iconFor(status), &ThemeColors::running};
    case StepStatus::Waiting:
        return {iconFor(status), &ThemeColors::waiting};
    case StepStatus::Completed:
        return {iconFor(status), &ThemeColors::completed};
    case StepStatus::Failed:
    case StepStatus::TimedOut:
        return {iconFor(status), &ThemeColors::failed};
    case StepStatus::Pending:
    case StepStatus::Ready:
    case StepStatus::Skipped:
    case StepStatus::Excluded:
    case StepStatus::Cancelled:
        break;
    }
    return {iconFor(status), &ThemeColors::neutral};
}

StatusLook lookOf(InboxKind kind)
{
    switch (kind) {
    case InboxKind::Permission:
        return {u"permission"_s, &ThemeColors::waiting};
    case InboxKind::Approval:
        return {u"approval"_s, &ThemeColors::waiting};
    case InboxKind::Question:
        return {u"question"_s, &ThemeColors::waiting};
    case InboxKind::Warning:
        return {u"warning"_s, &ThemeColors::waiting};
    case InboxKind::Failure:
        return {u"status-failed"_s, &ThemeColors::failed};
    case InboxKind::Result:
        break;
    }
    return {u"info"_s, &ThemeColors::neutral};
}

StatusLook lookOfStall() { return {u"warning"_s, &ThemeColors::waiting}; }

StatusLook lookOfFallback() { return {u"info"_s, &ThemeColors::waiting}; }

StatusLook lookOfRisk() { return {u"warning"_s, &ThemeColors::waiting}; }

StatusLook lookOf(WorkPlace place)
{
    if (place == WorkPlace::Worktree)
        return {u"branch"_s, &ThemeColors::neutral};
    return {u"folder"_s, &ThemeColors::waiting};
}

} // namespace muster
