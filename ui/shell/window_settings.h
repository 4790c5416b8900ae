// WindowSettings: what a window remembers (theme, layouts, shortcuts, size), in one ini file under the home.
// Read once when made; written by a worker thread soon after a change, so the window never waits for a disk.
// A file that cannot be read gives the defaults and is left alone until something is changed. GUI thread.
#pragma once

#include <QMap>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QVariant>

namespace muster {

class WindowSettings final : public QObject {
    Q_OBJECT

public:
    // An empty path: nothing is kept (tests, a home that cannot be written).
    explicit WindowSettings(QString path, QObject *parent = nullptr);
    ~WindowSettings() override;
    Q_DISABLE_COPY_MOVE(WindowSettings)

    [[nodiscard]] QVariant value(const QString &key, const QVariant &fallback = {}) const;
    void setValue(const QString &key, const QVariant &value); // an invalid value removes the key
    [[nodiscard]] QStringList keysUnder(const QString &group) const;
    // Writes now and waits for the worker: for the end of the program and for tests.
    void flush();

private:
    void save();

    QString m_path;
    QMap<QString, QVariant> m_values;
    QTimer m_saveSoon;
    bool m_dirty = false;
};

} // namespace muster
