#include "core/viewmodel/describe_preflight.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/describe_runtime.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Preflight {
    Q_DECLARE_TR_FUNCTIONS(Preflight)
};

constexpr qsizetype mostNames = 6;

QString namesIn(const QStringList &names)
{
    if (names.size() <= mostNames)
        return names.join(u", "_s);
    return Preflight::tr("%1 and %n more", nullptr, static_cast<int>(names.size() - mostNames))
        .arg(names.first(mostNames).join(u", "_s));
}

template <typename Describe> QString rangeText(const api::RangeInfo &range, Describe describe)
{
    if (range.low == range.high)
        return describe(range.low);
    return Preflight::tr("likely %1 (least %2, at most %3)")
        .arg(describe(range.likely), describe(range.low), describe(range.high));
}

QString costText(const api::PreflightInfo &info)
{
    if (info.unpriced.isEmpty())
        return describeCost(info.costMicroUsd);
    const auto priced = std::ranges::count_if(
        info.steps, [](const api::StepForecast &step) { return step.costMicroUsd.has_value(); });
    if (priced == 0)
        return Preflight::tr("not known: nobody has told the price of %1").arg(namesIn(info.unpriced));
    return Preflight::tr("%1, without %2, of which the price is not known")
        .arg(describeCost(info.costMicroUsd), namesIn(info.unpriced));
}

QString basisText(const api::PreflightInfo &info)
{
    const auto count = [&info](QLatin1StringView basis) {
        return static_cast<int>(std::ranges::count(info.steps, basis, &api::StepForecast::basis));
    };
    QStringList parts;
    if (const int steps = count("same_step"_L1); steps > 0)
        parts += Preflight::tr("%n step(s) as in earlier runs", nullptr, steps);
    if (const int steps = count("same_profile"_L1); steps > 0)
        parts += Preflight::tr("%n step(s) as others with their profile", nullptr, steps);
    if (const int steps = count("assumed"_L1); steps > 0)
        parts += Preflight::tr("%n step(s) assumed: nothing like that has run here", nullptr, steps);
    return parts.join(u"; "_s);
}

struct Place {
    QString text;
    QStringList steps;
};

QString placeOf(const api::FlowStepInfo &step, PlaceWords words)
{
    const bool agent = step.kind == "agent"_L1;
    QString text;
    const bool reads = step.mayWrite.isEmpty() && step.mayRun.isEmpty();
    if (step.isolation == "none"_L1)
        text = !agent  ? Preflight::tr("Commands in the project's folder")
               : reads ? Preflight::tr("In the project's folder, to read")
                       : Preflight::tr("In the project's folder");
    else if (step.isolation == "run"_L1)
        text = agent ? Preflight::tr("In the run's worktree, taking turns")
                     : Preflight::tr("Commands in the run's worktree");
    else
        text = agent ? Preflight::tr("Each in a worktree of its own")
                     : Preflight::tr("Commands, each in a worktree of its own");
    if (!agent || words == PlaceWords::OnlyWhere)
        return text;
    if (!step.mayWrite.isEmpty())
        text += Preflight::tr(", writing %1 without asking")
                    .arg(namesIn(describeWritten(step.mayWrite, Preflight::tr("anything there"))));
    if (!step.mayRun.isEmpty())
        text += Preflight::tr(", running %1 without asking").arg(namesIn(step.mayRun));
    return text;
}

QString outlineLine(const api::FlowStepInfo &step)
{
    QString line = (step.loop.isEmpty() ? QString() : u"  "_s) % step.id % u"  "_s % describeKind(step.kind);
    if (step.foreach)
        line += Preflight::tr(" for each item");
    if (const QString cap = describeCap(step); !cap.isEmpty())
        line += u", "_s % cap;
    if (step.conditional)
        line += Preflight::tr(", on a condition");
    if (step.isFinal)
        line += Preflight::tr(", at the end of the run");
    if (!step.needs.isEmpty())
        line += u"  ← "_s % namesIn(step.needs);
    for (const api::FlowBranchInfo &branch : step.branches)
        line += u"  "_s % branch.label % u" → "_s % namesIn(branch.then);
    if (!step.jumpsTo.isEmpty())
        line += Preflight::tr("  failed → %1").arg(step.jumpsTo);
    return line;
}

