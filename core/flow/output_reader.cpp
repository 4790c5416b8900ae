// `output:` of a step: "text", "json", or a map that says what the JSON looks like.
#include "core/flow/flow_draft.h"
#include "core/flow/json_schema.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

void readInlineSchema(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    const QJsonObject schema = node.toJson().toObject();
    const qsizetype size = QJsonDocument(schema).toJson(QJsonDocument::Compact).size();
    if (size > kMostSchemaBytes) {
        file.add(FlowProblemCode::TooLong, node, path, QString::number(size),
                 {QString::number(kMostSchemaBytes)});
        return;
    }
    if (const auto compiled = JsonSchema::compile(schema); compiled)
        draft.step.schema = schema;
    else
        file.add(FlowProblemCode::InvalidSchema, node, path, compiled.error().where,
                 {compiled.error().detail});
}

} // namespace

void readOutput(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (!node.isMap()) {
        draft.step.output = readEnum<StepOutput>(file, node, path).value_or(draft.step.output);
        return;
    }
    if (!checkMap(file, node, path, {u"json"_s, u"files"_s}))
        return;
    const YamlNode *json = node.find(u"json");
    const QString jsonPath = pathTo(path, u"json"_s);
    if (const YamlNode *files = node.find(u"files"))
        draft.step.outputFiles = readInnerPaths(file, *files, pathTo(path, u"files"_s));
    else if (!json)
        file.add(FlowProblemCode::MissingKey, node, path, u"json"_s);
    if (!json)
        return;
    draft.step.output = StepOutput::Json;
    if (json->isMap())
        readInlineSchema(file, *json, jsonPath, draft);
    else if (readText(file, *json, jsonPath) && checkInnerPath(file, *json, jsonPath))
        draft.files.push_back(fileUse(FlowFileUse::Kind::Schema, *json, jsonPath));
}

} // namespace muster
