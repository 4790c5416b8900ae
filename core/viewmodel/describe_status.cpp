#include "core/viewmodel/describe.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

QString outcome(const QString &status, bool bad, std::optional<FailureReason> reason, const QString &detail)
{
    if (bad && reason)
        return status % u": " % describeFailure(*reason, detail);
    return detail.isEmpty() ? status : QString(status % u" (" % detail % u')');
}

} // namespace

QString describe(RunStatus status)
{
    switch (status) {
    case RunStatus::Queued:
        return Describe::tr("Queued");
    case RunStatus::Running:
        return Describe::tr("Running");
    case RunStatus::Waiting:
        return Describe::tr("Waiting for you");
    case RunStatus::Paused:
        return Describe::tr("Paused");
    case RunStatus::Completed:
        return Describe::tr("Completed");
    case RunStatus::Failed:
        return Describe::tr("Failed");
    case RunStatus::Cancelled:
        return Describe::tr("Cancelled");
    case RunStatus::Stuck:
        return Describe::tr("Stuck");
    }
    return {};
}

QString describe(StepStatus status)
{
    switch (status) {
    case StepStatus::Pending:
        return Describe::tr("Not started");
    case StepStatus::Ready:
        return Describe::tr("Ready");
    case StepStatus::Running:
        return Describe::tr("Running");
    case StepStatus::Waiting:
        return Describe::tr("Waiting");
    case StepStatus::Completed:
        return Describe::tr("Completed");
    case StepStatus::Failed:
        return Describe::tr("Failed");
    case StepStatus::TimedOut:
        return Describe::tr("Timed out");
    case StepStatus::Skipped:
        return Describe::tr("Skipped");
    case StepStatus::Excluded:
        return Describe::tr("Left out");
    case StepStatus::Cancelled:
        return Describe::tr("Cancelled");
    }
    return {};
}

QString describe(TaskStatus status)
{
    switch (status) {
    case TaskStatus::Queued:
        return Describe::tr("Queued");
    case TaskStatus::Running:
        return Describe::tr("Running");
    case TaskStatus::Waiting:
        return Describe::tr("Waiting");
    case TaskStatus::Completed:
        return Describe::tr("Completed");
    case TaskStatus::Failed:
        return Describe::tr("Failed");
    case TaskStatus::Cancelled:
        return Describe::tr("Cancelled");
    case TaskStatus::TimedOut:
        return Describe::tr("Timed out");
    }
    return {};
}

QString describe(api::MessageStatus status)
{
    switch (status) {
    case api::MessageStatus::Pending:
        return Describe::tr("Starting");
    case api::MessageStatus::Streaming:
        return Describe::tr("Writing");
    case api::MessageStatus::Complete:
        return Describe::tr("Complete");
    case api::MessageStatus::Interrupted:
        return Describe::tr("Interrupted");
    case api::MessageStatus::Error:
        return Describe::tr("Failed");
    case api::MessageStatus::Queued:
        return Describe::tr("Queued");
    }
    return {};
}

QString describe(api::InboxKind kind)
{
    switch (kind) {
    case api::InboxKind::Permission:
        return Describe::tr("Permission");
    case api::InboxKind::Approval:
        return Describe::tr("Approval");
    case api::InboxKind::Question:
        return Describe::tr("Question");
    case api::InboxKind::Warning:
        return Describe::tr("Warning");
    case api::InboxKind::Failure:
        return Describe::tr("Failure");
    case api::InboxKind::Result:
        return Describe::tr("Result");
    }
    return {};
}

QString describeAnswer(const api::InboxInfo &item)
{
    if (item.answeredBy == "archived"_L1)
        return Describe::tr("archived");
    if (item.answeredBy == "newer"_L1)
        return Describe::tr("a newer one came");
    if (item.status == InboxStatus::Withdrawn)
        return item.answeredBy == "timeout"_L1 ? Describe::tr("timed out") : Describe::tr("no longer asked");
    if (item.answer == "yes"_L1)
        return Describe::tr("yes");
    if (item.answer == "no"_L1)
        return Describe::tr("no");
    return item.several ? item.answer.split(u'\n').join(u", "_s) : item.answer;
}

