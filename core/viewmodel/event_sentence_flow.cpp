// Sentences of what happens to runs and their steps.
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/describe_rerun.h"
#include "core/viewmodel/event_words.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace muster::event_words {
namespace {

QString attemptEnded(const QJsonObject &data)
{
    const QJsonObject result = data.value("result"_L1).toObject();
    QString words = joined(outcomeWord(text(result, "outcome"_L1)), failureIn(result));
    if (const QJsonValue code = result.value("exit_code"_L1); code.isDouble() && code.toInt() != 0)
        words = DescribeEvent::tr("%1, exit code %2").arg(words, QString::number(code.toInt()));
    const QString more = failureIn(result).isEmpty() ? text(result, "output"_L1) : QString();
    return joined(attemptIn(data), joined(words, more));
}

// Of which run it is another, and how.
QString again(const QJsonObject &data)
{
    return describeRerun({.rerunOfNumber = data.value("rerun_number"_L1).toInt(),
                          .rerunMode = enumFromName<RerunMode>(text(data, "rerun_mode"_L1)),
                          .rerunStep = text(data, "rerun_step"_L1),
                          .stepsKept = data.value("kept"_L1).toInt()});
}

QString contextWords(const QJsonObject &data)
{
    QStringList names;
    const QJsonArray parts = data.value("parts"_L1).toArray();
    for (const auto &part : parts)
        names += text(part.toObject(), "name"_L1);
    names.removeAll(QString());
    return joined(
        DescribeEvent::tr("about %1 tokens").arg(describeCount(data.value("tokens"_L1).toInteger())),
        names.join(u", "));
}

QString budgetWords(const QJsonObject &data)
{
    return DescribeEvent::tr("%1 spent of %2")
        .arg(describeMoney(data.value("spent_micro_usd"_L1).toInteger()),
             describeMoney(data.value("budget_micro_usd"_L1).toInteger()));
}

// Of a merge step: which one, and how it ended.
QString gateWords(const QJsonObject &data)
{
    const QHash<QString, QString> kinds{{u"format"_s, DescribeEvent::tr("Formatting")},
                                        {u"lint"_s, DescribeEvent::tr("Lint")},
                                        {u"build"_s, DescribeEvent::tr("Build")},
                                        {u"test"_s, DescribeEvent::tr("Tests")}};
    const QString kind = kinds.value(text(data, "kind"_L1));
    const QString command = text(data, "command"_L1);
    QString words = joined(kind.isEmpty() ? command : DescribeEvent::tr("%1 (%2)").arg(kind, command),
                           settledWords(data));
    if (const int code = data.value("exit_code"_L1).toInt(); code != 0)
        words = DescribeEvent::tr("%1, exit code %2").arg(words, QString::number(code));
    return words;
}

QHash<QString, EventWriter> runWriters()
{
    return {
        {u"run.created"_s,
         [](const QJsonObject &d) {
        return joined(DescribeEvent::tr("%1 #%2").arg(text(d, "flow"_L1),
                                                      QString::number(d.value("number"_L1).toInt())),
                      again(d));
    }},
        {u"run.started"_s,
         [](const QJsonObject &d) {
        return d.value("unattended"_L1).toBool()
                   ? DescribeEvent::tr("Runs without asking; what goes further is denied")
                   : DescribeEvent::tr("Runs; questions wait for you");
    }},
        {u"run.resumed"_s,
         [](const QJsonObject &) {
        return DescribeEvent::tr("Goes on after a restart");
    }},
        {u"run.cancel_requested"_s,
         [](const QJsonObject &d) {
        if (const QString why = failureIn(d); !why.isEmpty())
            return why;
        return DescribeEvent::tr("Asked by %1").arg(describeSource(text(d, "by"_L1)));
    }},
        {u"run.pause_requested"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("Asked by %1; what runs ends first").arg(describeSource(text(d, "by"_L1)));
    }},
        {u"run.continue_requested"_s,
         [](const QJsonObject &d) {
        return DescribeEvent::tr("Asked by %1").arg(describeSource(text(d, "by"_L1)));
    }},
        {u"task.context"_s, contextWords},
        {u"run.near_budget"_s, budgetWords},
        {u"run.budget_crossed"_s, budgetWords},
        {u"run.finished"_s, settledWords},
    };
}

