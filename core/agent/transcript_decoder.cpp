#include "core/agent/transcript_decoder.h"

#include "core/agent/protocol_factory.h"
#include "core/events/event.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The recorder wrapped the runtime's line last in its own; the bytes stand in it unchanged.
QByteArray saidIn(const QByteArray &line)
{
    const qsizetype key = line.indexOf("\"msg\"");
    const qsizetype from = key < 0 ? -1 : line.indexOf(':', key);
    return from < 0 ? QByteArray() : line.sliced(from + 1).trimmed().chopped(1);
}

enum class Act : std::uint8_t { None, Prompt, Cancel, Answer };

Act actOf(const QJsonObject &message)
{
    const QString method = message.value(u"method").toString();
    const QString type = message.value(u"type").toString();
    if (method == u"session/prompt" || method == u"turn/start" || type == u"user" || type == u"prompt")
        return Act::Prompt;
    if (method == u"session/cancel" || method == u"turn/interrupt" || type == u"abort" ||
        message.value(u"request")[u"subtype"].toString() == u"interrupt")
        return Act::Cancel;
    if (type == u"control_response" || type == u"extension_ui_response" ||
        (method.isEmpty() && message.contains(u"result")))
        return Act::Answer;
    return Act::None;
}

QString textIn(const QJsonObject &message)
{
    const QJsonObject params = message.value(u"params").toObject();
    for (const QJsonValue &text : {params.value(u"prompt")[0][u"text"], params.value(u"input")[0][u"text"],
                                   message.value(u"message")[u"content"][0][u"text"],
                                   message.value(u"message")[u"content"], message.value(u"message")}) {
        if (text.isString())
            return text.toString();
    }
    return {};
}

// What a runtime may say before it is asked anything.
bool isHandshake(const QByteArray &line)
{
    const QJsonObject message = QJsonDocument::fromJson(line).object();
    const QString type = message.value(u"type").toString();
    return type == u"control_response" || message.value(u"command").toString() == u"get_state" ||
           type == u"extension_ui_request";
}

bool allows(const QJsonObject &message, const PermissionRequested &asked)
{
    const QString option = message.value(u"result")[u"outcome"][u"optionId"].toString();
    for (const PermissionOption &offered : asked.options) {
        if (!option.isEmpty() && offered.id == option)
            return offered.kind == PermissionOptionKind::AllowOnce ||
                   offered.kind == PermissionOptionKind::AllowAlways;
    }
    const QString said = message.value(u"result")[u"decision"].toString() +
                         message.value(u"response")[u"response"][u"behavior"].toString() +
                         message.value(u"value").toString();
    return said.startsWith("accept"_L1) || said.compare("allow"_L1, Qt::CaseInsensitive) == 0;
}

} // namespace

TranscriptDecoder::TranscriptDecoder(RuntimeRecord runtime, bool isRecord, Sink sink)
    : m_runtime(std::move(runtime))
    , m_isRecord(isRecord)
    , m_sink(std::move(sink))
    , m_answers(m_runtime.protocol)
{
    // Requests of ours that the transcript may not have would shift the ids of those that it has.
    m_runtime.quirks.mode.clear();
    m_runtime.quirks.configOptions = {};
    m_runtime.streamJson.mode.clear();
    m_protocol = makeProtocol(m_runtime, *this);
    m_protocol->open({.workingDir = u"/"_s, .resumeId = {}, .model = {}, .mcpServers = {}});
    if (m_runtime.protocol == RuntimeProtocol::Pi) // Pi is not driven without its gate; a recording may be
        hear(R"({"type":"extension_ui_request","id":"","method":"setStatus","statusKey":"muster-gate"})");
}

TranscriptDecoder::~TranscriptDecoder() = default;

bool TranscriptDecoder::isRecord(const QByteArray &line)
{
    const QJsonObject entry = QJsonDocument::fromJson(line).object();
    return entry.value(u"dir").isString() && entry.contains(u"msg");
}

void TranscriptDecoder::take(const QByteArray &line)
{
    ++m_line;
    if (line.trimmed().isEmpty())
        return;
    if (m_isRecord)
        return takeRecord(line);
    if (!m_ready && !isHandshake(line))
        openAnyway();
    if (m_ready && !m_inTurn)
        prompt({});
    hear(line);
}

void TranscriptDecoder::takeRecord(const QByteArray &line)
{
    const QJsonObject entry = QJsonDocument::fromJson(line).object();
    const QString direction = entry.value(u"dir").toString();
    m_time = entry.value(u"t");
    if (direction == u"<")
        hear(saidIn(line));
    else if (direction == u">" && entry.value(u"msg").isObject())
        say(entry.value(u"msg").toObject());
}

