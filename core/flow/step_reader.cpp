#include "core/flow/did_you_mean.h"
#include "core/flow/flow_draft.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostRetries = 20;
constexpr qint64 kFirstBackoffMs = 2000;

const QStringList kCommonKeys{u"id"_s, u"needs"_s, u"trigger"_s, u"when"_s, u"optional"_s};
const QStringList kKindKeys{u"prompt"_s, u"run"_s, u"approval"_s};
const QStringList kWorkKeys{u"output"_s,  u"foreach"_s, u"as"_s,        u"join"_s, u"batch"_s,
                            u"timeout"_s, u"retries"_s, u"isolation"_s, u"from"_s};
const QStringList kAgentKeys{u"agent"_s, u"runtime"_s, u"model"_s, u"permissions"_s};
const QStringList kShellKeys{u"idempotent"_s};
const QStringList kLaterKeys{u"script"_s, u"switch"_s, u"loop"_s,      u"delay"_s,      u"flow"_s,
                             u"merge"_s,  u"goto"_s,   u"documents"_s, u"on_error"_s,   u"skip"_s,
                             u"skills"_s, u"env"_s,    u"max_turns"_s, u"budget_usd"_s, u"with"_s};

const QStringList &knownKeys()
{
    static const QStringList known = kCommonKeys + kKindKeys + kWorkKeys + kAgentKeys + kShellKeys;
    return known;
}

const std::vector<FailureReason> kRetriedByDefault{FailureReason::RateLimited, FailureReason::Stalled,
                                                   FailureReason::Crashed, FailureReason::DeadlineExceeded,
                                                   FailureReason::RuntimeError};

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
    void approval(const YamlNode &node);
    void keysOfOtherKinds();
    void wiring();
    void foreachKeys();
    void work();
    void agentKeys();
    [[nodiscard]] QString at(const QString &key) const { return pathTo(m_draft.path, key); }
    [[nodiscard]] FlowText flowText(const YamlNode &node, const QString &path,
                                    std::vector<PlacedReference> &into);
    [[nodiscard]] std::optional<PlacedName> name(const QString &key);
    [[nodiscard]] FlowText oneExpression(const YamlNode &node, const QString &key, FlowProblemCode otherwise);

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
    if (m_draft.step.kind == StepKind::Approval)
        return std::move(m_draft);
    work();
    foreachKeys();
    agentKeys();
    return std::move(m_draft);
}

void StepReader::identity()
{
    if (const YamlNode *id = require(m_file, m_node, m_draft.path, u"id"_s))
        m_draft.step.id = readName(m_file, *id, at(u"id"_s), false).value_or(QString());
}

FlowText StepReader::flowText(const YamlNode &node, const QString &path, std::vector<PlacedReference> &into)
{
    const auto text = readText(m_file, node, path);
    if (text && text->trimmed().isEmpty())
        m_file.add(FlowProblemCode::EmptyValue, node, path, path.section(u'.', -1));
    return text ? readFlowText(m_file, node, *text, path, into) : FlowText{};
}

void StepReader::kind()
{
    StepDefinition &step = m_draft.step;
    const bool later =
        std::ranges::any_of(kLaterKeys.first(6), [&](const QString &key) { return m_node.find(key); });
    QString first;
    for (const auto &[key, value] : m_node.members) {
        if (!kKindKeys.contains(key.text))
            continue;
        if (!first.isEmpty()) {
            if (key.text != first)
                m_file.add(FlowProblemCode::SeveralStepKinds, key, at(key.text), key.text, {first});
            continue;
        }
        first = key.text;
        m_draft.hasKind = true;
        step.kind = first == "prompt"_L1 ? StepKind::Agent
                    : first == "run"_L1  ? StepKind::Shell
                                         : StepKind::Approval;
        if (step.kind == StepKind::Approval)
            approval(value);
        else
            step.text = flowText(value, at(first), m_draft.references);
    }
    // A misspelt kind has been told as such.
    const bool misspelt = std::ranges::any_of(m_node.members, [](const YamlMember &member) {
        const QString &key = member.key.text;
        return !knownKeys().contains(key) && kKindKeys.contains(closestOf(key, knownKeys()));
    });
    if (first.isEmpty() && !later && !misspelt)
        m_file.add(FlowProblemCode::NoStepKind, m_node, m_draft.path, step.id, kKindKeys);
}

void StepReader::approval(const YamlNode &node)
{
    StepDefinition &step = m_draft.step;
    const QString path = at(u"approval"_s);
    if (node.isScalar()) {
        step.text = flowText(node, path, m_draft.references);
        return;
    }
    if (!checkMap(m_file, node, path, {u"ask"_s, u"show"_s, u"timeout"_s, u"on_timeout"_s}))
        return;
    if (const YamlNode *ask = require(m_file, node, path, u"ask"_s))
        step.text = flowText(*ask, pathTo(path, u"ask"_s), m_draft.references);
    if (const YamlNode *show = node.find(u"show"))
        step.show = flowText(*show, pathTo(path, u"show"_s), m_draft.references);
    if (const YamlNode *timeout = node.find(u"timeout"))
        step.timeoutMs = readDuration(m_file, *timeout, pathTo(path, u"timeout"_s)).value_or(0);
    if (const YamlNode *then = node.find(u"on_timeout"))
        step.onTimeout = readEnum<OnApprovalTimeout>(m_file, *then, pathTo(path, u"on_timeout"_s))
                             .value_or(step.onTimeout);
}

