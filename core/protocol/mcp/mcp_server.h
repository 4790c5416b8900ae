// McpServer: the server's side of the Model Context Protocol over stdio, as a pure state machine: bytes in
// any split to messages, messages to a handler of tool calls, answers to lines. It offers tools and nothing
// else. Source: modelcontextprotocol.io/specification, revisions 2026-07-28 (each request names its revision
// in
// `_meta`) and 2025-11-25, 2025-06-18, 2024-11-05 (agreed on by `initialize`). 2025-03-26 is left out, as it
// asks for batches, which the others do not have.
//
// What is no message is answered with an error and does not end anything; a line beyond `maxLine` is skipped.
// An unknown tool is an error of the protocol; a call that fails is a result that says so, which a model can
// read. A call that was cancelled gets no answer. One thread; a handler may answer now or later, once.
#pragma once

#include "core/protocol/json_rpc_peer.h"
#include "core/protocol/line_framer.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <functional>

namespace muster {

struct McpToolResult {
    QJsonObject value;
    QString error; // not empty: the call failed, and this says why and what to do
};

class McpServer {
public:
    static constexpr qsizetype maxLine = qsizetype{4} * 1024 * 1024;

    using Send = std::function<void(QByteArray)>; // a line with its end
    using Answer = std::function<void(const McpToolResult &)>;
    using Call = std::function<void(const QString &tool, const QJsonObject &arguments, const Answer &answer)>;

    // `tools`: each as tools/list tells it. `instructions`: what a model should know of them as a whole.
    McpServer(Send send, QJsonArray tools, QString instructions, Call call);

    void receive(QByteArrayView bytes);
    // No more will come; what was left without an end is a message too.
    void finish();
    [[nodiscard]] qsizetype openCalls() const { return m_peer.openIncoming(); }
    // Of the client, as it names itself; empty until then.
    [[nodiscard]] const QString &clientName() const { return m_client; }

private:
    using Handler = void (McpServer::*)(const RpcRequest &, const QJsonObject &params);

    void take(const Frame &frame);
    void refuseLine(QByteArrayView line);
    void on(const QString &method, Handler handler, bool needsSession);
    // The revision is known and the session is open, or the request was answered with an error.
    [[nodiscard]] bool isInOrder(const RpcRequest &request, const QJsonObject &params, bool needsSession);
    void initialize(const RpcRequest &request, const QJsonObject &params);
    void discover(const RpcRequest &request, const QJsonObject &params);
    void ping(const RpcRequest &request, const QJsonObject &params);
    void listTools(const RpcRequest &request, const QJsonObject &params);
    void callTool(const RpcRequest &request, const QJsonObject &params);
    void respond(const RpcId &id, QJsonObject result, bool modern);
    [[nodiscard]] bool hasTool(const QString &name) const;

    Send m_send;
    JsonRpcPeer m_peer;
    LineFramer m_framer{maxLine};
    QJsonArray m_tools;
    QString m_instructions;
    Call m_call;
    QString m_client;
    bool m_initialized = false;
};

} // namespace muster
