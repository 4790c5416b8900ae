#include "core/flow/flow_draft.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool fits(const QJsonValue &value, const FlowInput &input)
{
    switch (input.type) {
    case FlowInputType::String:
        return value.isString();
    case FlowInputType::Number:
        return value.isDouble();
    case FlowInputType::Boolean:
        return value.isBool();
    case FlowInputType::Choice:
        return input.choices.contains(value.toString());
    }
    return false;
}

FlowInput readInput(FileContext &file, const YamlNode &key, const YamlNode &node, const QString &path)
{
    FlowInput input{
        .name = key.text, .type = FlowInputType::String, .defaultValue = {}, .help = {}, .choices = {}};
    input.defaultValue = QJsonValue::Undefined;
    if (!checkMap(file, node, path, {u"type"_s, u"default"_s, u"help"_s, u"choices"_s}, {u"secret"_s}))
        return input;
    if (const YamlNode *type = require(file, node, path, u"type"_s))
        input.type = readEnum<FlowInputType>(file, *type, pathTo(path, u"type"_s)).value_or(input.type);
    if (const YamlNode *help = node.find(u"help"))
        input.help = readText(file, *help, pathTo(path, u"help"_s)).value_or(QString());
    const YamlNode *choices = node.find(u"choices");
    if (choices)
        input.choices = readTexts(file, *choices, pathTo(path, u"choices"_s)).value_or(QStringList());
    if (input.type == FlowInputType::Choice && input.choices.isEmpty())
        file.add(FlowProblemCode::ChoiceWithoutChoices, choices ? *choices : node, path);
    if (const YamlNode *fallback = node.find(u"default")) {
        input.defaultValue = fallback->toJson();
        if (!fits(input.defaultValue, input))
            file.add(FlowProblemCode::DefaultNotOfType, *fallback, pathTo(path, u"default"_s), fallback->text,
                     input.type == FlowInputType::Choice ? input.choices : QStringList{enumName(input.type)});
    }
    return input;
}

} // namespace

std::vector<FlowInput> readInputs(FileContext &file, const YamlNode &node)
{
    std::vector<FlowInput> inputs;
    if (!checkNames(file, node, u"inputs"_s))
        return inputs;
    for (const auto &[key, value] : node.members) {
        const QString path = pathTo(u"inputs"_s, key.text);
        if (readName(file, key, path, true))
            inputs.push_back(readInput(file, key, value, path));
    }
    return inputs;
}

} // namespace muster
