#include "core/viewmodel/describe_run.h"

#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

QString listed(const QStringList &patterns) { return withVisibleMarks(patterns.join(u", "_s)); }

bool fitsAll(const QString &pattern) { return pattern == "**"_L1 || pattern == "**/*"_L1; }

} // namespace

QString describeParent(const api::RunInfo &run)
{
    if (!run.parent.isValid())
        return {};
    return Describe::tr("Part of %1 #%2 · step %3")
        .arg(run.parentFlow)
        .arg(run.parentNumber)
        .arg(run.parentStep);
}

QString describeChild(const api::StepInfo &step)
{
    return step.child.isValid() ? u"%1 #%2"_s.arg(step.childFlow).arg(step.childNumber) : QString();
}

QStringList describeWritten(const QStringList &patterns, const QString &anything)
{
    return std::ranges::any_of(patterns, fitsAll) ? QStringList(anything) : patterns;
}

QStringList describeAccepted(const api::FlowCheckInfo &check)
{
    QStringList lines;
    if (!check.mayWrite.isEmpty())
        lines += Describe::tr("Writes without asking: %1")
                     .arg(listed(describeWritten(check.mayWrite, Describe::tr("anything in its worktree"))));
    if (!check.mayRun.isEmpty())
        lines += Describe::tr("Runs without asking: %1").arg(listed(check.mayRun));
    if (!check.mayMerge.isEmpty())
        lines += Describe::tr("Merges without asking into: %1").arg(listed(check.mayMerge));
    return lines;
}

} // namespace muster
