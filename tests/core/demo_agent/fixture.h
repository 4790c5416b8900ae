// Small real repositories in temporary folders.
#pragma once

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

namespace muster::test {

class TempRepo {
public:
    [[nodiscard]] QString path() const { return QFileInfo(m_folder.path()).canonicalFilePath(); }
    [[nodiscard]] QString file(const QString &name) const { return path() + u'/' + name; }

    void write(const QString &name, const QByteArray &text) const
    {
        QDir().mkpath(QFileInfo(file(name)).path());
        QFile out(file(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(name));
    }

    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile in(file(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    void git(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(path());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &who : {QStringLiteral("AUTHOR"), QStringLiteral("COMMITTER")}) {
            environment.insert(QStringLiteral("GIT_") + who + QStringLiteral("_NAME"), QStringLiteral("Ada"));
            environment.insert(QStringLiteral("GIT_") + who + QStringLiteral("_EMAIL"),
                               QStringLiteral("ada@example.invalid"));
        }
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral("git"), arguments);
        if (!process.waitForFinished() || process.exitCode() != 0)
            qFatal("git: %s", process.readAllStandardError().constData());
    }

    void commit(const QString &message) const
    {
        if (!QFileInfo::exists(file(QStringLiteral(".git"))))
            git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")});
        git({QStringLiteral("add"), QStringLiteral("-A")});
        git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("-m"), message});
    }

    // The bundled demo project.
    void fillWithLarder() const
    {
        const QString source = QStringLiteral(MUSTER_SOURCE_DIR "/resources/demo");
        QDirIterator walk(source, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            QFile in(walk.next());
            if (in.open(QIODevice::ReadOnly))
                write(in.fileName().sliced(source.size() + 1), in.readAll());
        }
        commit(QStringLiteral("Begin"));
    }

private:
    QTemporaryDir m_folder;
};

} // namespace muster::test