// Each after all that it needs and, in a loop, behind its loop; else in the order of the file.
std::vector<const api::FlowStepInfo *> inOrder(const api::FlowCheckInfo &flow)
{
    QHash<QString, qsizetype> place;
    for (const api::FlowStepInfo &step : flow.steps)
        place.insert(step.id, place.size());
    std::vector<int> depth(flow.steps.size(), -1);
    std::vector<std::pair<size_t, qsizetype>> path; // step, need that is looked at next
    for (size_t root = 0; root < flow.steps.size(); ++root) {
        path.assign(1, {root, 0});
        while (!path.empty()) {
            auto &[at, next] = path.back();
            const QStringList &needs = flow.steps[at].needs;
            if (depth[at] < 0 && next < needs.size()) {
                const auto need = static_cast<size_t>(place.value(needs[next++]));
                if (depth[need] < 0)
                    path.emplace_back(need, 0);
                continue;
            }
            int deepest = 0;
            for (const QString &need : needs)
                deepest = std::max(deepest, depth[static_cast<size_t>(place.value(need))] + 1);
            depth[at] = deepest;
            path.pop_back();
        }
    }
    std::vector<const api::FlowStepInfo *> order;
    for (const api::FlowStepInfo &step : flow.steps) {
        if (step.loop.isEmpty())
            order.push_back(&step);
    }
    const auto key = [&](const api::FlowStepInfo *step) {
        return std::pair(step->isFinal, depth[static_cast<size_t>(place.value(step->id))]);
    };
    std::ranges::stable_sort(order, {}, key);
    std::vector<const api::FlowStepInfo *> out;
    for (const api::FlowStepInfo *step : order) {
        out.push_back(step);
        const auto behind = static_cast<size_t>(place.value(step->id)) + 1;
        for (size_t i = behind; step->kind == "loop"_L1 && i < flow.steps.size(); ++i) {
            if (flow.steps[i].loop != step->id)
                break;
            out.push_back(&flow.steps[i]);
        }
    }
    return out;
}

} // namespace

QString describeTokens(const api::RangeInfo &tokens)
{
    return rangeText(tokens, [](qint64 count) { return describeCount(count); });
}

QString describeCost(const api::RangeInfo &microUsd)
{
    return rangeText(microUsd, [](qint64 money) { return describeMoney(money); });
}

QStringList describeEstimate(const api::PreflightInfo &info)
{
    QStringList flows;
    for (const api::FlowStepInfo &step : info.check.steps) {
        if (step.kind == "flow"_L1)
            flows += step.id;
    }
    const QString without = flows.isEmpty()
                                ? QString()
                                : Preflight::tr("Without what the flows in it take: %1").arg(namesIn(flows));
    if (info.steps.empty())
        return {flows.isEmpty() ? Preflight::tr("No agent works in this flow, so it costs nothing.")
                                : without};
    QStringList lines{Preflight::tr("Cost: %1").arg(costText(info)),
                      Preflight::tr("Tokens in: %1").arg(describeTokens(info.tokensIn)),
                      Preflight::tr("Tokens out: %1").arg(describeTokens(info.tokensOut)),
                      Preflight::tr("Taken from: %1").arg(basisText(info))};
    QStringList uncounted;
    for (const api::StepForecast &step : info.steps) {
        if (step.attemptsAssumed)
            uncounted += step.step;
    }
    if (!uncounted.isEmpty())
        lines += Preflight::tr("How often is not known, and assumed, for: %1").arg(namesIn(uncounted));
    if (!without.isEmpty())
        lines += without;
    return lines;
}