QString describe(api::SwarmLoad load)
{
    switch (load) {
    case api::SwarmLoad::Quiet:
        return Describe::tr("Quiet");
    case api::SwarmLoad::Working:
        return Describe::tr("Working");
    case api::SwarmLoad::Saturated:
        return Describe::tr("At capacity");
    }
    return {};
}

QString describeCounts(const api::NodeStatus &status)
{
    QStringList parts;
    if (const int working = status.running - status.chatting; working > 0)
        parts += Describe::tr("%n working", nullptr, working);
    if (status.chatting > 0)
        parts += Describe::tr("%n in chat", nullptr, status.chatting);
    if (const int queued = status.queued - status.resting; queued > 0)
        parts += Describe::tr("%n queued", nullptr, queued);
    if (status.resting > 0)
        parts += Describe::tr("%n resting", "waits for a limit to be over", status.resting);
    if (status.waitingForYou > 0)
        parts += Describe::tr("%n waiting for you", nullptr, status.waitingForYou);
    return parts.join(u" · "_s);
}

QString describeWorktreeState(const QString &state)
{
    static const QHash<QString, const char *> known{
        {u"active"_s, QT_TRANSLATE_NOOP("Describe", "In use")},
        {u"clean"_s, QT_TRANSLATE_NOOP("Describe", "Unchanged")},
        {u"ahead"_s, QT_TRANSLATE_NOOP("Describe", "Committed")},
        {u"dirty"_s, QT_TRANSLATE_NOOP("Describe", "Changed")},
        {u"merged"_s, QT_TRANSLATE_NOOP("Describe", "Merged")},
        {u"dropped"_s, QT_TRANSLATE_NOOP("Describe", "Dropped")},
        {u"kept"_s, QT_TRANSLATE_NOOP("Describe", "Kept")},
    };
    const char *source = known.value(state);
    return source ? Describe::tr(source) : state;
}

QString describeFileStatus(const QString &status)
{
    static const QHash<QString, const char *> known{
        {u"added"_s, QT_TRANSLATE_NOOP("Describe", "Added")},
        {u"modified"_s, QT_TRANSLATE_NOOP("Describe", "Modified")},
        {u"deleted"_s, QT_TRANSLATE_NOOP("Describe", "Deleted")},
        {u"renamed"_s, QT_TRANSLATE_NOOP("Describe", "Renamed")},
    };
    const char *source = known.value(status);
    return source ? Describe::tr(source) : status;
}

QString iconFor(RunStatus status)
{
    switch (status) {
    case RunStatus::Queued:
        return u"status-queued"_s;
    case RunStatus::Running:
        return u"status-running"_s;
    case RunStatus::Waiting:
    case RunStatus::Paused:
        return u"status-waiting"_s;
    case RunStatus::Completed:
        return u"status-completed"_s;
    case RunStatus::Failed:
    case RunStatus::Stuck:
        return u"status-failed"_s;
    case RunStatus::Cancelled:
        return u"status-cancelled"_s;
    }
    return {};
}

QString iconFor(StepStatus status)
{
    switch (status) {
    case StepStatus::Pending:
        return u"status-pending"_s;
    case StepStatus::Ready:
        return u"status-queued"_s;
    case StepStatus::Running:
        return u"status-running"_s;
    case StepStatus::Waiting:
        return u"status-waiting"_s;
    case StepStatus::Completed:
        return u"status-completed"_s;
    case StepStatus::Failed:
        return u"status-failed"_s;
    case StepStatus::TimedOut:
        return u"status-timed-out"_s;
    case StepStatus::Skipped:
    case StepStatus::Excluded:
        return u"status-skipped"_s;
    case StepStatus::Cancelled:
        return u"status-cancelled"_s;
    }
    return {};
}

QString describeOutcome(RunStatus status, std::optional<FailureReason> reason, const QString &detail)
{
    const bool bad = status == RunStatus::Failed || status == RunStatus::Stuck;
    return outcome(describe(status), bad, reason, detail);
}

QString describeOutcome(StepStatus status, std::optional<FailureReason> reason, const QString &detail)
{
    const bool bad = status == StepStatus::Failed || status == StepStatus::Skipped;
    return outcome(describe(status), bad, reason, detail);
}

} // namespace muster
