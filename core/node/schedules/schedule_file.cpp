#include "core/node/schedules/schedule_file.h"

#include "core/flow/did_you_mean.h"
#include "core/flow/file_reader.h"
#include "core/schedule/when.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int formatVersion = 1;
constexpr int mostTurns = 10'000;
constexpr int highestPriority = 100;
constexpr int mostFiles = 500;

const QStringList keys{u"muster"_s,   u"name"_s,       u"when"_s,           u"zone"_s,       u"starts_from"_s,
                       u"prompt"_s,   u"profile"_s,    u"runtime"_s,        u"model"_s,      u"permissions"_s,
                       u"flow"_s,     u"inputs"_s,     u"pool"_s,           u"priority"_s,   u"max_turns"_s,
                       u"deadline"_s, u"budget_usd"_s, u"day_budget_usd"_s, u"unattended"_s, u"missed"_s,
                       u"overlap"_s,  u"notify"_s,     u"archive"_s};
const QStringList ofPrompt{u"profile"_s, u"model"_s, u"permissions"_s, u"pool"_s, u"priority"_s};

api::FlowProblemInfo infoOf(const FlowProblem &problem)
{
    return {.code = enumName(problem.code),
            .line = problem.line,
            .column = problem.column,
            .found = problem.found,
            .expected = problem.expected,
            .suggestion = problem.suggestion};
}

class Reader {
public:
    Reader(FileContext &file, const YamlNode &root)
        : m_file(file)
        , m_root(root)
    {
    }

    api::ScheduleSpec read();
    [[nodiscard]] std::vector<api::FlowProblemInfo> &own() { return m_own; }

private:
    void readWhat();
    void readTime();
    void readLimits();
    template <typename T, typename Read> void take(const QString &key, T &into, Read read)
    {
        if (const YamlNode *node = m_root.find(key))
            if (const auto value = read(m_file, *node, key))
                into = *value;
    }
    void takeText(const QString &key, QString &into)
    {
        take(key, into, [](auto &file, auto &node, auto &path) { return readText(file, node, path); });
    }
    void takeUsd(const QString &key, qint64 &into)
    {
        take(key, into, [](auto &file, auto &node, auto &path) { return readUsd(file, node, path); });
    }
    void addOwn(const YamlNode &at, const QString &code, int beyond, const QString &found,
                const QStringList &expected);

    FileContext &m_file;
    const YamlNode &m_root;
    api::ScheduleSpec m_spec;
    std::vector<api::FlowProblemInfo> m_own;
};

void Reader::readWhat()
{
    const YamlNode *prompt = m_root.find(u"prompt");
    const YamlNode *flow = m_root.find(u"flow");
    if (prompt && flow)
        addOwn(*flow, u"prompt_and_flow"_s, 0, u"flow"_s, {u"prompt"_s});
    if (!prompt && !flow)
        m_file.add(FlowProblemCode::MissingKey, m_root, {}, u"prompt"_s, {u"prompt"_s, u"flow"_s});
    takeText(u"prompt"_s, m_spec.prompt);
    if (prompt && prompt->isScalar() && m_spec.prompt.trimmed().isEmpty())
        m_file.add(FlowProblemCode::EmptyValue, *prompt, u"prompt"_s, u"prompt"_s);
    takeText(u"flow"_s, m_spec.flow);
    takeText(u"profile"_s, m_spec.profile);
    takeText(u"runtime"_s, m_spec.runtime);
    takeText(u"model"_s, m_spec.model);
    takeText(u"pool"_s, m_spec.pool);
    if (const YamlNode *permissions = m_root.find(u"permissions")) {
        const FlowPermissions read = readPermissions(m_file, *permissions, u"permissions"_s);
        m_spec.mayWrite = read.write;
        m_spec.mayRun = read.run;
    }
    if (const YamlNode *inputs = m_root.find(u"inputs"); inputs && checkNames(m_file, *inputs, u"inputs"_s))
        m_spec.inputs = inputs->toJson().toObject();
    for (const YamlMember &member : m_root.members) {
        const bool isOfPrompt = ofPrompt.contains(member.key.text);
        if (flow && isOfPrompt)
            addOwn(member.key, u"key_of_prompt"_s, 0, member.key.text, {u"prompt"_s});
        if (!flow && member.key.text == u"inputs")
            addOwn(member.key, u"key_of_flow"_s, 0, member.key.text, {u"flow"_s});
    }
}

void Reader::addOwn(const YamlNode &at, const QString &code, int beyond, const QString &found,
                    const QStringList &expected)
{
    const bool isQuoted = !at.plain;
    m_own.push_back({.code = code,
                     .line = at.line,
                     .column = at.column + beyond + (isQuoted ? 1 : 0),
                     .found = found,
                     .expected = expected});
}

void Reader::readTime()
{
    takeText(u"zone"_s, m_spec.zone);
    const YamlNode *zoneNode = m_root.find(u"zone");
    const QTimeZone zone =
        m_spec.zone.isEmpty() ? QTimeZone::systemTimeZone() : QTimeZone(m_spec.zone.toLatin1());
    if (!zone.isValid() && zoneNode)
        addOwn(*zoneNode, u"zone"_s, 0, m_spec.zone, {u"Europe/Berlin"_s, u"UTC"_s});
    const YamlNode *node = require(m_file, m_root, {}, u"when"_s);
    if (!node)
        return;
    m_spec.when = readText(m_file, *node, u"when"_s).value_or(QString());
    if (!node->isScalar() || !zone.isValid())
        return;
    const auto when = readWhen(m_spec.when, zone);
    if (!when)
        addOwn(*node, u"when"_s, static_cast<int>(when.error().position),
               u"%1\n%2\n%3"_s.arg(enumName(when.error().mistake), QString::number(when.error().position),
                                   when.error().found),
               when.error().expected.isEmpty() ? QStringList() : QStringList{when.error().expected});
    const YamlNode *start = m_root.find(u"starts_from");
    if (!start)
        return;
    const QString text = readText(m_file, *start, u"starts_from"_s).value_or(QString());
    const auto from = readWhen(text, zone);
    if (from && std::holds_alternative<Moment>(*from))
        m_spec.anchorAt = std::get<Moment>(*from).atMs;
    else
        m_file.add(FlowProblemCode::InvalidChoice, *start, u"starts_from"_s, text, {u"2026-12-01 09:00"_s});
}

