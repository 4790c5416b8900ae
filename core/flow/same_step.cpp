#include "core/flow/same_step.h"

namespace muster {

namespace {

QStringList idsOf(const FlowDefinition &flow, const std::vector<int> &steps)
{
    QStringList ids;
    for (const int step : steps)
        ids.append(flow.step(step).id);
    ids.sort();
    return ids;
}

QString idOf(const FlowDefinition &flow, int step) { return step < 0 ? QString() : flow.step(step).id; }

bool isSameText(const FlowText &one, const FlowText &other)
{
    return one.source == other.source && one.expressions == other.expressions;
}

bool isSameText(const std::optional<FlowText> &one, const std::optional<FlowText> &other)
{
    return one && other ? isSameText(*one, *other) : one.has_value() == other.has_value();
}

bool haveSameCases(const FlowDefinition &one, const StepDefinition &a, const FlowDefinition &other,
                   const StepDefinition &b)
{
    return std::ranges::equal(a.cases, b.cases, [&](const SwitchCase &left, const SwitchCase &right) {
        return left.label == right.label && idsOf(one, left.then) == idsOf(other, right.then);
    });
}

// Where it stands between the others.
bool isSamePlace(const FlowDefinition &one, const StepDefinition &a, const FlowDefinition &other,
                 const StepDefinition &b)
{
    return idsOf(one, a.needs) == idsOf(other, b.needs) && a.trigger == b.trigger &&
           idsOf(one, a.jumpedFrom) == idsOf(other, b.jumpedFrom) &&
           idsOf(one, a.switchedBy) == idsOf(other, b.switchedBy) &&
           idOf(one, a.loop) == idOf(other, b.loop) && a.isFinal == b.isFinal &&
           idOf(one, a.from) == idOf(other, b.from) && haveSameCases(one, a, other, b);
}

bool isSameWork(const StepDefinition &a, const StepDefinition &b)
{
    return a.kind == b.kind && isSameText(a.text, b.text) && isSameText(a.when, b.when) &&
           isSameText(a.show, b.show) && isSameText(a.foreach, b.foreach) && a.as == b.as &&
           a.join == b.join && isSameText(a.until, b.until) && a.mostRounds == b.mostRounds &&
           a.profile == b.profile && a.runtime == b.runtime && a.model == b.model && a.output == b.output &&
           a.isolation == b.isolation && a.onTimeout == b.onTimeout;
}

} // namespace

bool isSameStep(const FlowDefinition &one, const FlowDefinition &other, const QString &id)
{
    const int first = one.indexOf(id);
    const int second = other.indexOf(id);
    if (first < 0 || second < 0)
        return false;
    const StepDefinition &a = one.step(first);
    const StepDefinition &b = other.step(second);
    if (!isSameWork(a, b) || !isSamePlace(one, a, other, b) || idsOf(one, a.body) != idsOf(other, b.body))
        return false;
    return std::ranges::all_of(a.body, [&](int step) { return isSameStep(one, other, one.step(step).id); });
}

} // namespace muster
