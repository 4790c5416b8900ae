#include "core/flow/skill_file.h"

#include "core/flow/front_matter.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename T> void readHead(FileContext &file, const YamlNode &root, T &into)
{
    if (const YamlNode *name = require(file, root, {}, u"name"_s))
        into.name = readName(file, *name, u"name"_s, false).value_or(QString());
    if (const YamlNode *description = root.find(u"description"))
        into.description = readText(file, *description, u"description"_s).value_or(QString());
}

void readRoles(FileContext &file, const YamlNode &node, Team &team)
{
    QStringList names;
    for (const auto &[key, value] : node.members)
        names.append(key.text);
    if (!checkMap(file, node, u"roles"_s, names))
        return;
    if (names.isEmpty())
        file.add(FlowProblemCode::EmptyValue, node, u"roles"_s, u"roles"_s);
    for (const auto &[key, value] : node.members) {
        const QString path = pathTo(u"roles"_s, key.text);
        const auto role = readName(file, key, path, false);
        const auto profile = readName(file, value, path, false);
        if (role && profile)
            team.roles.insert(*role, *profile);
    }
}

template <typename T> NamedFileResult<T> resultOf(T value, const FlowProblems &problems)
{
    NamedFileResult<T> result{.value = {}, .problems = problems};
    if (result.problems.empty())
        result.value = std::move(value);
    return result;
}

} // namespace

NamedFileResult<Skill> parseSkill(const QByteArray &text)
{
    Skill skill;
    const FrontMatterResult read = readFrontMatter(text, [&](FileContext &file, const YamlNode &root) {
        if (checkMap(file, root, {}, {u"name"_s, u"description"_s}))
            readHead(file, root, skill);
    });
    skill.text = read.body;
    return resultOf(std::move(skill), read.problems);
}

NamedFileResult<Team> parseTeam(const QByteArray &text)
{
    Team team;
    const FrontMatterResult read = readFrontMatter(text, [&](FileContext &file, const YamlNode &root) {
        if (!checkMap(file, root, {}, {u"name"_s, u"description"_s, u"roles"_s}))
            return;
        readHead(file, root, team);
        if (const YamlNode *roles = require(file, root, {}, u"roles"_s))
            readRoles(file, *roles, team);
    });
    return resultOf(std::move(team), read.problems);
}

} // namespace muster