QHash<QString, EventWriter> stepWriters()
{
    return {
        {u"step.kept"_s,
         [](const QJsonObject &d) {
        const QJsonObject unit = d.value("unit"_L1).toObject();
        const auto items = static_cast<int>(d.value("items"_L1).toArray().size());
        const auto status = enumFromName<StepStatus>(text(unit, "status"_L1)).value_or(StepStatus::Pending);
        return joined(text(d, "step"_L1), isSettled(status)
                                              ? settledWords(unit)
                                              : DescribeEvent::tr("%n item(s)", nullptr, items));
    }},
        {u"step.condition"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1), d.value("value"_L1).toBool()
                                              ? DescribeEvent::tr("yes, it runs")
                                              : DescribeEvent::tr("no, it is skipped"));
    }},
        {u"step.expanded"_s,
         [](const QJsonObject &d) {
        return joined(
            text(d, "step"_L1),
            DescribeEvent::tr("%n item(s)", nullptr, static_cast<int>(d.value("items"_L1).toArray().size())));
    }},
        {u"step.join_timed_out"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1), DescribeEvent::tr("what has not ended is stopped"));
    }},
        {u"step.branch"_s,
         [](const QJsonObject &d) {
        const QString label = text(d, "label"_L1);
        return joined(text(d, "step"_L1), label.isEmpty() ? DescribeEvent::tr("no case holds") : label);
    }},
        {u"step.evaluated"_s,
         [](const QJsonObject &d) {
        const QByteArray value =
            QJsonDocument(QJsonArray{d.value("value"_L1)}).toJson(QJsonDocument::Compact);
        return joined(text(d, "step"_L1), QString::fromUtf8(value.sliced(1, value.size() - 2)));
    }},
        {u"step.delayed"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1),
                      DescribeEvent::tr("until %1").arg(describeTime(d.value("until"_L1).toInteger())));
    }},
        {u"step.round"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1), DescribeEvent::tr("round %1").arg(d.value("round"_L1).toInt()));
    }},
        {u"step.round_judged"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1), d.value("done"_L1).toBool() ? DescribeEvent::tr("done")
                                                                      : DescribeEvent::tr("not done yet"));
    }},
        {u"step.evaluation_failed"_s,
         [](const QJsonObject &d) {
        return joined(text(d, "step"_L1), text(d, "detail"_L1));
    }},
        {u"step.settled"_s,
         [](const QJsonObject &d) {
        return joined(stepIn(d), settledWords(d));
    }},
        {u"step.stopping"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), reasonIn(d));
    }},
        {u"merge.gate"_s, gateWords},
        {u"step.finished"_s, attemptEnded},
        {u"step.retry"_s,
         [](const QJsonObject &d) {
        return joined(attemptIn(d), DescribeEvent::tr("again at %1, after: %2")
                                        .arg(describeTime(d.value("at"_L1).toInteger()), reasonIn(d)));
    }},
        {u"step.approval_answered"_s,
         [](const QJsonObject &d) {
        const QString words = d.value("approved"_L1).toBool() ? DescribeEvent::tr("approved by %1")
                                                              : DescribeEvent::tr("rejected by %1");
        return joined(attemptIn(d),
                      withDetail(words.arg(describeSource(text(d, "by"_L1))), text(d, "note"_L1)));
    }},
    };
}

} // namespace

QHash<QString, EventWriter> flowEventWriters()
{
    QHash<QString, EventWriter> all = runWriters();
    all.insert(stepWriters());
    return all;
}

} // namespace muster::event_words
