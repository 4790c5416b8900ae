// What a person gives a flow at its start, checked against what it declares. Any thread.
#pragma once

#include "core/flow/flow_definition.h"

#include <QJsonObject>

#include <expected>
#include <vector>

namespace muster {

enum class InputProblemCode : std::uint8_t {
    UnknownInput, // suggestion: the closest declared one
    MissingInput, // declared without a default
    WrongType,    // expected: [type]
    NotAChoice,   // expected: the choices
};

template <> struct EnumNames<InputProblemCode> {
    using C = InputProblemCode;
    static constexpr std::array table{
        std::pair{C::UnknownInput, "unknown_input"}, std::pair{C::MissingInput, "missing_input"},
        std::pair{C::WrongType, "wrong_type"}, std::pair{C::NotAChoice, "not_a_choice"}};
};

struct InputProblem {
    InputProblemCode code = InputProblemCode::UnknownInput;
    QString name;
    QString found;
    QStringList expected;
    QString suggestion;
};

// `given` may hold text for any type ("3", "true"), as a command line gives it. Defaults are filled in.
[[nodiscard]] std::expected<QJsonObject, std::vector<InputProblem>>
resolveInputs(const FlowDefinition &definition, const QJsonObject &given);

// As resolveInputs() wants them, from values that expressions gave: `null` is not given, and where text is
// declared everything is text.
[[nodiscard]] QJsonObject inputsFromValues(const FlowDefinition &definition, const QJsonObject &values);

} // namespace muster
