// Steps with several texts: the inputs that a flow step gives, and what a merge step says.
#include "core/flow/kind_reader.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kGateTimeoutMs = 10LL * 60 * 1000;

enum class PartType : std::uint8_t { Any, Text };

void addPart(FileContext &file, const YamlNode &node, const QString &path, const QString &name,
             StepDraft &draft, PartType type = PartType::Text)
{
    NamedText part{.name = name, .text = {}};
    if (node.typeName() == "text"_L1) {
        part.text = readFlowText(file, node, node.text, path, draft.references);
        if (part.text.isConstant())
            part.constant = node.text;
    } else if (type == PartType::Any && node.isScalar() && !node.isNull()) {
        part.constant = node.toJson();
    } else {
        file.add(FlowProblemCode::WrongType, node, path, node.typeName(), {u"text"_s});
    }
    draft.step.parts.push_back(std::move(part));
    draft.parts.push_back(placed(node, path));
}

// What is evaluated is all of them in order; where there is nothing to evaluate the text is their JSON.
void finishParts(const YamlNode &node, StepDefinition &step)
{
    FlowText &text = step.text;
    text = {
        .source = {}, .literals = {QString()}, .expressions = {}, .line = node.line, .column = node.column};
    QJsonObject constants;
    for (const NamedText &part : step.parts) {
        constants.insert(part.name, part.constant);
        text.expressions += part.text.expressions;
        text.literals += QStringList(part.text.expressions.size(), QString());
    }
    if (text.isConstant())
        text.source = QString::fromUtf8(QJsonDocument(constants).toJson(QJsonDocument::Compact));
}

// A command, or `{ run, timeout, kind }`.
void readGate(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    const QString name = u"gate "_s % QString::number(draft.step.gateTimeoutsMs.size());
    qint64 timeout = kGateTimeoutMs;
    std::optional<GateKind> kind;
    const YamlNode *command = &node;
    QString at = path;
    if (node.isMap()) {
        if (!checkMap(file, node, path, {u"run"_s, u"timeout"_s, u"kind"_s}))
            return;
        if (const YamlNode *limit = node.find(u"timeout"))
            timeout = readDuration(file, *limit, pathTo(path, u"timeout"_s)).value_or(timeout);
        if (const YamlNode *given = node.find(u"kind"))
            kind = readEnum<GateKind>(file, *given, pathTo(path, u"kind"_s));
        command = require(file, node, path, u"run"_s);
        at = pathTo(path, u"run"_s);
    }
    if (!command)
        return;
    if (command->isScalar() && command->text.trimmed().isEmpty())
        file.add(FlowProblemCode::EmptyValue, *command, at, u"gates"_s);
    addPart(file, *command, at, name, draft);
    draft.step.gateTimeoutsMs.push_back(timeout);
    draft.step.gateKinds.push_back(kind);
}

void readGates(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (!node.isList())
        return readGate(file, node, path, draft);
    for (size_t i = 0; i < node.items.size(); ++i)
        readGate(file, node.items[i], pathTo(path, static_cast<qsizetype>(i)), draft);
}

void readInto(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    addPart(file, node, path, u"into"_s, draft);
    const QString name = draft.step.parts.back().constant.toString();
    if (node.typeName() == "text"_L1 && node.text.trimmed().isEmpty())
        file.add(FlowProblemCode::EmptyValue, node, path, u"into"_s);
    else if (name.startsWith("muster/"_L1) || name.startsWith("refs/"_L1))
        file.add(FlowProblemCode::MergeIntoMuster, node, path, name, {u"run"_s});
}

} // namespace

// A name, or `{ name, inputs }`.
void readFlowKind(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    const YamlNode *name = &node;
    const YamlNode *inputs = nullptr;
    QString at = path;
    if (!node.isScalar()) {
        if (!checkMap(file, node, path, {u"name"_s, u"inputs"_s}))
            return;
        name = require(file, node, path, u"name"_s);
        inputs = node.find(u"inputs");
        at = pathTo(path, u"name"_s);
    }
    if (name && readName(file, *name, at, false)) {
        draft.flow = placed(*name, at);
        draft.step.flow = name->text;
    }
    if (inputs && !inputs->isNull()) {
        const QString inputsAt = pathTo(path, u"inputs"_s);
        QStringList names;
        for (const auto &[key, value] : inputs->members)
            names.append(key.text);
        if (!checkMap(file, *inputs, inputsAt, names))
            return;
        for (const auto &[key, value] : inputs->members)
            addPart(file, value, pathTo(inputsAt, key.text), key.text, draft, PartType::Any);
    }
    finishParts(node, draft.step);
}

void readMergeKind(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (!checkMap(file, node, path, {u"from"_s, u"into"_s, u"how"_s, u"gates"_s, u"message"_s}))
        return;
    StepDefinition &step = draft.step;
    if (const YamlNode *from = require(file, node, path, u"from"_s)) {
        draft.mergeFrom = readPlacedNames(file, *from, pathTo(path, u"from"_s));
        if (from->isList() && from->items.empty())
            file.add(FlowProblemCode::EmptyValue, *from, pathTo(path, u"from"_s), u"from"_s);
    }
    if (const YamlNode *how = node.find(u"how"))
        step.mergeHow = readEnum<MergeHow>(file, *how, pathTo(path, u"how"_s)).value_or(step.mergeHow);
    if (const YamlNode *into = node.find(u"into"))
        readInto(file, *into, pathTo(path, u"into"_s), draft);
    if (const YamlNode *message = node.find(u"message"))
        addPart(file, *message, pathTo(path, u"message"_s), u"message"_s, draft);
    if (const YamlNode *gates = node.find(u"gates"); gates && !gates->isNull())
        readGates(file, *gates, pathTo(path, u"gates"_s), draft);
    finishParts(node, step);
}

} // namespace muster
