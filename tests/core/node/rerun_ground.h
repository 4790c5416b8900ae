// A git project with one flow, on a node of its own, whose steps say in a file beside it that they ran.
#pragma once

#include "tests/core/node/node_harness.h"

namespace muster::testing {

struct Ground {
    explicit Ground(const QString &flow, bool background = false)
        : node(background)
        , project(dir.filePath(QStringLiteral("shop")))
    {
        write(flow);
        git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")});
        git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"),
             QStringLiteral("-m"), QStringLiteral("begin")});
    }

    // So many steps at once, however few processors there are.
    void atOnce(int steps)
    {
        (void)node.submit(api::SetSetting{.key = QStringLiteral("pools.flow"), .value = steps});
    }
    void write(const QString &flow) const
    {
        QDir().mkpath(project + QStringLiteral("/flows"));
        put(project + QStringLiteral("/flows/own.flow.yaml"), "muster: 1\nname: own\n" + flow.toUtf8());
    }
    static void put(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) < text.size())
            qFatal("%s", qPrintable(path));
    }
    QString git(const QStringList &args) const
    {
        QProcess process;
        process.setWorkingDirectory(project);
        process.start(QStringLiteral("git"),
                      QStringList{QStringLiteral("-c"), QStringLiteral("user.name=t"), QStringLiteral("-c"),
                                  QStringLiteral("user.email=t@localhost")} +
                          args);
        if (!process.waitForFinished(patienceMs) || process.exitCode() != 0)
            return QStringLiteral("failed: ") + QString::fromUtf8(process.readAllStandardError());
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
    // What has run, in order: "a1" is step a in run number 1.
    QStringList ran() const
    {
        QFile file(dir.filePath(QStringLiteral("ran")));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
        lines.sort();
        return lines;
    }
    void allow(const QString &what) const { put(dir.filePath(what), {}); }

    std::optional<api::RunDetail> run()
    {
        const auto done = node.submit(api::StartRun{
            .project = project, .flow = QStringLiteral("own"), .unattended = true, .trust = true});
        return done ? node.ended(done->refs.run) : std::nullopt;
    }
    std::optional<api::RunDetail> again(api::RerunRun request)
    {
        request.unattended = true;
        request.trust = true;
        const auto done = node.submit(request);
        if (!done)
            qWarning("%s %s", qPrintable(done.error().where), qPrintable(done.error().detail));
        return done ? node.ended(done->refs.run) : std::nullopt;
    }
    Error refused(api::RerunRun request)
    {
        request.trust = true;
        const auto done = node.submit(request);
        return done ? Error{} : done.error();
    }

    QTemporaryDir dir;
    NodeHarness node;
    QString project;
};

} // namespace muster::testing
