#include "core/flow/flow_parser.h"

#include "core/flow/flow_draft.h"

#include <QCryptographicHash>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFormatVersion = 1;
constexpr int kMostSteps = 5000;
constexpr int kMostConcurrent = 1000;

const QStringList kKeys{u"muster"_s,      u"name"_s,         u"description"_s, u"inputs"_s, u"defaults"_s,
                        u"permissions"_s, u"batches"_s,      u"on_failure"_s,  u"steps"_s,  u"finally"_s,
                        u"groups"_s,      u"budget_usd"_s,   u"documents"_s,   u"skills"_s, u"team"_s,
                        u"env"_s,         u"parallel_runs"_s};

// Names of environment variables: one or a list.
QStringList readVariables(FileContext &file, const YamlNode &node)
{
    QStringList names;
    const std::vector<PlacedName> written = readPlacedNames(file, node, u"env"_s);
    for (const PlacedName &name : written) {
        YamlNode at = name.at;
        at.kind = YamlNode::Kind::Scalar;
        at.text = name.name;
        if (readName(file, at, name.path, true) && !names.contains(name.name))
            names.append(name.name);
    }
    return names;
}

class FlowReader {
public:
    FlowReader(FileContext &file, const YamlNode &root)
        : m_file(file)
        , m_root(root)
    {
    }

    FlowDraft run()
    {
        if (!checkMap(m_file, m_root, {}, kKeys))
            return std::move(m_draft);
        version();
        head();
        defaults();
        batches();
        if (const YamlNode *list = require(m_file, m_root, {}, u"steps"_s))
            steps(*list, u"steps"_s, false);
        if (const YamlNode *list = m_root.find(u"finally"))
            steps(*list, u"finally"_s, true);
        if (const YamlNode *groups = m_root.find(u"groups"))
            m_draft.groups = readGroups(m_file, *groups);
        return std::move(m_draft);
    }

private:
    void version();
    void head();
    void defaults();
    void batches();
    void steps(const YamlNode &list, const QString &path, bool isFinal);

    FileContext &m_file;
    const YamlNode &m_root;
    FlowDraft m_draft;
};

void FlowReader::version()
{
    const YamlNode *version = require(m_file, m_root, {}, u"muster"_s);
    if (version && (version->typeName() != "number"_L1 || version->toJson().toInt() != kFormatVersion))
        m_file.add(FlowProblemCode::UnsupportedVersion, *version, u"muster"_s,
                   version->isScalar() ? version->text : version->typeName(),
                   {QString::number(kFormatVersion)});
}

void FlowReader::head()
{
    FlowDefinition &flow = m_draft.flow;
    if (const YamlNode *name = require(m_file, m_root, {}, u"name"_s))
        flow.name = readName(m_file, *name, u"name"_s, false).value_or(QString());
    if (const YamlNode *description = m_root.find(u"description"))
        flow.description = readText(m_file, *description, u"description"_s).value_or(QString());
    if (const YamlNode *inputs = m_root.find(u"inputs"); inputs && !inputs->isNull())
        flow.inputs = readInputs(m_file, *inputs);
    if (const YamlNode *permissions = m_root.find(u"permissions"))
        flow.permissions = readPermissions(m_file, *permissions, u"permissions"_s);
    if (const YamlNode *parallel = m_root.find(u"parallel_runs"))
        flow.parallelRuns = readBool(m_file, *parallel, u"parallel_runs"_s).value_or(false);
    if (const YamlNode *documents = m_root.find(u"documents"))
        m_draft.documents = readDocuments(m_file, *documents, u"documents"_s, flow.files);
    if (const YamlNode *skills = m_root.find(u"skills"))
        m_draft.skills = readPlacedNames(m_file, *skills, u"skills"_s);
    if (const YamlNode *team = m_root.find(u"team"); team && readText(m_file, *team, u"team"_s))
        m_draft.team = placed(*team, u"team"_s);
    if (const YamlNode *env = m_root.find(u"env"))
        flow.env = readVariables(m_file, *env);
    if (const YamlNode *budget = m_root.find(u"budget_usd"))
        flow.budgetMicroUsd = readUsd(m_file, *budget, u"budget_usd"_s).value_or(0);
    if (const YamlNode *onFailure = m_root.find(u"on_failure"))
        flow.onFailure = readEnum<OnFailure>(m_file, *onFailure, u"on_failure"_s).value_or(flow.onFailure);
}

