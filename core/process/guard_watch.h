// One key that GuardClient follows: its guard's life by a pidfd (else by looking), its output by reading on
// in the file. Private to core/process; one thread with an event loop.
#pragma once

#include "core/process/guard_client.h"

#include <QObject>
#include <QTimer>

#include <memory>

class QSocketNotifier;

namespace muster {

class GuardWatch final : public QObject {
    Q_OBJECT
public:
    GuardWatch(QString key, QString folder, qint64 outputOffset, QObject *parent);
    ~GuardWatch() override;
    Q_DISABLE_COPY_MOVE(GuardWatch)

    // The guard stands, or another one that had the key before it will in a moment.
    void begin();
    void stop(); // now, or as soon as it is known who the guard is
    [[nodiscard]] const ProcessIdentity &guard() const { return m_guard; }

signals:
    void output(const QByteArray &bytes);
    void ended(); // the guard is gone; look at what it left

private:
    void identify();
    void look();
    bool readOutput();

    QString m_key;
    QString m_folder;
    qint64 m_offset;
    ProcessIdentity m_guard;
    int m_looksInVain = 0;
    int m_pidfd = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_timer;
    bool m_stopWanted = false;
    bool m_ended = false;
};

// What a guard left in its folder.
[[nodiscard]] std::optional<ProcessIdentity> readGuardPid(const QString &folder);
[[nodiscard]] std::optional<GuardResult> readGuardResult(const QString &folder);

} // namespace muster
