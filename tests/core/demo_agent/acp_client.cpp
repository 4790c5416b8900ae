#include "tests/core/demo_agent/acp_client.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace muster::test {

AcpClient::AcpClient(const QString &state, const QStringList &environment)
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    all.insert(u"MUSTER_DEMO_STATE"_s, state);
    all.insert(u"MUSTER_DEMO_PACE_MS"_s, u"0"_s);
    for (const QString &entry : environment)
        all.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
    m_process.setProcessEnvironment(all);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &AcpClient::readLines);
    m_process.start(u"" MUSTER_BIN_DIR "/muster-demo-agent"_s, {});
}

AcpClient::~AcpClient()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(5000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void AcpClient::send(const QJsonObject &message)
{
    QJsonObject whole = message;
    whole.insert(u"jsonrpc"_s, u"2.0"_s);
    m_process.write(QJsonDocument(whole).toJson(QJsonDocument::Compact) + '\n');
}

qint64 AcpClient::request(const QString &method, const QJsonObject &params)
{
    const qint64 id = m_nextId++;
    send({{u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
    return id;
}

void AcpClient::notify(const QString &method, const QJsonObject &params)
{
    send({{u"method"_s, method}, {u"params"_s, params}});
}

QJsonObject AcpClient::wait(qint64 id, int timeoutMs)
{
    (void)QTest::qWaitFor([&] { return m_answers.contains(id) || m_process.state() == QProcess::NotRunning; },
                          timeoutMs);
    return m_answers.value(id);
}

QJsonObject AcpClient::initialize()
{
    return wait(request(u"initialize"_s,
                        {{u"protocolVersion"_s, 1}, {u"clientCapabilities"_s, QJsonObject()}}))
        .value("result"_L1)
        .toObject();
}

QString AcpClient::newSession(const QString &folder)
{
    const QJsonObject params{{u"cwd"_s, folder}, {u"mcpServers"_s, QJsonArray()}};
    return wait(request(u"session/new"_s, params))
        .value("result"_L1)
        .toObject()
        .value("sessionId"_L1)
        .toString();
}

qint64 AcpClient::startPrompt(const QString &session, const QString &text, const QJsonArray &more)
{
    m_text.clear();
    m_updates.clear();
    m_asked.clear();
    QJsonArray blocks{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}}};
    for (const QJsonValue &block : more)
        blocks.append(block);
    return request(u"session/prompt"_s, {{u"sessionId"_s, session}, {u"prompt"_s, blocks}});
}

QString AcpClient::prompt(const QString &session, const QString &text, const QJsonArray &more)
{
    const QJsonObject answer = wait(startPrompt(session, text, more));
    if (answer.contains("error"_L1))
        return u"error"_s;
    return answer.value("result"_L1).toObject().value("stopReason"_L1).toString();
}

void AcpClient::cancel(const QString &session) { notify(u"session/cancel"_s, {{u"sessionId"_s, session}}); }

QList<QJsonObject> AcpClient::updates(const QString &kind) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &update : m_updates) {
        if (update.value("sessionUpdate"_L1).toString() == kind)
            found.append(update);
    }
    return found;
}

void AcpClient::readLines()
{
    const QByteArray more = m_process.readAllStandardOutput();
    m_bytes += more.size();
    m_buffer += more;
    qsizetype begin = 0;
    for (qsizetype end = m_buffer.indexOf('\n'); end >= 0; end = m_buffer.indexOf('\n', begin)) {
        take(m_buffer.sliced(begin, end - begin));
        begin = end + 1;
    }
    m_buffer.remove(0, begin);
}

void AcpClient::take(const QByteArray &line)
{
    m_longestLine = std::max<qint64>(m_longestLine, line.size());
    const QJsonDocument json = QJsonDocument::fromJson(line);
    if (!json.isObject()) {
        ++m_badLines;
        return;
    }
    const QJsonObject message = json.object();
    const QString method = message.value("method"_L1).toString();
    if (method.isEmpty())
        m_answers.insert(message.value("id"_L1).toInteger(), message);
    else if (method == "session/request_permission"_L1)
        answerPermission(message);
    else if (method == "session/update"_L1) {
        const QJsonObject update = message.value("params"_L1).toObject().value("update"_L1).toObject();
        if (update.value("sessionUpdate"_L1) == "agent_message_chunk"_L1 && line.size() < 100'000)
            m_text += update.value("content"_L1).toObject().value("text"_L1).toString();
        if (m_updates.size() < 5000)
            m_updates.append(update);
    }
}

void AcpClient::answerPermission(const QJsonObject &message)
{
    m_asked.append(message.value("params"_L1).toObject());
    if (permission.isEmpty())
        return;
    QJsonObject outcome{{u"outcome"_s, u"cancelled"_s}};
    const QJsonArray options = m_asked.last().value("options"_L1).toArray();
    for (const QJsonValue &option : options) {
        if (option.toObject().value("kind"_L1).toString() == permission)
            outcome = {{u"outcome"_s, u"selected"_s},
                       {u"optionId"_s, option.toObject().value("optionId"_L1)}};
    }
    send({{u"id"_s, message.value("id"_L1)}, {u"result"_s, QJsonObject{{u"outcome"_s, outcome}}}});
}

} // namespace muster::test
