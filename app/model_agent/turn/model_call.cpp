#include "app/model_agent/turn/model_call.h"

#include "core/protocol/models/model_failure.h"

#include <QDateTime>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr qint64 maxRefusal = 64LL * 1024;
constexpr qint64 maxUnread = 4LL * 1024 * 1024;

} // namespace

QNetworkRequest requestTo(const Options &options, const ModelApi &api, const QString &path)
{
    QNetworkRequest request(QUrl(options.address.toString() + path));
    request.setHeader(QNetworkRequest::UserAgentHeader, u"muster/" MUSTER_VERSION ""_s);
    request.setRawHeader("accept-encoding", "identity"); // what is packed comes late
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    if (!options.key.isEmpty()) {
        const auto [name, value] = api.keyHeader(options.key);
        request.setRawHeader(name, value);
    }
    return request;
}

ModelCall::ModelCall(QNetworkAccessManager &network, const Options &options, const ModelApi &api, Tell tell)
    : m_network(network)
    , m_options(options)
    , m_api(api)
    , m_tell(std::move(tell))
    , m_stream(api)
{
}

ModelCall::~ModelCall()
{
    abort();
    delete m_reply.data();
}

QFuture<Result<CallEnd>> ModelCall::start(const ModelQuestion &question)
{
    m_promise.start();
    const ModelRequest asked = m_api.encode(question);
    QNetworkRequest request = requestTo(m_options, m_api, asked.path);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("accept", m_api.framing() == ModelFraming::Events ? "text/event-stream"
                                                                           : "application/x-ndjson");
    for (const auto &[name, value] : asked.headers)
        request.setRawHeader(name, value);
    m_reply = m_network.post(request, QJsonDocument(asked.body).toJson(QJsonDocument::Compact));
    m_reply->setReadBufferSize(maxUnread);
    connect(m_reply, &QNetworkReply::readyRead, this, &ModelCall::read);
    connect(m_reply, &QNetworkReply::finished, this, &ModelCall::replied);
    return m_promise.future();
}

void ModelCall::abort()
{
    if (m_isDone)
        return;
    m_end.message = m_stream.message();
    finish(muster::fail(ErrorCode::Cancelled));
    if (m_reply)
        m_reply->abort();
}

int ModelCall::status() const { return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); }

bool ModelCall::isStream() const
{
    const QString type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString();
    const bool isJson = type.startsWith("application/json"_L1) && m_api.framing() == ModelFraming::Events;
    return status() == 200 && !isJson && !type.startsWith("text/html"_L1);
}

void ModelCall::read()
{
    if (m_isDone)
        return;
    if (isStream())
        return takeAll(m_stream.feed(m_reply->readAll()));
    if (m_reply->bytesAvailable() > maxRefusal)
        fail(refusal());
}

void ModelCall::replied()
{
    if (m_isDone)
        return;
    if (status() == 0)
        return fail({.problem = ModelProblem::Network, .message = m_reply->errorString()});
    if (!isStream())
        return fail(refusal());
    takeAll(m_stream.feed(m_reply->readAll()));
    if (!m_isDone)
        takeAll(m_stream.finish());
}

ModelFailure ModelCall::refusal()
{
    HttpRefusal refusal{.status = status(), .headers = {}, .body = m_reply->read(maxRefusal)};
    const auto headers = m_reply->rawHeaderPairs();
    for (const auto &[name, value] : headers)
        refusal.headers.insert(name.toLower(), value);
    if (refusal.status == 200)
        return {.problem = ModelProblem::Protocol, .message = u"the server does not stream"_s};
    return failureOf(refusal, QDateTime::currentMSecsSinceEpoch());
}

void ModelCall::takeAll(const ModelEvents &events)
{
    for (const ModelEvent &event : events) {
        if (const auto *failure = std::get_if<ModelFailure>(&event))
            return fail(*failure);
        if (const auto *stopped = std::get_if<ModelStopped>(&event)) {
            m_end.message = m_stream.message();
            m_end.stopped = *stopped;
            return finish(std::move(m_end));
        }
        m_tell(event);
    }
}

void ModelCall::fail(const ModelFailure &failure)
{
    m_end.message = m_stream.message();
    m_end.failure = failure;
    finish(std::move(m_end));
}

void ModelCall::finish(Result<CallEnd> end)
{
    if (std::exchange(m_isDone, true))
        return;
    m_promise.addResult(std::move(end));
    m_promise.finish();
    if (m_reply && m_reply->isRunning())
        m_reply->abort();
}

} // namespace muster::model
