#include "core/node/flows/flow_library.h"

#include "core/node/flows/flow_bundle.h"
#include "core/node/flows/preflight_desk.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxFileBytes = 1024 * 1024;
constexpr auto flowSuffix = ".flow.yaml"_L1;
constexpr auto profileSuffix = ".agent.md"_L1;
constexpr auto teamSuffix = ".team.md"_L1;
constexpr auto skillFile = "/SKILL.md"_L1; // in a folder of its name

void collect(const QString &folder, QLatin1StringView suffix, LookupPlace place, std::vector<NamedFile> &out)
{
    const QDir dir(folder);
    if (suffix == skillFile) {
        const QStringList folders = dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString &name : folders) {
            if (const QString path = dir.filePath(name + suffix); QFile::exists(path))
                out.push_back({.name = name, .path = path, .place = place});
        }
        return;
    }
    const QStringList names = dir.entryList({u"*"_s + suffix}, QDir::Files, QDir::Name);
    for (const QString &name : names)
        out.push_back({.name = name.chopped(suffix.size()), .path = dir.filePath(name), .place = place});
}

bool looksLikePath(const QString &text)
{
    return text.contains(u'/') || text.endsWith(flowSuffix) || text.endsWith(u".yaml"_s);
}

Error wrongFile(const QString &path, const FlowProblems &problems)
{
    const FlowProblem problem = problems.empty() ? FlowProblem{} : problems.front();
    return {.code = ErrorCode::InvalidArgument,
            .detail = enumName(problem.code),
            .where = u"%1:%2:%3"_s.arg(path).arg(problem.line).arg(problem.column)};
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

std::vector<ResolvedFile> FlowLibrary::files(const QString &folder, QLatin1StringView suffix,
                                             bool withUntrusted) const
{
    std::vector<NamedFile> candidates;
    if (!m_projectRoot.isEmpty() && (m_projectTrusted || withUntrusted))
        collect(m_projectRoot + u'/' + folder, suffix, LookupPlace::Project, candidates);
    if (!m_personFolder.isEmpty())
        collect(m_personFolder + u'/' + folder, suffix, LookupPlace::User, candidates);
    collect(u":/muster/"_s + folder, suffix, LookupPlace::BuiltIn, candidates);
    return resolveNamedFiles(std::move(candidates));
}

FlowLookups FlowLibrary::lookups() const
{
    QStringList profiles;
    for (const ResolvedFile &file : files(u"agents"_s, profileSuffix, false))
        profiles += file.file.name;
    QStringList skills;
    for (const ResolvedFile &file : files(u"skills"_s, skillFile, false))
        skills += file.file.name;
    QHash<QString, QStringList> teams;
    for (const ResolvedFile &file : files(u"teams"_s, teamSuffix, false)) {
        const auto found = team(file.file.name);
        if (!found)
            continue;
        QStringList &roles = teams[file.file.name];
        for (auto role = found->roles.cbegin(); role != found->roles.cend(); ++role) {
            if (profiles.contains(role.value()))
                roles += role.key();
        }
    }
    return {.profiles = profiles, .runtimes = std::nullopt, .skills = skills, .teams = teams};
}

Result<QByteArray> FlowLibrary::read(const QString &path) const
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, file.errorString(), path);
    if (file.size() > maxFileBytes)
        return fail(ErrorCode::TooLarge, QString::number(file.size()), path);
    return file.readAll();
}

// A name that a file of an untrusted project has stands for that file: no other one runs in its place.
FlowBundle FlowLibrary::bundle() const
{
    QHash<QString, ResolvedFile> flows;
    for (const ResolvedFile &file : files(u"flows"_s, flowSuffix, true))
        flows.insert(file.file.name, file);
    return {*this, m_projectRoot, lookups(), flows};
}

LoadedFlow FlowLibrary::check(const QByteArray &text, const QString &fileName) const
{
    return bundle().load(text, fileName);
}

Result<ResolvedFile> FlowLibrary::find(const QString &name) const
{
    return find(u"flows"_s, flowSuffix, name, u"flow"_s);
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
        const auto named = find(nameOrPath);
        if (!named)
            return std::unexpected(named.error());
        found = *named;
    }
    const auto text = read(found.file.path);
    if (!text)
        return std::unexpected(text.error());
    LoadedFlow loaded = check(*text, found.file.path);
    loaded.found = std::move(found);
    return loaded;
}

