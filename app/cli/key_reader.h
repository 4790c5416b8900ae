// KeyReader: one value from stdin that nobody shall see: at a terminal a line that is not shown, else all
// there is. One newline at its end does not count. Never from the arguments, which every process may read.
// Main thread; deletes itself when it has answered.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>
#include <QString>

#include <termios.h>

#include <functional>
#include <optional>

namespace muster::app {

class KeyReader final : public QObject {
public:
    KeyReader(QObject *parent, std::function<void(const QString &)> done);
    ~KeyReader() override;
    Q_DISABLE_COPY_MOVE(KeyReader)

    [[nodiscard]] bool atTerminal() const { return m_shown.has_value(); }
    void stop(); // the terminal shows again what is typed

private:
    void onInput();
    void finish();

    std::function<void(const QString &)> m_done;
    QSocketNotifier m_input;
    std::optional<termios> m_shown; // how the terminal was
    QByteArray m_bytes;
};

} // namespace muster::app
