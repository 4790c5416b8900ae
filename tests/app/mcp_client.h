// A client of `muster mcp` as an agent is one: starts the real command line, writes lines and reads lines.
#pragma once

#include "tests/e2e/muster_home.h"

#include <QElapsedTimer>
#include <QJsonDocument>

namespace muster::e2e {

class McpClient {
public:
    McpClient(MusterHome &home, const QString &project)
        : m_process(std::make_unique<QProcess>())
    {
        m_process->setProcessEnvironment(home.environment());
        m_process->setWorkingDirectory(home.root());
        m_process->start(QStringLiteral(MUSTER_BIN_DIR "/muster"),
                         {QStringLiteral("mcp"), QStringLiteral("--project"), project});
        (void)ask(R"("method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}})");
        write(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    }

    ~McpClient() { (void)end(); }
    McpClient(const McpClient &) = delete;
    McpClient &operator=(const McpClient &) = delete;

    void write(const QByteArray &line)
    {
        m_process->write(QByteArray(line + '\n'));
        m_process->waitForBytesWritten(patienceMs);
    }
    // The next line of its stdout; empty if none came.
    QJsonObject read()
    {
        QElapsedTimer time;
        time.start();
        while (!m_process->canReadLine() && m_process->state() == QProcess::Running &&
               time.elapsed() < patienceMs)
            m_process->waitForReadyRead(100);
        const QByteArray line = m_process->readLine();
        const QJsonObject message = QJsonDocument::fromJson(line).object();
        m_onlyMessages = m_onlyMessages && (line.isEmpty() || message.value(u"jsonrpc").toString() == u"2.0");
        return message;
    }
    QJsonObject ask(const QByteArray &members)
    {
        write(R"({"jsonrpc":"2.0","id":)" + QByteArray::number(++m_lastId) + ',' + members + '}');
        return read();
    }
    QJsonObject call(const QString &tool, const QJsonObject &arguments = {})
    {
        const QJsonObject params{{QStringLiteral("name"), tool}, {QStringLiteral("arguments"), arguments}};
        return ask(R"("method":"tools/call","params":)" +
                   QJsonDocument(params).toJson(QJsonDocument::Compact))
            .value(u"result")
            .toObject();
    }
    // What a call answers; empty if it failed.
    QJsonObject value(const QString &tool, const QJsonObject &arguments = {})
    {
        return call(tool, arguments).value(u"structuredContent").toObject();
    }
    QString error(const QString &tool, const QJsonObject &arguments = {})
    {
        const QJsonObject result = call(tool, arguments);
        return result.value(u"isError").toBool() ? result.value(u"content")[0][u"text"].toString()
                                                 : QString();
    }
    // Closes its stdin, and gives what it still says and how it ends.
    Finished end()
    {
        m_process->closeWriteChannel();
        return MusterHome::waitFor(*m_process);
    }
    [[nodiscard]] bool saidOnlyMessages() const { return m_onlyMessages; }
    [[nodiscard]] QProcess &process() { return *m_process; }

private:
    std::unique_ptr<QProcess> m_process;
    int m_lastId = 100;
    bool m_onlyMessages = true;
};

} // namespace muster::e2e
