#include "core/flow/evaluation.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonValue outputOf(const StepDefinition &step, const UnitState &unit)
{
    if (unit.status != StepStatus::Completed)
        return QJsonValue::Null;
    return step.output == StepOutput::Json ? unit.result.json : QJsonValue(unit.result.output);
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonObject itemScope(const UnitState &item)
{
    return {{u"status"_s, enumName(item.status)},
            {u"files"_s, QJsonArray::fromStringList(item.result.files)},
            {u"branch"_s, orNull(item.result.branch)},
            {u"exit_code"_s, item.result.exitCode ? QJsonValue(*item.result.exitCode) : QJsonValue::Null}};
}

// What several texts of a step have become, by their names.
QJsonObject partsOf(const StepDefinition &step, const QJsonArray &values)
{
    QJsonObject parts;
    qsizetype next = 0;
    for (const NamedText &part : step.parts) {
        if (part.text.isOneExpression())
            parts.insert(part.name, values.at(next));
        else if (part.text.isConstant())
            parts.insert(part.name, part.constant);
        else
            parts.insert(part.name, renderText(part.text, values, next));
        next += part.text.expressions.size();
    }
    return parts;
}

QJsonObject scopeOf(const FlowDefinition &definition, const FlowState &state, UnitRef ref)
{
    const StepDefinition &step = definition.step(ref.step);
    // Only what is read: a list of ten thousand would go to the evaluator with each of its items.
    QJsonObject inputs;
    for (const QString &name : step.inputsRead)
        inputs.insert(name, state.inputs.value(name));
    QJsonObject steps;
    for (const QString &id : step.references)
        steps.insert(id, stepScope(definition, state, definition.indexOf(id), step.itemsRead.contains(id)));
    QJsonObject scope{
        {u"inputs"_s, inputs}, {u"steps"_s, steps}, {u"run"_s, state.runInfo}, {u"project"_s, state.project}};
    if (const int loop = step.kind == StepKind::Loop ? ref.step : step.loop; loop >= 0) {
        const StepState &rounds = state.steps[static_cast<size_t>(loop)];
        // Before the first round is over there is no last one.
        const QJsonValue last = rounds.lastRound.isEmpty() ? QJsonValue() : QJsonValue(rounds.lastRound);
        scope.insert(u"loop"_s, QJsonObject{{u"index"_s, rounds.round - 1}, {u"last"_s, last}});
    }
    if (ref.item != kNoItem)
        scope.insert(step.as, state.steps[static_cast<size_t>(ref.step)].list.at(ref.item));
    return scope;
}

bool isTruthy(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool();
    if (value.isDouble())
        return value.toDouble() != 0.0;
    if (value.isString())
        return !value.toString().isEmpty();
    return value.isArray() || value.isObject();
}

FlowFact failed(const Evaluate &asked, QString detail)
{
    return EvaluationFailed{.step = asked.step, .item = asked.item, .detail = std::move(detail)};
}

FlowFact listFact(const Evaluate &asked, const QJsonValue &value)
{
    if (!value.isArray())
        return failed(asked, u"foreach: not a list"_s);
    if (value.toArray().size() > kMostForeachItems)
        return failed(asked, u"foreach: more than "_s % QString::number(kMostForeachItems) % u" items"_s);
    return ForeachExpanded{.step = asked.step, .items = value.toArray()};
}

FlowFact branchFact(const StepDefinition &step, const Evaluate &asked, const QJsonValue &value)
{
    const int index = value.toInt(-2);
    if (index < -1 || index >= static_cast<int>(step.cases.size()))
        return failed(asked, u"switch: no such case"_s);
    const QString label = index < 0 ? QString() : step.cases[static_cast<size_t>(index)].label;
    return BranchTaken{.step = asked.step, .index = index, .label = label};
}

EvaluationTarget targetOf(const StepDefinition &step, UnitPhase phase)
{
    if (phase == UnitPhase::Condition && step.when)
        return EvaluationTarget::Condition;
    if (phase == UnitPhase::List && step.foreach)
        return EvaluationTarget::List;
    if (phase == UnitPhase::Until && step.until)
        return EvaluationTarget::Until;
    if (step.kind == StepKind::Switch)
        return EvaluationTarget::Branch;
    return step.kind == StepKind::Script ? EvaluationTarget::Script : EvaluationTarget::Text;
}

QStringList expressionsOf(const StepDefinition &step, EvaluationTarget target)
{
    switch (target) {
    case EvaluationTarget::Condition:
        return step.when->expressions;
    case EvaluationTarget::List:
        return step.foreach->expressions;
    case EvaluationTarget::Until:
        return step.until->expressions;
    case EvaluationTarget::Script:
        return {step.text.source};
    case EvaluationTarget::Branch:
    case EvaluationTarget::Text:
        break;
    }
    return step.show ? step.text.expressions + step.show->expressions : step.text.expressions;
}

FlowFact textFact(const StepDefinition &step, const Evaluate &asked, const QJsonArray &values)
{
    if (!step.parts.empty())
        return StepPrepared{
            .step = asked.step, .item = asked.item, .text = valueAsText(partsOf(step, values))};
    StepPrepared fact{.step = asked.step, .item = asked.item, .text = renderText(step.text, values)};
    const qsizetype shown = step.text.expressions.size();
    if (step.show && step.show->isOneExpression())
        fact.show = values.at(shown);
    else if (step.show)
        fact.show = renderText(*step.show, values, shown);
    return fact;
}

} // namespace

