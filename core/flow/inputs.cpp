#include "core/flow/inputs.h"

#include "core/flow/did_you_mean.h"
#include "core/flow/evaluation.h"

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// A value as the input's type has it; nothing if it can not be one. Text is read as a command line gives it.
std::optional<QJsonValue> valueFor(const FlowInput &input, const QJsonValue &given)
{
    switch (input.type) {
    case FlowInputType::String:
        return given.isString() ? std::optional(given) : std::nullopt;
    case FlowInputType::Choice:
        return input.choices.contains(given.toString()) ? std::optional(given) : std::nullopt;
    case FlowInputType::Number: {
        bool ok = given.isDouble();
        const double number = given.isString() ? given.toString().toDouble(&ok) : given.toDouble();
        return ok && std::isfinite(number) ? std::optional(QJsonValue(number)) : std::nullopt;
    }
    case FlowInputType::Boolean:
        if (given.isBool())
            return given;
        if (given == QJsonValue("true"_L1) || given == QJsonValue("false"_L1))
            return QJsonValue(given.toString() == "true"_L1);
        return std::nullopt;
    }
    return std::nullopt;
}

InputProblem wrongValue(const FlowInput &input, const QJsonValue &given)
{
    const bool choice = input.type == FlowInputType::Choice;
    InputProblem problem{.code = choice ? InputProblemCode::NotAChoice : InputProblemCode::WrongType,
                         .name = input.name,
                         .found = given.toVariant().toString(),
                         .expected = choice ? input.choices : QStringList{enumName(input.type)},
                         .suggestion = {}};
    if (choice)
        problem.suggestion = closestOf(problem.found, input.choices);
    return problem;
}

} // namespace

std::expected<QJsonObject, std::vector<InputProblem>> resolveInputs(const FlowDefinition &definition,
                                                                    const QJsonObject &given)
{
    QJsonObject resolved;
    std::vector<InputProblem> problems;
    QStringList names;
    for (const FlowInput &input : definition.inputs) {
        names.append(input.name);
        const QJsonValue value = given.value(input.name);
        if (value.isUndefined() && input.defaultValue.isUndefined()) {
            problems.push_back({.code = InputProblemCode::MissingInput,
                                .name = input.name,
                                .found = {},
                                .expected = {enumName(input.type)},
                                .suggestion = {}});
        } else if (value.isUndefined()) {
            resolved.insert(input.name, input.defaultValue);
        } else if (const auto fitting = valueFor(input, value)) {
            resolved.insert(input.name, *fitting);
        } else {
            problems.push_back(wrongValue(input, value));
        }
    }
    const QStringList givenNames = given.keys();
    for (const QString &name : givenNames) {
        if (!names.contains(name))
            problems.push_back({.code = InputProblemCode::UnknownInput,
                                .name = name,
                                .found = name,
                                .expected = names,
                                .suggestion = closestOf(name, names)});
    }
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return resolved;
}

QJsonObject inputsFromValues(const FlowDefinition &definition, const QJsonObject &values)
{
    QJsonObject given;
    for (auto it = values.begin(); it != values.end(); ++it) {
        const auto input = std::ranges::find(definition.inputs, it.key(), &FlowInput::name);
        const bool text = input != definition.inputs.end() && input->type == FlowInputType::String;
        if (!it.value().isNull() && !it.value().isUndefined())
            given.insert(it.key(), text ? QJsonValue(valueAsText(it.value())) : it.value());
    }
    return given;
}

} // namespace muster
