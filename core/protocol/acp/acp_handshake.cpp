// The handshake of AcpAdapter: initialize, then session/new, /resume or /load, then what the quirk record
// and the request want set before the first prompt. Setting the mode is what makes some agents ask before
// they write, so if it fails the session does not open.
#include "core/protocol/acp/acp_adapter.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int protocolVersion = 1;
constexpr int authRequired = -32000;

QString sessionCapability(ResumeMethod method)
{
    return method == ResumeMethod::Resume ? u"session/resume"_s : u"session/load"_s;
}

bool isOffered(ResumeMethod method, const QJsonObject &capabilities)
{
    if (method == ResumeMethod::Load)
        return capabilities.value("loadSession"_L1).toBool();
    return capabilities.value("sessionCapabilities"_L1)["resume"_L1].isObject();
}

QJsonObject optionOfCategory(const QJsonArray &options, QLatin1StringView category)
{
    for (const auto &option : options) {
        if (option["category"_L1].toString() == category)
            return option.toObject();
    }
    return {};
}

} // namespace

template <typename Done> void AcpAdapter::call(const QString &method, const QJsonObject &params, Done done)
{
    const auto sent = m_peer.request(method, params, [this, method, done](const RpcOutcome &outcome) {
        if (m_phase != Phase::Opening)
            return;
        if (!outcome) {
            const RpcError &error = outcome.error();
            const bool auth = error.code == authRequired || error.code == 401;
            return failOpening(auth ? FailureReason::AuthRequired : FailureReason::RuntimeError,
                               method + u": " + error.message);
        }
        const auto result = asObject(*outcome == "null" ? QByteArray() : *outcome);
        if (!result)
            return failOpening(FailureReason::ProtocolError, method + u": " + result.error().detail);
        done(*result);
    });
    if (!sent)
        failOpening(FailureReason::ProtocolError, sent.error().detail);
}

void AcpAdapter::open(const OpenRequest &request)
{
    m_request = request;
    m_phase = Phase::Opening;
    QJsonObject capabilities;
    if (m_quirks.offersFileRead || m_quirks.offersFileWrite)
        capabilities.insert("fs"_L1, QJsonObject{{"readTextFile"_L1, m_quirks.offersFileRead},
                                                 {"writeTextFile"_L1, m_quirks.offersFileWrite}});
    call(u"initialize"_s,
         {{"protocolVersion"_L1, protocolVersion},
          {"clientCapabilities"_L1, capabilities},
          {"clientInfo"_L1,
           QJsonObject{{"name"_L1, "muster"_L1}, {"title"_L1, "Muster"_L1}, {"version"_L1, MUSTER_VERSION}}}},
         [this](const QJsonObject &result) { initialized(result); });
}

void AcpAdapter::initialized(const QJsonObject &result)
{
    const int version = result.value("protocolVersion"_L1).toInt();
    if (version != protocolVersion)
        return failOpening(FailureReason::ProtocolError,
                           u"the agent speaks protocol version "_s + QString::number(version));
    const QJsonObject info = result.value("agentInfo"_L1).toObject();
    m_handshake.capabilities = result.value("agentCapabilities"_L1).toObject();
    m_handshake.authMethods = result.value("authMethods"_L1).toArray();
    const QString title = info.value("title"_L1).toString();
    m_handshake.started.agentName = title.isEmpty() ? info.value("name"_L1).toString() : title;
    m_handshake.started.agentVersion = info.value("version"_L1).toString();
    if (m_request.resumeId.isEmpty())
        createSession();
    else
        resumeSession();
}

QJsonObject AcpAdapter::sessionParams() const
{
    return {{"cwd"_L1, m_request.workingDir}, {"mcpServers"_L1, acpServers(serversInSession())}};
}

void AcpAdapter::createSession()
{
    call(u"session/new"_s, sessionParams(), [this](const QJsonObject &result) {
        m_sessionId = result.value("sessionId"_L1).toString();
        if (m_sessionId.isEmpty())
            return failOpening(FailureReason::ProtocolError, u"session/new: no sessionId"_s);
        sessionReady(result);
    });
}

void AcpAdapter::resumeSession()
{
    for (const ResumeMethod method : m_quirks.resumeBy) {
        if (!isOffered(method, m_handshake.capabilities))
            continue;
        m_sessionId = m_request.resumeId;
        m_usage = UsageMeter(m_quirks.usage, true);
        m_replaying = method == ResumeMethod::Load;
        QJsonObject params = sessionParams();
        params.insert("sessionId"_L1, m_sessionId);
        return call(sessionCapability(method), params, [this](const QJsonObject &result) {
            m_replaying = false;
            m_handshake.started.resumed = true;
            sessionReady(result);
        });
    }
    failOpening(FailureReason::RuntimeError, u"the agent cannot go on with an earlier session"_s);
}

void AcpAdapter::sessionReady(const QJsonObject &result)
{
    const QJsonArray options = result.value("configOptions"_L1).toArray();
    const QJsonObject model = optionOfCategory(options, "model"_L1);
    m_handshake.started.nativeId = m_sessionId;
    m_handshake.started.model =
        model.value("currentValue"_L1).toString(result.value("models"_L1)["currentModelId"_L1].toString());
    if (!m_quirks.mode.isEmpty())
        m_configuration.append({u"session/set_mode"_s, {{"modeId"_L1, m_quirks.mode}}});
    for (auto it = m_quirks.configOptions.constBegin(); it != m_quirks.configOptions.constEnd(); ++it)
        m_configuration.append(
            {u"session/set_config_option"_s, {{"configId"_L1, it.key()}, {"value"_L1, it.value()}}});
    if (!m_request.model.isEmpty() && m_request.model != m_handshake.started.model) {
        if (!model.isEmpty())
            m_configuration.append({u"session/set_config_option"_s,
                                    {{"configId"_L1, model.value("id"_L1)}, {"value"_L1, m_request.model}}});
        else
            m_configuration.append({u"session/set_model"_s, {{"modelId"_L1, m_request.model}}});
        m_handshake.started.model = m_request.model;
    }
    configureNext();
}

void AcpAdapter::configureNext()
{
    if (m_configuration.isEmpty())
        return finishOpening();
    auto [method, params] = m_configuration.takeFirst();
    params.insert("sessionId"_L1, m_sessionId);
    call(method, params, [this](const QJsonObject &) { configureNext(); });
}

void AcpAdapter::finishOpening()
{
    m_phase = Phase::Ready;
    m_sink.opened(m_handshake.started);
    warnOfServersLeftOut();
}

void AcpAdapter::failOpening(FailureReason reason, const QString &detail)
{
    m_phase = Phase::Closed;
    m_sink.openFailed({.reason = reason, .detail = detail});
}

} // namespace muster
