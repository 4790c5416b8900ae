#include "core/node/projects/project_settings.h"

#include "core/flow/file_reader.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonValue>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int formatVersion = 1;
constexpr int mostTurns = 10'000;
constexpr double mostTokens = 1e12;
const QString costKey = u"budget.max_cost_per_task"_s;
const QString tokensKey = u"budget.max_tokens_per_task"_s;
const QString stepsKey = u"agent.max_turns"_s;

void read(FileContext &file, const YamlNode &root, ProjectSettings &settings)
{
    if (!checkMap(file, root, {}, {u"muster"_s, costKey, tokensKey, stepsKey}))
        return;
    if (const YamlNode *version = require(file, root, {}, u"muster"_s)) {
        const auto number = readInt(file, *version, u"muster"_s, 1, 1'000'000);
        if (number && *number != formatVersion)
            file.add(FlowProblemCode::UnsupportedVersion, *version, u"muster"_s, QString::number(*number),
                     {QString::number(formatVersion)});
    }
    if (const YamlNode *cost = root.find(costKey)) {
        const auto microUsd = readUsd(file, *cost, costKey);
        if (microUsd && *microUsd > 0) // as in the settings: 0 says nothing
            settings.costMicroUsd = microUsd;
    }
    if (const YamlNode *tokens = root.find(tokensKey)) {
        const auto number = readNumber(file, *tokens, tokensKey, 1, mostTokens);
        settings.tokens = number ? std::optional(static_cast<qint64>(*number)) : std::nullopt;
    }
    if (const YamlNode *steps = root.find(stepsKey))
        settings.steps = readInt(file, *steps, stepsKey, 1, mostTurns);
}

} // namespace

QMap<QString, QJsonValue> ProjectSettings::values() const
{
    QMap<QString, QJsonValue> values;
    if (costMicroUsd)
        values.insert(costKey, static_cast<double>(*costMicroUsd) / 1e6);
    if (tokens)
        values.insert(tokensKey, *tokens);
    if (steps)
        values.insert(stepsKey, *steps);
    return values;
}

ProjectSettingsFile parseProjectSettings(const QByteArray &text)
{
    ProjectSettingsFile result;
    const SourceText source(text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text);
    const YamlDocument document = parseYaml(source);
    FileContext file{.source = source, .problems = document.problems};
    if (document.root)
        read(file, *document.root, result.settings);
    result.problems = std::move(file.problems);
    std::ranges::stable_sort(result.problems, {},
                             [](const FlowProblem &p) { return std::pair(p.line, p.column); });
    return result;
}

ProjectSettingsFile readProjectSettings(const QString &projectRoot)
{
    const QFileInfo info(projectRoot + u'/' + QLatin1StringView(kProjectSettingsFile));
    QFile file(info.filePath());
    // A link may lead out of the project: what is there is not what was trusted.
    const bool linked = info.isSymLink() || QFileInfo(info.path()).isSymLink();
    if (projectRoot.isEmpty() || linked || !info.isFile() || !file.open(QIODevice::ReadOnly))
        return {};
    return parseProjectSettings(file.read(kMostYamlBytes + 1));
}

Async<ProjectSettings> settingsOf(QString projectRoot, bool trusted)
{
    if (!trusted)
        co_return ProjectSettings{};
    co_return co_await resultOf(onPool(
        [projectRoot]() -> Result<ProjectSettings> { return readProjectSettings(projectRoot).settings; }));
}

} // namespace muster
