#include "core/flow/agent_profile.h"

#include "core/flow/file_reader.h"
#include "core/flow/yaml_document.h"

#include <algorithm>
#include <map>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView fence = "---\n";

AgentProfile readFront(FileContext &file, const YamlNode &root)
{
    AgentProfile profile;
    static const QStringList known{u"name"_s,  u"description"_s, u"runtime"_s,
                                   u"model"_s, u"tools"_s,       u"permissions"_s};
    if (!checkMap(file, root, {}, known, {u"skills"_s}))
        return profile;
    const auto text = [&](const QString &key, QString &out) {
        if (const YamlNode *node = root.find(key))
            out = readText(file, *node, key).value_or(QString());
    };
    if (const YamlNode *name = require(file, root, {}, u"name"_s))
        profile.name = readName(file, *name, u"name"_s, false).value_or(QString());
    text(u"description"_s, profile.description);
    text(u"runtime"_s, profile.runtime);
    text(u"model"_s, profile.model);
    if (const YamlNode *tools = root.find(u"tools"))
        profile.tools = readTexts(file, *tools, u"tools"_s).value_or(QStringList());
    if (const YamlNode *permissions = root.find(u"permissions"))
        profile.permissions = readPermissions(file, *permissions, u"permissions"_s);
    return profile;
}

} // namespace

AgentProfileResult parseAgentProfile(const QByteArray &text, const QString &)
{
    AgentProfileResult result;
    const auto refuse = [&](FlowProblemCode code, int line) {
        result.problems.push_back({.code = code, .line = line, .column = 1, .expected = {u"---"_s}});
        return result;
    };
    if (!text.startsWith(fence))
        return refuse(FlowProblemCode::NoFrontMatter, 1);
    const qsizetype end = text.indexOf("\n---\n", fence.size() - 1);
    if (end < 0)
        return refuse(FlowProblemCode::UnclosedFrontMatter, 1);
    // The first fence becomes a comment of the same length, so that places in the front matter are the
    // file's.
    const SourceText source("#--\n" + text.sliced(fence.size(), end + 1 - fence.size()));
    YamlDocument document = parseYaml(source);
    FileContext file{.source = source, .problems = std::move(document.problems)};
    if (document.root) {
        AgentProfile profile = readFront(file, *document.root);
        profile.instructions = QString::fromUtf8(text.sliced(end + 5)).trimmed();
        if (file.problems.empty())
            result.profile = std::move(profile);
    }
    result.problems = std::move(file.problems);
    return result;
}

std::vector<ResolvedFile> resolveNamedFiles(std::vector<NamedFile> candidates)
{
    std::ranges::stable_sort(candidates, [](const NamedFile &a, const NamedFile &b) {
        return std::tie(a.name, a.place, a.path) < std::tie(b.name, b.place, b.path);
    });
    std::vector<ResolvedFile> resolved;
    for (NamedFile &file : candidates) {
        if (!resolved.empty() && resolved.back().file.name == file.name)
            resolved.back().hides.push_back(std::move(file));
        else
            resolved.push_back({.file = std::move(file)});
    }
    return resolved;
}

} // namespace muster