void TranscriptDecoder::send(const QByteArray &bytes) { m_answers.adapterSent(bytes); }

void TranscriptDecoder::hear(const QByteArray &line)
{
    if (!m_inTurn && !m_queued.isEmpty())
        prompt(m_queued.takeFirst());
    m_protocol->receive(QByteArray(m_answers.fitted(line) + '\n'));
}

void TranscriptDecoder::openAnyway()
{
    const QList<QByteArray> answers = m_answers.missing();
    for (const QByteArray &answer : answers)
        m_protocol->receive(QByteArray(answer + '\n'));
}

void TranscriptDecoder::say(const QJsonObject &message)
{
    m_answers.clientSent(message);
    switch (actOf(message)) {
    case Act::Prompt:
        prompt(textIn(message));
        break;
    case Act::Cancel:
        m_protocol->cancel();
        break;
    case Act::Answer:
        answer(message);
        break;
    case Act::None:
        break; // the adapter says what it has to by itself
    }
}

void TranscriptDecoder::prompt(const QString &text)
{
    if (!m_ready)
        openAnyway();
    if (m_inTurn && m_runtime.protocol != RuntimeProtocol::Pi) { // which refuses one in between
        m_queued += text;
        return;
    }
    if (const Status sent = m_protocol->prompt({.text = text, .attachments = {}}); sent)
        m_inTurn = true;
    else
        tell(u"decoder.refused"_s, {{u"act"_s, u"prompt"_s}, {u"detail"_s, sent.error().detail}});
}

void TranscriptDecoder::answer(const QJsonObject &message)
{
    if (m_open.empty())
        return;
    const PermissionRequested asked = m_open.front();
    m_open.erase(m_open.begin());
    (void)m_protocol->answerPermission(asked.requestId, {.allowed = allows(message, asked), .message = {}});
}

void TranscriptDecoder::end()
{
    m_ended = true;
    m_protocol->streamEnded(FailureReason::Aborted, u"end of the transcript"_s);
}

void TranscriptDecoder::tell(const QString &kind, const QJsonObject &data)
{
    QJsonObject line{{u"line"_s, m_line}, {u"kind"_s, kind}, {u"data"_s, data}};
    if (m_time.isDouble())
        line.insert(u"t"_s, m_time);
    m_sink(line);
}

void TranscriptDecoder::opened(const SessionStarted &started)
{
    m_ready = true;
    happened(started);
}

void TranscriptDecoder::openFailed(const OpenFailure &failure)
{
    tell(u"decoder.open_failed"_s, {{u"reason"_s, enumName(failure.reason)}, {u"detail"_s, failure.detail}});
}

void TranscriptDecoder::happened(const SessionEvent &event)
{
    m_events += std::holds_alternative<SessionWarning>(event) ? 0 : 1;
    const bool finished = std::holds_alternative<TurnFinished>(event);
    if (finished)
        m_inTurn = false;
    if (const auto *started = std::get_if<TurnStarted>(&event); started && !m_isRecord && started->turn > 1) {
        m_heldTurn = *started;
        return;
    }
    if (finished && m_ended && m_heldTurn)
        return;                                              // there was none
    if (m_heldTurn && !std::holds_alternative<Usage>(event)) // which may follow the turn that it is of
        tell(u"session.turn_started"_s, toJson(SessionEvent(*std::exchange(m_heldTurn, std::nullopt))));
    if (const auto *asked = std::get_if<PermissionRequested>(&event))
        m_open.push_back(*asked);
    tell(kindOf(event), toJson(event));
}

void TranscriptDecoder::withdrew(const QString &requestId)
{
    std::erase_if(m_open, [&](const PermissionRequested &asked) { return asked.requestId == requestId; });
    tell(u"decoder.withdrew"_s, {{u"request"_s, requestId}});
}

void TranscriptDecoder::repeated(const ReplayedItem &item)
{
    tell(u"decoder.replayed"_s,
         item.event ? QJsonObject{{u"kind"_s, kindOf(*item.event)}, {u"data"_s, toJson(*item.event)}}
                    : QJsonObject{{u"person"_s, item.personText}});
}

void TranscriptDecoder::wantsFile(const FileRequest &request)
{
    tell(u"decoder.file"_s, {{u"path"_s, request.path}, {u"write"_s, request.content.has_value()}});
    m_protocol->answerFile(request.requestId, QString());
}

} // namespace muster
