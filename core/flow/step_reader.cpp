#include "core/flow/did_you_mean.h"
#include "core/flow/kind_reader.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostRetries = 20;
constexpr qint64 kFirstBackoffMs = 2000;

const QStringList kCommonKeys{u"id"_s,       u"needs"_s,    u"trigger"_s, u"when"_s,
                              u"optional"_s, u"on_error"_s, u"skip"_s};
const QStringList kAttemptKeys{u"batch"_s, u"timeout"_s, u"retries"_s}; // of agent, shell, flow and merge
const QStringList kForeachKeys{u"foreach"_s, u"as"_s, u"join"_s};       // of agent, shell and flow
const QStringList kWorkKeys{u"output"_s, u"isolation"_s, u"from"_s};    // of agent and shell
const QStringList kAgentKeys{u"agent"_s,      u"runtime"_s,   u"model"_s,     u"permissions"_s,
                             u"budget_usd"_s, u"max_turns"_s, u"documents"_s, u"skills"_s};
const QStringList kShellKeys{u"idempotent"_s};
const QStringList kLaterKeys{u"env"_s, u"with"_s};

const QStringList &knownKeys()
{
    static const QStringList known =
        kCommonKeys + kindKeys() + kAttemptKeys + kForeachKeys + kWorkKeys + kAgentKeys + kShellKeys;
    return known;
}

const std::vector<FailureReason> kRetriedByDefault{FailureReason::RateLimited, FailureReason::Stalled,
                                                   FailureReason::Crashed, FailureReason::DeadlineExceeded,
                                                   FailureReason::RuntimeError};

bool isSpread(StepKind kind)
{
    return kind == StepKind::Agent || kind == StepKind::Shell || kind == StepKind::Flow;
}

// Reads one step; each member handles the keys that belong together.
class StepReader {
public:
    StepReader(FileContext &file, const YamlNode &node, const QString &path)
        : m_file(file)
        , m_node(node)
    {
        m_draft.path = path;
        m_draft.at = node;
        m_draft.at.members.clear();
        m_draft.step.line = node.line;
        m_draft.step.column = node.column;
    }

    StepDraft run();

private:
    void identity();
    void kind();
    void keysOfOtherKinds();
    void wiring();
    void onError(const YamlNode &node);
    void foreachKeys();
    void attempts();
    void work();
    void agentKeys();
    [[nodiscard]] QString at(const QString &key) const { return pathTo(m_draft.path, key); }
    [[nodiscard]] std::optional<PlacedName> name(const QString &key);

    FileContext &m_file;
    const YamlNode &m_node;
    StepDraft m_draft;
};

StepDraft StepReader::run()
{
    if (!checkMap(m_file, m_node, m_draft.path, knownKeys(), kLaterKeys))
        return std::move(m_draft);
    identity();
    kind();
    wiring();
    if (m_draft.hasKind)
        keysOfOtherKinds();
    if (m_draft.step.hasAttempts())
        attempts();
    if (isSpread(m_draft.step.kind))
        foreachKeys();
    if (m_draft.step.isWork()) {
        work();
        agentKeys();
    }
    return std::move(m_draft);
}

void StepReader::identity()
{
    if (const YamlNode *id = require(m_file, m_node, m_draft.path, u"id"_s))
        m_draft.step.id = readName(m_file, *id, at(u"id"_s), false).value_or(QString());
}

void StepReader::kind()
{
    StepDefinition &step = m_draft.step;
    QString first;
    for (const auto &[key, value] : m_node.members) {
        const KindKey *const kind = kindKey(key.text);
        if (!kind)
            continue;
        if (!first.isEmpty()) {
            if (key.text != first)
                m_file.add(FlowProblemCode::SeveralStepKinds, key, at(key.text), key.text, {first});
            continue;
        }
        first = key.text;
        m_draft.hasKind = true;
        step.kind = kind->kind;
        kind->read(m_file, value, at(first), m_draft);
    }
    // A misspelt kind has been told as such.
    const bool misspelt = std::ranges::any_of(m_node.members, [](const YamlMember &member) {
        const QString &key = member.key.text;
        return !knownKeys().contains(key) && kindKey(closestOf(key, knownKeys()));
    });
    if (first.isEmpty() && !misspelt)
        m_file.add(FlowProblemCode::NoStepKind, m_node, m_draft.path, step.id, kindKeys());
}

