#include "core/node/flows/flow_library.h"

#include "core/node/flows/flow_files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxFileBytes = 1024 * 1024;
constexpr auto flowSuffix = ".flow.yaml"_L1;
constexpr auto profileSuffix = ".agent.md"_L1;

Result<QByteArray> readSmall(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, file.errorString(), path);
    if (file.size() > maxFileBytes)
        return fail(ErrorCode::TooLarge, QString::number(file.size()), path);
    return file.readAll();
}

void collect(const QString &folder, QLatin1StringView suffix, LookupPlace place, std::vector<NamedFile> &out)
{
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"*"_s + suffix}, QDir::Files, QDir::Name);
    for (const QString &name : names)
        out.push_back({.name = name.chopped(suffix.size()), .path = dir.filePath(name), .place = place});
}

bool looksLikePath(const QString &text)
{
    return text.contains(u'/') || text.endsWith(flowSuffix) || text.endsWith(u".yaml"_s);
}

api::FlowInput toApi(const FlowInput &input)
{
    const bool required = input.defaultValue.isUndefined();
    return {.name = input.name,
            .type = enumName(input.type),
            .defaultValue = required ? QJsonValue(QJsonValue::Null) : input.defaultValue,
            .help = input.help,
            .choices = input.choices,
            .required = required};
}

} // namespace

FlowLibrary::FlowLibrary(QString projectRoot, QString personFolder, bool projectTrusted)
    : m_projectRoot(std::move(projectRoot))
    , m_personFolder(std::move(personFolder))
    , m_projectTrusted(projectTrusted)
{
}

std::vector<ResolvedFile> FlowLibrary::files(const QString &folder, const QString &suffix,
                                             bool withUntrusted) const
{
    const QLatin1StringView ending = suffix == flowSuffix ? flowSuffix : profileSuffix;
    std::vector<NamedFile> candidates;
    if (!m_projectRoot.isEmpty() && (m_projectTrusted || withUntrusted))
        collect(m_projectRoot + u'/' + folder, ending, LookupPlace::Project, candidates);
    if (!m_personFolder.isEmpty())
        collect(m_personFolder + u'/' + folder, ending, LookupPlace::User, candidates);
    collect(u":/muster/"_s + folder, ending, LookupPlace::BuiltIn, candidates);
    return resolveNamedFiles(std::move(candidates));
}

FlowLookups FlowLibrary::lookups() const
{
    QStringList profiles;
    for (const ResolvedFile &file : files(u"agents"_s, profileSuffix, false))
        profiles += file.file.name;
    return {.profiles = profiles, .runtimes = std::nullopt};
}

LoadedFlow FlowLibrary::check(const QByteArray &text, const QString &fileName) const
{
    LoadedFlow loaded{.found = {}, .text = text, .parsed = parseFlow(text, fileName, lookups())};
    if (m_projectRoot.isEmpty() || !loaded.parsed.ok())
        return loaded;
    FlowFiles files = takeInFiles(text, *loaded.parsed.definition, m_projectRoot);
    if (!files.problems.empty())
        loaded.parsed = {.definition = nullptr, .problems = std::move(files.problems)};
    else if (files.text != text)
        loaded = {.found = {}, .text = files.text, .parsed = parseFlow(files.text, fileName, lookups())};
    return loaded;
}

Result<LoadedFlow> FlowLibrary::load(const QString &nameOrPath) const
{
    ResolvedFile found;
    if (looksLikePath(nameOrPath)) {
        const QString path = QFileInfo(QDir(m_projectRoot), nameOrPath).canonicalFilePath();
        if (path.isEmpty())
            return fail(ErrorCode::NotFound, nameOrPath, u"flow"_s);
        const bool inProject = !m_projectRoot.isEmpty() && path.startsWith(m_projectRoot + u'/');
        found.file = {.name = QFileInfo(path).fileName().section(u'.', 0, 0),
                      .path = path,
                      .place = inProject ? LookupPlace::Project : LookupPlace::User};
    } else {
        const auto known = files(u"flows"_s, flowSuffix, true);
        const auto named =
            std::ranges::find_if(known, [&](const ResolvedFile &f) { return f.file.name == nameOrPath; });
        if (named == known.end())
            return fail(ErrorCode::NotFound, nameOrPath, u"flow"_s);
        found = *named;
    }
    const auto text = readSmall(found.file.path);
    if (!text)
        return std::unexpected(text.error());
    LoadedFlow loaded = check(*text, found.file.path);
    loaded.found = std::move(found);
    return loaded;
}

std::vector<api::FlowInfo> FlowLibrary::list() const
{
    std::vector<api::FlowInfo> out;
    for (const ResolvedFile &file : files(u"flows"_s, flowSuffix, true)) {
        const bool trusted = m_projectTrusted || file.file.place != LookupPlace::Project;
        api::FlowInfo info{.name = file.file.name,
                           .origin = enumName(file.file.place),
                           .path = file.file.place == LookupPlace::BuiltIn ? QString() : file.file.path,
                           .trusted = trusted};
        for (const NamedFile &hidden : file.hides)
            info.hides += hidden.place == LookupPlace::BuiltIn ? enumName(hidden.place) : hidden.path;
        if (const auto text = readSmall(file.file.path)) {
            const FlowParseResult parsed = check(*text, file.file.path).parsed;
            info.problemCount = static_cast<int>(parsed.problems.size());
            if (parsed.ok()) {
                info.description = parsed.definition->description;
                for (const FlowInput &input : parsed.definition->inputs)
                    info.inputs.push_back(toApi(input));
            }
        }
        info.usable = trusted && info.problemCount == 0;
        out.push_back(std::move(info));
    }
    return out;
}

Result<AgentProfile> FlowLibrary::profile(const QString &name) const
{
    const auto known = files(u"agents"_s, profileSuffix, false);
    const auto named =
        std::ranges::find_if(known, [&](const ResolvedFile &f) { return f.file.name == name; });
    if (named == known.end())
        return fail(ErrorCode::NotFound, name, u"profile"_s);
    const auto text = readSmall(named->file.path);
    if (!text)
        return std::unexpected(text.error());
    AgentProfileResult parsed = parseAgentProfile(*text);
    if (!parsed.profile) {
        const FlowProblem problem = parsed.problems.empty() ? FlowProblem{} : parsed.problems.front();
        return fail(ErrorCode::InvalidArgument, enumName(problem.code),
                    u"%1:%2:%3"_s.arg(named->file.path).arg(problem.line).arg(problem.column));
    }
    return *parsed.profile;
}

QStringList FlowLibrary::profiles() const
{
    QStringList names;
    for (const ResolvedFile &file : files(u"agents"_s, profileSuffix, false)) {
        if (const auto found = profile(file.file.name))
            names += found->name;
    }
    names.sort();
    names.removeDuplicates();
    return names;
}

} // namespace muster
