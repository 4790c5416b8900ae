// A model server on loopback that answers what a test has written down, one reply after the other, in the
// wire format of any of the providers; and keeps what it was asked. Streams are sent chunked, in small
// pieces.
#pragma once

#include "core/protocol/models/model_api.h"

#include <QHash>
#include <QJsonObject>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <deque>
#include <vector>

namespace muster::testing {

struct FakeReply {
    enum class End : std::uint8_t { Close, Drop, Stall };

    int status = 200;
    QByteArray type = "text/event-stream";
    QList<std::pair<QByteArray, QByteArray>> headers = {};
    QByteArray body;
    End end = End::Close;
};

struct FakeCall {
    QString tool;
    QJsonObject input;
};

struct FakeRequest {
    QString method;
    QString path;
    QHash<QByteArray, QByteArray> headers; // names in small letters
    QJsonObject body;
};

// What each answer says it used.
inline constexpr qint64 fakeInput = 1200;
inline constexpr qint64 fakeCached = 500;
inline constexpr qint64 fakeOutput = 300;

class FakeModelServer : public QObject {
    Q_OBJECT
public:
    explicit FakeModelServer(ModelApiKind kind);

    [[nodiscard]] QString url() const;
    [[nodiscard]] ModelApiKind kind() const { return m_kind; }

    // What comes next; when nothing is left, it says "done".
    void reply(const FakeReply &reply) { m_replies.push_back(reply); }
    void say(const QString &text) { reply(said(text)); }
    void call(const QString &tool, const QJsonObject &input)
    {
        reply(called({.tool = tool, .input = input}));
    }
    void refuse(int status, const QString &type, const QString &message,
                const QList<std::pair<QByteArray, QByteArray>> &headers = {});
    // Begins to say this, then breaks or goes silent.
    void begin(const QString &text, FakeReply::End end);

    [[nodiscard]] const std::vector<FakeRequest> &requests() const { return m_requests; }
    // Of one tool in the question, as the provider would read it.
    [[nodiscard]] QString lastToolResult() const;
    // All text in the last question, whoever said it.
    [[nodiscard]] QString lastQuestion() const;

private:
    [[nodiscard]] FakeReply said(const QString &text) const;
    [[nodiscard]] FakeReply called(const FakeCall &call) const;
    void accept();
    void read(QTcpSocket *socket, QByteArray &bytes);
    static void send(QTcpSocket *socket, const FakeReply &reply);

    ModelApiKind m_kind;
    QTcpServer m_server;
    std::deque<FakeReply> m_replies;
    std::vector<FakeRequest> m_requests;
};

// The stream of one answer: its beginning with the text, and the rest with the call, if there is one.
struct FakeStream {
    QByteArray beginning;
    QByteArray rest;
};
[[nodiscard]] FakeStream fakeStream(ModelApiKind kind, const QString &text,
                                    const std::optional<FakeCall> &call);

} // namespace muster::testing