void StepReader::keysOfOtherKinds()
{
    const StepKind kind = m_draft.step.kind;
    for (const auto &[key, value] : m_node.members) {
        QStringList kinds;
        if (kAgentKeys.contains(key.text) && kind != StepKind::Agent &&
            !(key.text == "permissions"_L1 && kind == StepKind::Merge))
            kinds = {u"prompt"_s};
        else if (kShellKeys.contains(key.text) && kind != StepKind::Shell)
            kinds = {u"run"_s};
        else if (kWorkKeys.contains(key.text) && !m_draft.step.isWork())
            kinds = {u"prompt"_s, u"run"_s};
        else if (kForeachKeys.contains(key.text) && !isSpread(kind))
            kinds = {u"prompt"_s, u"run"_s, u"flow"_s};
        else if (kAttemptKeys.contains(key.text) && !m_draft.step.hasAttempts())
            kinds = {u"prompt"_s, u"run"_s, u"flow"_s, u"merge"_s};
        if (!kinds.isEmpty())
            m_file.add(FlowProblemCode::KeyNotForKind, key, at(key.text), key.text, kinds);
    }
}

void StepReader::wiring()
{
    StepDefinition &step = m_draft.step;
    if (const YamlNode *needs = m_node.find(u"needs"))
        m_draft.needs = readPlacedNames(m_file, *needs, at(u"needs"_s));
    if (const YamlNode *trigger = m_node.find(u"trigger"))
        step.trigger = readEnum<StepTrigger>(m_file, *trigger, at(u"trigger"_s)).value_or(step.trigger);
    if (const YamlNode *optional = m_node.find(u"optional"))
        step.optional = readBool(m_file, *optional, at(u"optional"_s)).value_or(false);
    if (const YamlNode *skip = m_node.find(u"skip"))
        step.onSkip = readEnum<OnSkip>(m_file, *skip, at(u"skip"_s)).value_or(step.onSkip);
    if (const YamlNode *error = m_node.find(u"on_error"))
        onError(*error);
    if (const YamlNode *when = m_node.find(u"when"))
        step.when = readCondition(m_file, *when, at(u"when"_s), m_draft.listReferences);
}

// "fail", "continue" or "goto STEP".
void StepReader::onError(const YamlNode &node)
{
    static const QStringList words{u"fail"_s, u"continue"_s, u"goto STEP"_s};
    const auto text = readText(m_file, node, at(u"on_error"_s));
    if (!text)
        return;
    const QString target = text->startsWith("goto "_L1) ? text->sliced(5).trimmed() : QString();
    if (!target.isEmpty()) {
        m_draft.step.onError = OnError::Goto;
        m_draft.jump = placed(node, at(u"on_error"_s));
        m_draft.jump->name = target;
    } else if (*text == "continue"_L1) {
        m_draft.step.onError = OnError::Continue;
    } else if (*text != "fail"_L1) {
        m_file.add(FlowProblemCode::InvalidChoice, node, at(u"on_error"_s), *text, words).suggestion =
            closestOf(*text, words);
    }
}

void StepReader::foreachKeys()
{
    StepDefinition &step = m_draft.step;
    const YamlNode *list = m_node.find(u"foreach");
    const YamlNode *as = m_node.find(u"as");
    const YamlNode *join = m_node.find(u"join");
    if (!list) {
        for (const auto &[node, key] : {std::pair{as, u"as"_s}, std::pair{join, u"join"_s}}) {
            if (node)
                m_file.add(FlowProblemCode::ForeachKeyWithoutForeach, *node, at(key), key, {u"foreach"_s});
        }
        return;
    }
    if (list->isList()) {
        const QJsonDocument items(list->toJson().toArray());
        step.foreach = FlowText{.source = {},
                                .literals = {QString(), QString()},
                                .expressions = {QString::fromUtf8(items.toJson(QJsonDocument::Compact))},
                                .line = list->line,
                                .column = list->column};
    } else {
        step.foreach = readOneExpression(m_file, *list, at(u"foreach"_s),
                                         FlowProblemCode::ForeachNotExpression, m_draft.listReferences);
    }
    step.as = u"item"_s;
    if (as) {
        step.as = readName(m_file, *as, at(u"as"_s), true).value_or(step.as);
        static const QStringList taken{u"inputs"_s, u"steps"_s, u"run"_s, u"project"_s, u"env"_s, u"loop"_s};
        if (taken.contains(step.as) || isPlainJsName(step.as) || isImpureJsName(step.as))
            m_file.add(FlowProblemCode::InvalidName, *as, at(u"as"_s), step.as, {u"item"_s}).suggestion =
                u"item"_s;
    }
    if (join)
        readJoin(m_file, *join, at(u"join"_s), step.join, step.joinTimeoutMs);
}

std::optional<PlacedName> StepReader::name(const QString &key)
{
    const YamlNode *node = m_node.find(key);
    if (!node || !readText(m_file, *node, at(key)))
        return std::nullopt;
    return placed(*node, at(key));
}

void StepReader::attempts()
{
    if (const YamlNode *timeout = m_node.find(u"timeout"))
        m_draft.timeoutMs = readDuration(m_file, *timeout, at(u"timeout"_s));
    if (const YamlNode *retries = m_node.find(u"retries"))
        m_draft.retries = readRetries(m_file, *retries, at(u"retries"_s));
    m_draft.batch = name(u"batch"_s);
    const YamlNode *permissions = m_node.find(u"permissions");
    if (permissions && m_draft.step.kind == StepKind::Merge)
        m_draft.permissions = readPermissions(m_file, *permissions, at(u"permissions"_s));
}

