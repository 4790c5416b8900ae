#include "app/cli/run_report.h"

#include "app/cli/cli.h"
#include "core/viewmodel/describe.h"

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLines = 20;

// A step of items fails because one of them did: that one is told.
bool isToldByItem(const api::RunDetail &detail, const api::StepInfo &step)
{
    return step.index < 0 && std::ranges::any_of(detail.steps, [&](const api::StepInfo &other) {
        return other.index >= 0 && other.stepId == step.stepId && hasFailed(other.status);
    });
}

QStringList lastLines(const QString &text)
{
    QStringList lines = text.trimmed().split(u'\n');
    if (lines.size() > mostLines)
        lines = QStringList{Cli::tr("… (%n line(s) before)", nullptr,
                                    static_cast<int>(lines.size() - mostLines))} +
                lines.last(mostLines);
    return lines;
}

} // namespace

void printFailures(const api::RunDetail &detail)
{
    for (const api::StepInfo &step : detail.steps) {
        if (!hasFailed(step.status) || isToldByItem(detail, step))
            continue;
        const QString name =
            step.index < 0 ? step.stepId : u"%1[%2] %3"_s.arg(step.stepId).arg(step.index).arg(step.label);
        Cli::print({});
        Cli::print(u"✗ %1: %2"_s.arg(name.trimmed(), describeOutcome(step.status, step.reason, step.detail)));
        if (const QString advice = step.reason ? adviceFor(*step.reason, step.detail) : QString();
            !advice.isEmpty())
            Cli::print(u"  → "_s + advice);
        if (step.output.trimmed().isEmpty())
            continue;
        const QStringList lines = lastLines(step.output);
        for (const QString &line : lines)
            Cli::print(u"    "_s + line);
    }
}

void printOutcome(const api::RunDetail &detail)
{
    if (detail.run.status != RunStatus::Completed || detail.result.isEmpty())
        return;
    Cli::print({});
    Cli::print(detail.result);
}

} // namespace muster::app
