#include "core/viewmodel/describe_run.h"

#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

QString listed(const QStringList &patterns) { return withVisibleMarks(patterns.join(u", "_s)); }

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

QStringList describeAccepted(const api::FlowCheckInfo &check)
{
    QStringList lines;
    if (!check.mayWrite.isEmpty())
        lines += Describe::tr("Writes without asking: %1").arg(listed(check.mayWrite));
    if (!check.mayRun.isEmpty())
        lines += Describe::tr("Runs without asking: %1").arg(listed(check.mayRun));
    if (!check.mayMerge.isEmpty())
        lines += Describe::tr("Merges without asking into: %1").arg(listed(check.mayMerge));
    return lines;
}

} // namespace muster
