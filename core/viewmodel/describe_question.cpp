// What a person must know before they say yes: why it is asked, and where it would happen.
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

QString sentence(PermissionRisk risk)
{
    switch (risk) {
    case PermissionRisk::None:
        break;
    case PermissionRisk::NotUnderstood:
        return Describe::tr("What it does is not certain");
    case PermissionRisk::OutsideWorkspace:
        return Describe::tr("Outside the folder that the agent works in");
    case PermissionRisk::Sensitive:
        return Describe::tr("May hold secrets");
    case PermissionRisk::Protected:
        return Describe::tr("Decides what runs later, without a question");
    case PermissionRisk::RunsOthers:
        return Describe::tr("Can run or write anything else");
    case PermissionRisk::ChangesShell:
        return Describe::tr("Changes what the rest of the command means");
    case PermissionRisk::Writes:
        return Describe::tr("Writes a file");
    }
    return {};
}

// "budget_near", and which limit it is as the watchdog says it.
QString budgetWarning(const api::InboxInfo &item)
{
    const QString used = describeDetail(item.purpose.section(u'\n', 1));
    return item.who.isEmpty() ? Describe::tr("Near the limit of the day. %1").arg(used)
                              : Describe::tr("Near its limit: %1. %2").arg(withVisibleMarks(item.who), used);
}

} // namespace

QString describeTitle(const api::InboxInfo &item)
{
    if (!item.title.isEmpty())
        return withVisibleMarks(item.title);
    if (const QString warning = describeScheduleWarning(item); !warning.isEmpty())
        return withVisibleMarks(warning);
    if (const QString result = describeScheduleResult(item); !result.isEmpty())
        return withVisibleMarks(result);
    if (item.purpose == "run_again"_L1)
        return Describe::tr("It is not known how this command ended. Run it again?");
    if (item.purpose == "merge"_L1)
        return Describe::tr("Merge what this run made into the branch %1?")
            .arg(withVisibleMarks(item.command));
    if (item.purpose == "deadline_near"_L1)
        return Describe::tr("Four fifths of its time are used: %1").arg(withVisibleMarks(item.who));
    if (item.purpose.startsWith("budget_near\n"_L1))
        return budgetWarning(item);
    if (item.purpose == "runaway_output"_L1)
        return Describe::tr("The agent writes without end and was paused. Let it go on?");
    return describe(item.kind);
}

QString describeRisk(const api::InboxInfo &item)
{
    QString what = sentence(item.risk);
    if (what.isEmpty() || item.riskDetail.isEmpty())
        return what;
    return Describe::tr("%1: %2", "a risk and what has it").arg(what, withVisibleMarks(item.riskDetail));
}

QString describePlace(const api::InboxInfo &item)
{
    const QString folder = withVisibleMarks(item.folder);
    switch (item.place) {
    case WorkPlace::None:
        break;
    case WorkPlace::Project:
        return Describe::tr("In the project folder itself: %1").arg(folder);
    case WorkPlace::Worktree:
        return Describe::tr("In the worktree %1").arg(folder);
    }
    return {};
}

} // namespace muster
