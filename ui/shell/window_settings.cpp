#include "ui/shell/window_settings.h"

#include <QSettings>
#include <QThreadPool>

namespace muster {
namespace {

constexpr int saveDelayMs = 400;

// One thread, so that two saves never cross.
QThreadPool &writer()
{
    static QThreadPool pool;
    pool.setMaxThreadCount(1);
    return pool;
}

void write(const QString &path, const QMap<QString, QVariant> &values)
{
    QSettings file(path, QSettings::IniFormat);
    const QStringList stored = file.allKeys();
    for (const QString &key : stored) {
        if (!values.contains(key))
            file.remove(key);
    }
    for (auto it = values.cbegin(); it != values.cend(); ++it)
        file.setValue(it.key(), it.value());
    file.sync();
}

} // namespace

WindowSettings::WindowSettings(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(saveDelayMs);
    connect(&m_saveSoon, &QTimer::timeout, this, &WindowSettings::save);
    if (m_path.isEmpty())
        return;
    const QSettings file(m_path, QSettings::IniFormat);
    const QStringList keys = file.allKeys();
    for (const QString &key : keys)
        m_values.insert(key, file.value(key));
}

WindowSettings::~WindowSettings() { flush(); }

QVariant WindowSettings::value(const QString &key, const QVariant &fallback) const
{
    return m_values.value(key, fallback);
}

void WindowSettings::setValue(const QString &key, const QVariant &value)
{
    if (m_values.value(key) == value)
        return;
    if (value.isValid())
        m_values.insert(key, value);
    else
        m_values.remove(key);
    m_dirty = true;
    if (!m_saveSoon.isActive()) // who changes without a pause is kept too
        m_saveSoon.start();
}

QStringList WindowSettings::keysUnder(const QString &group) const
{
    QStringList found;
    const QString prefix = group + u'/';
    for (auto it = m_values.lowerBound(prefix); it != m_values.cend() && it.key().startsWith(prefix); ++it)
        found.append(it.key().mid(prefix.size()));
    return found;
}

void WindowSettings::flush()
{
    m_saveSoon.stop();
    save();
    writer().waitForDone();
}

void WindowSettings::save()
{
    if (!m_dirty || m_path.isEmpty())
        return;
    m_dirty = false;
    writer().start([path = m_path, values = m_values] { write(path, values); });
}

} // namespace muster
