#include "core/flow/agent_profile.h"

#include "core/flow/file_reader.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The front matter keeps its place in the file: what is not YAML is left out behind it, not before it, so
// that the lines of problems are those of the file.
struct Parts {
    QByteArray frontMatter; // from the first byte of the file, with the first fence made a comment
    QByteArray body;
    std::optional<FlowProblemCode> problem;
};

Parts split(const QByteArray &text)
{
    const auto isFence = [](QByteArrayView line) {
        return line.trimmed() == "---";
    };
    const qsizetype firstEnd = text.indexOf('\n');
    if (firstEnd < 0 || !isFence(QByteArrayView(text).first(firstEnd)))
        return {.frontMatter = {}, .body = {}, .problem = FlowProblemCode::NoFrontMatter};
    for (qsizetype begin = firstEnd + 1; begin < text.size();) {
        const qsizetype end = text.indexOf('\n', begin);
        const qsizetype stop = end < 0 ? text.size() : end;
        if (isFence(QByteArrayView(text).sliced(begin, stop - begin))) {
            QByteArray front = text.first(begin);
            front.replace(0, 3, "#  ");
            return {
                .frontMatter = front, .body = end < 0 ? QByteArray() : text.sliced(end + 1), .problem = {}};
        }
        begin = stop + 1;
    }
    return {.frontMatter = {}, .body = {}, .problem = FlowProblemCode::UnclosedFrontMatter};
}

AgentProfile readProfile(FileContext &file, const YamlNode &root)
{
    AgentProfile profile;
    if (!checkMap(file, root, {},
                  {u"name"_s, u"description"_s, u"runtime"_s, u"model"_s, u"tools"_s, u"permissions"_s},
                  {u"skills"_s, u"documents"_s, u"max_turns"_s}))
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
    if (const YamlNode *permissions = root.find(u"permissions"))
        profile.permissions = readPermissions(file, *permissions, u"permissions"_s);
    return profile;
}

} // namespace

AgentProfileResult parseAgentProfile(const QByteArray &text)
{
    AgentProfileResult result;
    const Parts parts = split(text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text);
    if (parts.problem) {
        result.problems.push_back(FlowProblem{
            .code = *parts.problem, .path = {}, .found = {}, .expected = {u"---"_s}, .suggestion = {}});
        return result;
    }
    const SourceText source(parts.frontMatter);
    YamlDocument document = parseYaml(source);
    if (!document.root) {
        result.problems = std::move(document.problems);
        return result;
    }
    FileContext file{.source = source, .problems = {}};
    AgentProfile profile = readProfile(file, *document.root);
    profile.instructions = QString::fromUtf8(parts.body).trimmed();
    result.problems = std::move(file.problems);
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