void FlowReader::defaults()
{
    const YamlNode *node = m_root.find(u"defaults");
    const QString path = u"defaults"_s;
    if (!node ||
        !checkMap(m_file, *node, path,
                  {u"runtime"_s, u"timeout"_s, u"retries"_s, u"isolation"_s, u"budget_usd"_s, u"max_turns"_s},
                  {u"model"_s, u"agent"_s}))
        return;
    FlowDefaults &defaults = m_draft.defaults;
    if (const YamlNode *runtime = node->find(u"runtime"); runtime && readText(m_file, *runtime, path)) {
        defaults.runtime = runtime->text;
        defaults.runtimeName = placed(*runtime, pathTo(path, u"runtime"_s));
    }
    if (const YamlNode *timeout = node->find(u"timeout"))
        defaults.timeoutMs = readDuration(m_file, *timeout, pathTo(path, u"timeout"_s)).value_or(0);
    if (const YamlNode *retries = node->find(u"retries"))
        defaults.retries = readRetries(m_file, *retries, pathTo(path, u"retries"_s));
    if (const YamlNode *isolation = node->find(u"isolation"))
        defaults.isolation = readEnum<StepIsolation>(m_file, *isolation, pathTo(path, u"isolation"_s));
    if (const YamlNode *budget = node->find(u"budget_usd"))
        defaults.budgetMicroUsd = readUsd(m_file, *budget, pathTo(path, u"budget_usd"_s)).value_or(0);
    if (const YamlNode *turns = node->find(u"max_turns"))
        defaults.maxTurns = readInt(m_file, *turns, pathTo(path, u"max_turns"_s), 1, kMostTurns).value_or(0);
}

void FlowReader::batches()
{
    const YamlNode *node = m_root.find(u"batches");
    if (!node || !checkNames(m_file, *node, u"batches"_s))
        return;
    for (const auto &[key, value] : node->members) {
        const QString path = pathTo(u"batches"_s, key.text);
        if (!readName(m_file, key, path, false) || !checkMap(m_file, value, path, {u"max_concurrent"_s}))
            continue;
        const YamlNode *most = require(m_file, value, path, u"max_concurrent"_s);
        const int cap =
            most ? readInt(m_file, *most, pathTo(path, u"max_concurrent"_s), 1, kMostConcurrent).value_or(1)
                 : 1;
        m_draft.flow.batches.push_back(FlowBatch{.name = key.text, .maxConcurrent = cap});
    }
}

// Those of a loop come right behind it, so that the run has one list of steps.
void FlowReader::steps(const YamlNode &list, const QString &path, bool isFinal)
{
    if (list.isList() && list.items.size() > kMostSteps) {
        m_file.add(FlowProblemCode::OutOfRange, list, path, QString::number(list.items.size()),
                   {u"1"_s, QString::number(kMostSteps)});
        return;
    }
    std::vector<StepDraft> read;
    readSteps(m_file, list, path, read);
    for (StepDraft &draft : read) {
        draft.step.isFinal = isFinal;
        std::vector<StepDraft> body = std::exchange(draft.body, {});
        const auto loop = static_cast<int>(m_draft.steps.size());
        m_draft.steps.push_back(std::move(draft));
        for (StepDraft &within : body) {
            within.step.isFinal = isFinal;
            within.step.loop = loop;
            if (within.step.kind == StepKind::Loop)
                m_file.add(FlowProblemCode::NotInThisVersion, within.at, pathTo(within.path, u"loop"_s),
                           u"loop"_s);
            m_draft.steps[static_cast<size_t>(loop)].step.body.push_back(
                static_cast<int>(m_draft.steps.size()));
            within.body.clear();
            m_draft.steps.push_back(std::move(within));
        }
    }
    if (m_draft.steps.size() > kMostSteps)
        m_file.add(FlowProblemCode::OutOfRange, list, path, QString::number(m_draft.steps.size()),
                   {u"1"_s, QString::number(kMostSteps)});
}

void inReadingOrder(FlowProblems &problems)
{
    std::ranges::stable_sort(problems, {}, [](const FlowProblem &p) { return std::pair{p.line, p.column}; });
}

FlowDefinitionPtr finished(FlowDraft draft)
{
    auto flow = std::make_shared<FlowDefinition>(std::move(draft.flow));
    for (StepDraft &step : draft.steps) {
        std::ranges::move(step.files, std::back_inserter(flow->files));
        flow->steps.push_back(std::move(step.step));
    }
    for (int i = 0; i < flow->stepCount(); ++i) {
        for (const int need : flow->step(i).needs) {
            StepDefinition &before = flow->steps[static_cast<size_t>(need)];
            before.neededBy.push_back(i);
            if (flow->step(i).kind == StepKind::Group)
                before.group = i;
        }
    }
    return flow;
}

} // namespace

FlowParseResult parseFlow(const QByteArray &text, const QString &fileName, const FlowLookups &lookups)
{
    const SourceText source(text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text);
    YamlDocument document = parseYaml(source);
    if (!document.root)
        return {.definition = nullptr, .problems = std::move(document.problems)};
    FileContext file{.source = source, .problems = {}};
    FlowDraft draft = FlowReader(file, *document.root).run();
    const auto &runtime = draft.defaults.runtimeName;
    if (runtime && lookups.runtimes && !lookups.runtimes->contains(runtime->name))
        file.add(FlowProblemCode::UnknownRuntime, runtime->at, runtime->path, runtime->name,
                 *lookups.runtimes);
    linkGroups(file, draft);
    linkSteps(file, draft, lookups);
    checkReferences(file, draft);
    inReadingOrder(file.problems);
    if (file.problems.size() > kMostFlowProblems)
        file.problems.resize(kMostFlowProblems);
    if (!file.problems.empty())
        return {.definition = nullptr, .problems = std::move(file.problems)};
    draft.flow.fileName = fileName;
    draft.flow.contentHash = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
    return {.definition = finished(std::move(draft)), .problems = {}};
}

} // namespace muster
