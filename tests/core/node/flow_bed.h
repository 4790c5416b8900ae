// A repository with flows of its own, for tests of runs.
#pragma once

#include "tests/core/node/node_harness.h"

#include <QDir>

namespace muster::testing {

class FlowBed {
public:
    FlowBed()
    {
        QDir().mkpath(root() + QStringLiteral("/flows"));
        git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")});
        git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"),
             QStringLiteral("-m"), QStringLiteral("begin")});
    }

    [[nodiscard]] QString root() const { return m_dir.filePath(QStringLiteral("shop")); }
    [[nodiscard]] QString file(const QString &name) const { return root() + u'/' + name; }

    [[nodiscard]] bool write(const QString &name, const QByteArray &text) const
    {
        QFile out(file(name));
        return out.open(QIODevice::WriteOnly) && out.write(text) == text.size();
    }
    // flows/NAME.flow.yaml, from its steps on.
    [[nodiscard]] bool flow(const QString &name, const QByteArray &text) const
    {
        return write(QStringLiteral("flows/%1.flow.yaml").arg(name),
                     "muster: 1\nname: " + name.toUtf8() + "\n" + text);
    }
    [[nodiscard]] QString read(const QString &name) const
    {
        QFile in(file(name));
        return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
    }

    QString git(const QStringList &args) const
    {
        QProcess process;
        process.setWorkingDirectory(root());
        process.start(QStringLiteral("git"),
                      QStringList{QStringLiteral("-c"), QStringLiteral("user.name=t"), QStringLiteral("-c"),
                                  QStringLiteral("user.email=t@localhost")} +
                          args);
        if (!process.waitForFinished(patienceMs) || process.exitCode() != 0)
            return QStringLiteral("failed: ") + QString::fromUtf8(process.readAllStandardError());
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
    // "FILE=CONTENT …" of what a branch holds, lines of a file joined by ','.
    [[nodiscard]] QString content(const QString &branch) const
    {
        QStringList found;
        const QString names =
            git({QStringLiteral("ls-tree"), QStringLiteral("--name-only"), QStringLiteral("-r"), branch});
        for (const QString &name : names.split(u'\n', Qt::SkipEmptyParts))
            found += name + u'=' +
                     git({QStringLiteral("show"), QString(branch + u':' + name)}).split(u'\n').join(u',');
        return found.join(u' ');
    }

    [[nodiscard]] Result<RunId> start(NodeHarness &node, const QString &flow, const QJsonObject &inputs = {},
                                      bool unattended = true) const
    {
        return node
            .submit(api::StartRun{
                .project = root(), .flow = flow, .inputs = inputs, .unattended = unattended, .trust = true})
            .transform([](const api::CommandDone &done) { return done.refs.run; });
    }
    [[nodiscard]] std::vector<api::RunInfo> runs(NodeHarness &node) const
    {
        return node.query(api::ListRuns{.project = root()}).value_or(std::vector<api::RunInfo>());
    }

private:
    QTemporaryDir m_dir;
};

inline const api::StepInfo *stepOf(const api::RunDetail &detail, const QString &id, int item = -1)
{
    const auto found = std::ranges::find_if(
        detail.steps, [&](const api::StepInfo &step) { return step.stepId == id && step.index == item; });
    return found == detail.steps.end() ? nullptr : &*found;
}

} // namespace muster::testing
