#include "core/flow/agent_profile.h"

#include "core/flow/front_matter.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

AgentProfile readProfile(FileContext &file, const YamlNode &root)
{
    AgentProfile profile;
    if (!checkMap(file, root, {},
                  {u"name"_s, u"description"_s, u"runtime"_s, u"model"_s, u"tools"_s, u"skills"_s,
                   u"permissions"_s},
                  {u"documents"_s, u"max_turns"_s}))
        return profile;
    if (const YamlNode *name = require(file, root, {}, u"name"_s))
        profile.name = readName(file, *name, u"name"_s, false).value_or(QString());
    const std::array texts{std::pair{u"description"_s, &AgentProfile::description},
                           std::pair{u"runtime"_s, &AgentProfile::runtime},
                           std::pair{u"model"_s, &AgentProfile::model}};
    for (const auto &[key, member] : texts) {
        if (const YamlNode *node = root.find(key))
            profile.*member = readText(file, *node, key).value_or(QString());
    }
    if (const YamlNode *tools = root.find(u"tools"))
        profile.tools = readTexts(file, *tools, u"tools"_s).value_or(QStringList());
    if (const YamlNode *skills = root.find(u"skills"))
        profile.skills = readTexts(file, *skills, u"skills"_s).value_or(QStringList());
    if (const YamlNode *permissions = root.find(u"permissions"))
        profile.permissions = readPermissions(file, *permissions, u"permissions"_s);
    return profile;
}

} // namespace

AgentProfileResult parseAgentProfile(const QByteArray &text)
{
    AgentProfile profile;
    FrontMatterResult read = readFrontMatter(
        text, [&](FileContext &file, const YamlNode &root) { profile = readProfile(file, root); });
    profile.instructions = read.body;
    AgentProfileResult result{.profile = {}, .problems = std::move(read.problems)};
    if (result.problems.empty())
        result.profile = std::move(profile);
    return result;
}

std::vector<ResolvedFile> resolveNamedFiles(std::vector<NamedFile> candidates)
{
    std::ranges::sort(candidates, [](const NamedFile &a, const NamedFile &b) {
        return std::tie(a.name, a.place, a.path) < std::tie(b.name, b.place, b.path);
    });
    std::vector<ResolvedFile> resolved;
    for (NamedFile &file : candidates) {
        if (!resolved.empty() && resolved.back().file.name == file.name)
            resolved.back().hides.push_back(std::move(file));
        else
            resolved.push_back(ResolvedFile{.file = std::move(file), .hides = {}});
    }
    return resolved;
}

} // namespace muster
