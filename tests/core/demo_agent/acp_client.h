// Drives muster-demo-agent over its pipes as a client would, and keeps all that it says.
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

namespace muster::test {

class AcpClient : public QObject {
    Q_OBJECT

public:
    // Sessions are kept in `state`; no pause between pieces unless set otherwise.
    explicit AcpClient(const QString &state, const QStringList &environment = {});
    ~AcpClient() override;
    Q_DISABLE_COPY_MOVE(AcpClient)

    qint64 request(const QString &method, const QJsonObject &params);
    void notify(const QString &method, const QJsonObject &params);
    void sendRaw(const QByteArray &bytes) { m_process.write(bytes); }
    [[nodiscard]] QJsonObject wait(qint64 id, int timeoutMs = 20'000); // the whole answer; empty if none came

    [[nodiscard]] QJsonObject initialize();
    [[nodiscard]] QString newSession(const QString &folder);
    qint64 startPrompt(const QString &session, const QString &text, const QJsonArray &more = {});
    // The stop reason, or "error".
    QString prompt(const QString &session, const QString &text, const QJsonArray &more = {});
    void cancel(const QString &session);

    // What to answer to permission requests: an option's kind, "cancelled", or nothing to leave them open.
    QString permission = QStringLiteral("allow_once");

    [[nodiscard]] QString text() const { return m_text; } // message text since the last prompt began
    [[nodiscard]] QList<QJsonObject> updates(const QString &kind) const;
    [[nodiscard]] const QList<QJsonObject> &asked() const { return m_asked; }
    [[nodiscard]] qint64 badLines() const { return m_badLines; }
    [[nodiscard]] qint64 longestLine() const { return m_longestLine; }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }
    [[nodiscard]] QProcess &process() { return m_process; }

private:
    void send(const QJsonObject &message);
    void readLines();
    void take(const QByteArray &line);
    void answerPermission(const QJsonObject &message);

    QProcess m_process;
    QByteArray m_buffer;
    qint64 m_nextId = 0;
    QHash<qint64, QJsonObject> m_answers;
    QList<QJsonObject> m_updates;
    QList<QJsonObject> m_asked;
    QString m_text;
    qint64 m_badLines = 0;
    qint64 m_longestLine = 0;
    qint64 m_bytes = 0;
};

} // namespace muster::test
