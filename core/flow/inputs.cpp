#include "core/flow/inputs.h"

#include "core/flow/did_you_mean.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

std::optional<QJsonValue> asType(FlowInputType type, const QJsonValue &given)
{
    switch (type) {
    case FlowInputType::String:
    case FlowInputType::Choice:
        return given.isString() ? std::optional(given) : std::nullopt;
    case FlowInputType::Number: {
        if (given.isDouble())
            return given;
        bool ok = false;
        const double number = given.toString().toDouble(&ok);
        return ok ? std::optional<QJsonValue>(number) : std::nullopt;
    }
    case FlowInputType::Boolean: {
        if (given.isBool())
            return given;
        const QString text = given.toString();
        return text == u"true" || text == u"false" ? std::optional<QJsonValue>(text == u"true")
                                                   : std::nullopt;
    }
    }
    return std::nullopt;
}

QString shown(const QJsonValue &value) { return value.toVariant().toString().left(200); }

} // namespace

std::expected<QJsonObject, std::vector<InputProblem>> resolveInputs(const FlowDefinition &definition,
                                                                    const QJsonObject &given)
{
    std::vector<InputProblem> problems;
    QJsonObject resolved;
    QStringList names;
    for (const FlowInput &input : definition.inputs) {
        names += input.name;
        const QJsonValue value = given.value(input.name);
        if (value.isUndefined()) {
            if (input.defaultValue.isUndefined())
                problems.push_back({.code = InputProblemCode::MissingInput,
                                    .name = input.name,
                                    .expected = {enumName(input.type)}});
            else
                resolved.insert(input.name, input.defaultValue);
            continue;
        }
        const auto typed = asType(input.type, value);
        if (!typed)
            problems.push_back({.code = InputProblemCode::WrongType,
                                .name = input.name,
                                .found = shown(value),
                                .expected = {enumName(input.type)}});
        else if (input.type == FlowInputType::Choice && !input.choices.contains(typed->toString()))
            problems.push_back({.code = InputProblemCode::NotAChoice,
                                .name = input.name,
                                .found = shown(value),
                                .expected = input.choices});
        else
            resolved.insert(input.name, *typed);
    }
    const QStringList givenNames = given.keys();
    for (const QString &name : givenNames) {
        if (!names.contains(name))
            problems.push_back({.code = InputProblemCode::UnknownInput,
                                .name = name,
                                .found = shown(given.value(name)),
                                .expected = names,
                                .suggestion = closestOf(name, names)});
    }
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return resolved;
}

} // namespace muster