Evaluate evaluationOf(const FlowDefinition &definition, const FlowState &state, UnitRef unit)
{
    const StepDefinition &step = definition.step(unit.step);
    const EvaluationTarget target = targetOf(step, state.unit(unit).phase);
    return Evaluate{.run = state.run,
                    .step = step.id,
                    .item = unit.item,
                    .target = target,
                    .expressions = expressionsOf(step, target),
                    .scope = scopeOf(definition, state, unit)};
}

FlowFact factFromEvaluation(const FlowDefinition &definition, const Evaluate &asked,
                            const Result<QJsonArray> &answer)
{
    if (!answer)
        return failed(asked, answer.error().detail);
    if (answer->size() != asked.expressions.size())
        return failed(asked, u"the evaluator answered with another number of values"_s);
    const StepDefinition &step = definition.step(definition.indexOf(asked.step));
    switch (asked.target) {
    case EvaluationTarget::Condition:
        return ConditionEvaluated{.step = asked.step, .value = isTruthy(answer->first())};
    case EvaluationTarget::List:
        return listFact(asked, answer->first());
    case EvaluationTarget::Branch:
        return branchFact(step, asked, answer->first());
    case EvaluationTarget::Script:
        return ScriptEvaluated{.step = asked.step, .value = answer->first()};
    case EvaluationTarget::Until:
        return RoundJudged{.step = asked.step, .done = isTruthy(answer->first())};
    case EvaluationTarget::Text:
        break;
    }
    return textFact(step, asked, *answer);
}

QJsonObject stepScope(const FlowDefinition &definition, const FlowState &state, int step, bool withItems)
{
    const StepDefinition &stepDefinition = definition.step(step);
    const StepState &stepState = state.steps[static_cast<size_t>(step)];
    const UnitState &unit = stepState.unit;
    QJsonObject scope{{u"status"_s, enumName(unit.status)},
                      {u"output"_s, unit.result.output},
                      {u"json"_s, unit.result.json},
                      {u"files"_s, QJsonArray::fromStringList(unit.result.files)},
                      {u"branch"_s, orNull(unit.result.branch)}};
    scope.insert(u"exit_code"_s, unit.result.exitCode ? QJsonValue(*unit.result.exitCode) : QJsonValue::Null);
    scope.insert(u"approved"_s, unit.approved ? QJsonValue(*unit.approved) : QJsonValue::Null);
    if (stepDefinition.kind == StepKind::Switch)
        scope.insert(u"label"_s, orNull(unit.result.output));
    if (stepDefinition.kind == StepKind::Loop)
        scope.insert(u"json"_s,
                     QJsonObject{{u"rounds"_s, stepState.round}, {u"steps"_s, stepState.lastRound}});
    if (stepDefinition.foreach && withItems) {
        QJsonArray outputs;
        QJsonArray items;
        for (const UnitState &item : stepState.items) {
            outputs.append(outputOf(stepDefinition, item));
            QJsonObject seen = itemScope(item);
            if (stepDefinition.kind == StepKind::Flow)
                seen.insert(u"json"_s, item.result.json);
            items.append(seen);
        }
        scope.insert(u"outputs"_s, outputs);
        scope.insert(u"items"_s, items);
    }
    return scope;
}

QString valueAsText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double: {
        const double number = value.toDouble();
        const qint64 whole = value.toInteger();
        return static_cast<double>(whole) == number
                   ? QString::number(whole)
                   : QString::number(number, 'g', QLocale::FloatingPointShortest);
    }
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    default:
        return {};
    }
}

QString renderText(const FlowText &text, const QJsonArray &values, qsizetype first)
{
    QString rendered = text.literals.value(0);
    for (qsizetype i = 0; i < text.expressions.size(); ++i) {
        rendered += valueAsText(values.at(first + i));
        rendered += text.literals.value(i + 1);
    }
    return rendered;
}

} // namespace muster
