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

namespace {

constexpr int mostWords = 100; // characters of an output in a list

QString firstLine(const QString &text)
{
    const QString line = text.trimmed().section(u'\n', 0, 0).trimmed();
    return line.size() > mostWords ? QString(line.left(mostWords) + u'…') : line;
}

struct ItemCount {
    int all = 0;
    int completed = 0;
};

QHash<QString, ItemCount> itemsOf(const api::RunDetail &detail)
{
    QHash<QString, ItemCount> counts;
    for (const api::StepInfo &step : detail.steps) {
        if (step.index < 0)
            continue;
        ItemCount &count = counts[step.stepId];
        ++count.all;
        count.completed += step.status == StepStatus::Completed ? 1 : 0;
    }
    return counts;
}

// What a step that completed has to show; a step of items how many of them did.
QString shownOf(const api::StepInfo &step, const ItemCount &items)
{
    if (items.all > 0)
        return items.completed > 0
                   ? Cli::tr("%1 of %n item(s) completed", nullptr, items.all).arg(items.completed)
                   : QString();
    if (step.status != StepStatus::Completed)
        return {};
    const QString line = firstLine(step.output);
    return line.isEmpty() ? describe(step.status) : line;
}

// What came of it before it ended, and what did not get its turn.
void printRest(const api::RunDetail &detail)
{
    const QHash<QString, ItemCount> items = itemsOf(detail);
    QStringList made;
    QStringList never;
    for (const api::StepInfo &step : detail.steps) {
        if (step.index >= 0)
            continue;
        if (const QString shown = shownOf(step, items.value(step.stepId)); !shown.isEmpty())
            made += u"  ✓ %1: %2"_s.arg(step.stepId, shown);
        else if (step.startedAt <= 0 && step.status == StepStatus::Cancelled)
            never += step.stepId;
    }
    if (!made.isEmpty()) {
        Cli::print({});
        Cli::print(
            Cli::tr("What there is (all of it: muster runs show %1 --json):").arg(detail.run.id.toString()));
        for (const QString &line : std::as_const(made))
            Cli::print(line);
    }
    if (!never.isEmpty())
        Cli::print(Cli::tr("  – did not begin: %1").arg(never.join(u", ")));
}

// The first step that failed by itself.
QString faultOf(const api::RunDetail &detail)
{
    const auto failed = std::ranges::find_if(detail.steps, [](const api::StepInfo &step) {
        return step.index < 0 && hasFailed(step.status) && step.reason != FailureReason::DependencyFailed;
    });
    return failed == detail.steps.end() ? QString() : failed->stepId;
}

void printNext(const api::RunInfo &run, const QString &fault)
{
    const QString again = u"muster rerun "_s + run.id.toString();
    const QList<QStringList> rows{
        {u"  "_s + again + u" --failed"_s, Cli::tr("only what failed or did not end")},
        fault.isEmpty()
            ? QStringList()
            : QStringList{u"  "_s + again + u" --skip "_s + fault, Cli::tr("go on without that step")},
        {u"  "_s + again + u" --edited"_s, Cli::tr("with the flow's file as it is by then")}};
    Cli::print({});
    Cli::print(Cli::tr("Next:"));
    for (const QStringList &row : rows) {
        if (!row.isEmpty())
            Cli::print(row.join(u"   "));
    }
}

} // namespace

void printOutcome(const api::RunDetail &detail)
{
    if (!isSettled(detail.run.status))
        return;
    if (detail.run.status == RunStatus::Completed) {
        if (!detail.result.isEmpty()) {
            Cli::print({});
            Cli::print(detail.result);
        }
        return;
    }
    printRest(detail);
    printNext(detail.run, faultOf(detail));
}

} // namespace muster::app