namespace {

// What lists tell of a file: from where it is, and what it hides.
template <typename Info> Info placedInfo(const ResolvedFile &file, bool trusted)
{
    Info info{.name = file.file.name,
              .origin = enumName(file.file.place),
              .path = file.file.place == LookupPlace::BuiltIn ? QString() : file.file.path,
              .trusted = trusted};
    for (const NamedFile &hidden : file.hides)
        info.hides += hidden.place == LookupPlace::BuiltIn ? enumName(hidden.place) : hidden.path;
    return info;
}

} // namespace

api::FlowInfo FlowLibrary::infoOf(const ResolvedFile &file, bool trusted, FlowBundle &known) const
{
    auto info = placedInfo<api::FlowInfo>(file, trusted);
    if (const auto text = read(file.file.path)) {
        const FlowParseResult parsed = known.load(*text, file.file.path).parsed;
        info.problemCount = static_cast<int>(parsed.problems.size());
        if (parsed.ok()) {
            info.description = parsed.definition->description;
            for (const FlowInput &input : parsed.definition->inputs)
                info.inputs.push_back(toApi(input));
        }
    }
    info.usable = trusted && info.problemCount == 0;
    return info;
}

std::vector<api::FlowInfo> FlowLibrary::list() const
{
    std::vector<api::FlowInfo> out;
    FlowBundle known = bundle(); // once for all
    for (const ResolvedFile &file : files(u"flows"_s, flowSuffix, true))
        out.push_back(infoOf(file, m_projectTrusted || file.file.place != LookupPlace::Project, known));
    return out;
}

Result<ResolvedFile> FlowLibrary::find(const QString &folder, QLatin1StringView suffix, const QString &name,
                                       const QString &what) const
{
    const auto known = files(folder, suffix, suffix == flowSuffix);
    const auto named =
        std::ranges::find_if(known, [&](const ResolvedFile &f) { return f.file.name == name; });
    if (named == known.end())
        return fail(ErrorCode::NotFound, name, what);
    return *named;
}

Result<KeptFile> FlowLibrary::named(const QString &folder, QLatin1StringView suffix, const QString &name,
                                    const QString &what) const
{
    const auto kept = std::ranges::find_if(
        m_kept, [&](const KeptFile &file) { return file.folder == folder && file.found.file.name == name; });
    if (kept != m_kept.end())
        return *kept;
    const auto found = find(folder, suffix, name, what);
    if (!found)
        return std::unexpected(found.error());
    return read(found->file.path).transform([&](const QByteArray &text) {
        return KeptFile{.folder = folder, .found = *found, .text = text};
    });
}

Result<KeptFile> FlowLibrary::profileFile(const QString &name, const QString &team) const
{
    QString profile = name;
    if (!team.isEmpty()) {
        const auto roles = this->team(team);
        if (!roles)
            return std::unexpected(roles.error());
        profile = roles->roles.value(name, name);
    }
    return named(u"agents"_s, profileSuffix, profile, u"profile"_s);
}

Result<AgentProfile> FlowLibrary::profile(const QString &name, const QString &team) const
{
    const auto file = profileFile(name, team);
    if (!file)
        return std::unexpected(file.error());
    AgentProfileResult parsed = parseAgentProfile(file->text);
    return parsed.profile ? Result<AgentProfile>(*parsed.profile)
                          : std::unexpected(wrongFile(file->found.file.path, parsed.problems));
}

Result<FoundSkill> FlowLibrary::skill(const QString &name) const
{
    const auto file = named(u"skills"_s, skillFile, name, u"skill"_s);
    if (!file)
        return std::unexpected(file.error());
    auto parsed = parseSkill(file->text);
    if (!parsed.value)
        return std::unexpected(wrongFile(file->found.file.path, parsed.problems));
    return FoundSkill{.skill = *parsed.value, .found = file->found};
}

namespace {

FlowProblem unreadFile(const QString &path, ErrorCode why)
{
    if (why == ErrorCode::TooLarge)
        return {.code = FlowProblemCode::UnfitFile, .found = path, .expected = {u"too_large"_s}};
    return {.code = FlowProblemCode::MissingFile, .found = path};
}

} // namespace