void Reader::readLimits()
{
    take(u"priority"_s, m_spec.priority, [](auto &file, auto &node, auto &path) {
        return readInt(file, node, path, -highestPriority, highestPriority);
    });
    take(u"max_turns"_s, m_spec.maxTurns,
         [](auto &file, auto &node, auto &path) { return readInt(file, node, path, 1, mostTurns); });
    if (m_root.find(u"flow"))
        m_spec.deadlineMs = 0; // the steps of a flow have their own
    take(u"deadline"_s, m_spec.deadlineMs,
         [](auto &file, auto &node, auto &path) { return readDuration(file, node, path); });
    takeUsd(u"budget_usd"_s, m_spec.budgetMicroUsd);
    takeUsd(u"day_budget_usd"_s, m_spec.dayBudgetMicroUsd);
    take(u"unattended"_s, m_spec.unattended,
         [](auto &file, auto &node, auto &path) { return readBool(file, node, path); });
    take(u"missed"_s, m_spec.missed,
         [](auto &file, auto &node, auto &path) { return readEnum<MissedRule>(file, node, path); });
    take(u"overlap"_s, m_spec.overlap,
         [](auto &file, auto &node, auto &path) { return readEnum<OverlapRule>(file, node, path); });
    take(u"notify"_s, m_spec.notify,
         [](auto &file, auto &node, auto &path) { return readEnum<ResultNotice>(file, node, path); });
    take(u"archive"_s, m_spec.archive,
         [](auto &file, auto &node, auto &path) { return readBool(file, node, path); });
}

api::ScheduleSpec Reader::read()
{
    if (!checkMap(m_file, m_root, {}, keys))
        return m_spec;
    if (const YamlNode *version = require(m_file, m_root, {}, u"muster"_s)) {
        const auto number = readInt(m_file, *version, u"muster"_s, 1, 1'000'000);
        if (number && *number != formatVersion)
            m_file.add(FlowProblemCode::UnsupportedVersion, *version, u"muster"_s, QString::number(*number),
                       {QString::number(formatVersion)});
    }
    if (const YamlNode *name = require(m_file, m_root, {}, u"name"_s))
        m_spec.name = readName(m_file, *name, u"name"_s, false).value_or(QString());
    readWhat();
    readTime();
    readLimits();
    return m_spec;
}

QStringList namesIn(const QString &projectRoot)
{
    const QFileInfo folder(projectRoot + u'/' + QLatin1StringView(kScheduleFolder));
    if (folder.isSymLink()) // it may lead out of the project
        return {};
    const QStringList names =
        QDir(folder.absoluteFilePath())
            .entryList({u"*.schedule.yaml"_s}, QDir::Files | QDir::NoSymLinks, QDir::Name);
    return names.first(std::min<qsizetype>(mostFiles, names.size()));
}

} // namespace

ScheduleFile parseScheduleFile(const QByteArray &text, const QString &path)
{
    ScheduleFile result{.path = path};
    const SourceText source(text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text);
    const YamlDocument document = parseYaml(source);
    FileContext file{.source = source, .problems = document.problems};
    if (document.root) {
        Reader reader(file, *document.root);
        api::ScheduleSpec spec = reader.read();
        result.problems = std::move(reader.own());
        if (file.problems.empty() && result.problems.empty())
            result.spec = std::move(spec);
    }
    for (const FlowProblem &problem : file.problems)
        result.problems.push_back(infoOf(problem));
    std::ranges::stable_sort(result.problems, {}, [](const api::FlowProblemInfo &problem) {
        return std::pair(problem.line, problem.column);
    });
    return result;
}

std::vector<ScheduleFile> readScheduleFiles(const QString &projectRoot)
{
    std::vector<ScheduleFile> files;
    QHash<QString, QString> paths; // by name
    const QStringList names = namesIn(projectRoot);
    for (const QString &name : names) {
        const QString path = QLatin1StringView(kScheduleFolder) + u'/' + name;
        QFile file(projectRoot + u'/' + path);
        if (!file.open(QIODevice::ReadOnly))
            continue; // gone since it was listed
        ScheduleFile read = parseScheduleFile(file.read(kMostYamlBytes + 1), path);
        if (read.spec && paths.contains(read.spec->name)) {
            read.problems.push_back({.code = u"duplicate_key"_s,
                                     .line = 1,
                                     .column = 1,
                                     .found = read.spec->name,
                                     .expected = {paths.value(read.spec->name)}});
            read.spec.reset();
        } else if (read.spec) {
            paths.insert(read.spec->name, path);
        }
        files.push_back(std::move(read));
    }
    return files;
}

QByteArray stampOfScheduleFiles(const QString &projectRoot)
{
    QByteArray stamp;
    const QStringList names = namesIn(projectRoot);
    for (const QString &name : names) {
        const QFileInfo info(projectRoot + u'/' + QLatin1StringView(kScheduleFolder) + u'/' + name);
        stamp += name.toUtf8() + '\n' + QByteArray::number(info.size()) + '\n' +
                 QByteArray::number(info.lastModified().toMSecsSinceEpoch()) + '\n';
    }
    return stamp;
}

} // namespace muster
