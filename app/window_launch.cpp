#include "app/window_launch.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("WindowLaunch", text); }

// A crashed server leaves its file behind, so only an answer counts. `abstract`: Linux' names without a file.
bool answers(const QByteArray &path, bool abstract)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const size_t shift = abstract ? 1 : 0;
    const auto size = static_cast<size_t>(path.size());
    if (size + shift >= sizeof(address.sun_path))
        return false;
    std::memcpy(address.sun_path + shift, path.constData(), size);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size + shift);
    const bool connected = connect(fd, reinterpret_cast<const sockaddr *>(&address), length) == 0;
    close(fd);
    return connected;
}

bool waylandAnswers(const QProcessEnvironment &environment)
{
    const QString name = environment.value(u"WAYLAND_DISPLAY"_s);
    if (name.isEmpty())
        return false;
    const QString path =
        name.startsWith(u'/') ? name : QString(environment.value(u"XDG_RUNTIME_DIR"_s) % u'/' % name);
    return answers(path.toLocal8Bit(), false);
}

bool xAnswers(const QString &display)
{
    const qsizetype colon = display.lastIndexOf(u':');
    const QString host = display.first(std::max<qsizetype>(colon, 0));
    if (colon < 0)
        return false;
    if (!host.isEmpty() && host != "unix"_L1)
        return true; // another machine's: only trying it would tell
    const QByteArray path = "/tmp/.X11-unix/X" + display.sliced(colon + 1).section(u'.', 0, 0).toLatin1();
    return answers(path, false) || answers(path, true);
}

} // namespace

QString displayProblem(const QProcessEnvironment &environment)
{
    if (environment.contains(u"QT_QPA_PLATFORM"_s) || waylandAnswers(environment))
        return {};
    const QString display = environment.value(u"DISPLAY"_s);
    if (xAnswers(display))
        return {};
    return display.isEmpty()
               ? tr("There is no display here, so the window cannot be shown.")
               : tr("The display %1 does not answer, so the window cannot be shown.").arg(display);
}

Error becomeWindow(char **argv)
{
    const QString instead =
        tr("\nIn the terminal: 'muster run --demo survey' runs the demo, 'muster --help' lists "
           "the commands.");
    const QString program = QCoreApplication::applicationDirPath() + u"/muster-window"_s;
    if (!QFileInfo(program).isExecutable())
        return {.code = ErrorCode::Unavailable,
                .detail = tr("This Muster was built without its window.") + instead,
                .where = program};
    if (const QString problem = displayProblem(QProcessEnvironment::systemEnvironment()); !problem.isEmpty())
        return {.code = ErrorCode::Unavailable, .detail = problem + instead, .where = {}};
    const QByteArray path = program.toLocal8Bit();
    execv(path.constData(), argv);
    return {.code = ErrorCode::LaunchFailed,
            .detail = tr("The window could not be started: %1").arg(qt_error_string(errno)) + instead,
            .where = program};
}

} // namespace muster::app
