// A small source tree made for one test, to see that a rule finds what it should. One thread.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace muster::architecture {

class PlantedTree {
public:
    void write(const QString &path, const QByteArray &text) const
    {
        const QString full = m_dir.filePath(path);
        QDir().mkpath(QFileInfo(full).path());
        QFile file(full);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(full));
    }
    [[nodiscard]] QString root() const { return m_dir.path(); }

private:
    QTemporaryDir m_dir;
};

} // namespace muster::architecture
