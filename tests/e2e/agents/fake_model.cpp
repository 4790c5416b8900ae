#include "tests/e2e/agents/fake_model.h"

#include <QDir>
#include <QJsonDocument>

namespace muster::e2e {

using namespace Qt::StringLiterals;

FakeModel::~FakeModel()
{
    m_process.closeWriteChannel(); // its sign to end
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(5000))
        m_process.kill();
    m_process.waitForFinished(5000);
}

bool FakeModel::start(const QString &node)
{
    m_process.setWorkingDirectory(QDir::rootPath());
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(node, {QStringLiteral(MUSTER_SOURCE_DIR "/tests/e2e/agents/fake_model.mjs")});
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(30'000))
            return false;
    }
    m_port = QJsonDocument::fromJson(m_process.readLine()).object().value("port"_L1).toInt();
    return m_port > 0;
}

QString FakeModel::url() const { return u"http://127.0.0.1:"_s + QString::number(m_port); }

std::vector<QJsonObject> FakeModel::takeLog()
{
    m_read += m_process.readAllStandardOutput();
    std::vector<QJsonObject> log;
    for (qsizetype end = m_read.indexOf('\n'); end >= 0; end = m_read.indexOf('\n')) {
        log.push_back(QJsonDocument::fromJson(m_read.first(end)).object());
        m_read.remove(0, end + 1);
    }
    return log;
}

} // namespace muster::e2e