void StepReader::work()
{
    StepDefinition &step = m_draft.step;
    if (const YamlNode *output = m_node.find(u"output"))
        readOutput(m_file, *output, at(u"output"_s), m_draft);
    if (const YamlNode *isolation = m_node.find(u"isolation")) {
        if (const auto mode = readEnum<StepIsolation>(m_file, *isolation, at(u"isolation"_s))) {
            step.isolation = *mode;
            m_draft.isolation = placed(*isolation, at(u"isolation"_s));
        }
    }
    if (const YamlNode *idempotent = m_node.find(u"idempotent"))
        step.idempotent = readBool(m_file, *idempotent, at(u"idempotent"_s)).value_or(false);
    m_draft.from = name(u"from"_s);
}

void StepReader::agentKeys()
{
    m_draft.profile = name(u"agent"_s);
    m_draft.runtime = name(u"runtime"_s);
    if (const auto model = name(u"model"_s))
        m_draft.step.model = model->name;
    if (const YamlNode *permissions = m_node.find(u"permissions"))
        m_draft.permissions = readPermissions(m_file, *permissions, at(u"permissions"_s));
    if (const YamlNode *budget = m_node.find(u"budget_usd"))
        m_draft.budgetMicroUsd = readUsd(m_file, *budget, at(u"budget_usd"_s));
    if (const YamlNode *skills = m_node.find(u"skills"))
        m_draft.skills = readPlacedNames(m_file, *skills, at(u"skills"_s));
    if (const YamlNode *documents = m_node.find(u"documents"))
        m_draft.documents = readDocuments(m_file, *documents, at(u"documents"_s), m_draft.files);
    if (const YamlNode *turns = m_node.find(u"max_turns"))
        m_draft.maxTurns = readInt(m_file, *turns, at(u"max_turns"_s), 1, kMostTurns);
}

} // namespace

PlacedName placed(const YamlNode &node, const QString &path)
{
    PlacedName name{.name = node.text, .at = {}, .path = path};
    name.at.line = node.line;
    name.at.column = node.column;
    return name;
}

RetryPolicy readRetries(FileContext &file, const YamlNode &node, const QString &path)
{
    RetryPolicy policy{.max = 0, .on = kRetriedByDefault, .backoffMs = kFirstBackoffMs};
    if (node.isScalar()) {
        policy.max = readInt(file, node, path, 0, kMostRetries).value_or(0);
        return policy;
    }
    if (!checkMap(file, node, path, {u"max"_s, u"on"_s, u"backoff"_s}))
        return policy;
    if (const YamlNode *max = require(file, node, path, u"max"_s))
        policy.max = readInt(file, *max, pathTo(path, u"max"_s), 0, kMostRetries).value_or(0);
    if (const YamlNode *backoff = node.find(u"backoff"))
        policy.backoffMs =
            readDuration(file, *backoff, pathTo(path, u"backoff"_s), true).value_or(policy.backoffMs);
    const YamlNode *on = node.find(u"on");
    if (!on || !readTexts(file, *on, pathTo(path, u"on"_s)))
        return policy;
    policy.on.clear();
    const YamlNode one{
        .kind = YamlNode::Kind::List, .plain = false, .text = {}, .items = {*on}, .members = {}};
    for (const YamlNode &word : on->isList() ? on->items : one.items) {
        if (const auto reason = readEnum<FailureReason>(file, word, pathTo(path, u"on"_s)))
            policy.on.push_back(*reason);
    }
    return policy;
}

std::vector<PlacedName> readPlacedNames(FileContext &file, const YamlNode &node, const QString &path)
{
    std::vector<PlacedName> names;
    if (!readTexts(file, node, path))
        return names;
    if (node.isScalar())
        names.push_back(placed(node, path));
    for (const YamlNode &item : node.items) {
        if (item.isScalar())
            names.push_back(placed(item, path));
    }
    return names;
}

void readSteps(FileContext &file, const YamlNode &list, const QString &path, std::vector<StepDraft> &into)
{
    if (!list.isList()) {
        file.add(FlowProblemCode::WrongType, list, path, list.typeName(), {u"list"_s});
        return;
    }
    if (list.items.empty())
        file.add(FlowProblemCode::EmptyValue, list, path, path.section(u'.', -1));
    for (size_t i = 0; i < list.items.size(); ++i)
        into.push_back(readStep(file, list.items[i], pathTo(path, static_cast<qsizetype>(i))));
}

StepDraft readStep(FileContext &file, const YamlNode &node, const QString &path)
{
    return StepReader(file, node, path).run();
}

} // namespace muster
