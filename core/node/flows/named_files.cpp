#include "core/node/flows/named_files.h"

#include "core/agent/workspace_files.h"
#include "core/flow/json_schema.h"
#include "core/node/work/documents.h"

#include <QDir>
#include <QHash>
#include <QJsonDocument>
#include <QSet>

#include <map>
#include <ranges>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

FlowProblem problemAt(const FlowFileUse &use, FlowProblemCode code, const QString &found,
                      const QStringList &expected = {})
{
    return {.code = code,
            .line = use.line,
            .column = use.column,
            .path = use.path,
            .found = found,
            .expected = expected,
            .suggestion = {}};
}

FlowProblem problemOf(const FlowFileUse &use, const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return problemAt(use, FlowProblemCode::MissingFile, use.file);
    case ErrorCode::PermissionDenied:
        return problemAt(use, FlowProblemCode::InvalidPath, use.file);
    case ErrorCode::TooLarge:
        return problemAt(use, FlowProblemCode::UnfitFile, use.file, {u"too_large"_s});
    default:
        return problemAt(use, FlowProblemCode::UnfitFile, use.file, {u"not_text"_s});
    }
}

// How many bytes of the text name the file there, quotes included; 0: it stands there in another way.
qsizetype lengthOfName(const QByteArray &text, const FlowFileUse &use)
{
    const QByteArray name = use.file.toUtf8();
    for (const QByteArray &token : {QByteArray('"' + name + '"'), QByteArray('\'' + name + '\''), name}) {
        if (QByteArrayView(text).sliced(use.offset).startsWith(token))
            return token.size();
    }
    return 0;
}

// Whether a step that the step needs, directly or not, says that it leaves the file behind.
bool isMadeBefore(const FlowDefinition &definition, int step, const QString &path)
{
    QSet<int> seen{step};
    for (QList<int> open{step}; !open.isEmpty();) {
        const StepDefinition &next = definition.step(open.takeLast());
        std::vector<int> before = next.needs;
        before.insert(before.end(), next.body.begin(), next.body.end());
        if (next.loop >= 0)
            std::ranges::copy(definition.step(next.loop).needs, std::back_inserter(before));
        for (const int need : before) {
            if (seen.contains(need))
                continue;
            if (definition.step(need).outputFiles.contains(path))
                return true;
            seen.insert(need);
            open.append(need);
        }
    }
    return false;
}

// For all that are given it.
bool isMade(const FlowDefinition &definition, const QString &path)
{
    for (int step = 0; step < definition.stepCount(); ++step) {
        if (definition.step(step).documents.contains(path) && !isMadeBefore(definition, step, path))
            return false;
    }
    return true;
}

class Intake {
public:
    Intake(const QByteArray &flow, const QString &root)
        : m_text(flow)
        , m_bomSize(flow.startsWith("\xEF\xBB\xBF") ? 3 : 0)
        , m_root(root)
    {
    }

    NamedFiles run(const FlowDefinition &definition)
    {
        for (const FlowFileUse &use : definition.files)
            use.kind == FlowFileUse::Kind::Schema ? schema(use) : document(definition, use);
        for (const StepDefinition &step : definition.steps)
            together(definition, step);
        // From the end, so that the places of those before stay.
        for (const auto &[offset, schema] : m_schemas | std::views::reverse)
            m_text.replace(offset, schema.length, schema.json);
        return {.text = m_text, .problems = std::move(m_problems)};
    }

private:
    struct Schema {
        qsizetype length = 0;
        QByteArray json;
    };

    void schema(const FlowFileUse &use)
    {
        const auto text = WorkspaceFiles(m_root).read(use.file);
        if (!text) {
            m_problems.push_back(problemOf(use, text.error()));
            return;
        }
        const QByteArray bytes = text->toUtf8();
        const QJsonDocument json = QJsonDocument::fromJson(bytes);
        FlowFileUse placed = use;
        placed.offset += m_bomSize;
        const qsizetype length = lengthOfName(m_text, placed);
        if (bytes.size() > kMostSchemaBytes)
            m_problems.push_back(problemAt(use, FlowProblemCode::UnfitFile, use.file, {u"too_large"_s}));
        else if (!json.isObject() || length == 0)
            m_problems.push_back(problemAt(use, FlowProblemCode::UnfitFile, use.file, {u"not_json"_s}));
        else if (const auto compiled = JsonSchema::compile(json.object()); !compiled)
            m_problems.push_back(problemAt(use, FlowProblemCode::InvalidSchema,
                                           use.file + compiled.error().where, {compiled.error().detail}));
        else
            m_schemas[placed.offset] = {.length = length, .json = json.toJson(QJsonDocument::Compact)};
    }

    void document(const FlowDefinition &definition, const FlowFileUse &use)
    {
        const QString path = QDir::cleanPath(use.file);
        const auto read = readDocument(m_root, use.file);
        if (read)
            m_sizes.insert(path, read->text.toUtf8().size());
        else if (read.error().code != ErrorCode::NotFound || !isMade(definition, path))
            m_problems.push_back(problemOf(use, read.error()));
    }

    // Told of the one that is too much.
    void together(const FlowDefinition &definition, const StepDefinition &step)
    {
        qint64 bytes = 0;
        for (const QString &path : step.documents) {
            bytes += m_sizes.value(path);
            const auto use = std::ranges::find_if(definition.files, [&](const FlowFileUse &one) {
                return one.kind == FlowFileUse::Kind::Document && QDir::cleanPath(one.file) == path;
            });
            if (bytes > kMostDocumentsBytes && use != definition.files.end()) {
                m_problems.push_back(
                    problemAt(*use, FlowProblemCode::UnfitFile, use->file, {u"too_large"_s}));
                return;
            }
        }
    }

    QHash<QString, qint64> m_sizes; // of documents, by their clean path
    QByteArray m_text;
    qsizetype m_bomSize;
    QString m_root;
    std::map<qsizetype, Schema> m_schemas; // by their place in the text
    FlowProblems m_problems;
};

} // namespace

NamedFiles takeInFiles(const QByteArray &flow, const FlowDefinition &definition, const QString &projectRoot)
{
    return Intake(flow, projectRoot).run(definition);
}

} // namespace muster