QString describeBasis(const api::StepForecast &step)
{
    if (step.basis == "same_step"_L1)
        return Preflight::tr("%n earlier attempt(s)", nullptr, step.samples);
    if (step.basis == "same_profile"_L1)
        return Preflight::tr("%n attempt(s) of its profile", nullptr, step.samples);
    return Preflight::tr("assumed");
}

QString describe(const api::CapForecast &cap)
{
    const QString money = describeMoney(cap.capMicroUsd);
    if (cap.step.isEmpty())
        return (cap.likely ? Preflight::tr("The run will likely cost more than its cap of %1. Most of it: %2")
                           : Preflight::tr("The run may cost more than its cap of %1. Most of it: %2"))
            .arg(money, namesIn(cap.blame));
    return (cap.likely ? Preflight::tr("%1 will likely cost more than its cap of %2 each time")
                       : Preflight::tr("%1 may cost more than its cap of %2 each time"))
        .arg(cap.step, money);
}

QString describe(const api::RuntimeForecast &runtime)
{
    QString why = describeRuntimeState(runtime.problem);
    if (!runtime.needs.isEmpty())
        why = Preflight::tr("%1 (%2)").arg(why, runtime.needs);
    return (runtime.taken.isEmpty()
                ? Preflight::tr("%1: %2. Nothing works in its place, so these would fail: %4")
                : Preflight::tr("%1: %2. %3 works in its place: %4"))
        .arg(runtime.runtime, why)
        .replace("%3"_L1, runtime.taken)
        .replace("%4"_L1, namesIn(runtime.steps));
}

QStringList describePlaces(const api::FlowCheckInfo &flow, PlaceWords words)
{
    std::vector<Place> places;
    for (const api::FlowStepInfo &step : flow.steps) {
        if (step.kind != "agent"_L1 && step.kind != "shell"_L1)
            continue;
        const QString text = placeOf(step, words);
        auto place = std::ranges::find(places, text, &Place::text);
        if (place == places.end())
            place = places.insert(places.end(), {.text = text, .steps = {}});
        place->steps += step.id;
    }
    QStringList lines;
    for (const Place &place : places)
        lines += Preflight::tr("%1: %2").arg(place.text, namesIn(place.steps));
    return lines;
}

QStringList outlineOf(const api::FlowCheckInfo &flow, int most)
{
    QStringList lines;
    const std::vector<const api::FlowStepInfo *> order = inOrder(flow);
    for (const api::FlowStepInfo *step : order) {
        if (lines.size() == most) {
            lines += Preflight::tr("… and %n more step(s)", nullptr, static_cast<int>(order.size()) - most);
            break;
        }
        lines += outlineLine(*step);
    }
    return lines;
}

QString describeCap(const api::FlowStepInfo &step)
{
    return step.atATime > 0 ? Preflight::tr("%n at a time", nullptr, step.atATime) : QString();
}

QString describeKind(const QString &kind)
{
    static const QHash<QString, const char *> words{
        {u"agent"_s, QT_TRANSLATE_NOOP("Preflight", "agent")},
        {u"shell"_s, QT_TRANSLATE_NOOP("Preflight", "command")},
        {u"approval"_s, QT_TRANSLATE_NOOP("Preflight", "approval")},
        {u"script"_s, QT_TRANSLATE_NOOP("Preflight", "script")},
        {u"switch"_s, QT_TRANSLATE_NOOP("Preflight", "switch")},
        {u"delay"_s, QT_TRANSLATE_NOOP("Preflight", "delay")},
        {u"loop"_s, QT_TRANSLATE_NOOP("Preflight", "loop")},
        {u"group"_s, QT_TRANSLATE_NOOP("Preflight", "group")},
        {u"flow"_s, QT_TRANSLATE_NOOP("Preflight", "flow")},
        {u"merge"_s, QT_TRANSLATE_NOOP("Preflight", "merge")}};
    const char *word = words.value(kind, nullptr);
    return word ? Preflight::tr(word) : kind;
}

} // namespace muster
