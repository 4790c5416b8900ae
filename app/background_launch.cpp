#include "app/background_launch.h"

#include "core/base/log.h"
#include "core/node/api/wire.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostLogBytes = 1024 * 1024; // of what nodes said that could not reach their own log

std::unexpected<Error> cannotStart(const QString &detail)
{
    return fail(ErrorCode::LaunchFailed, detail, u"node"_s);
}

} // namespace

Status BackgroundLaunch::start()
{
    closePipe();
    m_said.clear();
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return cannotStart(qt_error_string(errno));
    m_pipe = ends[0];
    QProcess process;
    // Not this program's own file: the window is another one beside it.
    process.setProgram(QCoreApplication::applicationDirPath() + u"/muster"_s);
    process.setArguments({u"serve"_s, u"--background"_s});
    process.setWorkingDirectory(m_paths.home);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(u"/dev/fd/%1"_s.arg(ends[1]));
    // Without a place for its log it still says itself what is wrong.
    rotateFullLog({.dir = m_paths.logDir, .name = u"node-stderr"_s, .maxBytes = mostLogBytes, .keep = 2});
    const QString log = m_paths.logDir + u"/node-stderr.log"_s;
    const bool hasLog = QFile(log).open(QIODevice::Append);
    process.setStandardErrorFile(hasLog ? log : QProcess::nullDevice(), QIODevice::Append);
    const bool started = process.startDetached();
    close(ends[1]);
    if (!started) {
        closePipe();
        return cannotStart(process.errorString());
    }
    return {};
}

Status BackgroundLaunch::result()
{
    if (m_pipe < 0)
        return {};
    std::array<char, 4096> buffer{};
    ssize_t got = 0;
    while ((got = ::read(m_pipe, buffer.data(), buffer.size())) > 0)
        m_said.append(buffer.data(), got);
    if (got < 0)
        return {}; // nothing yet
    closePipe();
    return read(std::exchange(m_said, {}));
}

Status BackgroundLaunch::read(const QByteArray &line) const
{
    if (line.isEmpty())
        return cannotStart(u"it ended at once, see %1/node-stderr.log"_s.arg(m_paths.logDir));
    const QJsonObject said = QJsonDocument::fromJson(line).object();
    if (said.isEmpty())
        return {};
    return std::unexpected(api::errorFromJson(said));
}

void BackgroundLaunch::closePipe()
{
    if (m_pipe >= 0)
        close(std::exchange(m_pipe, -1));
}

void BackgroundLaunch::report(const Status &begun)
{
    const QJsonObject said = begun ? QJsonObject() : api::errorToJson(begun.error());
    const QByteArray line = QJsonDocument(said).toJson(QJsonDocument::Compact) + '\n';
    // Whoever waited for it may have gone.
    [[maybe_unused]] const auto written =
        write(STDOUT_FILENO, line.constData(), static_cast<size_t>(line.size()));
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return;
    dup2(null, STDOUT_FILENO);
    close(null);
}

} // namespace muster::app
