#include "tests/support/fake_model_server.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster::testing {

using namespace Qt::StringLiterals;

namespace {

QString allText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString() + u'\n';
    QString text;
    if (value.isArray()) {
        const QJsonArray items = value.toArray();
        for (const auto &item : items)
            text += allText(item);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.constBegin(); it != object.constEnd(); ++it)
            text += allText(it.value());
    }
    return text;
}

} // namespace

FakeModelServer::FakeModelServer(ModelApiKind kind)
    : m_kind(kind)
{
    m_server.listen(QHostAddress::LocalHost);
    connect(&m_server, &QTcpServer::newConnection, this, &FakeModelServer::accept);
}

QString FakeModelServer::url() const { return u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()); }

FakeReply FakeModelServer::said(const QString &text) const
{
    const FakeStream stream = fakeStream(m_kind, text, {});
    return {.type = m_kind == ModelApiKind::Ollama ? "application/x-ndjson" : "text/event-stream",
            .body = stream.beginning + stream.rest};
}

FakeReply FakeModelServer::called(const FakeCall &call) const
{
    FakeReply reply = said({});
    const FakeStream stream = fakeStream(m_kind, u"A tool first."_s, call);
    reply.body = stream.beginning + stream.rest;
    return reply;
}

void FakeModelServer::begin(const QString &text, FakeReply::End end)
{
    FakeReply reply = said({});
    reply.body = fakeStream(m_kind, text, {}).beginning;
    reply.end = end;
    m_replies.push_back(reply);
}

void FakeModelServer::refuse(int status, const QString &type, const QString &message,
                             const QList<std::pair<QByteArray, QByteArray>> &headers)
{
    QJsonObject error{{u"type"_s, type}, {u"message"_s, message}};
    QJsonObject body{{u"error"_s, error}};
    if (m_kind == ModelApiKind::Anthropic)
        body.insert(u"type"_s, u"error"_s);
    if (m_kind == ModelApiKind::Ollama)
        body = {{u"error"_s, message}};
    if (m_kind == ModelApiKind::Gemini)
        body = {{u"error"_s, QJsonObject{{u"code"_s, status}, {u"message"_s, message}}}};
    m_replies.push_back({.status = status,
                         .type = "application/json",
                         .headers = headers,
                         .body = QJsonDocument(body).toJson(QJsonDocument::Compact)});
}

QString FakeModelServer::lastQuestion() const
{
    if (m_requests.empty())
        return {};
    const QJsonObject body = m_requests.back().body;
    for (const QString &key : {u"messages"_s, u"input"_s, u"contents"_s}) {
        if (body.contains(key))
            return allText(body.value(key));
    }
    return {};
}

QString FakeModelServer::lastToolResult() const
{
    if (m_requests.empty())
        return {};
    const QJsonObject body = m_requests.back().body;
    switch (m_kind) {
    case ModelApiKind::Anthropic:
        return body[u"messages"_s].toArray().last()[u"content"_s].toArray().last()[u"content"_s].toString();
    case ModelApiKind::Responses:
        return body[u"input"_s].toArray().last()[u"output"_s].toString();
    case ModelApiKind::Gemini:
        return allText(
            body[u"contents"_s].toArray().last()[u"parts"_s].toArray().last()[u"functionResponse"_s]
                                                                             [u"response"_s]);
    case ModelApiKind::Chat:
    case ModelApiKind::Ollama:
        break;
    }
    const QJsonValue last = body[u"messages"_s].toArray().last();
    return last[u"role"_s].toString() == u"tool" ? last[u"content"_s].toString() : QString();
}

void FakeModelServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        socket->setParent(this);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this,
                [this, socket, bytes = std::make_shared<QByteArray>()] { read(socket, *bytes); });
    }
}

void FakeModelServer::read(QTcpSocket *socket, QByteArray &bytes)
{
    bytes += socket->readAll();
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    FakeRequest request;
    const QList<QByteArray> lines = bytes.first(end).split('\n');
    request.method = QString::fromUtf8(lines.front().split(' ').value(0));
    request.path = QString::fromUtf8(lines.front().split(' ').value(1));
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        request.headers.insert(lines.at(i).first(colon).toLower(), lines.at(i).sliced(colon + 1).trimmed());
    }
    const qsizetype size = request.headers.value("content-length").toLongLong();
    if (bytes.size() < end + 4 + size)
        return;
    request.body = QJsonDocument::fromJson(bytes.sliced(end + 4, size)).object();
    bytes.clear();
    if (request.method == u"GET") {
        const QJsonArray models{
            QJsonObject{{u"id"_s, u"the-only-model"_s}, {u"name"_s, u"the-only-model"_s}}};
        return send(socket, {.type = "application/json",
                             .body = QJsonDocument(QJsonObject{{u"data"_s, models}, {u"models"_s, models}})
                                         .toJson(QJsonDocument::Compact)});
    }
    m_requests.push_back(request);
    FakeReply next = said(u"done"_s);
    if (!m_replies.empty()) {
        next = m_replies.front();
        m_replies.pop_front();
    }
    send(socket, next);
}

void FakeModelServer::send(QTcpSocket *socket, const FakeReply &reply)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) +
                      " Fake\r\nContent-Type: " + reply.type +
                      "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    socket->write(head + "\r\n");
    constexpr qsizetype piece = 97;
    for (qsizetype at = 0; at < reply.body.size(); at += piece) {
        const QByteArray part = reply.body.mid(at, piece);
        socket->write(QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n");
    }
    if (reply.end == FakeReply::End::Stall) {
        socket->flush();
        return;
    }
    if (reply.end == FakeReply::End::Close)
        socket->write("0\r\n\r\n");
    // Without its last chunk the answer is not whole, however politely the connection ends.
    socket->disconnectFromHost();
}

} // namespace muster::testing