void StepReader::keysOfOtherKinds()
{
    const StepKind kind = m_draft.step.kind;
    for (const auto &[key, value] : m_node.members) {
        QStringList kinds;
        if (kAgentKeys.contains(key.text) && kind != StepKind::Agent)
            kinds = {u"prompt"_s};
        else if (kShellKeys.contains(key.text) && kind != StepKind::Shell)
            kinds = {u"run"_s};
        else if (kWorkKeys.contains(key.text) && kind == StepKind::Approval)
            kinds = {u"prompt"_s, u"run"_s};
        if (!kinds.isEmpty())
            m_file.add(FlowProblemCode::KeyNotForKind, key, at(key.text), key.text, kinds);
    }
}

FlowText StepReader::oneExpression(const YamlNode &node, const QString &key, FlowProblemCode otherwise)
{
    const QString path = at(key);
    const auto text = node.isScalar() ? readText(m_file, node, path) : std::nullopt;
    const size_t problems = m_file.problems.size();
    FlowText read = text ? readFlowText(m_file, node, *text, path, m_draft.listReferences) : FlowText{};
    if (m_file.problems.size() == problems && !read.isOneExpression())
        m_file.add(otherwise, node, path, node.isScalar() ? node.text : node.typeName(), {u"${{ … }}"_s});
    return read;
}

void StepReader::wiring()
{
    StepDefinition &step = m_draft.step;
    if (const YamlNode *needs = m_node.find(u"needs")) {
        const YamlNode one{
            .kind = YamlNode::Kind::List, .plain = false, .text = {}, .items = {*needs}, .members = {}};
        const bool list = !needs->isScalar();
        if (readTexts(m_file, *needs, at(u"needs"_s))) {
            for (const YamlNode &need : list ? needs->items : one.items)
                m_draft.needs.push_back(placed(need, at(u"needs"_s)));
        }
    }
    if (const YamlNode *trigger = m_node.find(u"trigger"))
        step.trigger = readEnum<StepTrigger>(m_file, *trigger, at(u"trigger"_s)).value_or(step.trigger);
    if (const YamlNode *optional = m_node.find(u"optional"))
        step.optional = readBool(m_file, *optional, at(u"optional"_s)).value_or(false);
    if (const YamlNode *when = m_node.find(u"when")) {
        if (when->typeName() == "boolean"_L1)
            step.when = FlowText{.source = when->text,
                                 .literals = {QString(), QString()},
                                 .expressions = {when->text.toLower()},
                                 .line = when->line,
                                 .column = when->column};
        else
            step.when = oneExpression(*when, u"when"_s, FlowProblemCode::WhenNotExpression);
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
        step.foreach = oneExpression(*list, u"foreach"_s, FlowProblemCode::ForeachNotExpression);
    }
    step.as = u"item"_s;
    if (as) {
        step.as = readName(m_file, *as, at(u"as"_s), true).value_or(step.as);
        static const QStringList taken{u"inputs"_s, u"steps"_s, u"run"_s, u"project"_s, u"env"_s};
        if (taken.contains(step.as) || isPlainJsName(step.as) || isImpureJsName(step.as))
            m_file.add(FlowProblemCode::InvalidName, *as, at(u"as"_s), step.as, {u"item"_s}).suggestion =
                u"item"_s;
    }
    if (join)
        step.join = readEnum<ForeachJoin>(m_file, *join, at(u"join"_s)).value_or(step.join);
}

std::optional<PlacedName> StepReader::name(const QString &key)
{
    const YamlNode *node = m_node.find(key);
    if (!node || !readText(m_file, *node, at(key)))
        return std::nullopt;
    return placed(*node, at(key));
}

void StepReader::work()
{
    StepDefinition &step = m_draft.step;
    if (const YamlNode *output = m_node.find(u"output"))
        step.output = readEnum<StepOutput>(m_file, *output, at(u"output"_s)).value_or(step.output);
    if (const YamlNode *timeout = m_node.find(u"timeout"))
        m_draft.timeoutMs = readDuration(m_file, *timeout, at(u"timeout"_s));
    if (const YamlNode *retries = m_node.find(u"retries"))
        m_draft.retries = readRetries(m_file, *retries, at(u"retries"_s));
    if (const YamlNode *isolation = m_node.find(u"isolation")) {
        if (const auto mode = readEnum<StepIsolation>(m_file, *isolation, at(u"isolation"_s))) {
            step.isolation = *mode;
            m_draft.isolation = placed(*isolation, at(u"isolation"_s));
        }
    }
    if (const YamlNode *idempotent = m_node.find(u"idempotent"))
        step.idempotent = readBool(m_file, *idempotent, at(u"idempotent"_s)).value_or(false);
    m_draft.from = name(u"from"_s);
    m_draft.batch = name(u"batch"_s);
}

void StepReader::agentKeys()
{
    m_draft.profile = name(u"agent"_s);
    m_draft.runtime = name(u"runtime"_s);
    if (const auto model = name(u"model"_s))
        m_draft.step.model = model->name;
    if (const YamlNode *permissions = m_node.find(u"permissions"))
        m_draft.permissions = readPermissions(m_file, *permissions, at(u"permissions"_s));
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

StepDraft readStep(FileContext &file, const YamlNode &node, const QString &path)
{
    return StepReader(file, node, path).run();
}

} // namespace muster
