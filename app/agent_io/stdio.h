// Standard input as signals, standard output as a plain write: a client that does not read stops this
// program, which is what it wants. Main thread.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

namespace muster {

class Stdio final : public QObject {
    Q_OBJECT
public:
    Stdio(int input, int output, QObject *parent = nullptr);

    void write(const QByteArray &bytes);

signals:
    void received(const QByteArray &bytes);
    void ended(); // nobody writes or reads any more

private:
    void read();

    int m_input;
    int m_output;
    QSocketNotifier m_notifier;
    bool m_ended = false;
};

} // namespace muster
