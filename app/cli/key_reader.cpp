#include "app/cli/key_reader.h"

#include <unistd.h>

#include <array>

namespace muster::app {

namespace {
constexpr qsizetype mostBytes = 256 * 1024; // no key is near it
}

KeyReader::KeyReader(QObject *parent, std::function<void(const QString &)> done)
    : QObject(parent)
    , m_done(std::move(done))
    , m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    termios now{};
    if (tcgetattr(STDIN_FILENO, &now) == 0) {
        m_shown = now;
        now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        now.c_lflag |= static_cast<tcflag_t>(ECHONL);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
    }
    connect(&m_input, &QSocketNotifier::activated, this, &KeyReader::onInput);
}

KeyReader::~KeyReader() { stop(); }

void KeyReader::stop()
{
    m_input.setEnabled(false);
    if (m_shown)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &*m_shown);
    m_shown.reset();
}

void KeyReader::onInput()
{
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0)
        m_bytes.append(buffer.data(), static_cast<qsizetype>(count));
    buffer.fill(0);
    if (count <= 0 || m_bytes.size() > mostBytes || (m_shown && m_bytes.endsWith('\n')))
        finish();
}

void KeyReader::finish()
{
    stop();
    if (m_bytes.endsWith('\n'))
        m_bytes.chop(m_bytes.endsWith("\r\n") ? 2 : 1);
    const QString value = QString::fromUtf8(m_bytes);
    m_bytes.fill(0);
    deleteLater();
    m_done(value);
}

} // namespace muster::app
