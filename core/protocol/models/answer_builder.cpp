#include "core/protocol/models/answer_builder.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// A name that no tool can have would be refused when the call is given back.
QString callableName(const QString &name)
{
    constexpr qsizetype longest = 64;
    QString callable = name.left(longest);
    for (QChar &c : callable) {
        const bool plain = (c.unicode() < 128 && c.isLetterOrNumber()) || c == u'_' || c == u'-';
        if (!plain)
            c = u'_';
    }
    return callable.isEmpty() ? u"unnamed"_s : callable;
}

} // namespace

std::optional<QJsonObject> inputFrom(const QString &json)
{
    if (json.trimmed().isEmpty())
        return QJsonObject();
    const QJsonDocument document = QJsonDocument::fromJson(json.toUtf8());
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

bool AnswerBuilder::grow(qsizetype characters)
{
    if (m_ended)
        return false;
    m_characters += characters;
    if (m_characters <= maxCharacters)
        return true;
    fail({.problem = ModelProblem::Protocol, .message = u"the answer is too long"_s});
    return false;
}

void AnswerBuilder::append(ModelPartKind kind, const QString &delta)
{
    std::vector<ModelPart> &parts = m_message.parts;
    if (parts.empty() || parts.back().kind != kind || !parts.back().raw.isEmpty())
        parts.push_back({.kind = kind});
    parts.back().text += delta;
}

void AnswerBuilder::text(const QString &delta)
{
    if (delta.isEmpty() || !grow(delta.size()))
        return;
    append(ModelPartKind::Text, delta);
    m_events.emplace_back(ModelText{delta});
}

void AnswerBuilder::thinking(const QString &delta)
{
    if (delta.isEmpty() || !grow(delta.size()))
        return;
    append(ModelPartKind::Thinking, delta);
    m_events.emplace_back(ModelThinking{delta});
}

void AnswerBuilder::thought(const QJsonObject &raw)
{
    if (!grow(QJsonDocument(raw).toJson(QJsonDocument::Compact).size()))
        return;
    std::vector<ModelPart> &parts = m_message.parts;
    if (parts.empty() || parts.back().kind != ModelPartKind::Thinking || !parts.back().raw.isEmpty())
        parts.push_back({.kind = ModelPartKind::Thinking});
    parts.back().raw = raw;
}

void AnswerBuilder::beginCall(const QString &key, const QString &id, const QString &tool)
{
    if (m_open.contains(key) || !grow(id.size() + tool.size()))
        return;
    if (m_ids.size() >= maxCalls)
        return fail({.problem = ModelProblem::Protocol, .message = u"too many calls in one answer"_s});
    // Two calls with one id could not be told apart in what goes back.
    const bool usable = !id.isEmpty() && !m_ids.contains(id);
    const QString unique = usable ? id : QString(u"call_"_s + QString::number(m_ids.size() + 1));
    m_ids += unique;
    m_open.insert(key, {.part = static_cast<qsizetype>(m_message.parts.size()), .input = {}});
    m_order += key;
    const QString name = callableName(tool);
    m_message.parts.push_back({.kind = ModelPartKind::ToolCall, .callId = unique, .tool = name});
    m_events.emplace_back(ModelToolBegun{.callId = unique, .tool = name});
}

void AnswerBuilder::callInput(const QString &key, const QString &delta)
{
    const auto open = m_open.find(key);
    if (open == m_open.end() || delta.isEmpty() || !grow(delta.size()))
        return;
    open->input += delta;
    const ModelPart &part = m_message.parts.at(static_cast<size_t>(open->part));
    m_events.emplace_back(ModelToolInput{.callId = part.callId, .delta = delta});
}

void AnswerBuilder::endCall(const QString &key, const QString &wholeInput, const QJsonObject &raw)
{
    const auto open = m_open.constFind(key);
    if (open == m_open.cend() || !grow(wholeInput.size()))
        return;
    const QString json = wholeInput.isEmpty() ? open->input : wholeInput;
    ModelPart &part = m_message.parts.at(static_cast<size_t>(open->part));
    m_open.erase(open);
    m_order.removeOne(key);
    const auto input = inputFrom(json);
    part.input = input.value_or(QJsonObject());
    part.failed = !input;
    if (!input)
        part.text = json.left(4096);
    part.raw = raw;
    m_events.emplace_back(ModelToolReady{part});
}

void AnswerBuilder::endCalls()
{
    const QStringList keys = m_order;
    for (const QString &key : keys)
        endCall(key);
}

void AnswerBuilder::usage(const ModelUsage &usage)
{
    const ModelUsage most{.input = std::max(usage.input, m_usage.input),
                          .output = std::max(usage.output, m_usage.output),
                          .cached = std::max(usage.cached, m_usage.cached)};
    if (m_ended || most == m_usage)
        return;
    m_usage = most;
    m_events.emplace_back(most);
}

void AnswerBuilder::stop(ModelStop reason, const QString &detail)
{
    if (m_ended)
        return;
    endCalls();
    if (m_ended)
        return;
    const bool calls = !m_ids.isEmpty();
    if (reason == ModelStop::Done || reason == ModelStop::ToolUse)
        reason = calls ? ModelStop::ToolUse : ModelStop::Done;
    m_ended = true;
    m_events.emplace_back(ModelStopped{.reason = reason, .detail = detail});
}

void AnswerBuilder::fail(const ModelFailure &failure)
{
    if (std::exchange(m_ended, true))
        return;
    m_events.emplace_back(failure);
}

} // namespace muster