api::SkillInfo FlowLibrary::skillInfo(const ResolvedFile &file, bool withText) const
{
    const bool own = file.file.place == LookupPlace::Project;
    auto info = placedInfo<api::SkillInfo>(file, m_projectTrusted || !own);
    const auto text = read(file.file.path);
    if (!text)
        info.problems.push_back(problemInfo(unreadFile(file.file.path, text.error().code)));
    else {
        const auto parsed = parseSkill(*text);
        for (const FlowProblem &problem : parsed.problems)
            info.problems.push_back(problemInfo(problem));
        if (parsed.value) {
            info.description = parsed.value->description;
            info.text = withText ? parsed.value->text : QString();
        }
    }
    info.usable = info.trusted && info.problems.empty();
    return info;
}

// One of an untrusted project takes nobody's place, so it stands beside the one that is taken.
Result<std::vector<api::SkillInfo>> FlowLibrary::skills(const QString &name) const
{
    std::vector<ResolvedFile> found = files(u"skills"_s, skillFile, false);
    if (!m_projectTrusted && !m_projectRoot.isEmpty()) {
        std::vector<NamedFile> own;
        collect(m_projectRoot + u"/skills"_s, skillFile, LookupPlace::Project, own);
        std::ranges::move(resolveNamedFiles(std::move(own)), std::back_inserter(found));
        std::ranges::stable_sort(found, {}, [](const ResolvedFile &file) { return file.file.name; });
    }
    std::vector<api::SkillInfo> out;
    for (const ResolvedFile &file : found) {
        if (name.isEmpty())
            out.push_back(skillInfo(file, false));
        else if (file.file.name == name && out.empty())
            out.push_back(skillInfo(file, true));
    }
    if (!name.isEmpty() && out.empty())
        return fail(ErrorCode::NotFound, name, u"skill"_s);
    return out;
}

Result<Team> FlowLibrary::team(const QString &name) const
{
    const auto file = named(u"teams"_s, teamSuffix, name, u"team"_s);
    if (!file)
        return std::unexpected(file.error());
    auto parsed = parseTeam(file->text);
    return parsed.value ? Result<Team>(*parsed.value)
                        : std::unexpected(wrongFile(file->found.file.path, parsed.problems));
}

namespace {

// Each once.
class Kept {
public:
    void add(const Result<KeptFile> &file)
    {
        if (!file || m_known.contains({file->folder, file->found.file.name}))
            return;
        m_known.insert({file->folder, file->found.file.name});
        m_files.push_back(*file);
    }
    [[nodiscard]] std::vector<KeptFile> take() { return std::move(m_files); }

private:
    QSet<std::pair<QString, QString>> m_known;
    std::vector<KeptFile> m_files;
};

} // namespace

std::vector<KeptFile> FlowLibrary::filesOf(const LoadedFlow &flow) const
{
    std::vector<const FlowDefinition *> definitions{flow.parsed.definition.get()};
    for (const NamedFlow &other : flow.flows)
        definitions.push_back(other.definition.get());
    Kept kept;
    for (const FlowDefinition *definition : definitions) {
        if (!definition)
            continue;
        if (!definition->team.isEmpty())
            kept.add(named(u"teams"_s, teamSuffix, definition->team, u"team"_s));
        QSet<QString> skills;
        QSet<QString> profiles;
        for (const StepDefinition &step : definition->steps) {
            skills.unite(QSet<QString>(step.skills.begin(), step.skills.end()));
            profiles.insert(step.profile);
        }
        profiles.remove(QString());
        for (const QString &name : std::as_const(profiles)) {
            const auto file = profileFile(name, definition->team);
            kept.add(file);
            const auto parsed = file ? parseAgentProfile(file->text).profile : std::nullopt;
            if (parsed)
                skills.unite(QSet<QString>(parsed->skills.begin(), parsed->skills.end()));
        }
        for (const QString &name : std::as_const(skills))
            kept.add(named(u"skills"_s, skillFile, name, u"skill"_s));
    }
    return kept.take();
}

QHash<QString, AgentProfile> FlowLibrary::profilesOf(const FlowDefinition &flow) const
{
    QHash<QString, AgentProfile> found;
    QSet<QString> tried{QString()};
    for (const StepDefinition &step : flow.steps) {
        if (tried.contains(step.profile))
            continue;
        tried.insert(step.profile);
        if (const auto named = profile(step.profile, flow.team))
            found.insert(step.profile, *named);
    }
    return found;
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
