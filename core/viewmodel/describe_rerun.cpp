#include "core/viewmodel/describe_rerun.h"

#include "core/node/api/wire.h"
#include "core/viewmodel/describe.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DescribeRerun)
};

constexpr size_t mostNamed = 12; // steps in one sentence

QString why(const api::RedoneStep &step)
{
    switch (step.why) {
    case RedoReason::Asked:
        return Text::tr("asked for");
    case RedoReason::Needs:
        return Text::tr("needs %1").arg(step.because);
    case RedoReason::Failed:
        return Text::tr("failed");
    case RedoReason::Unfinished:
        return Text::tr("did not end");
    case RedoReason::Rejected:
        return Text::tr("was rejected");
    case RedoReason::Changed:
        return Text::tr("changed");
    case RedoReason::Added:
        return Text::tr("new");
    case RedoReason::Finally:
        return Text::tr("always runs");
    }
    return {};
}

QString keptCount(int steps) { return Text::tr("%n step(s) kept", nullptr, steps); }

} // namespace

QString describe(RerunMode mode, const QString &step)
{
    switch (mode) {
    case RerunMode::Whole:
        return Text::tr("whole run");
    case RerunMode::From:
        return Text::tr("from %1").arg(step);
    case RerunMode::Failed:
        return Text::tr("only what failed");
    case RerunMode::Skip:
        return Text::tr("without %1").arg(step);
    case RerunMode::Edited:
        return Text::tr("with the file as it is now");
    }
    return {};
}

QString describeRerun(const api::RunInfo &run)
{
    if (!run.rerunMode)
        return {};
    const QString mode = describe(*run.rerunMode, run.rerunStep);
    const QString from = run.rerunOfNumber > 0
                             ? Text::tr("Again from #%1 (%2)").arg(run.rerunOfNumber).arg(mode)
                             : Text::tr("Again from a run that is gone (%1)").arg(mode);
    return Text::tr("%1, %2").arg(from, keptCount(run.stepsKept));
}

QString describeRedone(const api::RedoneStep &step)
{
    const QString words = Text::tr("%1: %2").arg(step.step, why(step));
    return step.keptItems > 0
               ? Text::tr("%1, %2").arg(words, Text::tr("%n item(s) kept", nullptr, step.keptItems))
               : words;
}

QString describeChoice(const api::RerunChoice &choice)
{
    if (!choice.error.isEmpty())
        return describe(api::errorFromJson(choice.error));
    QStringList anew;
    for (const api::RedoneStep &step : choice.redone) {
        if (static_cast<size_t>(anew.size()) < mostNamed)
            anew += describeRedone(step);
    }
    if (choice.redone.size() > mostNamed)
        anew += u"…"_s;
    const QString kept = keptCount(static_cast<int>(choice.kept.size()));
    return anew.isEmpty() ? kept : Text::tr("%1. Done anew:\n%2").arg(kept, anew.join(u'\n'));
}

QString withKept(const QString &status, const api::StepInfo &step)
{
    if (!step.keptFrom.isValid())
        return status;
    return step.keptFromNumber > 0 ? Text::tr("%1 (kept from #%2)").arg(status).arg(step.keptFromNumber)
                                   : Text::tr("%1 (kept)").arg(status);
}

} // namespace muster
