#include "app/terminal/pty_worker.h"

#include "app/terminal/tree_ender.h"
#include "core/process/environment_filter.h"

#include <QProcessEnvironment>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// Over this the shell waits until the widget has caught up.
constexpr qsizetype highWater = 256 * 1024;

QString shellProgram()
{
    const QString wanted = qEnvironmentVariable("SHELL");
    return wanted.startsWith(u'/') ? wanted : u"/bin/sh"_s;
}

// The widget's terminal is a plain pipe for us: what the shell's own terminal made of a line end must stay.
void makeRaw(int fd)
{
    termios mode{};
    if (tcgetattr(fd, &mode) != 0)
        return;
    cfmakeraw(&mode);
    tcsetattr(fd, TCSANOW, &mode);
}

} // namespace

PtyWorker::PtyWorker(TreeEnder *ender)
    : m_ender(ender)
{
}

PtyWorker::~PtyWorker()
{
    m_ender->end(m_shell);
    m_process.reset();
    m_writable.reset();
    if (m_displayFd >= 0)
        ::close(m_displayFd);
}

int PtyWorker::duplicate(int fd) { return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3); }

void PtyWorker::start(const TerminalRequest &request, int displayFd)
{
    m_displayFd = displayFd;
    if (displayFd < 0) {
        emit failed({.code = ErrorCode::Io, .detail = u"terminal widget"_s, .where = {}});
        return;
    }
    makeRaw(displayFd);
    fcntl(displayFd, F_SETFL, fcntl(displayFd, F_GETFL) | O_NONBLOCK);
    m_writable = std::make_unique<QSocketNotifier>(displayFd, QSocketNotifier::Write);
    m_writable->setEnabled(false);
    connect(m_writable.get(), &QSocketNotifier::activated, this, &PtyWorker::flush);

    m_process = std::make_unique<PtyProcess>();
    connect(m_process.get(), &PtyProcess::started, this, [this] {
        m_shell = shellRoot(m_process->pid());
        emit started(m_shell);
    });
    connect(m_process.get(), &PtyProcess::failedToStart, this, &PtyWorker::failed);
    connect(m_process.get(), &PtyProcess::bytes, this, &PtyWorker::onBytes);
    connect(m_process.get(), &PtyProcess::exited, this,
            [this](const ExitInfo &info) { emit ended(info.code, info.signal); });

    // The person's own shell gets the person's own environment, but for the terminal's name.
    QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
    setEnvironmentValue(environment, u"TERM"_s, u"xterm-256color"_s);
    setEnvironmentValue(environment, u"COLORTERM"_s, u"truecolor"_s);
    LaunchSpec spec;
    spec.program = shellProgram();
    spec.args = {u"-i"_s};
    spec.workingDir = request.folder;
    spec.env = environment;
    m_process->start(spec, {.rows = request.rows, .columns = request.columns});
}

void PtyWorker::write(const QByteArray &bytes)
{
    // A full queue means that the program does not read: what is typed is lost, as on any terminal.
    if (m_process)
        std::ignore = m_process->write(bytes);
}

void PtyWorker::resize(int rows, int columns)
{
    if (m_process)
        m_process->resize({.rows = rows, .columns = columns});
}

void PtyWorker::onBytes(const QByteArray &bytes)
{
    m_backlog += m_filter.filter(bytes);
    flush();
}

void PtyWorker::flush()
{
    qsizetype done = 0;
    while (done < m_backlog.size()) {
        const ssize_t count =
            ::write(m_displayFd, m_backlog.constData() + done, static_cast<size_t>(m_backlog.size() - done));
        if (count > 0) {
            done += count;
        } else if (count < 0 && errno == EINTR) {
            continue;
        } else {
            if (count < 0 && errno != EAGAIN)
                m_backlog.clear(); // the widget is gone
            break;
        }
    }
    m_backlog.remove(0, std::min(done, m_backlog.size()));
    m_writable->setEnabled(!m_backlog.isEmpty());
    m_process->setReadPaused(m_backlog.size() > highWater);
}

} // namespace muster
